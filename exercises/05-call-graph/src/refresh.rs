//! A new access token for a refresh token: the app asks the token endpoint, and nobody is disturbed.

use oauth2::RequestTokenError;
use sign_in::web_app::discovery::{Provider, ProviderError};
use sign_in::web_app::{Config, Secret};

use crate::token_cache::CachedTokens;

/// Why there is no new access token.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The provider wants to see the person: the refresh token is revoked or too old, or a rule asks for more.
    #[error("the person has to sign in again")]
    InteractionNeeded,
    /// The provider does not answer, or refuses the app itself.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// This part of the exercise is not written yet.
    #[error("{0}")]
    NotWrittenYet(&'static str),
}

/// Redeems a refresh token: RFC 6749 §6.
///
/// # Errors
/// [`RefreshError::InteractionNeeded`] is no accident but an answer: the token is good no more, and trying again would
/// not help. The others may pass by themselves.
pub async fn refresh(config: &Config, provider: &Provider, refresh_token: &Secret) -> Result<CachedTokens, RefreshError> {
    // TODO: Step 5. `sign_in::oauth_client::oauth_client(config, provider.metadata().await?)` has the method
    // `exchange_refresh_token`. Ask for the scopes of the sign-in again, use `provider.http()`, and turn a failure into a
    // `RefreshError` with `refusal`. The new token ends `expires_in` from now. unit 4's `redeem` is similar.
    let _ = (config, provider, refresh_token);
    Err(RefreshError::NotWrittenYet("Step 5 adds this part: the refresh token is used."))
}

/// Ready-made but for step 6: what became of the refresh.
pub fn refusal(error: RequestTokenError<oauth2::HttpClientError<reqwest::Error>, oauth2::basic::BasicErrorResponse>) -> RefreshError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            // For the operator. The provider's text holds no token.
            eprintln!(
                "the token endpoint answered {}: {}",
                response.error(),
                response.error_description().map_or("no description", String::as_str)
            );
            // TODO: Step 6. Which codes of `response.error()` mean that the person has to sign in again?
            ProviderError::Unreachable(format!("the token endpoint answered {}", response.error())).into()
        }
        RequestTokenError::Request(oauth2::HttpClientError::Reqwest(error)) => ProviderError::from(*error).into(),
        // These errors may quote the answer, and the answer may hold tokens: they are not printed.
        RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            ProviderError::Unreachable("the answer of the token endpoint makes no sense".to_owned()).into()
        }
    }
}
