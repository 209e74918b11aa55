//! The way of a person through the identity provider: `/login`, `/getAToken`, `/logout`.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::SignedCookieJar;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    Portal,
    id_token::{self, Refused},
    pages,
    rules::Rule,
    session::{Account, PendingLogin, Session, random_value},
};

const PENDING_LOGIN: &str = "abc_login";
/// The cookie of a session.
pub const SESSION: &str = "abc_session";

/// What the provider sends through the browser (RFC 6749 §4.1.2).
#[derive(Debug, Default, Deserialize)]
pub struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Why nobody is signed in.
enum Failed {
    /// This browser has begun none, or has ended it.
    NoPendingLogin,
    /// The provider said so, with an error code.
    Refused(String),
    /// The app did.
    ByTheApp(Refused),
    /// It did not answer as it should.
    Provider,
}

/// `GET /login`: sends the browser to the provider.
pub async fn login(State(portal): State<Arc<Portal>>, jar: SignedCookieJar) -> Response {
    let pending = PendingLogin { state: random_value(), nonce: random_value(), code_verifier: random_value() };
    match authorize_url(&portal, &pending).await {
        Ok(url) => (portal.pending_logins.begin(jar, PENDING_LOGIN, pending), Redirect::to(url.as_str())).into_response(),
        Err(_) => failed(Failed::Provider),
    }
}

/// RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1, RFC 7636 §4.3.
async fn authorize_url(portal: &Portal, pending: &PendingLogin) -> anyhow::Result<Url> {
    let endpoint = portal.provider.metadata().await?.authorization_endpoint;
    let code_challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&pending.code_verifier));
    let parameters = [
        ("client_id", portal.config.client_id.as_str()),
        ("response_type", "code"),
        ("response_mode", "query"),
        ("redirect_uri", &portal.config.redirect_uri),
        ("scope", "openid profile"),
        ("state", &pending.state),
        ("nonce", &pending.nonce),
        ("code_challenge", &code_challenge),
        ("code_challenge_method", "S256"),
    ];
    Ok(Url::parse_with_params(&endpoint, parameters)?)
}

/// `GET /getAToken`: the browser comes back.
pub async fn callback(State(portal): State<Arc<Portal>>, jar: SignedCookieJar, Query(answer): Query<Answer>) -> Response {
    let (jar, pending) = portal.pending_logins.end(jar, PENDING_LOGIN);
    match account(&portal, pending, answer).await {
        Ok(account) => (portal.sessions.begin(jar, SESSION, Session { account }), Redirect::to("/me")).into_response(),
        Err(why) => (jar, failed(why)).into_response(),
    }
}

async fn account(portal: &Portal, pending: Option<PendingLogin>, answer: Answer) -> Result<Account, Failed> {
    let pending = pending.ok_or(Failed::NoPendingLogin)?;
    if !(portal.rules.state_is_ours)(answer.state.as_deref(), &pending) {
        return Err(Failed::ByTheApp(Refused::By(Rule::StateIsOurs)));
    }
    let code = answer.code.ok_or_else(|| Failed::Refused(answer.error.unwrap_or_default()))?;
    let metadata = portal.provider.metadata().await.map_err(|_| Failed::Provider)?;
    let id_token = portal.provider.redeem(&metadata, &portal.config, &pending, &code).await.map_err(|_| Failed::Provider)?;
    let keys = portal.provider.keys(&metadata).await.map_err(|_| Failed::Provider)?;
    id_token::read(portal, &keys, &pending, &id_token).map_err(Failed::ByTheApp)
}

/// A page that says why, and by which rule: in this exercise you may know.
fn failed(why: Failed) -> Response {
    let (status, text, rule) = match why {
        Failed::NoPendingLogin => (StatusCode::BAD_REQUEST, "This browser has begun no sign-in.".to_owned(), None),
        Failed::Refused(error) => (StatusCode::FORBIDDEN, format!("The identity provider answered {error}."), None),
        Failed::ByTheApp(Refused::By(rule)) => (StatusCode::FORBIDDEN, "The app did not believe the answer.".to_owned(), Some(rule.name())),
        Failed::ByTheApp(Refused::Signature) => {
            (StatusCode::FORBIDDEN, "The app did not believe the ID token.".to_owned(), Some("verified_claims"))
        }
        Failed::Provider => (StatusCode::BAD_GATEWAY, "The identity provider does not answer as it should.".to_owned(), None),
    };
    (status, pages::refusal("You are not signed in", &text, rule)).into_response()
}

/// `POST /logout`: here, and at the provider.
pub async fn logout(State(portal): State<Arc<Portal>>, jar: SignedCookieJar) -> Response {
    let (jar, _) = portal.sessions.end(jar, SESSION);
    let next = match portal.provider.metadata().await {
        Ok(metadata) => format!("{}?post_logout_redirect_uri={}", metadata.end_session_endpoint, portal.config.home()),
        Err(_) => "/".to_owned(),
    };
    (jar, Redirect::to(&next)).into_response()
}
