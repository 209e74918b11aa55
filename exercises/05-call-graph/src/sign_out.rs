//! `POST /logout`: unit 4's sign-out, which now also empties the token cache.

use axum::extract::State;
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;

use crate::AppState;

/// Who signs out takes the tokens along: a refresh token is as good as a password for months.
pub async fn logout(State(app): State<AppState>, jar: SignedCookieJar) -> (SignedCookieJar, Redirect) {
    // TODO: Step 9. Forget the tokens of the account that is signed in, before the session is gone.
    sign_in::sign_out::logout(State(app.sign_in), jar).await
}
