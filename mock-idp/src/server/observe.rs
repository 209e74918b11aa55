//! Writes one trace event for each request of the protocol.

use std::collections::BTreeMap;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;

use crate::{
    request_context::RequestContext,
    trace::{
        Event, Kind, Recording, Trace,
        event::{RequestSummary, ResponseSummary},
        masking,
    },
};

/// Bodies above this size are not kept in the trace.
const LARGEST_KEPT_BODY: usize = 256 * 1024;

/// Lets the request pass and records what happened.
pub async fn record(State(trace): State<Trace>, request: Request, next: Next) -> Response {
    let Some(kind) = kind_of(request.uri().path()) else { return next.run(request).await };
    let context = request.extensions().get::<RequestContext>().cloned();
    let recording = request.extensions().get::<Recording>().cloned();
    let (Some(context), Some(recording)) = (context, recording) else { return next.run(request).await };
    let method = request.method().to_string();
    let url = request.uri().path_and_query().map(|it| masking::url(it.as_str())).unwrap_or_default();
    let headers = kept_headers(request.headers(), &[header::CONTENT_TYPE, header::ORIGIN, header::USER_AGENT, header::ACCEPT]);
    let started = tokio::time::Instant::now();

    let response = next.run(request).await;

    let (response, body) = with_json_body(response).await;
    let told = recording.so_far();
    let (from, to) = ends_of(kind);
    trace.record(Event {
        seq: 0,
        at: context.now.format(&Rfc3339).unwrap_or_default(),
        flow_id: told.flow_id,
        kind,
        from: from.to_owned(),
        to: to.to_owned(),
        method,
        url,
        status: response.status().as_u16(),
        request: RequestSummary { headers, params: told.params },
        response: ResponseSummary {
            headers: kept_headers(
                response.headers(),
                &[header::CONTENT_TYPE, header::LOCATION, header::WWW_AUTHENTICATE, header::RETRY_AFTER],
            ),
            body: masking::json(body),
        },
        checks: told.checks,
        fault: told.fault,
        observed: true,
        correlation_id: context.correlation_id,
        request_id: context.request_id,
        app_id: told.app_id,
        user_id: told.user_id,
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    response
}

fn kind_of(path: &str) -> Option<Kind> {
    let ends = |suffix: &str| path.ends_with(suffix);
    match path {
        _ if path.starts_with("/mock/") || path.starts_with("/assets/") => None,
        _ if path.starts_with("/graph/") => Some(Kind::Graph),
        _ if path.starts_with("/portal") => Some(Kind::Portal),
        _ if ends("/oauth2/v2.0/authorize") => Some(Kind::Authorize),
        _ if ends("/oauth2/v2.0/token") => Some(Kind::Token),
        _ if ends("/oauth2/v2.0/logout") => Some(Kind::Logout),
        _ if ends("/keys") => Some(Kind::Jwks),
        _ if ends("/openid-configuration") => Some(Kind::Discovery),
        _ if path.contains("/login") || ends("/consent") => Some(Kind::Interaction),
        _ => None,
    }
}

const fn ends_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Authorize | Kind::Interaction | Kind::Logout | Kind::Portal => ("browser", "identity-provider"),
        Kind::Token | Kind::Jwks | Kind::Discovery => ("app", "identity-provider"),
        Kind::Graph => ("app", "graph"),
        Kind::AppHop => ("browser", "app"),
    }
}

fn kept_headers(headers: &HeaderMap, names: &[header::HeaderName]) -> BTreeMap<String, String> {
    let text = |name: &header::HeaderName| {
        let value = headers.get(name)?.to_str().ok()?;
        let value = if *name == header::LOCATION { masking::url(value) } else { value.to_owned() };
        Some((name.as_str().to_owned(), value))
    };
    names.iter().filter_map(text).collect()
}

/// The response, and its body if that is JSON of a reasonable size.
async fn with_json_body(response: Response) -> (Response, Value) {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return (response, Value::Null);
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, usize::MAX).await {
        Ok(bytes) => {
            let value = if bytes.len() <= LARGEST_KEPT_BODY { serde_json::from_slice(&bytes).unwrap_or(Value::Null) } else { Value::Null };
            (Response::from_parts(parts, Body::from(bytes)), value)
        }
        // Our own bodies are in memory; one that cannot be read is empty.
        Err(_) => (Response::from_parts(parts, Body::empty()), Value::Null),
    }
}
