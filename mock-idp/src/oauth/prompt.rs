//! `prompt`: what the user must be shown (OIDC Core §3.1.2.1; Microsoft identity platform, "OpenID Connect").

use super::error::ProtocolError;

/// What the user must be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Nothing: answer at once or with an error.
    None,
    /// The credentials, although somebody is signed in.
    Login,
    /// The consent page, although consent was given.
    Consent,
    /// The account picker.
    SelectAccount,
}

impl Prompt {
    /// Reads the parameter's value.
    ///
    /// # Errors
    /// [`ProtocolError::UnsupportedValue`] for any other value. Entra takes one value, not a list.
    pub fn parse(value: &str) -> Result<Self, ProtocolError> {
        match value {
            "none" => Ok(Self::None),
            "login" => Ok(Self::Login),
            "consent" => Ok(Self::Consent),
            "select_account" => Ok(Self::SelectAccount),
            other => Err(ProtocolError::UnsupportedValue { name: "prompt", value: other.to_owned() }),
        }
    }
}
