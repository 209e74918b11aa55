//! What the client wants to have: a page for a person, or JSON for a program.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use serde::Serialize;

use crate::pages;
use crate::refusal::{Reason, Refusal};

/// The form of the answer, chosen by the request's `Accept` header. A browser asks for `text/html`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// A page.
    Html,
    /// The same facts as JSON.
    Json,
}

impl Accepts {
    /// JSON if the header names it, and does not name HTML before it. Everything else is a page.
    fn from_header(accept: &str) -> Self {
        let place = |kind: &str| accept.find(kind).unwrap_or(usize::MAX);
        if place("application/json") < place("text/html") { Self::Json } else { Self::Html }
    }

    /// Answers with these facts: as JSON, or on a page with this title.
    pub fn answer(self, title: &str, facts: &impl Serialize, content: Markup) -> Response {
        match self {
            Self::Json => axum::Json(facts).into_response(),
            Self::Html => pages::page(title, content).into_response(),
        }
    }

    /// Answers with a refusal.
    pub fn refuse(self, reason: impl Into<Reason>) -> Refusal {
        Refusal::new(self, reason.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Accepts {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let accept = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self::from_header(accept))
    }
}

#[cfg(test)]
mod tests {
    use super::Accepts;

    #[test]
    fn json_is_for_those_who_ask_for_it() {
        assert_eq!(Accepts::from_header("application/json"), Accepts::Json);
        assert_eq!(Accepts::from_header("application/json, text/html;q=0.5"), Accepts::Json);
        assert_eq!(Accepts::from_header("text/html,application/xhtml+xml,*/*;q=0.8"), Accepts::Html);
        assert_eq!(Accepts::from_header("*/*"), Accepts::Html);
        assert_eq!(Accepts::from_header(""), Accepts::Html);
    }
}
