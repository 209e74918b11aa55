//! The way in and out: `/login`, `/login/start`, the provider, `/getAToken`, `/welcome`; and `/logout`.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::SignedCookieJar;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maud::Markup;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::App;
use crate::cookies::{Login, Session, login, session, with_login, with_session, without_login, without_session};
use crate::id_token::{Claims, Refused, validate};
use crate::pages::{greeting, unavailable};

#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    return_to: String,
}

fn asked_for(wanted: Result<Query<Wanted>, QueryRejection>) -> String {
    wanted.map(|Query(wanted)| wanted.return_to).unwrap_or_default()
}

/// `/login` only passes on, without what it does not like.
pub async fn choose(wanted: Result<Query<Wanted>, QueryRejection>) -> Redirect {
    let wanted = asked_for(wanted);
    let is_ours =
        wanted.starts_with('/') && !wanted.starts_with("//") && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let return_to: String = byte_serialize(if is_ours { wanted.as_bytes() } else { b"/me" }).collect();
    Redirect::temporary(&format!("/login/start?return_to={return_to}"))
}

/// `/login/start` may be opened by hand, too, so it judges the address once more.
pub async fn start(State(app): State<App>, jar: SignedCookieJar, wanted: Result<Query<Wanted>, QueryRejection>) -> Response {
    let Ok(metadata) = app.provider.metadata().await else { return unavailable() };
    let wanted = asked_for(wanted);
    let is_ours = wanted.starts_with('/') && !wanted[1..].starts_with(['/', '\\']) && wanted.bytes().all(|byte| byte.is_ascii_graphic());
    let login = Login::new(if is_ours { wanted } else { "/me".to_owned() });
    let mut url = metadata.authorization_endpoint.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("response_mode", "form_post")
        .append_pair("client_id", &app.config.client_id)
        .append_pair("redirect_uri", &app.config.redirect_uri)
        .append_pair("scope", &format!("{} openid profile offline_access", app.config.scopes.join(" ")))
        .append_pair("state", &login.state)
        .append_pair("nonce", &login.nonce)
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&login.code_verifier)))
        .append_pair("code_challenge_method", "S256");
    (with_login(jar, &login), Redirect::to(url.as_str())).into_response()
}

/// The fields of the provider's form.
#[derive(Deserialize)]
pub struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    error: Option<String>,
}

/// Ends with a redirect in every case: the page that is shown at last can be loaded again without sending the form again.
pub async fn callback(State(app): State<App>, jar: SignedCookieJar, answer: Result<Form<Answer>, FormRejection>) -> Response {
    let Ok(Form(answer)) = answer else { return StatusCode::BAD_REQUEST.into_response() };
    // An answer to nothing: perhaps a tab from yesterday. The person gets a new sign-in, and the answer is thrown away.
    let Some(login) = login(&jar).filter(|login| login.state == answer.state) else {
        return Redirect::to("/login/start?return_to=/me").into_response();
    };
    let jar = without_login(jar);
    if let Some(error) = answer.error {
        return failed(jar, &error);
    }
    match claims(&app, answer.code, &login).await {
        Ok(claims) => {
            if let Some(old) = session(&jar, &app.ended) {
                app.ended.add(&old);
            }
            (with_session(jar, &Session::new(claims, login.return_to)), Redirect::to("/welcome")).into_response()
        }
        Err(Refused::Unavailable) => (jar, unavailable()).into_response(),
        Err(Refused::NotAccepted) => failed(jar, "token"),
    }
}

fn failed(jar: SignedCookieJar, reason: &str) -> Response {
    let reason: String = byte_serialize(reason.as_bytes()).collect();
    (jar, Redirect::to(&format!("/sign-in-failed?reason={reason}"))).into_response()
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

async fn claims(app: &App, code: String, login: &Login) -> Result<Claims, Refused> {
    let metadata = app.provider.metadata().await.map_err(|_| Refused::Unavailable)?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &app.config.redirect_uri),
        ("code_verifier", &login.code_verifier),
        ("client_id", &app.config.client_id),
        ("client_secret", app.config.client_secret.expose()),
    ];
    let answer = app.provider.http().post(metadata.token_endpoint.clone()).form(&form).send().await;
    let answer = answer.map_err(|_| Refused::Unavailable)?;
    if answer.status().is_server_error() {
        return Err(Refused::Unavailable);
    }
    let tokens: Tokens = answer.json().await.map_err(|_| Refused::NotAccepted)?;
    validate(&tokens.id_token, &login.nonce, &app.config, &app.provider, &app.keys).await
}

/// The browser comes here from the provider's form, so `SameSite=Strict` keeps the session's cookie at home. The page goes on by itself;
/// that is a request of our own, and the cookie goes along.
pub async fn welcome() -> Markup {
    greeting("/welcome/in")
}

pub async fn welcome_in(State(app): State<App>, jar: SignedCookieJar) -> Redirect {
    match session(&jar, &app.ended) {
        Some(session) => Redirect::to(&session.landing),
        None => Redirect::to("/"),
    }
}

pub async fn logout(State(app): State<App>, jar: SignedCookieJar) -> Response {
    if let Some(session) = session(&jar, &app.ended) {
        app.ended.add(&session);
    }
    let home = app.config.post_logout_redirect_uri();
    let next = match app.provider.metadata().await {
        Ok(metadata) => Url::parse_with_params(metadata.end_session_endpoint.as_str(), [("post_logout_redirect_uri", &home)])
            .map_or(home, |url| url.into()),
        Err(_) => home,
    };
    (without_session(jar), Redirect::to(&next)).into_response()
}
