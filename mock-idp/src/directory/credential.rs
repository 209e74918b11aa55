//! What an application proves its identity with: secrets (kept as hashes) and certificates.
//! Source: Microsoft Graph v1.0 "passwordCredential" and "keyCredential".

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::random::Entropy;

/// A client secret. The secret itself is shown once, when it is made, and only its hash is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordCredential {
    /// The secret *id*. Not a secret, and not what an app sends.
    pub key_id: String,
    /// What the owner wrote beside it.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The first three characters of the secret.
    #[serde(default)]
    pub hint: Option<String>,
    /// `sha256:<salt>:<hash>`.
    pub secret_hash: String,
    /// When the secret begins to work.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub start_date_time: Option<OffsetDateTime>,
    /// When the secret stops working.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub end_date_time: Option<OffsetDateTime>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

impl PasswordCredential {
    /// In the place of a hash that nobody tells, such as that of a secret read from Microsoft Graph (Graph v1.0, "passwordCredential
    /// resource type"): of the right form, so that id and dates can be kept, and no text has it.
    pub const HASH_NOT_TOLD: &str = "sha256:not-told:0000000000000000000000000000000000000000000000000000000000000000";

    /// Keeps `secret` as a salted hash. One round is enough here: a generated secret has 40 random characters, which no
    /// list of guesses reaches, and a slow hash would decide the cost of every token request.
    pub fn of_secret(secret: &str, key_id: String, display_name: Option<String>, entropy: &Entropy) -> Self {
        let salt = entropy.token(16);
        Self {
            key_id,
            display_name,
            hint: Some(secret.chars().take(3).collect()),
            secret_hash: format!("sha256:{salt}:{}", salted_hash(&salt, secret)),
            start_date_time: None,
            end_date_time: None,
            other_properties: Map::new(),
        }
    }

    /// Whether `secret` is the one that was hashed, compared in constant time.
    pub fn matches(&self, secret: &str) -> bool {
        let mut parts = self.secret_hash.split(':');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("sha256"), Some(salt), Some(hash)) => salted_hash(salt, secret).as_bytes().ct_eq(hash.as_bytes()).into(),
            _ => false,
        }
    }

    /// Whether the secret works at `now`.
    pub fn is_current(&self, now: OffsetDateTime) -> bool {
        self.start_date_time.is_none_or(|start| start <= now) && self.end_date_time.is_none_or(|end| now < end)
    }
}

fn salted_hash(salt: &str, secret: &str) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(":").chain_update(secret).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A certificate that checks client assertions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyCredential {
    /// The credential's id.
    pub key_id: String,
    /// The certificate, base64 of DER.
    #[serde(default)]
    pub key: Option<String>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_again_by_its_hash_and_no_other_secret_is() {
        let entropy = Entropy::seeded(1);
        let secret = entropy.client_secret();
        let credential = PasswordCredential::of_secret(&secret, entropy.guid(), None, &entropy);
        assert!(credential.matches(&secret));
        assert!(!credential.matches(&credential.key_id) && !credential.matches("") && !credential.secret_hash.contains(&secret));
    }
}
