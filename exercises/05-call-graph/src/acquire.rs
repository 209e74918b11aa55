//! Acquiring an access token silently: from the cache, else by a refresh, else not at all.

use std::time::SystemTime;

use sign_in::web_app::{Account, Secret};

use crate::AppState;
use crate::refresh::RefreshError;
use crate::token_cache::CacheKey;

/// An access token for the API of `SCOPE`, without asking the person.
///
/// First the cache: a token is good for about an hour, and each request to the token endpoint costs time. Then the
/// refresh token. Where that is not good either, only the person can help.
///
/// # Errors
/// [`RefreshError::InteractionNeeded`] sends the person to the identity provider.
pub async fn acquire_token_silent(app: &AppState, account: &Account) -> Result<Secret, RefreshError> {
    let key = CacheKey::new(account, &app.config().scopes);
    // TODO: Step 2. Return the token of the cache if it is fresh (`fresh_token`).
    // TODO: Step 5. Else use the refresh token (`crate::refresh::refresh`), and keep what comes back. After `InteractionNeeded`
    // forget the tokens. Where there is no refresh token, `InteractionNeeded` is the answer. Only one request for each person
    // may refresh at a time: `app.tokens.turn` gives the lock. Whoever has waited for it looks into the cache again.
    let _ = fresh_token(app, &key);
    Err(RefreshError::NotWrittenYet("Steps 2 and 5 add this part: the token comes from the cache, or from the refresh token."))
}

fn fresh_token(app: &AppState, key: &CacheKey) -> Option<Secret> {
    app.tokens.get(key).filter(|tokens| tokens.is_fresh(SystemTime::now())).map(|tokens| tokens.access_token)
}
