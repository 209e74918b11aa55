//! `POST /logout`: unit 4's sign-out, which now also empties the token cache.

use axum::extract::State;
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;

use crate::AppState;
use crate::token_cache::CacheKey;

// ANCHOR: logout
/// Who signs out takes the tokens along: a refresh token is as good as a password for months.
pub async fn logout(State(app): State<AppState>, jar: SignedCookieJar) -> (SignedCookieJar, Redirect) {
    if let Some(session) = app.sign_in.web.sessions.current(&jar) {
        app.tokens.forget(&CacheKey::new(&session.account, &app.config().scopes));
        app.challenges.end(&session.account);
    }
    sign_in::sign_out::logout(State(app.sign_in), jar).await
}
// ANCHOR_END: logout
