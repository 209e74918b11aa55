//! Passwords of a directory file, hashed as they are read.

use std::collections::BTreeMap;

use argon2::password_hash::PasswordHash;

use crate::{directory::password, random::Entropy};

/// Everybody's password in the built-in seeds.
pub const PRACTICE_PASSWORD: &str = "Practice-2026";

/// argon2id of [`PRACTICE_PASSWORD`]. The hash is slow by design, so it is kept here: a start costs nothing.
pub(super) const PRACTICE_PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Lt4h+RzHCcgIS+w5GZVChg$6rEq8FssGfXHKY4xYTg1EvOhgHApQI0skdwQJG2+Wm0";

/// Hashes each distinct password of one file once. A class in which everybody has the same password costs one hash, not thirty;
/// users with the same password then have the same hash, which a file in plain text told already.
#[derive(Debug)]
pub(super) struct Passwords<'e> {
    entropy: &'e Entropy,
    hashed: BTreeMap<String, String>,
}

impl<'e> Passwords<'e> {
    pub(super) fn new(entropy: &'e Entropy) -> Self {
        let practice = (PRACTICE_PASSWORD.to_owned(), PRACTICE_PASSWORD_HASH.to_owned());
        Self { entropy, hashed: BTreeMap::from([practice]) }
    }

    /// The hash of `plain`.
    pub(super) fn hash(&mut self, plain: &str) -> String {
        if let Some(known) = self.hashed.get(plain) {
            return known.clone();
        }
        let hash = password::hash(plain, self.entropy);
        self.hashed.insert(plain.to_owned(), hash.clone());
        hash
    }
}

/// Whether `text` is a hash that can be checked: argon2id in PHC string form.
pub(super) fn is_hash(text: &str) -> bool {
    PasswordHash::new(text).is_ok_and(|hash| hash.algorithm == argon2::ARGON2ID_IDENT && hash.hash.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kept_hash_is_that_of_the_practice_password() {
        assert!(password::verify(PRACTICE_PASSWORD, PRACTICE_PASSWORD_HASH));
    }

    #[test]
    fn a_password_is_hashed_once() {
        let entropy = Entropy::seeded(1);
        let mut passwords = Passwords::new(&entropy);
        let first = passwords.hash("another one");
        assert!(password::verify("another one", &first));
        assert_eq!(passwords.hash("another one"), first);
        assert_ne!(passwords.hash("a third one"), first);
    }
}
