//! Checking access tokens that this mock issued, for the resources that live in it.

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use time::OffsetDateTime;

use super::{SigningKeys, claims::AccessTokenClaims};

/// Why a bearer token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessTokenRejection {
    /// Not three parts of base64url JSON.
    Malformed,
    /// Signed by a key that this mock does not know, or not by RS256, or the signature is wrong.
    Signature,
    /// Outside `nbf` to `exp`.
    Lifetime,
}

/// The claims of a token that this mock signed and that is valid at `now`. Issuer and audience are for the caller to judge.
///
/// # Errors
/// [`AccessTokenRejection`], in the order in which the checks run.
pub fn access_token(keys: &SigningKeys, token: &str, now: OffsetDateTime) -> Result<AccessTokenClaims, AccessTokenRejection> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| AccessTokenRejection::Malformed)?;
    let key = header.kid.and_then(|kid| keys.known(&kid)).ok_or(AccessTokenRejection::Signature)?;
    let decoding = DecodingKey::from_rsa_components(&key.modulus, &key.exponent).map_err(|_| AccessTokenRejection::Signature)?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The library would read the system's clock; the mock has its own.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = jsonwebtoken::decode::<AccessTokenClaims>(token, &decoding, &validation).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature | jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => {
            AccessTokenRejection::Signature
        }
        _ => AccessTokenRejection::Malformed,
    })?;
    let now = now.unix_timestamp();
    match decoded.claims {
        claims if claims.nbf <= now && now < claims.exp => Ok(claims),
        _ => Err(AccessTokenRejection::Lifetime),
    }
}
