//! One call of Graph: who calls, under which ids, and how it is answered.

use axum::{
    Json, RequestPartsExt,
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    GraphState, Version,
    bearer::{self, Caller},
    error::GraphError,
    ids::{ODATA_JSON, RequestIds},
    permissions::Operation,
    query::{Consistency, QueryOptions, Understood},
};
use crate::{
    faults::{Fault, FaultScope},
    request_context::RequestContext,
    trace::Recording,
};

/// How long a slow answer takes: longer than an impatient client waits.
const SLOW: std::time::Duration = std::time::Duration::from_secs(5);

/// How many entries a page has when the fault asks for a next one.
const SHORT_PAGE: usize = 2;

/// A call whose token is good. Extracting it runs the checks, and the faults that come before them.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) ids: RequestIds,
    pub(super) caller: Caller,
    pub(super) state: GraphState,
    pub(super) recording: Recording,
    pub(super) version: Version,
    consistency: Consistency,
}

/// What a call answers, before it is wrapped.
#[derive(Debug)]
pub(super) struct Answer {
    /// What follows `$metadata#` in the context.
    pub(super) context: String,
    /// How many objects there are, where the call asked for it.
    pub(super) count: Option<usize>,
    /// Path and query of the next page, after the version.
    pub(super) next: Option<String>,
    pub(super) reply: Reply,
}

/// One object, or a list of them.
#[derive(Debug)]
pub(super) enum Reply {
    One(Map<String, Value>),
    List(Vec<Map<String, Value>>),
}

impl Answer {
    /// One object.
    pub(super) const fn one(context: String, properties: Map<String, Value>) -> Self {
        Self { context, count: None, next: None, reply: Reply::One(properties) }
    }

    /// The addresses of the objects with these ids, which is what `$ref` is about (OData 4.01 §11.2.8).
    pub(super) fn references<'o>(call: &Call, ids: impl Iterator<Item = &'o str>) -> Self {
        let address = |id| Value::String(call.address(&format!("directoryObjects/{id}")));
        let all = ids.map(|id| Map::from_iter([("@odata.id".to_owned(), address(id))])).collect();
        Self { context: "Collection($ref)".to_owned(), count: None, next: None, reply: Reply::List(all) }
    }
}

impl FromRequestParts<GraphState> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &GraphState) -> Result<Self, Response> {
        let context: RequestContext = parts.extract().await.map_err(IntoResponse::into_response)?;
        let recording: Recording = parts.extract().await.map_err(IntoResponse::into_response)?;
        let version = parts.extensions.get::<Version>().copied().unwrap_or(Version::V1);
        let ids = RequestIds::of(&context, &parts.headers);
        let token = bearer::bearer_token(&parts.headers);
        if let Ok(flow) = token.as_ref().map(|token| state.trace.flow_of_access_token(token)) {
            flow.iter().for_each(|flow| recording.flow(flow));
        }
        let caller = token.and_then(|token| bearer::authenticate(&state.tenants, &state.keys, token, context.now));
        // Whose call it was is known also where a fault answers it.
        if let Ok(caller) = &caller {
            caller.claims.client_id().into_iter().for_each(|app_id| recording.app(app_id));
            if !caller.claims.is_app_only() {
                recording.user(&caller.claims.oid);
            }
        }
        let scope = caller.as_ref().map(Caller::fault_scope).unwrap_or_default();
        if state.faults.strikes(Fault::GraphSlow, &scope) {
            recording.fault(Fault::GraphSlow);
            tokio::time::sleep(SLOW).await;
        }
        let struck = strike(state, &scope, caller.is_ok(), context.now);
        if let Some((fault, _)) = struck {
            recording.fault(fault);
        }
        let judged = match struck {
            Some((_, error)) => Err(error),
            None => caller,
        };
        let caller = recording.judge("access_token", "The access token is for Microsoft Graph and valid", judged);
        let caller = caller.map_err(|error| error.response(&ids))?;
        let consistency = Consistency::of(&parts.headers);
        Ok(Self { ids, caller, state: state.clone(), recording, version, consistency })
    }
}

/// The fault that answers in place of Graph. Those about the token wait for one that would have been good.
fn strike(state: &GraphState, scope: &FaultScope<'_>, token_is_good: bool, now: OffsetDateTime) -> Option<(Fault, GraphError)> {
    let strikes = |fault| state.faults.strikes(fault, scope);
    if strikes(Fault::GraphUnavailable) {
        return Some((Fault::GraphUnavailable, GraphError::ServiceUnavailable));
    }
    // Who waits already does not use another fault up.
    let waiting = state.throttling.left(scope, now);
    if waiting.is_none() && strikes(Fault::GraphThrottled) {
        state.throttling.begin(scope, now);
    }
    if let Some(retry_after) = waiting.or_else(|| state.throttling.left(scope, now)) {
        return Some((Fault::GraphThrottled, GraphError::TooManyRequests { retry_after }));
    }
    if token_is_good && strikes(Fault::GraphWrongAudience) {
        return Some((Fault::GraphWrongAudience, GraphError::TokenAudience));
    }
    (token_is_good && strikes(Fault::GraphClaimsChallenge)).then_some((Fault::GraphClaimsChallenge, GraphError::ClaimsChallenge))
}

impl Call {
    /// Does `act` if the token allows the operation.
    ///
    /// # Errors
    /// [`GraphError::InsufficientPrivileges`], [`GraphError::NeedsSignedInUser`], or what `act` returns.
    pub(super) fn permitted<T>(&self, operation: Operation, act: impl FnOnce(&Caller) -> Result<T, GraphError>) -> Result<T, GraphError> {
        let caller = &self.caller;
        let needed = operation.needed(caller);
        if needed.is_empty() {
            return Err(GraphError::NeedsSignedInUser);
        }
        let struck = self.state.faults.strikes(Fault::GraphMissingScope, &caller.fault_scope());
        if struck {
            self.recording.fault(Fault::GraphMissingScope);
        }
        let allowed = !struck && operation.is_allowed_to(caller);
        let title = "The access token holds a permission that the call needs";
        if !allowed {
            let held = caller.claims.scp.clone().unwrap_or_else(|| caller.claims.roles.join(" "));
            self.recording.failed("permission", title, Some(format!("one of {}", needed.join(", "))), Some(held));
            return Err(GraphError::InsufficientPrivileges);
        }
        self.recording.passed("permission", title);
        act(caller)
    }

    /// The query options of this call.
    ///
    /// # Errors
    /// Those of [`QueryOptions::parse`]; [`GraphError::CountNeedsEventual`] for a segment `/$count` without the header.
    pub(super) fn options(&self, query: Option<&str>, understood: Understood) -> Result<QueryOptions, GraphError> {
        if understood == Understood::Count && self.consistency == Consistency::Session {
            return Err(GraphError::CountNeedsEventual);
        }
        let options = QueryOptions::parse(query.unwrap_or_default(), understood, self.consistency)?;
        let is_short = matches!(understood, Understood::List | Understood::Log)
            && self.state.faults.strikes(Fault::GraphNextPage, &self.caller.fault_scope());
        if !is_short {
            return Ok(options);
        }
        self.recording.fault(Fault::GraphNextPage);
        Ok(options.with_pages_of(SHORT_PAGE))
    }

    /// The address of a path after the version.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}/graph/{}/{path}", self.ids.origin, self.version.segment())
    }

    /// Wraps an answer as OData: context, next link, value.
    pub(super) fn reply(&self, answer: Result<Answer, GraphError>) -> Response {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return error.response(&self.ids),
        };
        let version = self.version.segment();
        let mut body = Map::new();
        // The context names the service's own metadata, as the real answer does; nobody fetches it.
        body.insert(
            "@odata.context".to_owned(),
            Value::String(format!("https://graph.microsoft.com/{version}/$metadata#{}", answer.context)),
        );
        if let Some(count) = answer.count {
            body.insert("@odata.count".to_owned(), Value::from(count));
        }
        if let Some(next) = answer.next {
            body.insert("@odata.nextLink".to_owned(), Value::String(self.address(&next)));
        }
        match answer.reply {
            Reply::One(properties) => body.extend(properties),
            Reply::List(entries) => {
                body.insert("value".to_owned(), Value::Array(entries.into_iter().map(Value::Object).collect()));
            }
        }
        let mut response = Json(body).into_response();
        let headers = response.headers_mut();
        self.ids.add_to(headers);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(ODATA_JSON));
        headers.insert(HeaderName::from_static("odata-version"), HeaderValue::from_static("4.0"));
        headers.insert(HeaderName::from_static("x-ms-resource-unit"), HeaderValue::from_static("1"));
        response
    }

    /// The answer of a segment `/$count`: a number, as text.
    pub(super) fn reply_count(&self, count: Result<usize, GraphError>) -> Response {
        match count {
            Ok(count) => {
                let mut response = count.to_string().into_response();
                self.ids.add_to(response.headers_mut());
                response.headers_mut().insert(HeaderName::from_static("odata-version"), HeaderValue::from_static("4.0"));
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
                response
            }
            Err(error) => error.response(&self.ids),
        }
    }

    /// An answer without a body.
    pub(super) fn reply_empty(&self, status: StatusCode, outcome: Result<(), GraphError>) -> Response {
        match outcome {
            Ok(()) => {
                let mut response = status.into_response();
                self.ids.add_to(response.headers_mut());
                response
            }
            Err(error) => error.response(&self.ids),
        }
    }

    /// An answer that is not OData.
    pub(super) fn reply_plain(&self, answer: Result<impl Serialize, GraphError>) -> Response {
        match answer {
            Ok(body) => {
                let mut response = Json(body).into_response();
                self.ids.add_to(response.headers_mut());
                response
            }
            Err(error) => error.response(&self.ids),
        }
    }
}
