//! Authorization codes between `/authorize` and `/token` (RFC 6749 §4.1.2). They live in memory only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use time::{Duration, OffsetDateTime};

use crate::directory::application::Platform;
use crate::oauth::{pkce::CodeChallenge, redirect_uri::RedirectUri, scope::ScopeSet};
use crate::random::Entropy;

/// How long a code can be redeemed: about ten minutes, says the Microsoft identity platform.
const LIFETIME: Duration = Duration::minutes(10);

/// Codes are dropped when there are this many and they are old, so that a busy test does not fill the memory.
const ENOUGH: usize = 10_000;

/// What a code stands for.
#[derive(Debug, Clone)]
pub struct AuthorizationCode {
    /// The app that asked.
    pub client_id: String,
    /// The kind of client that it was issued to.
    pub platform: Platform,
    /// The tenant that the user signed in to.
    pub tenant_id: String,
    /// The user's object id in that tenant.
    pub user_id: String,
    /// The redirect URI of the request.
    pub redirect_uri: RedirectUri,
    /// The scopes of the request.
    pub scope: ScopeSet,
    /// The nonce of the request.
    pub nonce: Option<String>,
    /// The challenge of the request.
    pub code_challenge: Option<CodeChallenge>,
    /// The sign-in session.
    pub session_id: String,
    /// When the user proved who he is.
    pub authenticated_at: OffsetDateTime,
    /// The authorize request, for the trace.
    pub flow_id: String,
    /// When the code was issued.
    pub issued_at: OffsetDateTime,
    /// Whether it was redeemed already. A code is kept afterwards, to tell a second redemption from a wrong code.
    pub is_redeemed: bool,
}

impl AuthorizationCode {
    /// Whether the code is too old at `now`.
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        now >= self.issued_at + LIFETIME
    }
}

/// The codes that were issued. Cloning gives another handle to the same codes.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationCodes {
    codes: Arc<Mutex<HashMap<String, AuthorizationCode>>>,
}

impl AuthorizationCodes {
    fn codes(&self) -> MutexGuard<'_, HashMap<String, AuthorizationCode>> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Issues a code. It begins as Entra's do.
    pub fn issue(&self, code: AuthorizationCode, entropy: &Entropy) -> String {
        let text = format!("0.A{}", entropy.token(66));
        let mut codes = self.codes();
        if codes.len() >= ENOUGH {
            let now = code.issued_at;
            codes.retain(|_, kept| !kept.is_expired(now));
        }
        codes.insert(text.clone(), code);
        text
    }

    /// Whether `text` has the shape of a code.
    pub fn is_well_formed(text: &str) -> bool {
        text.starts_with("0.A") && text.len() > 20 && text[3..].bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    }

    /// What the code stands for, if it was issued here.
    pub fn find(&self, text: &str) -> Option<AuthorizationCode> {
        self.codes().get(text).cloned()
    }

    /// Marks the code as redeemed; false if it is already, or unknown. Whoever gets true is the only one.
    pub fn redeem(&self, text: &str) -> bool {
        self.codes().get_mut(text).is_some_and(|code| !std::mem::replace(&mut code.is_redeemed, true))
    }

    /// Forgets all codes.
    pub fn clear(&self) {
        self.codes().clear();
    }
}
