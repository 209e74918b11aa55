//! Refresh tokens. Each use gives a new one and leaves the old one valid
//! (Microsoft identity platform, "Refresh tokens").

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use time::{Duration, OffsetDateTime};

use crate::{directory::application::Platform, oauth::scope::ScopeSet, random::Entropy};

/// A refresh token of a confidential client works for 90 days after its last use.
const INACTIVITY: Duration = Duration::days(90);

/// One of a single-page app works for 24 hours from the sign-in; a newer one does not live longer.
const SINGLE_PAGE_LIFETIME: Duration = Duration::hours(24);

/// What a refresh token stands for. It is bound to user and app, not to a resource.
#[derive(Debug, Clone)]
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
    pub authenticated_at: OffsetDateTime,
    /// The authorize request that it comes from, for the trace.
    pub flow_id: String,
    /// When the first token of this sign-in was issued.
    pub first_issued_at: OffsetDateTime,
    /// When this token was issued.
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

/// The refresh tokens that were issued. Cloning gives another handle to the same tokens.
#[derive(Debug, Clone, Default)]
pub struct RefreshTokens {
    tokens: Arc<Mutex<HashMap<String, RefreshToken>>>,
}

impl RefreshTokens {
    fn tokens(&self) -> MutexGuard<'_, HashMap<String, RefreshToken>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Issues a refresh token. It begins as Entra's do.
    pub fn issue(&self, token: RefreshToken, entropy: &Entropy) -> String {
        let text = format!("0.A{}", entropy.token(96));
        self.tokens().insert(text.clone(), token);
        text
    }

    /// Whether `text` has the shape of a refresh token.
    pub fn is_well_formed(text: &str) -> bool {
        super::authorization_codes::AuthorizationCodes::is_well_formed(text)
    }

    /// What the token stands for, if it was issued here.
    pub fn find(&self, text: &str) -> Option<RefreshToken> {
        self.tokens().get(text).cloned()
    }

    /// Forgets all tokens.
    pub fn clear(&self) {
        self.tokens().clear();
    }
}
