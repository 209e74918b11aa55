//! Validating the ID token: what it says counts only after every check has passed.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use web_app::{ProviderMetadata, Secret};

use crate::AppState;
use crate::constant_time;
use crate::sign_in_error::SignInError;

/// Clocks differ. Five minutes is the most that anybody should forgive.
const LEEWAY_SECONDS: i64 = 5 * 60;

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

// ANCHOR: validate
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
    let header = jsonwebtoken::decode_header(id_token).map_err(|_| IdTokenError::Malformed)?;
    let kid = header.kid.ok_or(IdTokenError::UnknownKey)?;
    let key = app.signing_keys.key(&app.web.provider, &kid).await?;
    Ok(key.ok_or(IdTokenError::UnknownKey)?)
}

/// Step 2: verify the signature, with the algorithm that *we* name. A token may not choose: `none` would mean no
/// signature, and `HS256` would take the public key, which everybody has, for a secret.
fn verified_claims(id_token: &str, key: &DecodingKey) -> Result<IdTokenClaims, IdTokenError> {
    let mut signature_only = Validation::new(Algorithm::RS256);
    // The library can check claims, too. Here they are checked by hand below, so that each check can be seen.
    signature_only.required_spec_claims.clear();
    signature_only.validate_exp = false;
    signature_only.validate_aud = false;
    let token = jsonwebtoken::decode(id_token, key, &signature_only).map_err(|error| {
        use jsonwebtoken::errors::ErrorKind;
        match error.kind() {
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => IdTokenError::Algorithm,
            ErrorKind::InvalidSignature => IdTokenError::Signature,
            _ => IdTokenError::Malformed,
        }
    })?;
    Ok(token.claims)
}

/// Steps 3 to 7: is this token from our tenant, for us, for now, and for this sign-in?
pub fn check_claims(claims: &IdTokenClaims, expected: &Expected<'_>) -> Result<(), IdTokenError> {
    // Step 3, the issuer: the whole text. `https://login.example.evil` also begins with `https://login.example`.
    if claims.iss != expected.issuer {
        return Err(IdTokenError::Issuer);
    }
    // Step 4, the tenant: the directory whose people may use this app.
    if claims.tid != expected.tenant_id {
        return Err(IdTokenError::Tenant);
    }
    // Step 5, the audience: a true token for another app says nothing about a sign-in to ours.
    if claims.aud != expected.audience {
        return Err(IdTokenError::Audience);
    }
    // Step 6, the time.
    if claims.exp.saturating_add(LEEWAY_SECONDS) <= expected.now {
        return Err(IdTokenError::Expired);
    }
    if claims.nbf.saturating_sub(LEEWAY_SECONDS) > expected.now {
        return Err(IdTokenError::NotYetValid);
    }
    // Step 7, the nonce: a token that was stolen from another sign-in has another one, or none.
    if !claims.nonce.as_deref().is_some_and(|nonce| constant_time::equal(nonce, expected.nonce)) {
        return Err(IdTokenError::Nonce);
    }
    Ok(())
}
// ANCHOR_END: validate

fn seconds_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is after 1970");
    i64::try_from(since.as_secs()).expect("this year fits into 64 bits")
}

#[cfg(test)]
mod tests;
