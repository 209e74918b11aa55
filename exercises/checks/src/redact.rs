//! Keeps secrets out of messages: tokens, codes and cookies show their last three characters.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mock_idp::trace::masking;
use url::Url;

/// The secrets of a run: those of its world, and of the worlds that checks make for themselves. Cloning gives another handle to the list.
#[derive(Debug, Clone, Default)]
pub struct KnownSecrets(Arc<Mutex<Vec<String>>>);

impl KnownSecrets {
    fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps these out of every message from now on.
    pub fn add(&self, secrets: impl IntoIterator<Item = String>) {
        self.list().extend(secrets);
    }

    /// `text` without them.
    pub fn scrub(&self, text: &str) -> String {
        scrub(text, &self.list())
    }
}

/// A secret value as a message may show it.
pub fn secret(value: &str) -> String {
    masking::masked(value)
}

/// An address with masked secret parameters.
pub fn url(url: &Url) -> String {
    masking::url(url.as_str())
}

/// Parameters as `name=value`, secrets masked, separated by spaces.
pub fn parameters(parameters: &[(String, String)]) -> String {
    let shown: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", masking::parameter(name, value))).collect();
    shown.join(" ")
}

/// `text` with every one of `secrets` and everything that looks like a JWT masked.
pub fn scrub(text: &str, secrets: &[String]) -> String {
    let mut clean = text.to_owned();
    for known in secrets.iter().filter(|known| known.len() >= 8) {
        clean = clean.replace(known.as_str(), &secret(known));
    }
    scrub_tokens(&clean)
}

/// A JWT begins with the base64url of `{"`, which is `eyJ`, and has two dots.
fn scrub_tokens(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("eyJ") {
        let (before, token) = rest.split_at(start);
        let end = token.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter))).unwrap_or(token.len());
        let (token, after) = token.split_at(end);
        clean.push_str(before);
        if token.matches('.').count() >= 2 {
            clean.push_str(&secret(token))
        } else {
            clean.push_str(token)
        }
        rest = after;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_known_secrets_keep_three_characters() {
        let text = "id_token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl secret=q8Q~0123456789abcdef";
        let clean = scrub(text, &["q8Q~0123456789abcdef".to_owned()]);
        assert_eq!(clean, "id_token=…XJl secret=…def");
    }

    #[test]
    fn a_secret_that_comes_up_later_is_kept_out_as_well() {
        let secrets = KnownSecrets::default();
        secrets.clone().add(["q8Q~0123456789abcdef".to_owned()]);
        assert_eq!(secrets.scrub("it printed q8Q~0123456789abcdef"), "it printed …def");
    }

    #[test]
    fn a_word_that_only_begins_like_a_token_stays() {
        assert_eq!(scrub("eyJust a word", &[]), "eyJust a word");
    }
}
