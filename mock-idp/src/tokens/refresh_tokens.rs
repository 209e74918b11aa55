//! Refresh tokens. Each use gives a new one and leaves the old one valid
//! (Microsoft identity platform, "Refresh tokens").

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::{
    directory::application::Platform,
    oauth::scope::ScopeSet,
    random::Entropy,
    write_later::{Change, WriteLater, changes},
};

/// A refresh token of a confidential client works for 90 days after its last use.
const INACTIVITY: Duration = Duration::days(90);

/// One of a single-page app works for 24 hours from the sign-in; a newer one does not live longer.
const SINGLE_PAGE_LIFETIME: Duration = Duration::hours(24);

/// What a refresh token stands for. It is bound to user and app, not to a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshToken {
    /// The app that it was issued to.
    pub client_id: String,
    /// The kind of client that it was issued to.
    pub platform: Platform,
    /// The tenant that the user signed in to.
    pub tenant_id: String,
    /// The user's object id.
    pub user_id: String,
    /// The scopes of the first request.
    pub scope: ScopeSet,
    /// The sign-in session.
    pub session_id: String,
    /// When the user proved who he is.
    #[serde(with = "time::serde::rfc3339")]
    pub authenticated_at: OffsetDateTime,
    /// The authorize request that it comes from, for the trace.
    pub flow_id: String,
    /// When the first token of this sign-in was issued.
    #[serde(with = "time::serde::rfc3339")]
    pub first_issued_at: OffsetDateTime,
    /// When this token was issued.
    #[serde(with = "time::serde::rfc3339")]
    pub issued_at: OffsetDateTime,
}

impl RefreshToken {
    /// Whether the token is too old at `now`, or was unused for too long.
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        match self.platform {
            Platform::SinglePage => now >= self.first_issued_at + SINGLE_PAGE_LIFETIME,
            Platform::Web | Platform::PublicClient => now >= self.issued_at + INACTIVITY,
        }
    }
}

/// The refresh tokens that were issued, by their SHA-256: the tokens themselves are not kept. Cloning gives another handle to the
/// same tokens.
#[derive(Debug, Clone, Default)]
pub struct RefreshTokens {
    tokens: Arc<Mutex<WriteLater<RefreshToken>>>,
}

impl RefreshTokens {
    fn tokens(&self) -> MutexGuard<'_, WriteLater<RefreshToken>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Issues a refresh token. It begins as Entra's do.
    pub fn issue(&self, token: RefreshToken, entropy: &Entropy) -> String {
        let text = format!("0.A{}", entropy.token(96));
        self.tokens().insert(digest(&text), token);
        text
    }

    /// Whether `text` has the shape of a refresh token.
    pub fn is_well_formed(text: &str) -> bool {
        super::authorization_codes::AuthorizationCodes::is_well_formed(text)
    }

    /// What the token stands for, if it was issued here.
    pub fn find(&self, text: &str) -> Option<RefreshToken> {
        self.tokens().get(&digest(text)).cloned()
    }

    /// Forgets this token.
    pub fn revoke(&self, text: &str) {
        self.tokens().remove(&digest(text));
    }

    /// Forgets all tokens.
    pub fn clear(&self) {
        self.tokens().clear();
    }

    /// Goes on with the tokens that were written; those that are too old at `now` are dropped.
    ///
    /// # Errors
    /// What `serde_json` says of one that cannot be read.
    pub fn restore(&self, written: Vec<(String, Vec<u8>)>, now: OffsetDateTime) -> Result<(), serde_json::Error> {
        let mut tokens = self.tokens();
        tokens.restore(written)?;
        tokens.retain(|token| !token.is_expired(now));
        Ok(())
    }

    /// What is to be written.
    pub fn take_changes(&self) -> Vec<Change> {
        let changed = self.tokens().take_changed();
        changes(changed)
    }

    /// These changes could not be written: they will be among the next ones.
    pub fn not_written(&self, changes: &[Change]) {
        self.tokens().not_written(changes);
    }
}

fn digest(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn token(issued_at: OffsetDateTime) -> RefreshToken {
        RefreshToken {
            client_id: "client".to_owned(),
            platform: Platform::Web,
            tenant_id: "tenant".to_owned(),
            user_id: "user".to_owned(),
            scope: ScopeSet::parse("openid api://1234/Files.Read").expect("well-formed"),
            session_id: "session".to_owned(),
            authenticated_at: issued_at,
            flow_id: "flow".to_owned(),
            first_issued_at: issued_at,
            issued_at,
        }
    }

    #[test]
    fn what_is_written_finds_the_token_again_and_does_not_tell_it() {
        let (before, after) = (RefreshTokens::default(), RefreshTokens::default());
        before.restore(Vec::new(), datetime!(2026-11-25 09:00 UTC)).expect("nothing to read");
        let text = before.issue(token(datetime!(2026-11-25 09:00 UTC)), &Entropy::seeded(1));
        let written: Vec<_> = before.take_changes().into_iter().map(|it| (it.key, it.json.expect("it was put"))).collect();
        assert!(written.iter().all(|(key, json)| *key != text && !String::from_utf8_lossy(json).contains(&text)));
        after.restore(written, datetime!(2026-11-25 09:01 UTC)).expect("our own JSON");
        assert_eq!(after.find(&text), Some(token(datetime!(2026-11-25 09:00 UTC))));
    }

    #[test]
    fn a_token_that_is_too_old_is_not_taken_up_again_and_leaves_the_disk() {
        let tokens = RefreshTokens::default();
        let written = serde_json::to_vec(&token(datetime!(2026-01-01 09:00 UTC))).expect("JSON");
        tokens.restore(vec![("key".to_owned(), written)], datetime!(2026-11-25 09:00 UTC)).expect("our own JSON");
        assert_eq!(tokens.take_changes(), [Change { key: "key".to_owned(), json: None }]);
    }
}
