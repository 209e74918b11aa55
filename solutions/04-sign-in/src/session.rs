//! From a validated ID token to a session.

use axum_extra::extract::SignedCookieJar;
use web_app::{Account, Roles, Session, Sessions, TokenResponse};

use crate::id_token::IdTokenClaims;

// ANCHOR: session
/// Starts the session of the person whom the claims name. Only claims of a validated token may come here.
///
/// The session gets a *new* id, and an old session of this browser ends. Else somebody who had planted a session id in
/// the browser before the sign-in would be signed in with it afterwards ("session fixation").
pub fn begin_session(sessions: &Sessions, jar: SignedCookieJar, claims: IdTokenClaims, tokens: TokenResponse) -> SignedCookieJar {
    let session = Session {
        account: Account { tenant_id: claims.tid, object_id: claims.oid, name: claims.name, preferred_username: claims.preferred_username },
        roles: Roles::from_claim(claims.roles),
        // The tokens stay on the server. Unit 5 calls Microsoft Graph with them.
        token_response: Some(tokens),
    };
    let jar = sessions.end(jar);
    sessions.start(jar, session)
}
// ANCHOR_END: session
