//! `GET` and `POST /getAToken`: unit 4's callback, which now also fills the token cache.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;
use sign_in::callback::CallbackParameters;
use sign_in::web_app::{Accepts, Refusal};

use crate::AppState;
use crate::token_cache::CacheKey;

// ANCHOR: callback
/// Signs the person in as unit 4 does, and keeps the tokens for the calls of Microsoft Graph.
///
/// # Errors
/// Those of unit 4. The session that this browser had before goes on then: who declines a consent is still signed in.
pub async fn callback(
    State(app): State<AppState>,
    accepts: Accepts,
    jar: SignedCookieJar,
    parameters: Result<Form<CallbackParameters>, FormRejection>,
) -> Result<(SignedCookieJar, Redirect), Refusal> {
    let (jar, next) = sign_in::callback::callback(State(app.sign_in.clone()), accepts, jar, parameters).await?;
    if let Some(session) = app.sign_in.web.sessions.current(&jar)
        && let Some(tokens) = session.token_response
    {
        app.tokens.keep(CacheKey::new(&session.account, &app.config().scopes), tokens.into());
    }
    Ok((jar, next))
}
// ANCHOR_END: callback
