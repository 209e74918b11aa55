//! What a refusal looks like: JSON for programs, a page for people, parameters of a redirect for apps.
//! Source: "Microsoft Entra authentication and authorization error codes", section "Handling error codes in your application".

use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    oauth::error::{OAuthErrorCode, ProtocolError, SubError},
    request_context::RequestContext,
};

/// The JSON body of a refusal.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "the error code reference defines the members")]
pub struct ErrorBody {
    pub error: OAuthErrorCode,
    pub error_description: String,
    pub error_codes: [u32; 1],
    pub timestamp: String,
    pub trace_id: String,
    pub correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suberror: Option<SubError>,
}

/// A refusal as JSON.
#[derive(Debug, Clone)]
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The body.
    pub body: ErrorBody,
}

/// Turns an error into its JSON answer, with the ids and the instant of this request.
pub fn reject(context: &RequestContext, error: ProtocolError) -> ErrorResponse {
    let (code, number, status) = error.wire();
    ErrorResponse {
        status,
        body: ErrorBody {
            error: code,
            error_description: describe(context, &error),
            error_codes: [number],
            timestamp: context.timestamp(),
            trace_id: context.request_id.clone(),
            correlation_id: context.correlation_id.clone(),
            error_uri: error_uri(context, &error),
            suberror: error.suberror(),
        },
    }
}

/// `AADSTSnnnnn: text Trace ID: … Correlation ID: … Timestamp: …`, on one line as the service writes it today.
pub fn describe(context: &RequestContext, error: &ProtocolError) -> String {
    format!(
        "AADSTS{}: {} Trace ID: {} Correlation ID: {} Timestamp: {}",
        error.number(),
        one_line(&error.to_string()),
        context.request_id,
        context.correlation_id,
        context.timestamp()
    )
}

/// The text without what a description must not hold (RFC 6749 §5.2): control characters, `"` and `\`. Values of the request stand in
/// it, and clients write it into logs and headers. A text of unusual length is cut.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 2000;
    let replaced = text.chars().take(LONGEST).map(|character| match character {
        '"' => '\'',
        '\\' => '/',
        control if control.is_control() => ' ',
        other => other,
    });
    replaced.collect()
}

/// The page about the code, for those codes that Entra has one for.
pub fn error_uri(context: &RequestContext, error: &ProtocolError) -> Option<String> {
    error.has_look_up_page().then(|| format!("{}/error?code={}", context.origin, error.number()))
}

/// The headers of every answer of the token endpoint.
pub fn token_headers(context: &RequestContext) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::EXPIRES, HeaderValue::from_static("-1"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(HeaderName::from_static("x-ms-clitelem"), HeaderValue::from_static("1,0,0,,"));
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert(HeaderName::from_static("x-ms-request-id"), id);
    }
    headers
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_description_holds_nothing_that_breaks_a_line_or_a_quotation(text in "(?s).*") {
            let line = one_line(&text);
            proptest::prop_assert!(!line.contains(|it: char| it.is_control() || it == '"' || it == '\\'));
            proptest::prop_assert_eq!(line.chars().count(), text.chars().count().min(2000));
        }
    }
}
