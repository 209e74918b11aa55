//! What every request passes before its handler: the folded path, the `Host` allow-list, the size limit, its context.

use axum::{
    Json,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::address::Access;
use crate::{
    clock::Clock,
    graph::{error::GraphError, ids::RequestIds},
    random::Entropy,
    request_context::{Peer, RequestContext, Scheme, authority_of},
    trace::Recording,
};

/// The largest request body: far more than any protocol message, and enough for a directory of thousands of users.
pub const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// The largest body outside of the control API.
const LARGEST_FORM: usize = 256 * 1024;

/// The largest body of a Graph call: a photo of 4 MB in base64, as a batch carries it.
const LARGEST_GRAPH_BODY: usize = 6 * 1024 * 1024;

/// What the gate needs.
#[derive(Debug, Clone)]
pub struct Gate {
    pub(super) access: Access,
    pub(super) clock: Clock,
    pub(super) entropy: Entropy,
}

/// `//` in a path becomes `/`: an authority with a trailing slash would otherwise lead nowhere, without a word why.
pub fn fold_slashes<B>(request: &mut hyper::Request<B>) {
    let uri = request.uri();
    if !uri.path().contains("//") {
        return;
    }
    let mut path = uri.path().to_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    let folded = uri.query().map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
    let mut parts = uri.clone().into_parts();
    if let Ok(path_and_query) = folded.parse() {
        parts.path_and_query = Some(path_and_query);
        if let Ok(uri) = Uri::from_parts(parts) {
            *request.uri_mut() = uri;
        }
    }
}

/// Lets a request pass with its context, or answers why not.
pub async fn pass(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let authority = authority_of(request.headers(), request.uri()).unwrap_or_default();
    if !gate.access.allows(&authority) {
        // RFC 9110 §15.5.20. Nothing of the request is repeated: whoever asks may be a page of a foreign site.
        let text = "This server does not answer to that host name. Use localhost, or start it with --listen and --allow-host.";
        return refuse(StatusCode::MISDIRECTED_REQUEST, "misdirected_request", text);
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let scheme = request.extensions().get::<Scheme>().copied().unwrap_or(Scheme::Http);
    let ip_address = request.extensions().get::<Peer>().map(|peer| peer.0);
    let context = RequestContext { ip_address, ..RequestContext::of(request.headers(), &authority, scheme, &gate.clock, &gate.entropy) };
    let limit = Limit::of(request.uri().path(), &RequestIds::of(&context, request.headers()));
    if length.is_some_and(|length| length > limit.bytes) {
        return limit.refuse();
    }
    // A body that comes in chunks tells no length beforehand: it is counted while it is read.
    DefaultBodyLimit::max(limit.bytes).apply(&mut request);
    let request_id = HeaderValue::from_str(&context.request_id);
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(Recording::default());
    let mut response = next.run(request).await;
    // A body that turned out too large while it was read; a handler that refuses one says so itself, in JSON.
    let says_why = response.headers().get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"application/json"));
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE && !says_why {
        response = limit.refuse();
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(request_id) = request_id {
        headers.insert(HeaderName::from_static("x-ms-request-id"), request_id);
    }
    response
}

/// The largest body that a request may have, and how a larger one is refused there.
struct Limit {
    bytes: usize,
    graph_ids: Option<RequestIds>,
}

impl Limit {
    fn of(path: &str, ids: &RequestIds) -> Self {
        if path.starts_with("/mock/") {
            Self { bytes: LARGEST_BODY, graph_ids: None }
        } else if path.starts_with("/graph/") {
            Self { bytes: LARGEST_GRAPH_BODY, graph_ids: Some(ids.clone()) }
        } else {
            Self { bytes: LARGEST_FORM, graph_ids: None }
        }
    }

    fn refuse(&self) -> Response {
        let error = GraphError::BodyTooLarge(self.bytes);
        match &self.graph_ids {
            Some(ids) => error.response(ids),
            None => refuse(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", &error.to_string()),
        }
    }
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": description }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_slashes_are_folded_and_the_query_stays() {
        let mut request = hyper::Request::builder().uri("/t//v2.0///x?y=//z").body(()).expect("a valid request");
        fold_slashes(&mut request);
        assert_eq!(request.uri(), "/t/v2.0/x?y=//z");
    }
}
