//! `/login`, `/getAToken` and `/logout`.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use serde::Deserialize;
use solution_02::Config;
use solution_02::random::random_value;
use url::Url;

use crate::App;
use crate::pages::{provider_unavailable, sign_in_failed};
use crate::provider::ProviderError;
use crate::sign_in_records::Login;

/// Tells browsers apart before anybody has signed in. It opens nothing.
const BROWSER: &str = "abc.browser";
pub const SESSION: &str = "abc.session";

#[derive(Deserialize)]
pub struct LoginParameters {
    return_to: Option<String>,
}

pub async fn login(State(app): State<App>, jar: CookieJar, parameters: Result<Query<LoginParameters>, QueryRejection>) -> Response {
    let wanted = parameters.ok().and_then(|Query(parameters)| parameters.return_to);
    let return_to = own_address(&app.config, wanted.as_deref());
    // Whoever is signed in needs no sign-in.
    if jar.get(SESSION).is_some_and(|session| app.sessions.person(session.value()).is_some()) {
        return Redirect::to(&return_to).into_response();
    }
    let Ok(request) = app.provider.authorization_request().await else { return provider_unavailable() };
    let browser = jar.get(BROWSER).map_or_else(random_value, |cookie| cookie.value().to_owned());
    let login = Login { browser: browser.clone(), nonce: request.nonce, code_verifier: request.code_verifier.into_secret(), return_to };
    app.logins.begin(request.state.secret(), login);
    (jar.add(cookie(&app.config, BROWSER, browser)), Redirect::to(request.url.as_str())).into_response()
}

#[derive(Deserialize)]
pub struct CallbackParameters {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

pub async fn callback(State(app): State<App>, jar: CookieJar, parameters: Result<Query<CallbackParameters>, QueryRejection>) -> Response {
    let Ok(Query(parameters)) = parameters else { return sign_in_failed("The answer cannot be read.") };
    let browser = jar.get(BROWSER).map(Cookie::value).unwrap_or_default();
    let Some(login) = parameters.state.and_then(|state| app.logins.finish(&state, browser)) else {
        return sign_in_failed("This browser has no such sign-in under way.");
    };
    if let Some(error) = parameters.error {
        return sign_in_failed(&format!("{error}: {}", parameters.error_description.unwrap_or_default()));
    }
    let Some(code) = parameters.code else { return sign_in_failed("The answer has no code.") };
    match app.provider.person(code, login.code_verifier, &login.nonce).await {
        Ok(person) => {
            if let Some(old) = jar.get(SESSION) {
                app.sessions.end(old.value());
            }
            let session = app.sessions.begin(person);
            (jar.add(cookie(&app.config, SESSION, session)), Redirect::to(&login.return_to)).into_response()
        }
        Err(ProviderError::Unavailable) => provider_unavailable(),
        Err(ProviderError::NotAccepted) => sign_in_failed("The answer of the sign-in service was not accepted."),
    }
}

pub async fn logout(State(app): State<App>, jar: CookieJar) -> Response {
    if let Some(session) = jar.get(SESSION) {
        app.sessions.end(session.value());
    }
    let jar = jar.remove(Cookie::build(SESSION).path("/"));
    let next = app.provider.logout_url().await;
    (jar, Redirect::to(next.as_ref().map_or("/", Url::as_str))).into_response()
}

fn cookie(config: &Config, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax).secure(config.serves_https()).build()
}

/// The whole address of a page of ours, as a browser would read `wanted`. A path alone will not do for the redirect: `/.//host`
/// is read as the path `//host`, which a browser takes for another host when it stands alone.
fn own_address(config: &Config, wanted: Option<&str>) -> String {
    let home = Url::parse(&config.post_logout_redirect_uri()).expect("checked when the configuration was read");
    let address = home.join(wanted.unwrap_or("/me")).ok().filter(|address| address.origin() == home.origin());
    address.unwrap_or(home).into()
}
