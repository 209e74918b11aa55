//! Acquiring an access token silently: from the cache, else by a refresh, else not at all.

use std::time::SystemTime;

use sign_in::web_app::{Account, Secret};

use crate::AppState;
use crate::refresh::{RefreshError, refresh};
use crate::token_cache::CacheKey;

// ANCHOR: acquire
/// An access token for the API of `SCOPE`, without asking the person.
///
/// First the cache: a token is good for about an hour, and each request to the token endpoint costs time. Then the
/// refresh token. Where that is not good either, only the person can help.
///
/// # Errors
/// [`RefreshError::InteractionNeeded`] sends the person to the identity provider.
pub async fn acquire_token_silent(app: &AppState, account: &Account) -> Result<Secret, RefreshError> {
    let key = CacheKey::new(account, &app.config().scopes);
    if let Some(token) = fresh_token(app, &key) {
        return Ok(token);
    }
    // One at a time for each person. A page with twenty requests would else send the same refresh token twenty times:
    // nineteen for nothing, and where the provider allows each token once, nineteen refusals.
    let turn = app.tokens.turn(&key).ok_or(RefreshError::InteractionNeeded)?;
    let _turn = turn.lock().await;
    // Whoever waited here finds the token of whoever was first.
    if let Some(token) = fresh_token(app, &key) {
        return Ok(token);
    }
    let refresh_token = app.tokens.get(&key).and_then(|tokens| tokens.refresh_token).ok_or(RefreshError::InteractionNeeded)?;
    match refresh(app.config(), &app.sign_in.web.provider, &refresh_token).await {
        Ok(tokens) => {
            let access_token = tokens.access_token.clone();
            app.tokens.keep(key, tokens);
            Ok(access_token)
        }
        Err(error) => {
            if matches!(error, RefreshError::InteractionNeeded) {
                // A dead token would be tried again at each visit.
                app.tokens.forget(&key);
            }
            Err(error)
        }
    }
}

fn fresh_token(app: &AppState, key: &CacheKey) -> Option<Secret> {
    app.tokens.get(key).filter(|tokens| tokens.is_fresh(SystemTime::now())).map(|tokens| tokens.access_token)
}
// ANCHOR_END: acquire
