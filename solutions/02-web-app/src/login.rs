//! `GET /login`: sends the browser to the identity provider.
//!
//! Unit 2 goes as far as the door: the right address, found by discovery, with the app's name. Whether the person who
//! comes back is the one who left, and what the answer is worth, is the subject of unit 4.

use axum::extract::State;
use axum::response::IntoResponse;
use axum_extra::extract::SignedCookieJar;
use url::Url;

use crate::AppState;
use crate::accepts::Accepts;
use crate::config::Config;
use crate::discovery::ProviderMetadata;
use crate::random::random_value;
use crate::redirect::found;
use crate::refusal::{Reason, Refusal};

/// `GET /login`.
///
/// # Errors
/// When the provider cannot be reached: a friendly page, not a broken redirect.
pub async fn login(State(app): State<AppState>, accepts: Accepts, jar: SignedCookieJar) -> Result<impl IntoResponse, Refusal> {
    let metadata = app.provider.metadata().await.map_err(|error| accepts.refuse(error))?;
    // The cookie that will tie the provider's answer to this browser. Unit 4 keeps a record under this id.
    let jar = jar.add(app.cookie_flags.cookie("abc_login", random_value()));
    Ok((jar, found(authorization_endpoint(&app.config, metadata).as_str())))
}

// ANCHOR: address
/// The discovered address with the four parameters that every authorization request has (RFC 6749 §4.1.1).
fn authorization_endpoint(config: &Config, metadata: &ProviderMetadata) -> Url {
    let mut url = metadata.authorization_endpoint.clone();
    url.query_pairs_mut()
        .append_pair("client_id", &config.client_id)
        .append_pair("response_type", "code")
        .append_pair("redirect_uri", &config.redirect_uri)
        .append_pair("scope", "openid profile");
    url
}
// ANCHOR_END: address

/// `GET` and `POST /getAToken`: the browser comes back. Unit 4 writes this.
pub async fn callback(accepts: Accepts) -> Refusal {
    accepts.refuse(Reason::NotWrittenYet("Unit 4 adds this part: it checks the answer of the sign-in service."))
}
