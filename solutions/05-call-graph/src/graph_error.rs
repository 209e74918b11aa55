//! What can go wrong with a call of Microsoft Graph, and what the visitor is told.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;
use sign_in::web_app::{Accepts, pages};

/// Why there is no answer to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// 401 with a claims challenge: a token with these claims is wanted.
    #[error("Microsoft Graph wants to know more about this sign-in.")]
    ClaimsChallenge(String),
    /// 401: the token is not accepted. It is for another API, or revoked.
    #[error("Microsoft Graph does not accept the app's token. Sign out, sign in again, or tell the app's operator.")]
    TokenRefused,
    /// 403: the token lacks a permission.
    #[error("The app may not read this from Microsoft Graph: a permission is missing or was not consented to.")]
    Forbidden,
    /// 429, and the wait is longer than a person's patience.
    #[error("Microsoft Graph is busy. Please try again in a minute.")]
    Throttled,
    /// No answer in time, or 5xx.
    #[error("Microsoft Graph does not answer. Please try again in a minute.")]
    Unavailable,
    /// An answer that makes no sense.
    #[error("Microsoft Graph gave an answer that the app does not understand.")]
    Unexpected,
}

impl GraphError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Throttled | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            // The app is a gateway to Graph here, and what it got is of no use.
            Self::ClaimsChallenge(_) | Self::TokenRefused | Self::Unexpected => StatusCode::BAD_GATEWAY,
        }
    }

    /// The answer for the visitor. Only the page fails: the rest of the app works on.
    pub fn answer(&self, accepts: Accepts) -> Response {
        const TITLE: &str = "No profile";
        let body = match accepts {
            Accepts::Json => Json(json!({ "error": TITLE, "message": self.to_string() })).into_response(),
            Accepts::Html => {
                let content = html! {
                    p { (self) }
                    p { a href="/profile" { "Try again" } }
                    p { a href="/me" { "Go to your account" } }
                };
                pages::page(TITLE, content).into_response()
            }
        };
        (self.status(), body).into_response()
    }
}

impl From<reqwest::Error> for GraphError {
    fn from(error: reqwest::Error) -> Self {
        // For the operator, without the address: it is known, and may carry more than it should.
        eprintln!("the call of Microsoft Graph failed: {}", error.without_url());
        Self::Unavailable
    }
}
