//! `GET` and `POST /getAToken`: the browser comes back from the identity provider.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::response::Redirect;
use axum_extra::extract::SignedCookieJar;
use serde::Deserialize;
use web_app::{Accepts, Refusal, Secret};

use crate::AppState;
use crate::constant_time;
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
    let jar = app.pending_logins.finish(jar).ok_or(SignInError::NoPendingLogin)?;
    let code = authorization_code(parameters)?;

    let web = &app.web;
    let metadata = web.provider.metadata().await?;
    let tokens = redeem(&web.config, &web.provider, metadata, &code, &pending).await?;
    let claims = validate_id_token(app, metadata, &tokens.id_token, &pending.nonce).await?;
    Ok((begin_session(&web.sessions, jar, claims, tokens), pending.return_to))
}

// ANCHOR: callback
/// Is this the answer to the request that *this browser* began? RFC 6749 §10.12.
///
/// Without this check a stranger can begin a sign-in with an account of his own, and make your browser finish it: you
/// would work in his account without noticing. So `state` is checked first, before anything else is believed.
fn check_state(pending: &PendingLogin, state: Option<&str>) -> Result<(), SignInError> {
    match state {
        Some(state) if constant_time::equal(state, &pending.state) => Ok(()),
        _ => Err(SignInError::StateMismatch),
    }
}

/// The code, unless the provider answered with an error (RFC 6749 §4.1.2.1).
///
/// An error is a normal end of a sign-in: the person pressed "Cancel", or may not use the app. Its text arrives through
/// the browser, so it may be anything; the page shows it as text only.
fn authorization_code(parameters: CallbackParameters) -> Result<Secret, SignInError> {
    if let Some(error) = parameters.error {
        return Err(SignInError::Refused { error, description: parameters.error_description.unwrap_or_default() });
    }
    parameters.code.filter(|code| !code.is_empty()).map(Secret::new).ok_or(SignInError::MissingCode)
}
// ANCHOR_END: callback

#[cfg(test)]
mod tests {
    use super::{CallbackParameters, authorization_code, check_state};
    use crate::pending_login::PendingLogin;
    use crate::sign_in_error::SignInError;

    #[test]
    fn only_the_state_of_this_login_is_accepted() {
        let pending = PendingLogin::new("/me".to_owned());
        let foreign = PendingLogin::new("/me".to_owned()).state;
        assert!(check_state(&pending, Some(&pending.state)).is_ok());
        for wrong in [None, Some(""), Some(foreign.as_str()), Some(&pending.state[1..])] {
            assert!(matches!(check_state(&pending, wrong), Err(SignInError::StateMismatch)), "{wrong:?}");
        }
    }

    #[test]
    fn an_error_is_never_taken_for_a_success() {
        let both =
            CallbackParameters { code: Some("c".to_owned()), error: Some("access_denied".to_owned()), ..CallbackParameters::default() };
        assert!(matches!(authorization_code(both), Err(SignInError::Refused { .. })));
        assert!(matches!(authorization_code(CallbackParameters::default()), Err(SignInError::MissingCode)));
    }
}
