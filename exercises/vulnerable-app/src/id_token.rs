//! What an ID token must pass before the app believes it (OpenID Connect Core §3.1.3.7).

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::Deserialize;

use crate::{
    Portal,
    rules::Rule,
    session::{Account, PendingLogin},
};

/// The claims that the app reads.
#[derive(Debug, Clone, Deserialize)]
pub struct IdTokenClaims {
    /// Who issued the token.
    pub iss: String,
    /// For which app. One text: a token for several apps does not fit, and is refused.
    pub aud: String,
    /// Not valid after this second.
    pub exp: i64,
    /// Not valid before this second.
    pub nbf: i64,
    /// The value of our request.
    pub nonce: Option<String>,
    /// The tenant of the person.
    pub tid: String,
    /// The person's object id in that tenant.
    pub oid: String,
    /// A name to show.
    #[serde(default)]
    pub name: String,
    /// The name with which the person signed in.
    #[serde(default)]
    pub preferred_username: String,
    /// The person's app roles. The claim is absent where there are none.
    #[serde(default)]
    pub roles: Vec<String>,
}

/// What a token did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It is no JWT with the claims that the app needs, or the provider's key did not sign it.
    Signature,
    /// A rule said no.
    By(Rule),
}

/// Reads the token: signature first, then the rules.
///
/// # Errors
/// What it did not pass.
pub fn read(portal: &Portal, keys: &JwkSet, pending: &PendingLogin, id_token: &str) -> Result<Account, Refused> {
    let claims = verified_claims(keys, id_token).ok_or(Refused::Signature)?;
    let (config, rules) = (&portal.config, &portal.rules);
    let answers = [
        ((rules.issuer_is_trusted)(&claims, config), Rule::IssuerIsTrusted),
        ((rules.audience_is_us)(&claims, config), Rule::AudienceIsUs),
        ((rules.time_is_right)(&claims, seconds_since_1970()), Rule::TimeIsRight),
        ((rules.nonce_fits)(&claims, pending), Rule::NonceFits),
    ];
    if let Some((_, rule)) = answers.into_iter().find(|(is_well, _)| !is_well) {
        return Err(Refused::By(rule));
    }
    let IdTokenClaims { tid, oid, name, preferred_username, roles, .. } = claims;
    Ok(Account { tenant_id: tid, object_id: oid, name, preferred_username, roles })
}

/// The claims, if a key of the provider signed them with RS256, whatever the header says.
fn verified_claims(keys: &JwkSet, id_token: &str) -> Option<IdTokenClaims> {
    let kid = jsonwebtoken::decode_header(id_token).ok()?.kid?;
    let key = DecodingKey::from_jwk(keys.find(&kid)?).ok()?;
    let mut signature_only = Validation::new(Algorithm::RS256);
    // The claims are the business of the rules.
    signature_only.required_spec_claims.clear();
    signature_only.validate_exp = false;
    signature_only.validate_aud = false;
    jsonwebtoken::decode(id_token, &key, &signature_only).ok().map(|token| token.claims)
}

fn seconds_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(i64::MAX)
}
