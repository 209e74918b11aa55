//! What the operator reads when the identity provider refuses the app itself.

use serde::Deserialize;

/// An error answer of the token endpoint (RFC 6749 §5.2), with what the Microsoft identity platform adds
/// (Microsoft identity platform: "Error response" of the client credentials flow).
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct TokenError {
    /// `invalid_client` and so on.
    pub error: String,
    /// The AADSTS codes, as numbers.
    #[serde(default)]
    pub error_codes: Vec<u32>,
}

/// What is wrong, and what to do about it. It names the setting, and never its value.
pub fn message(error: &TokenError) -> String {
    // TODO: Step 2. The operator should read which setting to change, and how. At least these codes have an answer: 7000222 (the
    // secret has expired), 7000215 (it is not the app's secret) and 700016 (there is no such app).
    format!("The identity provider answered {}.", error.error)
}
