//! The tokens of the people who are signed in, on the server.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime};

use sign_in::web_app::{Account, Secret, TokenResponse};

/// A token that ends within this time counts as expired: the call that uses it takes time, and clocks differ.
const EXPIRY_SKEW: Duration = Duration::from_secs(5 * 60);

/// As long as a session (unit 2).
const LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);
const MOST_ENTRIES: usize = 100_000;

// ANCHOR: key
/// What a token is kept under: whose it is, and what it is good for.
///
/// Without the account, the next visitor would get the last visitor's token, and with it the last visitor's data.
/// Without the scopes, a call would get a token that does not allow it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    tenant_id: String,
    object_id: String,
    scopes: BTreeSet<String>,
}

impl CacheKey {
    /// The key of this person's token for these scopes. Their order means nothing.
    pub fn new(account: &Account, scopes: &[String]) -> Self {
        Self { tenant_id: account.tenant_id.clone(), object_id: account.object_id.clone(), scopes: scopes.iter().cloned().collect() }
    }
}
// ANCHOR_END: key

/// What is kept of a token response.
#[derive(Clone, Debug)]
pub struct CachedTokens {
    /// For the API. To this app it is a text without meaning, whatever it looks like.
    pub access_token: Secret,
    /// When the access token stops working.
    pub expires_at: SystemTime,
    /// Gets the next access token without asking the person.
    pub refresh_token: Option<Secret>,
}

impl From<TokenResponse> for CachedTokens {
    fn from(response: TokenResponse) -> Self {
        Self { access_token: response.access_token, expires_at: response.expires_at, refresh_token: response.refresh_token }
    }
}

impl CachedTokens {
    // ANCHOR: skew
    /// Whether the access token is good for a call that begins now.
    pub fn is_fresh(&self, now: SystemTime) -> bool {
        now + EXPIRY_SKEW < self.expires_at
    }
    // ANCHOR_END: skew
}

#[derive(Debug)]
struct Entry {
    tokens: CachedTokens,
    turn: Arc<tokio::sync::Mutex<()>>,
    since: Instant,
}

/// The cache. It lives in memory: after a restart people sign in again, mostly without a question.
#[derive(Debug, Default)]
pub struct TokenCache {
    entries: Mutex<HashMap<CacheKey, Entry>>,
}

impl TokenCache {
    /// What is kept under this key.
    pub fn get(&self, key: &CacheKey) -> Option<CachedTokens> {
        self.entries().get(key).filter(|entry| entry.since.elapsed() < LIFETIME).map(|entry| entry.tokens.clone())
    }

    // ANCHOR: keep
    /// Keeps the tokens of a sign-in or a refresh, in the place of older ones.
    ///
    /// A refresh may bring a new refresh token. Then the old one is finished: the provider may refuse it from now on.
    /// Where the answer has none, the old one stays in use (RFC 6749 §6).
    pub fn keep(&self, key: CacheKey, mut tokens: CachedTokens) {
        let mut entries = self.entries();
        if entries.len() >= MOST_ENTRIES {
            entries.retain(|_, entry| entry.since.elapsed() < LIFETIME);
        }
        let before = entries.remove(&key);
        let turn = before.as_ref().map(|entry| Arc::clone(&entry.turn)).unwrap_or_default();
        tokens.refresh_token = tokens.refresh_token.or(before.and_then(|entry| entry.tokens.refresh_token));
        if entries.len() < MOST_ENTRIES {
            entries.insert(key, Entry { tokens, turn, since: Instant::now() });
        }
    }
    // ANCHOR_END: keep

    /// The lock that whoever wants to refresh these tokens must hold.
    pub fn turn(&self, key: &CacheKey) -> Option<Arc<tokio::sync::Mutex<()>>> {
        self.entries().get(key).map(|entry| Arc::clone(&entry.turn))
    }

    /// Forgets what is kept under this key.
    pub fn forget(&self, key: &CacheKey) {
        self.entries().remove(key);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<CacheKey, Entry>> {
        self.entries.lock().expect("no code panics while it holds this lock")
    }
}

#[cfg(test)]
mod tests;
