//! User passwords, kept as argon2id hashes in PHC string form.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};

use crate::random::Entropy;

/// 19 MiB, 2 rounds, 1 lane: OWASP's "Password Storage Cheat Sheet", first choice for argon2id.
fn argon2id() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constants within argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash of `password` with a fresh salt.
pub fn hash(password: &str, entropy: &Entropy) -> String {
    let salt = SaltString::encode_b64(&entropy.bytes::<16>()).expect("16 bytes are a valid salt");
    argon2id().hash_password(password.as_bytes(), &salt).expect("the parameters are valid").to_string()
}

/// Whether `password` is the one that was hashed. False for a hash that cannot be read.
pub fn verify(password: &str, phc: &str) -> bool {
    PasswordHash::new(phc).is_ok_and(|parsed| argon2id().verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_again_by_its_hash_and_no_other_is() {
        let phc = hash("Practice-2026", &Entropy::seeded(1));
        assert!(phc.starts_with("$argon2id$v=19$") && verify("Practice-2026", &phc));
        assert!(!verify("practice-2026", &phc) && !verify("Practice-2026", "not a hash"));
    }
}
