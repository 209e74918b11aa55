//! Redeeming the code: the app asks the token endpoint directly, and the browser sees nothing of it.

use std::time::{Duration, SystemTime};

use oauth2::basic::BasicErrorResponseType;
use oauth2::{RequestTokenError, TokenResponse as _};
use web_app::discovery::{Provider, ProviderError};
use web_app::{Config, ProviderMetadata, Secret, TokenResponse};

use crate::id_token::IdTokenError;
use crate::oauth_client::OpenIdTokenResponse;
use crate::pending_login::PendingLogin;
use crate::sign_in_error::SignInError;

/// Trades the code for tokens: RFC 6749 §4.1.3, RFC 7636 §4.5.
///
/// # Errors
/// When the provider refuses the code or the app, or does not answer.
pub async fn redeem(
    config: &Config,
    provider: &Provider,
    metadata: &ProviderMetadata,
    code: &Secret,
    pending: &PendingLogin,
) -> Result<TokenResponse, SignInError> {
    // TODO: Step 5. `oauth_client(config, metadata)` has the method `exchange_code`. Send the code verifier with the code,
    // use `provider.http()` as the HTTP client, and turn a failure into a `SignInError` with `refusal`. The functions
    // `token_response` and `refusal` are ready-made.
    let _ = (config, provider, metadata, code, pending);
    Err(SignInError::NotWrittenYet("Step 5 adds this part: the code is redeemed."))
}

/// Ready-made: the parts of the answer that the app keeps.
///
/// # Errors
/// When there is no ID token.
pub fn token_response(response: &OpenIdTokenResponse) -> Result<TokenResponse, SignInError> {
    let id_token = response.extra_fields().id_token.clone().ok_or(IdTokenError::Missing)?;
    let lifetime = response.expires_in().unwrap_or(Duration::ZERO);
    Ok(TokenResponse {
        access_token: Secret::new(response.access_token().secret()),
        expires_at: SystemTime::now() + lifetime,
        refresh_token: response.refresh_token().map(|token| Secret::new(token.secret())),
        id_token: Secret::new(id_token),
        scopes: response.scopes().into_iter().flatten().map(|scope| scope.to_string()).collect(),
    })
}

/// Ready-made: what the visitor is told. The operator finds the provider's own words in the log; they hold no secret.
pub fn refusal(error: RequestTokenError<oauth2::HttpClientError<reqwest::Error>, oauth2::basic::BasicErrorResponse>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            eprintln!(
                "the token endpoint answered {}: {}",
                response.error(),
                response.error_description().map_or("no description", String::as_str)
            );
            match response.error() {
                BasicErrorResponseType::InvalidGrant => SignInError::CodeNotAccepted,
                _ => SignInError::ClientNotAccepted,
            }
        }
        RequestTokenError::Request(oauth2::HttpClientError::Reqwest(error)) => ProviderError::from(*error).into(),
        // These errors may quote the answer, and the answer may hold tokens: they are not printed.
        RequestTokenError::Request(_) | RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            ProviderError::Unreachable("the answer of the token endpoint makes no sense".to_owned()).into()
        }
    }
}
