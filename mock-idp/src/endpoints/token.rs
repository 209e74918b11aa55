//! POST /{tenant}/oauth2/v2.0/token
//!
//! Where codes, refresh tokens and client credentials are exchanged for tokens (RFC 6749 §3.2; Microsoft identity platform,
//! "OAuth 2.0 authorization code flow" and "client credentials flow"). The order of the checks is the one observed at Entra: grant
//! type, client id, tenant, application, parameters, shape of the code, client authentication, validity of the code, the rest.

mod authorization_code;
mod client_authentication;
mod client_credentials;
pub mod grant;
mod refresh_token;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
    routing::any,
};
use serde::Serialize;

use self::client_authentication::PresentedCredential;
use super::{
    ProtocolState,
    error_response::{reject, token_headers},
    path_tenant::PathTenant,
};
use crate::{
    directory::application::Application,
    faults::{Fault, FaultScope},
    oauth::{
        error::ProtocolError,
        parameters::Parameters,
        token_request::{GrantType, TokenRequest},
    },
    request_context::RequestContext,
    trace::Recording,
};

/// How long a slow answer takes: longer than an impatient client waits.
const SLOW: std::time::Duration = std::time::Duration::from_secs(5);

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new().route("/{tenant}/oauth2/v2.0/token", any(token))
}

/// The answer to a token request. Times are whole seconds, as numbers.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "RFC 6749 §5.1 and the Microsoft identity platform define the members")]
pub struct TokenResponse {
    pub token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    pub expires_in: i64,
    pub ext_expires_in: i64,
    pub access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_info: Option<String>,
    /// A fault holds the answer back.
    #[serde(skip)]
    pub is_slow: bool,
}

async fn token(
    State(state): State<ProtocolState>,
    context: RequestContext,
    recording: Recording,
    Path(tenant): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method != Method::POST {
        let error = ProtocolError::OnlyPost { endpoint: "/token", method: method.to_string() };
        return ([(header::ALLOW, "POST")], reject(&context, error)).into_response();
    }
    let exchange = Exchange { state: &state, context: &context, recording: &recording, headers: &headers };
    let answer = exchange.answer(&tenant, &body).map_err(|error| reject(&context, error));
    if answer.as_ref().is_ok_and(|response| response.is_slow) {
        tokio::time::sleep(SLOW).await;
    }
    answer.map(|response| (token_headers(&context), Json(response))).into_response()
}

/// One token request.
#[derive(Clone, Copy)]
struct Exchange<'a> {
    state: &'a ProtocolState,
    context: &'a RequestContext,
    recording: &'a Recording,
    headers: &'a HeaderMap,
}

/// A request whose application is known, before the client has proved who it is.
struct Caller<'a> {
    tenant: &'a PathTenant,
    application: Application,
    credential: PresentedCredential,
}

impl Exchange<'_> {
    fn answer(self, tenant: &str, body: &[u8]) -> Result<TokenResponse, ProtocolError> {
        let Self { state, recording, headers, .. } = self;
        let form = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // The type may be in any case and have parameters (RFC 9110 §8.3.1).
        if !form.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let text = format!("The body must be application/x-www-form-urlencoded; its Content-Type is '{form}'.");
            return Err(ProtocolError::MalformedRequest(text));
        }
        let parameters = Parameters::parse(body);
        recording.parameters(&parameters);
        let grant_type = recording.judge("grant_type", "The grant type is known", GrantType::from_request(&parameters))?;
        let presented = PresentedCredential::from_request(headers, &parameters)?;
        let client_id = presented.client_id.ok_or(ProtocolError::MissingParameter("client_id"))?;
        recording.app(&client_id);
        let tenant = recording.judge("tenant", "The tenant exists", PathTenant::resolve(tenant, &state.tenants))?;
        let application = tenant.application(&client_id, &state.tenants);
        let application = recording.judge("client", "The application is known in this tenant", application)?;
        recording.app(&application.app_id);
        let scope = FaultScope { app_id: Some(&application.app_id), username: None };
        if state.faults.strikes(Fault::TokenError, &scope) {
            recording.fault(Fault::TokenError);
            return Err(ProtocolError::TemporarilyUnavailable);
        }
        let request = recording.judge(
            "parameters",
            "The parameters of the grant are complete",
            TokenRequest::from_request(grant_type, &parameters),
        )?;
        let caller = Caller { tenant: &tenant, application, credential: presented.credential };
        let wants_client_info = parameters.first("client_info") == Some("1");
        match request {
            TokenRequest::AuthorizationCode(grant) => self.redeem_code(&caller, &grant, wants_client_info),
            TokenRequest::RefreshToken(grant) => self.refresh(&caller, &grant, wants_client_info),
            TokenRequest::ClientCredentials(grant) => self.act_for_itself(&caller, &grant),
        }
    }
}
