//! Unit 4: sign in and roles.

pub mod authorize_request;
pub mod callback;
pub mod confidentiality;
mod forged_cookie;
pub mod forged_token;
pub mod id_token;
pub mod logout;
pub mod ownership;
pub mod provider_errors;
mod random_bits;
pub mod redeem;
pub mod return_to;
pub mod role_matrix;
pub mod session;
pub mod session_cookie;
pub mod sign_in;
pub mod signing_keys;
