//! A new access token for a refresh token: the app asks the token endpoint, and nobody is disturbed.

use std::time::{Duration, SystemTime};

use oauth2::basic::BasicErrorResponseType;
use oauth2::{RefreshToken, RequestTokenError, Scope, TokenResponse as _};
use sign_in::oauth_client::oauth_client;
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
}

// ANCHOR: refresh
/// Redeems a refresh token: RFC 6749 §6.
///
/// # Errors
/// [`RefreshError::InteractionNeeded`] is no accident but an answer: the token is good no more, and trying again would
/// not help. The others may pass by themselves.
pub async fn refresh(config: &Config, provider: &Provider, refresh_token: &Secret) -> Result<CachedTokens, RefreshError> {
    let response = oauth_client(config, provider.metadata().await?)
        .exchange_refresh_token(&RefreshToken::new(refresh_token.expose().to_owned()))
        // A token is for one API. These scopes are all of Microsoft Graph; `offline_access` asks for the next refresh token.
        .add_scopes(["openid", "profile", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
        .add_scopes(config.scopes.iter().cloned().map(Scope::new))
        .request_async(provider.http())
        .await
        .map_err(refusal)?;
    Ok(CachedTokens {
        access_token: Secret::new(response.access_token().secret()),
        expires_at: SystemTime::now() + response.expires_in().unwrap_or(Duration::ZERO),
        refresh_token: response.refresh_token().map(|token| Secret::new(token.secret())),
    })
}
// ANCHOR_END: refresh

/// `invalid_grant` and `interaction_required` lead to a sign-in. Everything else is the provider's or the operator's business.
fn refusal(error: RequestTokenError<oauth2::HttpClientError<reqwest::Error>, oauth2::basic::BasicErrorResponse>) -> RefreshError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            // For the operator. The provider's text holds no token.
            eprintln!(
                "the token endpoint answered {}: {}",
                response.error(),
                response.error_description().map_or("no description", String::as_str)
            );
            match response.error() {
                BasicErrorResponseType::InvalidGrant => RefreshError::InteractionNeeded,
                BasicErrorResponseType::Extension(code) if code == "interaction_required" || code == "consent_required" => {
                    RefreshError::InteractionNeeded
                }
                error => ProviderError::Unreachable(format!("the token endpoint answered {error}")).into(),
            }
        }
        RequestTokenError::Request(oauth2::HttpClientError::Reqwest(error)) => ProviderError::from(*error).into(),
        // These errors may quote the answer, and the answer may hold tokens: they are not printed.
        RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            ProviderError::Unreachable("the answer of the token endpoint makes no sense".to_owned()).into()
        }
    }
}
