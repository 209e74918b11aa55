//! The provider's public keys (JWKS, RFC 7517), with which the app checks signatures.

use std::time::Instant;

use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use tokio::sync::Mutex;
use web_app::discovery::{Provider, ProviderError};

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
}

impl SigningKeys {
    /// The key with this id, if the provider has one.
    ///
    /// The lock is held while the keys are fetched, on purpose: ten people who sign in at once need one fetch, not ten.
    ///
    /// # Errors
    /// When the keys cannot be fetched.
    pub async fn key(&self, provider: &Provider, kid: &str) -> Result<Option<DecodingKey>, ProviderError> {
        let mut cache = self.cache.lock().await;
        if cache.fetched.is_none() {
            cache.keys = fetch(provider).await?;
            cache.fetched = Some(Instant::now());
        }
        // TODO: Step 6, at the end. Providers change their keys without notice. Fetch the keys again after a day, and once
        // more when the id is unknown; but anybody can send an unknown id, so put a limit on that: the
        // first unknown id is looked up at once, also right after the first fetch, and only the next one has to wait.
        Ok(cache.keys.find(kid).and_then(JsonWebKey::decoding_key))
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
    use super::JsonWebKeySet;

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
}
