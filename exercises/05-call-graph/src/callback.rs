//! `GET` and `POST /getAToken`: unit 4's callback, which now also fills the token cache.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;
use sign_in::callback::CallbackParameters;
use sign_in::web_app::{Accepts, Refusal};

use crate::AppState;

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
    // TODO: Step 2. The session of this browser (`app.sign_in.web.sessions.current(&jar)`) holds the token response. Keep it
    // in `app.tokens`, under the key of account and scopes (`crate::token_cache::CacheKey`).
    Ok((jar, next))
}
