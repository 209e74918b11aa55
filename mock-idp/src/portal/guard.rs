//! What every request to the portal passes, and what every answer carries.
//!
//! A form counts only if its `Origin` is this server's and its token is that of the browser's session. The cookie alone proves
//! nothing: an app on another port of localhost is the same site to a browser, so `SameSite=Strict` does not keep its forms away.
//! A missing `Origin`, or `Origin: null`, is refused as well.

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use maud::html;

use super::{PortalState, form::Fields, page};
use crate::request_context::RequestContext;

/// The name of the hidden field with the session's token.
pub const CSRF_FIELD: &str = "csrf";

/// The largest form. The server refuses larger ones by their length; this one counts what comes in chunks.
const LARGEST_FORM: usize = 256 * 1024;

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                                       form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Why a form is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Refused {
    /// Another page's form, or a program.
    #[error("This form does not come from a page of this portal.")]
    ForeignOrigin,
    /// The browser has no session, or the token is not its own: the server was started anew, or somebody signed in since.
    #[error("The page that sent this form is no longer valid.")]
    Stale,
    /// A body of another type.
    #[error("This address takes a form.")]
    NotAForm,
    /// Too many bytes.
    #[error("The form is too large.")]
    TooLarge,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self {
            Self::ForeignOrigin | Self::Stale => StatusCode::FORBIDDEN,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        };
        let body = html! {
            p { (self) " Nothing was changed." }
            p { "Open the page again and repeat the step there. " a href="/portal" { "Go to the portal's home page" } "." }
        };
        (status, page::bare("Form refused", body)).into_response()
    }
}

/// Lets a request pass to its page, and adds the headers of every answer.
pub async fn pass(State(state): State<PortalState>, request: Request, next: Next) -> Response {
    let response = match accept(&state, request).await {
        Ok(request) => next.run(request).await,
        Err(refused) => refused.into_response(),
    };
    with_headers(response)
}

/// Reads are free; everything else must be a form of ours.
async fn accept(state: &PortalState, request: Request) -> Result<Request, Refused> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(request);
    }
    let origin = request.headers().get(header::ORIGIN).ok_or(Refused::ForeignOrigin)?;
    let ours = request.extensions().get::<RequestContext>().ok_or(Refused::ForeignOrigin)?;
    if origin.as_bytes() != ours.origin.as_bytes() {
        return Err(Refused::ForeignOrigin);
    }
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if !content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Refused::NotAForm);
    }
    let session = state.sessions.of(request.headers()).ok_or(Refused::Stale)?;
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_FORM).await.map_err(|_| Refused::TooLarge)?;
    let fields = Fields::parse(&body);
    if !session.owns_form(fields.text(CSRF_FIELD)) {
        return Err(Refused::Stale);
    }
    parts.extensions.insert(fields);
    Ok(Request::from_parts(parts, Body::empty()))
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: browsers would send `Origin: null` with our own forms, and the guard would refuse them.
        (header::REFERRER_POLICY, "strict-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Stylesheet and script say themselves how long they may be kept.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
