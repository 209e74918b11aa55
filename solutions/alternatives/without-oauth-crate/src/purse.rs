//! The tokens of one session. They come with it and go with it, so there is no store that could mix people up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::Settings;
use crate::oidc::{Provider, Trouble};

/// A token that ends so soon is renewed first: it has to reach Graph alive.
const MARGIN: Duration = Duration::from_secs(60);

/// What the token endpoint gave.
pub struct Tokens {
    pub access: String,
    pub end: Instant,
    pub refresh: Option<String>,
}

/// `Debug` is left out on purpose, here and in [`Tokens`]: nothing can print them.
pub struct Purse {
    tokens: Mutex<Tokens>,
    /// A claims challenge sent the person to the provider, and nothing has worked since.
    challenged: AtomicBool,
}

impl Purse {
    pub fn new(tokens: Tokens, challenged: bool) -> Self {
        Self { tokens: Mutex::new(tokens), challenged: AtomicBool::new(challenged) }
    }

    /// A token for Graph; `None` when only the person can help. Requests of one session wait here for each other, so that the first one
    /// renews the token and the others find it.
    pub async fn access_token(&self, provider: &Provider, settings: &Settings) -> Result<Option<String>, Trouble> {
        let mut tokens = self.tokens.lock().await;
        if tokens.end.saturating_duration_since(Instant::now()) < MARGIN {
            let Some(refresh) = tokens.refresh.clone() else { return Ok(None) };
            let Some(mut new) = provider.renewed(settings, &refresh).await? else { return Ok(None) };
            // A provider that gives no new refresh token lets the old one go on.
            new.refresh = new.refresh.or(Some(refresh));
            *tokens = new;
        }
        Ok(Some(tokens.access.clone()))
    }

    /// Whether this is the first challenge in a row.
    pub fn challenge(&self) -> bool {
        !self.challenged.swap(true, Ordering::Relaxed)
    }

    pub fn served(&self) {
        self.challenged.store(false, Ordering::Relaxed);
    }
}
