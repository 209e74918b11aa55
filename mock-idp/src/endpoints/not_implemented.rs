//! POST /{tenant}/oauth2/v2.0/devicecode and /{tenant}/kerberos
//!
//! What the discovery document names, as Entra's does, and this mock does not implement yet. An honest refusal in the form that a
//! client reads (RFC 8628 §3.2 and RFC 6749 §5.2), not an empty 404.

use axum::{Router, extract::Path, extract::State, routing::any};

use super::{
    ProtocolState,
    error_response::{ErrorResponse, reject},
    path_tenant::PathTenant,
};
use crate::{oauth::error::ProtocolError, request_context::RequestContext};

/// The grant type of the device authorization flow (RFC 8628 §3.4).
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new().route("/{tenant}/oauth2/v2.0/devicecode", any(device_code)).route("/{tenant}/kerberos", any(kerberos))
}

async fn device_code(State(state): State<ProtocolState>, context: RequestContext, Path(tenant): Path<String>) -> ErrorResponse {
    refuse(&state, &context, &tenant, ProtocolError::GrantNotImplemented(DEVICE_CODE.to_owned()))
}

async fn kerberos(State(state): State<ProtocolState>, context: RequestContext, Path(tenant): Path<String>) -> ErrorResponse {
    refuse(&state, &context, &tenant, ProtocolError::NotImplemented("the Kerberos endpoint"))
}

fn refuse(state: &ProtocolState, context: &RequestContext, tenant: &str, error: ProtocolError) -> ErrorResponse {
    reject(context, PathTenant::resolve(tenant, &state.tenants).err().unwrap_or(error))
}
