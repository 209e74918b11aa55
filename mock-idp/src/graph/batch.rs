//! POST /$batch
//!
//! Up to twenty calls in one request (Microsoft Graph v1.0: "Combine multiple HTTP requests using JSON batching"). Each item goes
//! through the same router as a call of its own: it has its own permission check, its own faults and its own event in the trace.

mod payload;
mod reply;
mod url;

use std::collections::BTreeMap;

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tower::ServiceExt;

use super::{
    GraphState, Version, bearer,
    error::GraphError,
    ids::{ODATA_JSON, RequestIds},
};
use crate::{request_context::RequestContext, trace::Recording};
use payload::Item;
use reply::ItemReply;

pub use payload::BatchError;

/// What answers the items: every call of Graph but `$batch` itself.
#[derive(Debug, Clone)]
pub(super) struct Calls(pub(super) axum::Router);

/// What all items of one batch have in common.
struct Batch {
    calls: Calls,
    version: Version,
    context: RequestContext,
    authorization: Option<header::HeaderValue>,
    state: GraphState,
}

pub(super) async fn batch(
    State(state): State<GraphState>,
    (Extension(calls), Extension(version)): (Extension<Calls>, Extension<Version>),
    (context, recording): (RequestContext, Recording),
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let ids = RequestIds::of(&context, &headers);
    let token = bearer::bearer_token(&headers);
    let caller = token.and_then(|token| bearer::authenticate(&state.tenants, &state.keys, token, context.now));
    let caller = recording.judge("access_token", "The access token is for Microsoft Graph and valid", caller);
    let items = caller.and_then(|caller| {
        caller.claims.client_id().iter().for_each(|app_id| recording.app(app_id));
        Ok(payload::read(&body)?)
    });
    let items = match items {
        Ok(items) => items,
        Err(error) => return error.response(&ids),
    };
    let batch = Batch { calls, version, context, authorization: headers.get(header::AUTHORIZATION).cloned(), state };
    let responses: Vec<Value> = batch.answer(items).await.into_iter().map(ItemReply::into_json).collect();
    let mut response = Json(serde_json::json!({ "responses": responses })).into_response();
    ids.add_to(response.headers_mut());
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(ODATA_JSON));
    response
}

impl Batch {
    /// The answers, in the order in which the items ran. Items run one after the other, so that the same batch always has the same
    /// outcome; the real service may run them side by side.
    async fn answer(&self, items: Vec<Item>) -> Vec<ItemReply> {
        let mut statuses: BTreeMap<String, StatusCode> = BTreeMap::new();
        let mut replies = Vec::new();
        for item in items {
            let failed = item.depends_on.iter().any(|id| statuses.get(id).is_none_or(|status| !status.is_success()));
            let (key, id) = (item.key.clone(), item.id.clone());
            let response = if failed { self.not_tried(&item) } else { self.run(item).await };
            statuses.insert(key, response.status());
            replies.push(reply::of(id, response).await);
        }
        replies
    }

    fn not_tried(&self, item: &Item) -> Response {
        GraphError::FailedDependency.response(&RequestIds::of(&self.context_of(item), &item.headers))
    }

    async fn run(&self, item: Item) -> Response {
        let context = self.context_of(&item);
        let ids = RequestIds::of(&context, &item.headers);
        let mut request = Request::new(Body::from(item.body));
        *request.method_mut() = item.method;
        match url::of_item(self.version, &context.origin, &item.url) {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => return GraphError::from(error).response(&ids),
        }
        *request.headers_mut() = item.headers;
        if let Some(authorization) = &self.authorization {
            request.headers_mut().entry(header::AUTHORIZATION).or_insert_with(|| authorization.clone());
        }
        request.extensions_mut().insert(context);
        request.extensions_mut().insert(Recording::default());
        let Ok(response) = self.calls.0.clone().oneshot(request).await;
        response
    }

    /// An item came when the batch came, and has ids of its own.
    fn context_of(&self, item: &Item) -> RequestContext {
        let own = item.headers.get("client-request-id").and_then(|id| id.to_str().ok()).filter(|id| crate::random::is_guid(id));
        RequestContext {
            request_id: self.state.entropy.guid(),
            correlation_id: own.unwrap_or(&self.context.correlation_id).to_owned(),
            ..self.context.clone()
        }
    }
}
