//! The protocol endpoints: discovery, keys, `/authorize`, `/token`, logout, and the page that explains an error code.

pub mod admission;
pub mod authorize;
mod cors;
pub mod discovery;
pub mod error_code;
pub mod error_response;
pub mod keys;
pub mod logout;
pub mod not_implemented;
pub mod path_tenant;
pub mod token;

use axum::{Router, middleware};

use crate::{
    clock::Clock,
    directory::Tenants,
    faults::Faults,
    random::Entropy,
    sign_in::{Interactions, SignInSessions},
    sign_in_log::SignInLog,
    tokens::{SigningKeys, authorization_codes::AuthorizationCodes, refresh_tokens::RefreshTokens},
};

/// What the protocol endpoints share.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each member is the only one of its type")]
pub struct ProtocolState {
    pub clock: Clock,
    pub entropy: Entropy,
    pub faults: Faults,
    pub tenants: Tenants,
    pub keys: SigningKeys,
    pub codes: AuthorizationCodes,
    pub refresh_tokens: RefreshTokens,
    pub sessions: SignInSessions,
    pub interactions: Interactions,
    pub sign_in_log: SignInLog,
}

/// The routes of the protocol.
pub fn routes(state: ProtocolState) -> Router {
    let for_scripts = Router::new()
        .merge(discovery::routes())
        .merge(keys::routes())
        .merge(token::routes())
        .merge(not_implemented::routes())
        .route_layer(middleware::from_fn(cors::open_to_scripts));
    Router::new().merge(for_scripts).merge(authorize::routes()).merge(logout::routes()).merge(error_code::routes()).with_state(state)
}
