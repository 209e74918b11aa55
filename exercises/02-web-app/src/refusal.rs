//! The answers "no" and "not now", as a page for a person and as JSON for a program.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;

use crate::accepts::Accepts;
use crate::discovery::ProviderError;
use crate::pages;

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
        if matches!(error, ProviderError::NotWrittenYet) {
            return Self::NotWrittenYet("Step 7 adds this part: the discovery document.");
        }
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

impl Reason {
    /// Status, title and text of the answer.
    fn parts(&self) -> (StatusCode, &'static str, &str) {
        match self {
            Self::ProviderUnavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Sign-in is not available",
                "The sign-in service does not answer. Please try again in a minute.",
            ),
            Self::SignInFailed { status, explanation } => (*status, "Sign-in failed", explanation),
            Self::NotWrittenYet(part) => (StatusCode::NOT_IMPLEMENTED, "Not written yet", part),
            // TODO: Step 9. Give each of these its own status, title and text.
            Self::SignInNeeded { .. } | Self::Forbidden | Self::NotFound | Self::MethodNotAllowed => {
                (StatusCode::NOT_IMPLEMENTED, "Not written yet", "Step 9 adds this part: the refusals.")
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title, text) = self.reason.parts();
        match self.accepts {
            // TODO: Step 9. A person who must sign in first (`Accepts::Html`, `Reason::SignInNeeded`) gets no refusal, but
            // a redirect to `/login?return_to=…`. `crate::redirect::found` makes the redirect, and
            // `url::form_urlencoded::Serializer` writes the query. A program keeps getting the status.
            Accepts::Json => (status, Json(json!({ "error": title, "message": text }))).into_response(),
            Accepts::Html => {
                let content = html! {
                    p { (text) }
                    @if matches!(self.reason, Reason::SignInFailed { .. } | Reason::ProviderUnavailable) {
                        p { a href="/login" { "Try to sign in again" } }
                    }
                    p { a href="/" { "Go to the front page" } }
                };
                (status, pages::page(title, content)).into_response()
            }
        }
    }
}
