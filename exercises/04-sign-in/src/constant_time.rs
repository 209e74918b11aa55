//! Comparing values that a stranger tries to guess.

use sha2::{Digest, Sha256};

/// Are the two texts equal?
///
/// `==` stops at the first letter that differs, so the time it takes tells how much of a guess was right. Here the
/// digests are compared: their letters say nothing about the letters of the texts.
pub fn equal(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn only_the_same_text_is_equal() {
        assert!(equal("a-state", "a-state"));
        for other in ["", "a-stat", "a-state ", "A-state", "b-state"] {
            assert!(!equal("a-state", other), "{other:?}");
        }
    }
}
