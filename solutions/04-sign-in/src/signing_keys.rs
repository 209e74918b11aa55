//! The provider's public keys (JWKS, RFC 7517), with which the app checks signatures.

use std::time::{Duration, Instant};

use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use tokio::sync::Mutex;
use web_app::discovery::{Provider, ProviderError};

/// Keys are fetched again after a day, so that a key that the provider has withdrawn is forgotten.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// At most this many extra fetches, because of an unknown key, in [`REFETCH_WINDOW`].
const REFETCH_LIMIT: usize = 2;
const REFETCH_WINDOW: Duration = Duration::from_secs(30);

/// The document at `jwks_uri`. Entra sends no `alg`, and more members than these.
#[derive(Debug, Default, Deserialize)]
struct JsonWebKeySet {
    keys: Vec<JsonWebKey>,
}

#[derive(Clone, Debug, Deserialize)]
struct JsonWebKey {
    kid: Option<String>,
    kty: String,
    #[serde(rename = "use")]
    intended_use: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl JsonWebKey {
    /// An RSA key that is for signatures. Any other key in the set is none of our business.
    fn decoding_key(&self) -> Option<DecodingKey> {
        let for_signatures = self.intended_use.as_deref().is_none_or(|intended_use| intended_use == "sig");
        if self.kty != "RSA" || !for_signatures {
            return None;
        }
        DecodingKey::from_rsa_components(self.n.as_deref()?, self.e.as_deref()?).ok()
    }
}

/// The keys, fetched when they are first needed.
#[derive(Debug, Default)]
pub struct SigningKeys {
    cache: Mutex<Cache>,
}

#[derive(Debug, Default)]
struct Cache {
    keys: JsonWebKeySet,
    fetched: Option<Instant>,
    refetches: Vec<Instant>,
}

impl SigningKeys {
    /// The key with this id, if the provider has one.
    ///
    /// Providers change their keys without notice, so an unknown id is a reason to fetch the keys once more. It is also
    /// something that anybody can send us, so there is a limit: else a stranger could make the app flood the provider.
    ///
    /// The lock is held while the keys are fetched, on purpose: ten people who sign in at once need one fetch, not ten.
    ///
    /// # Errors
    /// When the keys cannot be fetched.
    pub async fn key(&self, provider: &Provider, kid: &str) -> Result<Option<DecodingKey>, ProviderError> {
        let mut cache = self.cache.lock().await;
        if cache.fetched.is_none_or(|fetched| fetched.elapsed() > LIFETIME) {
            cache.keys = fetch(provider).await?;
            cache.fetched = Some(Instant::now());
        } else if cache.keys.find(kid).is_none() && cache.may_refetch() {
            cache.keys = fetch(provider).await?;
        }
        Ok(cache.keys.find(kid).and_then(JsonWebKey::decoding_key))
    }
}

impl Cache {
    /// Asks for one more fetch, and counts it.
    fn may_refetch(&mut self) -> bool {
        self.refetches.retain(|refetch| refetch.elapsed() < REFETCH_WINDOW);
        let allowed = self.refetches.len() < REFETCH_LIMIT;
        if allowed {
            self.refetches.push(Instant::now());
        }
        allowed
    }
}

impl JsonWebKeySet {
    fn find(&self, kid: &str) -> Option<&JsonWebKey> {
        self.keys.iter().find(|key| key.kid.as_deref() == Some(kid))
    }
}

async fn fetch(provider: &Provider) -> Result<JsonWebKeySet, ProviderError> {
    let address = provider.metadata().await?.jwks_uri.clone();
    Ok(provider.http().get(address).send().await?.error_for_status()?.json().await?)
}

#[cfg(test)]
mod tests {
    use super::{Cache, JsonWebKeySet, REFETCH_LIMIT};

    #[test]
    fn a_key_is_found_by_its_id_and_only_if_it_is_for_rsa_signatures() {
        let keys: JsonWebKeySet = serde_json::from_str(
            r#"{"keys":[{"kid":"one","kty":"RSA","use":"sig","n":"sXch","e":"AQAB","x5t":"one"},
                        {"kid":"two","kty":"EC","crv":"P-256","x":"a","y":"b"},
                        {"kid":"three","kty":"RSA","use":"enc","n":"sXch","e":"AQAB"}]}"#,
        )
        .unwrap();
        let usable = |kid| keys.find(kid).is_some_and(|key| key.decoding_key().is_some());
        assert!(usable("one"));
        assert!(!usable("two"));
        assert!(!usable("three"));
        assert!(!usable("four"));
    }

    #[test]
    fn unknown_key_ids_cause_few_refetches() {
        let mut cache = Cache::default();
        assert_eq!((0..50).filter(|_| cache.may_refetch()).count(), REFETCH_LIMIT);
    }
}
