//! Values that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;
use rand::rngs::OsRng;

/// A fresh value of 256 random bits from the operating system, as 43 letters that are safe in a URL and in a cookie.
///
/// Session ids are made here and, in unit 4, `state` and `nonce`. RFC 6749 §10.10 asks for at least 128 bits.
pub fn random_value() -> String {
    let mut bytes = [0_u8; 32];
    OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::random_value;

    #[test]
    fn a_random_value_is_long_and_fresh() {
        let (first, second) = (random_value(), random_value());
        assert_eq!(first.len(), 43);
        assert_ne!(first, second);
    }
}
