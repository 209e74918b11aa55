//! The answers "no" and "not now", as a page for a person and as JSON for a program.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;
use url::form_urlencoded;

use crate::accepts::Accepts;
use crate::discovery::ProviderError;
use crate::pages;
use crate::redirect::found;

/// Why there is no other answer.
#[derive(Clone, Debug)]
pub enum Reason {
    /// Nobody is signed in. After the sign-in the visitor goes on to `return_to`, a path of this app.
    SignInNeeded {
        /// Path and query of the page that was asked for.
        return_to: String,
    },
    /// Somebody is signed in, and may not see this.
    Forbidden,
    /// There is no such page.
    NotFound,
    /// There is such a page, but not for this method.
    MethodNotAllowed,
    /// The identity provider is down, slow, or not the one we were told of.
    ProviderUnavailable,
    /// The sign-in did not come to its end (unit 4).
    SignInFailed {
        /// The status of the answer.
        status: StatusCode,
        /// What happened and what to do, for the visitor.
        explanation: String,
    },
    /// This part of the exercise is not written yet.
    NotWrittenYet(&'static str),
}

impl From<ProviderError> for Reason {
    fn from(error: ProviderError) -> Self {
        eprintln!("{error}");
        Self::ProviderUnavailable
    }
}

/// A [`Reason`] in the form that the client accepts. Made by [`Accepts::refuse`].
#[derive(Clone, Debug)]
pub struct Refusal {
    accepts: Accepts,
    reason: Reason,
}

impl Refusal {
    pub(crate) fn new(accepts: Accepts, reason: Reason) -> Self {
        Self { accepts, reason }
    }
}

// ANCHOR: refusals
impl Reason {
    /// Status, title and text of the answer.
    ///
    /// 401 and 403 are different: 401 says "I do not know who you are" and signing in helps; 403 says "I know who you
    /// are, and you may not", and signing in again does not help.
    fn parts(&self) -> (StatusCode, &'static str, &str) {
        match self {
            Self::SignInNeeded { .. } => (StatusCode::UNAUTHORIZED, "Sign in first", "This page is for signed-in people."),
            Self::Forbidden => (StatusCode::FORBIDDEN, "Not for your account", "You are signed in, but this page is not for your role."),
            Self::NotFound => (StatusCode::NOT_FOUND, "Page not found", "There is no page at this address."),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Not possible here", "This address does not take such a request."),
            Self::ProviderUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Sign-in is not available",
                "The sign-in service does not answer. Please try again in a minute.",
            ),
            Self::SignInFailed { status, explanation } => (*status, "Sign-in failed", explanation),
            Self::NotWrittenYet(part) => (StatusCode::NOT_IMPLEMENTED, "Not written yet", part),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title, text) = self.reason.parts();
        match (self.accepts, &self.reason) {
            // A program gets 401 and its own choice what to do. A person gets the way to the sign-in.
            (Accepts::Html, Reason::SignInNeeded { return_to }) => {
                let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", return_to).finish();
                found(&format!("/login?{query}")).into_response()
            }
            (Accepts::Json, _) => (status, Json(json!({ "error": title, "message": text }))).into_response(),
            (Accepts::Html, reason) => {
                let content = html! {
                    p { (text) }
                    @if matches!(reason, Reason::SignInFailed { .. } | Reason::ProviderUnavailable) {
                        p { a href="/login" { "Try to sign in again" } }
                    }
                    p { a href="/" { "Go to the front page" } }
                };
                (status, pages::page(title, content)).into_response()
            }
        }
    }
}
// ANCHOR_END: refusals
