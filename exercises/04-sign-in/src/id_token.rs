//! Validating the ID token: what it says counts only after every check has passed.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use web_app::{ProviderMetadata, Secret};

use crate::AppState;
use crate::sign_in_error::SignInError;

/// Clocks differ. Five minutes is the most that anybody should forgive.
pub const LEEWAY_SECONDS: i64 = 5 * 60;

/// The claims that the app reads (Microsoft identity platform: ID token claims reference).
#[derive(Clone, Debug, Deserialize)]
pub struct IdTokenClaims {
    /// Who issued the token.
    pub iss: String,
    /// For which app. One text: a token with a list of audiences does not fit this type, and is refused.
    pub aud: String,
    /// Not valid after this second.
    pub exp: i64,
    /// Not valid before this second.
    pub nbf: i64,
    /// The value of our authorization request.
    pub nonce: Option<String>,
    /// The tenant in which the person signed in.
    pub tid: String,
    /// The person's object id in that tenant.
    pub oid: String,
    /// A name to show.
    #[serde(default)]
    pub name: String,
    /// The name used to sign in.
    #[serde(default)]
    pub preferred_username: String,
    /// The person's app roles. Absent where there are none.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// What the claims must be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// From the discovery document.
    pub issuer: &'a str,
    /// Our client id.
    pub audience: &'a str,
    /// Our tenant.
    pub tenant_id: &'a str,
    /// From the pending login.
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub now: i64,
}

/// Which check the token did not pass.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// Step 6 is not written yet.
    #[error("its validation is not written yet (step 6)")]
    NotWrittenYet,
    /// The token response had none.
    #[error("it has no ID token")]
    Missing,
    /// It is no JWT, or a claim is missing or of the wrong type.
    #[error("the ID token is malformed")]
    Malformed,
    /// Its header does not say RS256.
    #[error("the ID token is not signed in the way that was agreed")]
    Algorithm,
    /// The provider has no key of this id.
    #[error("the ID token is signed with a key that the provider does not publish")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature of the ID token is wrong")]
    Signature,
    /// `iss`.
    #[error("the ID token comes from another issuer")]
    Issuer,
    /// `tid`.
    #[error("the account belongs to another tenant")]
    Tenant,
    /// `aud`.
    #[error("the ID token was made for another app")]
    Audience,
    /// `exp`.
    #[error("the ID token has expired")]
    Expired,
    /// `nbf`.
    #[error("the ID token is not valid yet")]
    NotYetValid,
    /// `nonce`.
    #[error("the ID token belongs to another sign-in")]
    Nonce,
}

/// Validates an ID token in seven steps: OIDC Core §3.1.3.7.
///
/// # Errors
/// Which step failed first, or that the provider's keys cannot be had.
pub async fn validate_id_token(
    app: &AppState,
    metadata: &ProviderMetadata,
    id_token: &Secret,
    nonce: &str,
) -> Result<IdTokenClaims, SignInError> {
    let config = &app.web.config;
    let key = signing_key(app, id_token.expose()).await?;
    let claims = verified_claims(id_token.expose(), &key)?;
    let expected =
        Expected { issuer: &metadata.issuer, audience: &config.client_id, tenant_id: config.tenant_id(), nonce, now: seconds_since_1970() };
    check_claims(&claims, &expected)?;
    Ok(claims)
}

/// Step 1: find the key. The header names it (`kid`); the keys come from the provider's own address, never from the
/// token.
async fn signing_key(app: &AppState, id_token: &str) -> Result<DecodingKey, SignInError> {
    // TODO: Step 6. `jsonwebtoken::decode_header` reads the header; `app.signing_keys.key` finds the key.
    let _ = (app, id_token);
    Err(SignInError::NotWrittenYet("Step 6 adds this part: the ID token is validated."))
}

/// Step 2: verify the signature, with the algorithm that *we* name. A token may not choose.
fn verified_claims(id_token: &str, key: &DecodingKey) -> Result<IdTokenClaims, IdTokenError> {
    // TODO: Step 6. `jsonwebtoken::decode` verifies and decodes. Name RS256 in its `Validation`. The library checks some
    // claims by itself; switch that off (`required_spec_claims`, `validate_exp`, `validate_aud`), because `check_claims`
    // does it in the open.
    let _ = (id_token, key);
    Err(IdTokenError::NotWrittenYet)
}

/// Steps 3 to 7: is this token from our tenant, for us, for now, and for this sign-in?
///
/// # Errors
/// Which check failed first.
pub fn check_claims(claims: &IdTokenClaims, expected: &Expected<'_>) -> Result<(), IdTokenError> {
    // TODO: Step 6. Compare issuer, tenant, audience, time (`LEEWAY_SECONDS`) and nonce. Each has its own `IdTokenError`.
    let _ = (claims, expected);
    Err(IdTokenError::NotWrittenYet)
}

fn seconds_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is after 1970");
    i64::try_from(since.as_secs()).expect("this year fits into 64 bits")
}

#[cfg(test)]
mod tests;
