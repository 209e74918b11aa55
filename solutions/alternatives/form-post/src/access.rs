//! Who asks, and in which form she wants the answer: an argument of every page that is not for everybody.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::Key;
use url::form_urlencoded::byte_serialize;

use crate::App;
use crate::cookies::{Session, session};
use crate::pages;

/// A signed-in visitor. Everybody else is sent to the sign-in before the page is asked.
pub struct Visitor {
    pub session: Session,
    pub wants_json: bool,
}

impl Visitor {
    pub fn has(&self, role: &str) -> bool {
        self.session.roles.iter().any(|held| held == role)
    }

    /// 403 without the role.
    pub fn require(&self, role: &str) -> Result<(), Response> {
        if self.has(role) { Ok(()) } else { Err(self.refusal()) }
    }

    pub fn refusal(&self) -> Response {
        match self.wants_json {
            true => StatusCode::FORBIDDEN.into_response(),
            false => (StatusCode::FORBIDDEN, pages::layout("Not for your role", "Ask the administrator of policies.")).into_response(),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let accept = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let wants_json = accept.starts_with("application/json");
        let jar = SignedCookieJar::from_headers(&parts.headers, Key::from_ref(app));
        match session(&jar, &app.ended) {
            Some(session) => Ok(Self { session, wants_json }),
            None if wants_json => Err(StatusCode::UNAUTHORIZED.into_response()),
            None => {
                let wanted: String = byte_serialize(parts.uri.to_string().as_bytes()).collect();
                Err(Redirect::to(&format!("/login?return_to={wanted}")).into_response())
            }
        }
    }
}
