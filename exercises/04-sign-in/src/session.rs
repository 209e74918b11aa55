//! From a validated ID token to a session.

use axum_extra::extract::SignedCookieJar;
use web_app::{Sessions, TokenResponse};

use crate::id_token::IdTokenClaims;
use crate::sign_in_error::SignInError;

/// Starts the session of the person whom the claims name. Only claims of a validated token may come here.
///
/// The session gets a *new* id, and an old session of this browser ends. Else somebody who had planted a session id in
/// the browser before the sign-in would be signed in with it afterwards ("session fixation").
///
/// # Errors
/// None, once it is written.
pub fn begin_session(
    sessions: &Sessions,
    jar: SignedCookieJar,
    claims: IdTokenClaims,
    tokens: TokenResponse,
) -> Result<SignedCookieJar, SignInError> {
    // TODO: Step 7. Build a `web_app::Session` from the claims and the tokens. End the browser's old session with
    // `sessions.end`, start the new one with `sessions.start`, and return `Ok` of the cookies.
    let _ = (sessions, jar, claims, tokens);
    Err(SignInError::NotWrittenYet("Step 7 adds this part: the session."))
}
