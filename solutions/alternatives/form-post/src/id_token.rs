//! The ID token: the library checks signature, times, issuer and audience; what it does not know is checked here.

use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{JwkSet, KeyAlgorithm};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use solution_02::{Config, Provider, ProviderMetadata};
use tokio::sync::Mutex;

const BETWEEN_FETCHES: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
pub struct Claims {
    pub tid: String,
    pub oid: String,
    /// One text: a token for several apps is not meant for this one.
    #[serde(rename = "aud")]
    _audience: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub preferred_username: String,
    #[serde(default)]
    pub roles: Vec<String>,
}

/// Why nobody is signed in.
pub enum Refused {
    Unavailable,
    NotAccepted,
}

/// The provider's keys, fetched for the first token and again for an unknown one, but not again within [`BETWEEN_FETCHES`].
#[derive(Default)]
pub struct SigningKeys(Mutex<Option<(JwkSet, Instant, bool)>>);

impl SigningKeys {
    async fn key(&self, provider: &Provider, metadata: &ProviderMetadata, kid: &str) -> Result<DecodingKey, Refused> {
        let mut known = self.0.lock().await;
        let has_key = known.as_ref().is_some_and(|(keys, ..)| keys.find(kid).is_some());
        // The first fetch does not count: a key may change a moment later.
        let may_fetch = known.as_ref().is_none_or(|(_, fetched, is_first)| *is_first || fetched.elapsed() > BETWEEN_FETCHES);
        if !has_key && may_fetch {
            let keys = fetch(provider, metadata).await.ok_or(Refused::Unavailable)?;
            *known = Some((keys, Instant::now(), known.is_none()));
        }
        let key = known.as_ref().and_then(|(keys, ..)| keys.find(kid)).ok_or(Refused::NotAccepted)?;
        match key.common.key_algorithm {
            None | Some(KeyAlgorithm::RS256) => DecodingKey::from_jwk(key).map_err(|_| Refused::NotAccepted),
            Some(_) => Err(Refused::NotAccepted),
        }
    }
}

async fn fetch(provider: &Provider, metadata: &ProviderMetadata) -> Option<JwkSet> {
    let answer = provider.http().get(metadata.jwks_uri.clone()).send().await.ok()?;
    answer.error_for_status().ok()?.json().await.ok()
}

pub async fn validate(id_token: &str, nonce: &str, config: &Config, provider: &Provider, keys: &SigningKeys) -> Result<Claims, Refused> {
    let metadata = provider.metadata().await.map_err(|_| Refused::Unavailable)?;
    let kid = decode_header(id_token).ok().and_then(|header| header.kid).ok_or(Refused::NotAccepted)?;
    let key = keys.key(provider, metadata, &kid).await?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss"]);
    validation.validate_nbf = true;
    validation.set_audience(&[&config.client_id]);
    validation.set_issuer(&[&metadata.issuer]);
    let claims = decode::<Claims>(id_token, &key, &validation).map_err(|_| Refused::NotAccepted)?.claims;
    // An absent nonce is empty here, and ours never is.
    if claims.tid == config.tenant_id() && claims.nonce == nonce { Ok(claims) } else { Err(Refused::NotAccepted) }
}
