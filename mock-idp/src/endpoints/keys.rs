//! GET /{tenant}/discovery/v2.0/keys
//!
//! The public keys that tokens are signed with (RFC 7517; members as the Microsoft identity platform publishes them).

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};

use super::{
    ProtocolState,
    discovery::{cacheable, resolve},
    error_response::{ErrorResponse, reject},
};
use crate::{
    faults::{Fault, FaultScope},
    oauth::error::ProtocolError,
    request_context::RequestContext,
};

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new().route("/{tenant}/discovery/v2.0/keys", get(keys)).route("/{tenant}/discovery/keys", get(keys))
}

async fn keys(State(state): State<ProtocolState>, context: RequestContext, Path(tenant): Path<String>) -> Result<Response, ErrorResponse> {
    let tenant = resolve(&tenant, &state).map_err(|error| reject(&context, error))?;
    if state.faults.strikes(Fault::KeysUnavailable, &FaultScope::default()) {
        return Err(reject(&context, ProtocolError::TemporarilyUnavailable));
    }
    Ok(cacheable(state.keys.key_set(&format!("{}/{}/v2.0", context.origin, tenant.issuer_segment()))))
}
