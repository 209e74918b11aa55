//! The vocabulary of OAuth 2.0 and OpenID Connect as the Microsoft identity platform speaks it. No state, no HTTP server.

pub mod error;
pub mod parameters;
pub mod pkce;
pub mod prompt;
pub mod redirect_uri;
pub mod response;
pub mod scope;
pub mod token_request;
