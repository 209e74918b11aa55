//! Redeeming the code: the app asks the token endpoint directly, and the browser sees nothing of it.

use std::time::{Duration, SystemTime};

use oauth2::basic::BasicErrorResponseType;
use oauth2::{AuthorizationCode, PkceCodeVerifier, RequestTokenError, TokenResponse as _};
use web_app::discovery::{Provider, ProviderError};
use web_app::{Config, ProviderMetadata, Secret, TokenResponse};

use crate::id_token::IdTokenError;
use crate::oauth_client::{OpenIdTokenResponse, oauth_client};
use crate::pending_login::PendingLogin;
use crate::sign_in_error::SignInError;

// ANCHOR: redeem
/// Trades the code for tokens: RFC 6749 §4.1.3, RFC 7636 §4.5.
///
/// Two proofs go with the code. The client secret proves that this app asks, and not somebody who saw the code in a
/// browser. The code verifier proves that the code belongs to this sign-in: its hash was in the authorization request.
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
    let response = oauth_client(config, metadata)
        .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(pending.code_verifier.expose().to_owned()))
        .request_async(provider.http())
        .await
        .map_err(refusal)?;
    token_response(&response)
}
// ANCHOR_END: redeem

/// The parts of the answer that the app keeps.
fn token_response(response: &OpenIdTokenResponse) -> Result<TokenResponse, SignInError> {
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

/// What the visitor is told. The operator finds the provider's own words in the log; they hold no secret.
fn refusal(error: RequestTokenError<oauth2::HttpClientError<reqwest::Error>, oauth2::basic::BasicErrorResponse>) -> SignInError {
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
