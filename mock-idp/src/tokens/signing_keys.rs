//! RSA signing keys and the key set that publishes them.
//! Sources: RFC 7517, RFC 7518 §6.3; the members and the thumbprint `kid` as the Microsoft identity platform publishes them.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{digest, rand::SystemRandom, signature::RsaKeyPair};
use rsa::{RsaPrivateKey, pkcs8::DecodePrivateKey, pkcs8::EncodePublicKey, traits::PublicKeyParts};
use serde::Serialize;

pub use order::{Keeper, KeyOrder};

use crate::directory::{JournalError, turn::Turn};

mod order;

/// One key with the certificate that names it.
pub struct SigningKey {
    /// The key's id: the base64url SHA-1 thumbprint of its certificate, as Entra has it.
    pub kid: String,
    /// The modulus, base64url.
    pub modulus: String,
    /// The exponent, base64url.
    pub exponent: String,
    /// The certificate, base64 of DER.
    pub certificate: String,
    /// The public key in PEM form: what a confused verifier takes for an HMAC secret.
    pub public_pem: String,
    pair: RsaKeyPair,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the signing key cannot be used: {0}")]
pub struct InvalidKey(String);

impl SigningKey {
    /// Reads a private key (PKCS#8) and its certificate, both in PEM form.
    ///
    /// # Errors
    /// [`InvalidKey`] if one of them cannot be read, or the key is no RSA key that may sign.
    pub fn from_pem(private_key: &str, certificate: &str) -> Result<Self, InvalidKey> {
        let invalid = |error: &dyn std::fmt::Display| InvalidKey(error.to_string());
        let key_der = pem_body(private_key).ok_or_else(|| InvalidKey("no PEM block in the key".to_owned()))?;
        let certificate = pem_body(certificate).ok_or_else(|| InvalidKey("no PEM block in the certificate".to_owned()))?;
        let private = RsaPrivateKey::from_pkcs8_der(&key_der).map_err(|error| invalid(&error))?;
        let public = private.to_public_key();
        let public_pem = public.to_public_key_pem(rsa::pkcs8::LineEnding::LF).map_err(|error| invalid(&error))?;
        Ok(Self {
            kid: URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate)),
            modulus: URL_SAFE_NO_PAD.encode(public.n().to_bytes_be()),
            exponent: URL_SAFE_NO_PAD.encode(public.e().to_bytes_be()),
            certificate: STANDARD.encode(&certificate),
            public_pem,
            pair: RsaKeyPair::from_pkcs8(&key_der).map_err(|error| invalid(&error))?,
        })
    }

    /// The RS256 signature of `message` (RFC 7518 §3.3). The key was parsed once; libraries that take it as bytes parse it for
    /// every signature, which costs more than the signature itself.
    pub fn sign_rs256(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&ring::signature::RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .expect("the buffer has the size of the modulus");
        signature
    }
}

fn pem_body(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (_, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let base64: String = body.split_whitespace().collect();
    STANDARD.decode(base64).ok()
}

/// The keys of the mock: those that are published, the one that signs, and one that nobody may trust.
#[derive(Debug, Clone)]
pub struct SigningKeys {
    ring: Arc<RwLock<KeyRing>>,
    initial: Arc<KeyRing>,
    stranger: Arc<SigningKey>,
    turn: Arc<Turn>,
    keeper: Keeper,
}

#[derive(Debug, Clone)]
struct KeyRing {
    published: Vec<Arc<SigningKey>>,
    signing: usize,
    spare: Vec<Arc<SigningKey>>,
    /// Every key that ever signed: Graph, which is the same server, goes on knowing them.
    known: Vec<Arc<SigningKey>>,
}

/// How keys change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The old keys stay published, as Entra does.
    WithGrace,
    /// The old keys disappear at once, as in an emergency.
    WithoutGrace,
}

impl SigningKeys {
    /// Publishes all but the last of `keys` and signs with the first; the last is kept for the next rotation.
    ///
    /// # Errors
    /// [`InvalidKey`] if there are fewer than two keys.
    pub fn new(mut keys: Vec<SigningKey>, stranger: SigningKey) -> Result<Self, InvalidKey> {
        if keys.len() < 2 {
            return Err(InvalidKey("two keys are needed: one to sign and one for the next rotation".to_owned()));
        }
        let spare = keys.split_off(2.max(keys.len() - 2)).into_iter().map(Arc::new).collect();
        let published: Vec<_> = keys.into_iter().map(Arc::new).collect();
        let ring = KeyRing { known: published.clone(), published, signing: 0, spare };
        Ok(Self {
            initial: Arc::new(ring.clone()),
            ring: Arc::new(RwLock::new(ring)),
            stranger: Arc::new(stranger),
            turn: Arc::default(),
            keeper: Keeper::nobody(),
        })
    }

    /// The keys from the source tree, which everybody can read. `choice` picks the one that signs.
    pub fn test_pool(choice: u64) -> Self {
        let mut pool: Vec<SigningKey> = TEST_KEYS.iter().map(|(key, certificate)| test_key(key, certificate)).collect();
        let count = pool.len() as u64;
        pool.rotate_left(usize::try_from(choice % count).expect("a remainder of a small number"));
        Self::new(pool, Self::test_stranger()).expect("the pool has more than two keys")
    }

    /// The key of nobody: never published.
    pub fn test_stranger() -> SigningKey {
        test_key(include_str!("test_keys/key-6.pem"), include_str!("test_keys/key-6.crt"))
    }

    /// The key that signs now.
    pub fn signing(&self) -> Arc<SigningKey> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&ring.published[ring.signing])
    }

    /// The published keys.
    pub fn published(&self) -> Vec<Arc<SigningKey>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).published.clone()
    }

    /// The key with this id, if it was ever published.
    pub fn known(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).known.iter().find(|key| key.kid == kid).cloned()
    }

    /// A key that is never published.
    pub fn stranger(&self) -> &SigningKey {
        &self.stranger
    }

    /// Signs with a key that was not published before. When all keys have had their turn the oldest comes again.
    ///
    /// # Errors
    /// [`JournalError`] if the new order cannot be kept. Then it is as it was.
    pub fn rotate(&self, rotation: Rotation) -> Result<String, JournalError> {
        let _turn = self.turn.take();
        let mut ring = self.ring.read().unwrap_or_else(PoisonError::into_inner).clone();
        let next = if ring.spare.is_empty() { ring.published.remove(0) } else { ring.spare.remove(0) };
        if rotation == Rotation::WithoutGrace {
            let retired = std::mem::take(&mut ring.published);
            ring.spare.extend(retired);
        }
        if !ring.known.iter().any(|key| key.kid == next.kid) {
            ring.known.push(Arc::clone(&next));
        }
        let kid = next.kid.clone();
        ring.published.push(next);
        ring.signing = ring.published.len() - 1;
        self.keeper.keep(&ring.order())?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        Ok(kid)
    }

    /// Undoes every rotation, after `forget` has undone the order that is kept. What the later keys signed is not known any more. No key
    /// rotates between the two, so that the order that is kept is the one in use.
    ///
    /// # Errors
    /// What `forget` returns. Then the keys are as they were.
    pub fn start_over<E>(&self, forget: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let _turn = self.turn.take();
        forget()?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = KeyRing::clone(&self.initial);
        Ok(())
    }

    /// The key set as `/discovery/v2.0/keys` answers it.
    pub fn key_set(&self, issuer: &str) -> KeySet {
        let published = self.published();
        KeySet { keys: published.iter().map(|key| PublishedKey::of(key, issuer)).collect() }
    }
}

const TEST_KEYS: [(&str, &str); 5] = [
    (include_str!("test_keys/key-1.pem"), include_str!("test_keys/key-1.crt")),
    (include_str!("test_keys/key-2.pem"), include_str!("test_keys/key-2.crt")),
    (include_str!("test_keys/key-3.pem"), include_str!("test_keys/key-3.crt")),
    (include_str!("test_keys/key-4.pem"), include_str!("test_keys/key-4.crt")),
    (include_str!("test_keys/key-5.pem"), include_str!("test_keys/key-5.crt")),
];

fn test_key(key: &str, certificate: &str) -> SigningKey {
    SigningKey::from_pem(key, certificate).expect("the test keys are valid")
}

/// A JSON Web Key Set (RFC 7517 §5).
#[derive(Debug, Serialize)]
pub struct KeySet {
    /// The keys.
    pub keys: Vec<PublishedKey>,
}

/// A key as Entra publishes it, members in its order. There is no `alg`.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "RFC 7517 §4 and RFC 7518 §6.3.1 define the members")]
pub struct PublishedKey {
    pub kty: &'static str,
    #[serde(rename = "use")]
    pub usage: &'static str,
    pub kid: String,
    pub x5t: String,
    pub n: String,
    pub e: String,
    pub x5c: [String; 1],
    pub cloud_instance_name: &'static str,
    pub issuer: String,
}

impl PublishedKey {
    fn of(key: &SigningKey, issuer: &str) -> Self {
        Self {
            kty: "RSA",
            usage: "sig",
            kid: key.kid.clone(),
            x5t: key.kid.clone(),
            n: key.modulus.clone(),
            e: key.exponent.clone(),
            x5c: [key.certificate.clone()],
            cloud_instance_name: "microsoftonline.com",
            issuer: issuer.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_verified_by_the_published_key() {
        let key = SigningKeys::test_pool(0).signing();
        let decoding = jsonwebtoken::DecodingKey::from_rsa_components(&key.modulus, &key.exponent).expect("valid components");
        let signature = URL_SAFE_NO_PAD.encode(key.sign_rs256(b"a.b"));
        let verified = jsonwebtoken::crypto::verify(&signature, b"a.b", &decoding, jsonwebtoken::Algorithm::RS256);
        assert!(verified.expect("a well-formed signature"));
    }

    #[test]
    fn the_certificate_holds_the_published_key_and_names_it() {
        for key in SigningKeys::test_pool(0).published() {
            let der = STANDARD.decode(&key.certificate).expect("base64");
            let modulus = URL_SAFE_NO_PAD.decode(&key.modulus).expect("base64url");
            assert!(der.windows(modulus.len()).any(|window| window == modulus) && key.kid.len() == 27);
        }
    }

    #[test]
    fn rotation_signs_with_a_new_key_and_keeps_the_old_one_only_with_grace() {
        let keys = SigningKeys::test_pool(3);
        let old = keys.signing().kid.clone();
        keys.rotate(Rotation::WithGrace).expect("kept in memory");
        assert_ne!(keys.signing().kid, old);
        assert!(keys.published().iter().any(|key| key.kid == old));
        keys.rotate(Rotation::WithoutGrace).expect("kept in memory");
        assert_eq!(keys.published().len(), 1);
        assert!(keys.known(&old).is_some());
    }

    #[test]
    fn a_reset_undoes_every_rotation() {
        let keys = SigningKeys::test_pool(3);
        let kids = || keys.published().iter().map(|key| key.kid.clone()).collect::<Vec<_>>();
        let (first, signing) = (kids(), keys.signing().kid.clone());
        let later = keys.rotate(Rotation::WithoutGrace).expect("kept in memory");
        assert_eq!(keys.start_over(|| Err("the disk is full")), Err("the disk is full"));
        assert_eq!(keys.signing().kid, later);
        assert_eq!(keys.start_over(|| Ok::<(), ()>(())), Ok(()));
        assert_eq!((kids(), keys.signing().kid.clone()), (first, signing));
        assert!(keys.known(&later).is_none());
    }

    #[test]
    fn the_strangers_key_is_never_published() {
        let keys = SigningKeys::test_pool(1);
        (0..12).for_each(|_| assert!(keys.rotate(Rotation::WithGrace).is_ok()));
        assert!(keys.published().iter().all(|key| key.kid != keys.stranger().kid));
    }
}
