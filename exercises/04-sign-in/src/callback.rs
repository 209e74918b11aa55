//! `GET` and `POST /getAToken`: the browser comes back from the identity provider.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;
use serde::Deserialize;
use web_app::{Accepts, Refusal, Secret};

use crate::AppState;
use crate::id_token::validate_id_token;
use crate::pending_login::PendingLogin;
use crate::redeem::redeem;
use crate::session::begin_session;
use crate::sign_in_error::SignInError;

/// What the provider sends through the browser (RFC 6749 §4.1.2 and §4.1.2.1). Everything is optional here, because
/// anybody can send anything to this address.
#[derive(Default, Deserialize)]
pub struct CallbackParameters {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// `GET /getAToken` for `response_mode=query`, `POST /getAToken` for `form_post`. axum's `Form` reads the query of a GET
/// and the body of a POST, so one handler serves both.
///
/// # Errors
/// When the sign-in fails, for whatever reason: a page that says so, and no session.
pub async fn callback(
    State(app): State<AppState>,
    accepts: Accepts,
    jar: SignedCookieJar,
    parameters: Result<Form<CallbackParameters>, FormRejection>,
) -> Result<(SignedCookieJar, Redirect), Refusal> {
    let signed_in = match parameters {
        Ok(Form(parameters)) => sign_in(&app, jar, parameters).await,
        Err(_) => Err(SignInError::MalformedCallback),
    };
    let (jar, return_to) = signed_in.map_err(|error| accepts.refuse(error))?;
    Ok((jar, Redirect::to(&return_to)))
}

/// From the provider's answer to a session. Returns the cookies, and the page that the visitor asked for.
async fn sign_in(app: &AppState, jar: SignedCookieJar, parameters: CallbackParameters) -> Result<(SignedCookieJar, String), SignInError> {
    let pending = app.pending_logins.current(&jar).ok_or(SignInError::NoPendingLogin)?;
    check_state(&pending, parameters.state.as_deref())?;
    // TODO: Step 4. A pending login is good for one answer: `app.pending_logins.finish` takes it away.
    let code = authorization_code(parameters)?;

    let web = &app.web;
    let metadata = web.provider.metadata().await?;
    let tokens = redeem(&web.config, &web.provider, metadata, &code, &pending).await?;
    let claims = validate_id_token(app, metadata, &tokens.id_token, &pending.nonce).await?;
    Ok((begin_session(&web.sessions, jar, claims, tokens)?, pending.return_to))
}

/// Is this the answer to the request that *this browser* began? RFC 6749 §10.12.
///
/// Without this check a stranger can begin a sign-in with an account of his own, and make your browser finish it: you
/// would work in his account without noticing. So `state` is checked first, before anything else is believed.
fn check_state(pending: &PendingLogin, state: Option<&str>) -> Result<(), SignInError> {
    // TODO: Step 4. Accept only the state of the pending login. `crate::constant_time::equal` compares two texts.
    let _ = (pending, state);
    Err(SignInError::NotWrittenYet("Step 4 adds this part: the check of `state`."))
}

/// The code, unless the provider answered with an error (RFC 6749 §4.1.2.1).
fn authorization_code(parameters: CallbackParameters) -> Result<Secret, SignInError> {
    // TODO: Step 4. An `error` ends the sign-in (`SignInError::Refused`), even if there is a code beside it. No error and
    // no code: `SignInError::MissingCode`.
    let _ = (parameters.code, parameters.error, parameters.error_description);
    Err(SignInError::NotWrittenYet("Step 4 adds this part: the code, or the error in its place."))
}
