//! A text that must not be shown: the client secret, the session key and, from unit 4, tokens.

use std::fmt;

/// A secret. `{:?}` prints `[redacted]`, and there is no `{}`, so a secret cannot slip into a log or a page by
/// accident. The one way to the text is [`Secret::expose`], which is easy to search for in a review.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text that is to be kept secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Call this only where the text leaves for the one place that may have it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn a_secret_prints_as_redacted() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "[redacted]");
    }
}
