//! Tokens: the keys that sign them, the claims in them, and the grants (codes, refresh tokens) that they are exchanged for.

pub mod authorization_codes;
pub mod claims;
mod group_claim;
pub mod issue;
pub mod mint;
pub mod refresh_tokens;
pub mod signing_keys;
pub mod verify;

pub use signing_keys::SigningKeys;
