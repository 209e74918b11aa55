//! The visitor of a page: perhaps signed in, perhaps not.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum_extra::extract::SignedCookieJar;

use crate::AppState;
use crate::accepts::Accepts;
use crate::refusal::{Reason, Refusal};
use crate::session::Session;

/// Who asks, and for what. A handler that takes a `Visitor` works for every app whose state contains [`AppState`].
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The form of the answer.
    pub accepts: Accepts,
    /// Path and query of the request.
    pub path: String,
    session: Option<Session>,
}

impl Visitor {
    /// The session, if the visitor is signed in.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The session of a page that only signed-in people see.
    ///
    /// # Errors
    /// When nobody is signed in: the way to the sign-in, with the way back to this page.
    pub fn signed_in(&self) -> Result<&Session, Refusal> {
        self.session().ok_or_else(|| self.refuse(Reason::SignInNeeded { return_to: self.path.clone() }))
    }

    /// A refusal in the form that this visitor accepts.
    pub fn refuse(&self, reason: impl Into<Reason>) -> Refusal {
        self.accepts.refuse(reason)
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    AppState: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let app = AppState::from_ref(state);
        let jar = SignedCookieJar::from_headers(&parts.headers, app.cookie_key.clone());
        Ok(Self {
            accepts: Accepts::from_request_parts(parts, state).await?,
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            session: app.sessions.current(&jar),
        })
    }
}
