//! The answer with which a sign-in ends: a code, and tokens where the app asked for them.

use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    Visit,
    answer::RedirectTarget,
    decide::SignedInUser,
    log::Attempt,
    request::{AuthorizationRequest, TrustedClient},
};
use crate::{
    directory::microsoft_graph::GRAPH_APP_ID,
    endpoints::token::grant::{UserGrant, access_token},
    faults::{Fault, FaultScope},
    oauth::{error::ProtocolError, prompt::Prompt},
    tokens::{
        authorization_codes::AuthorizationCode,
        issue::{Channel, ClientAuthentication, IdTokenContext, Issuer, id_token_claims},
        mint,
    },
};

/// Issues what the request asks for and sends it to the app.
pub fn with_tokens(
    visit: Visit<'_>,
    client: &TrustedClient,
    request: &AuthorizationRequest,
    user: &SignedInUser,
    attempt: &Attempt<'_>,
    flow_id: &str,
    target: RedirectTarget,
) -> Response {
    let Visit { state, context, recording, .. } = visit;
    let application = &client.application;
    recording.user(&user.user.id);
    recording.passed("account", "The account may sign in to the application");
    let scope = FaultScope { app_id: Some(&application.app_id), username: Some(&user.user.user_principal_name) };
    if let Some((fault, error)) = struck(visit, request, &scope) {
        recording.fault(fault);
        attempt.ends(Err(&error));
        return target.send_error(context, &error);
    }
    let target = if state.faults.strikes(Fault::StateChanged, &scope) {
        recording.fault(Fault::StateChanged);
        target.with_state(state.entropy.token(16))
    } else {
        target
    };

    let code = request.response_type.code.then(|| {
        let code = AuthorizationCode {
            client_id: application.app_id.clone(),
            platform: client.platform,
            tenant_id: user.directory.tenant_id().to_owned(),
            user_id: user.user.id.clone(),
            redirect_uri: client.redirect_uri.clone(),
            scope: request.scope.clone(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
            session_id: user.account.sid.clone(),
            authenticated_at: user.account.authenticated_at,
            flow_id: flow_id.to_owned(),
            issued_at: context.now,
            is_redeemed: false,
        };
        state.codes.issue(code, &state.entropy)
    });
    // Consent may have been given a moment ago: read the tenant again.
    let directory = state.tenants.find(user.directory.tenant_id()).unwrap_or_else(|| user.directory.clone());
    let issuer = Issuer { origin: &context.origin, directory: &directory };
    let token = request.response_type.token.then(|| {
        // No client proves who it is at `/authorize`.
        let authentication = ClientAuthentication::None;
        let grant = UserGrant { issuer, application, user: &user.user, scope: &request.scope, authentication };
        access_token(state, &grant, &request.resources, context.now)
    });
    let token = match token.transpose() {
        Ok(token) => token,
        Err(error) => {
            attempt.ends(Err(&error));
            return target.send_error(context, &error);
        }
    };
    let id_token = request.response_type.id_token.then(|| {
        let context_of_token = IdTokenContext {
            scope: &request.scope,
            nonce: request.nonce.as_deref(),
            session_id: &user.account.sid,
            authenticated_at: user.account.authenticated_at,
            code: code.as_deref(),
            access_token: token.as_ref().map(|token| token.token.as_str()),
            channel: Channel::AuthorizationEndpoint,
        };
        let claims = id_token_claims(issuer, application, &user.user, &context_of_token, context.now, &state.entropy);
        mint::id_token(claims, &state.keys, &state.faults, &scope)
    });
    if let Some(fault) = id_token.as_ref().and_then(|token| token.fault) {
        recording.fault(fault);
    }
    if let Some(session) = state.sessions.of(visit.headers) {
        state.sessions.note_app(&session.id, &application.app_id);
    }

    let client_info = request.wants_client_info.then(|| client_info(&user.user.id, user.directory.tenant_id()));
    let expires_in = token.as_ref().map(|token| token.expires_in.to_string());
    let members = [
        ("code", code.as_deref()),
        ("access_token", token.as_ref().map(|token| token.token.as_str())),
        ("token_type", token.as_ref().map(|_| "Bearer")),
        ("expires_in", expires_in.as_deref()),
        ("scope", token.as_ref().map(|token| token.scope.as_str())),
        ("id_token", id_token.as_ref().map(|token| token.token.as_str())),
        ("client_info", client_info.as_deref()),
        ("session_state", Some(user.account.sid.as_str())),
    ];
    let present: Vec<(&str, &str)> = members.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect();
    attempt.ends(Ok(()));
    target.send(&present)
}

/// The fault that turns the answer into an error, if one does.
fn struck(visit: Visit<'_>, request: &AuthorizationRequest, scope: &FaultScope<'_>) -> Option<(Fault, ProtocolError)> {
    let consent = || ProtocolError::InteractiveConsentRequired {
        client_id: scope.app_id.unwrap_or_default().to_owned(),
        name: "the application".to_owned(),
    };
    let faults = &visit.state.faults;
    if faults.strikes(Fault::AccessDenied, scope) {
        return Some((Fault::AccessDenied, ProtocolError::ConsentDeclined));
    }
    if faults.strikes(Fault::ServerError, scope) {
        return Some((Fault::ServerError, ProtocolError::ServerError));
    }
    // With a page it would ask for the second factor. The mock has none, and lets the person in.
    if request.prompt == Some(Prompt::None) && faults.strikes(Fault::MfaRequired, scope) {
        return Some((Fault::MfaRequired, ProtocolError::SecondFactorRequired { resource: GRAPH_APP_ID.to_owned() }));
    }
    faults.strikes(Fault::ConsentRequired, scope).then(|| (Fault::ConsentRequired, consent()))
}

/// `client_info`: user and home tenant for the token caches of SDKs.
pub fn client_info(user_id: &str, tenant_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "uid": user_id, "utid": tenant_id }).to_string())
}
