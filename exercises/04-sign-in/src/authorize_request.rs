//! `GET /login`: the authorization request. The browser leaves for the identity provider.

use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::response::Response;
use axum_extra::extract::SignedCookieJar;
use oauth2::CsrfToken;
use serde::Deserialize;
use url::Url;
use web_app::{Accepts, Config, ProviderMetadata, Reason, Refusal};

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
) -> Result<Response, Refusal> {
    let metadata = app.web.provider.metadata().await.map_err(|error| accepts.refuse(error))?;
    let return_to = parameters.ok().and_then(|Query(parameters)| parameters.return_to);
    let pending = PendingLogin::new(local_path(return_to.as_deref()));
    let url = authorize_url(&app.web.config, metadata, &pending);
    // TODO: Step 3. Keep `pending` with `app.pending_logins.begin`, and send the browser to `url`:
    // `Ok((jar, found(url.as_str())).into_response())`, with `found` from `web_app::redirect`.
    let _ = (jar, pending, url);
    Err(accepts.refuse(Reason::NotWrittenYet("Step 3 adds this part: the authorization request.")))
}

/// The address of the authorization request: RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3.
pub fn authorize_url(config: &Config, metadata: &ProviderMetadata, pending: &PendingLogin) -> Url {
    // TODO: Step 3. Add what belongs into the request: the scopes `openid profile offline_access` and those of the
    // configuration, `state` and `nonce` of the pending login, the code challenge (S256) of its code verifier, and
    // `response_mode`. The `oauth2` crate has a method for each; what it does not know goes in with `add_extra_param`.
    let _ = pending;
    let (url, _) = oauth_client(config, metadata).authorize_url(|| CsrfToken::new(String::new())).url();
    url
}
