//! How a page leaves the server: content security policy, no caching, no frames.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use maud::Markup;

use super::session::{BrowserSession, set_cookie};

/// Where the forms of a page may lead. Browsers also hold the redirects after a form to this list, so a page on the way to an app must
/// name the app's origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormAction {
    /// This server, and the app's origin if it is known.
    SelfAnd(Option<String>),
    /// Only the app's origin.
    Only(Option<String>),
}

/// Wraps a page in its headers. `script_hash` allows one inline script.
pub fn page(markup: Markup, form_action: FormAction, script_hash: Option<&str>) -> Response {
    let forms = match form_action {
        FormAction::SelfAnd(None) => "'self'".to_owned(),
        FormAction::SelfAnd(Some(origin)) => format!("'self' {origin}"),
        FormAction::Only(origin) => origin.unwrap_or_else(|| "'none'".to_owned()),
    };
    let scripts = script_hash.map(|hash| format!("script-src {hash}; ")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action {forms}"
    );
    let mut response = markup.into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Not `no-referrer`: browsers would send `Origin: null` with our own forms, and the check of the origin would refuse them.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    response
}

/// Adds the session's cookie to a response.
pub fn with_session(mut response: Response, session: &BrowserSession) -> Response {
    response.headers_mut().append(header::SET_COOKIE, set_cookie(session));
    response
}
