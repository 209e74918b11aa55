//! `POST /logout`: ends the session here and at the identity provider.

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::SignedCookieJar;
use web_app::{Accepts, Reason, Refusal};

use crate::AppState;

/// `POST /logout`. There is no GET: an image on a stranger's page could sign people out with it.
///
/// # Errors
/// None, once it is written.
pub async fn logout(State(app): State<AppState>, accepts: Accepts, jar: SignedCookieJar) -> Result<Response, Refusal> {
    // TODO: Step 10. End the session (`app.web.sessions.end`), and send the browser to the provider's
    // `end_session_endpoint` with `post_logout_redirect_uri`; the configuration knows its value. If the provider is down,
    // go to the front page. After a POST the redirect is `axum::response::Redirect::to`:
    // `Ok((jar, Redirect::to(&next)).into_response())`.
    let _ = (app, jar);
    Err(accepts.refuse(Reason::NotWrittenYet("Step 10 adds this part: signing out.")))
}
