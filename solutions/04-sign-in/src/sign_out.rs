//! `POST /logout`: ends the session here and at the identity provider.

use axum::extract::State;
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;
use url::Url;
use web_app::{Config, ProviderMetadata};

use crate::AppState;

// ANCHOR: logout
/// `POST /logout`. There is no GET: an image on a stranger's page could sign people out with it.
///
/// A sign-out has three parts: forget the session on the server, take the cookie from the browser, and end the
/// session at the provider. Without the last part the next "Sign in" would let the next person at this computer in
/// without a question.
pub async fn logout(State(app): State<AppState>, jar: SignedCookieJar) -> (SignedCookieJar, Redirect) {
    let jar = app.web.sessions.end(jar);
    let next = match app.web.provider.metadata().await {
        Ok(metadata) => end_session_url(&app.web.config, metadata).to_string(),
        // The provider is down. The person is signed out here, which is what this app can promise.
        Err(_) => "/".to_owned(),
    };
    (jar, Redirect::to(&next))
}

/// OpenID Connect RP-Initiated Logout 1.0 §2. The provider sends the browser back only to a registered address.
fn end_session_url(config: &Config, metadata: &ProviderMetadata) -> Url {
    let mut url = metadata.end_session_endpoint.clone();
    url.query_pairs_mut().append_pair("post_logout_redirect_uri", &config.post_logout_redirect_uri());
    url
}
// ANCHOR_END: logout
