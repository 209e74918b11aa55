//! The only source of codes, ids and secrets.

use std::sync::{Arc, Mutex};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A shared source of random values: seeded by the operating system, or by a number so that a run can be repeated.
/// Cloning gives another handle to the same source.
#[derive(Debug, Clone)]
pub struct Entropy {
    source: Arc<Mutex<ChaCha20Rng>>,
}

impl Entropy {
    /// Seeded by the operating system. The stream is ChaCha20, fit for secrets.
    pub fn system() -> Self {
        Self { source: Arc::new(Mutex::new(ChaCha20Rng::from_entropy())) }
    }

    /// The same seed gives the same values in the same order. For tests: whoever knows the seed knows every secret.
    pub fn seeded(seed: u64) -> Self {
        Self { source: Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))) }
    }

    /// The same parts give the same values, as [`derived_guid`] does. For salts of what is made anew from a file or a secret each time:
    /// then it is the same each time.
    pub fn derived(parts: &[&str]) -> Self {
        let mut seed = [0; 8];
        seed.copy_from_slice(&derived_bytes(parts)[..8]);
        Self::seeded(u64::from_be_bytes(seed))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.source.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(bytes);
    }

    /// A random GUID (RFC 9562 version 4), lower case with hyphens.
    pub fn guid(&self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }

    /// `length` random bytes as unpadded base64url.
    pub fn token(&self, length: usize) -> String {
        let mut bytes = vec![0; length];
        self.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A client secret of 40 characters, in the alphabet that Entra uses (letters, digits and `~ . _ -`).
    pub fn client_secret(&self) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789~._-";
        let mut source = self.source.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        (0..40).map(|_| char::from(ALPHABET[source.gen_range(0..ALPHABET.len())])).collect()
    }
}

/// A GUID that follows from `parts`: the same parts give the same GUID on every machine. Used for ids that a directory file leaves out.
pub fn derived_guid(parts: &[&str]) -> String {
    let digest = derived_bytes(parts);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    // Version 8 (RFC 9562 §5.8): the content is ours; here a hash.
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// SHA-256 over `parts`, each with its length, so that no two lists of parts give the same bytes.
pub fn derived_bytes(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// True for a GUID as Entra writes it: 32 hexadecimal digits in five groups, any case.
pub fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let (left, right) = (Entropy::seeded(7), Entropy::seeded(7));
        assert_eq!((left.guid(), left.token(32), left.client_secret()), (right.guid(), right.token(32), right.client_secret()));
        assert_ne!(left.guid(), left.guid());
    }

    #[test]
    fn a_client_secret_has_forty_characters() {
        assert_eq!(Entropy::system().client_secret().len(), 40);
    }

    #[test]
    fn derived_guids_depend_on_where_one_part_ends_and_the_next_begins() {
        assert_eq!(derived_guid(&["a", "b"]), derived_guid(&["a", "b"]));
        assert_ne!(derived_guid(&["ab", ""]), derived_guid(&["a", "b"]));
        assert!(is_guid(&derived_guid(&["x"])));
    }

    #[test]
    fn a_guid_without_hyphens_is_not_a_tenant_id() {
        assert!(!is_guid("2d4f7a901b3c4e5d8f60a1b2c3d4e5f6") && is_guid("2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6"));
    }
}
