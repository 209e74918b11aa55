//! Unit 5: tokens for an API, and calling Microsoft Graph with them.

pub mod challenges;
pub mod confidentiality;
pub mod endpoint;
mod graph_stand_in;
pub mod isolation;
pub mod memberships;
pub mod patience;
pub mod profile;
pub mod refresh;
pub mod refusals;
pub mod refused_refresh;
pub mod roles;
pub(crate) mod short_token;
pub mod throttling;
pub mod tokens;
pub(crate) mod visiting;
