//! `GET /login`: the authorization request. The browser leaves for the identity provider.

use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::response::IntoResponse;
use axum_extra::extract::SignedCookieJar;
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use serde::Deserialize;
use url::Url;
use web_app::redirect::found;
use web_app::{Accepts, Config, ProviderMetadata, Refusal};

use crate::AppState;
use crate::oauth_client::oauth_client;
use crate::pending_login::PendingLogin;
use crate::return_to::local_path;

/// What `/login` may be asked with.
#[derive(Debug, Default, Deserialize)]
pub struct LoginParameters {
    return_to: Option<String>,
}

/// `GET /login?return_to=`.
///
/// # Errors
/// When the provider cannot be reached.
pub async fn login(
    State(app): State<AppState>,
    accepts: Accepts,
    jar: SignedCookieJar,
    parameters: Result<Query<LoginParameters>, QueryRejection>,
) -> Result<impl IntoResponse, Refusal> {
    let metadata = app.web.provider.metadata().await.map_err(|error| accepts.refuse(error))?;
    let return_to = parameters.ok().and_then(|Query(parameters)| parameters.return_to);
    let pending = PendingLogin::new(local_path(return_to.as_deref()));
    let url = authorize_url(&app.web.config, metadata, &pending);
    Ok((app.pending_logins.begin(jar, pending), found(url.as_str())))
}

// ANCHOR: authorize_url
/// The address of the authorization request: RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3.
///
/// Everything in it is visible in the browser's address bar. So it holds names (`client_id`), wishes (`scope`) and
/// values that are worthless to others (`state`, `nonce`, the *hash* of the code verifier), and never a secret.
pub fn authorize_url(config: &Config, metadata: &ProviderMetadata, pending: &PendingLogin) -> Url {
    let verifier = PkceCodeVerifier::new(pending.code_verifier.expose().to_owned());
    // `openid` asks for an ID token, `profile` for the name in it, `offline_access` for a refresh token (unit 5).
    let scopes = ["openid", "profile", "offline_access"].into_iter().chain(config.scopes.iter().map(String::as_str));

    let (url, _) = oauth_client(config, metadata)
        .authorize_url(|| CsrfToken::new(pending.state.clone()))
        .add_scopes(scopes.map(|scope| Scope::new(scope.to_owned())))
        .add_extra_param("nonce", &pending.nonce)
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        // The answer comes back in the query of a redirect, which carries our `SameSite=Lax` cookie. With `form_post`
        // it would come as a form from another site, and the browser would leave the cookie at home.
        .add_extra_param("response_mode", "query")
        .url();
    url
}
// ANCHOR_END: authorize_url
