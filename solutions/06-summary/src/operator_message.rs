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

// ANCHOR: message
/// What is wrong, and what to do about it. It names the setting, and never its value.
///
/// The provider's own text is written for whoever knows the portal. The person who reads the log at night needs to know which line of
/// the configuration to change.
pub fn message(error: &TokenError) -> String {
    let code = error.error_codes.first().copied().unwrap_or_default();
    match code {
        7_000_222 => "CLIENT_SECRET has expired (AADSTS7000222). Nobody can sign in. Add a new client secret to the app registration, \
                      set CLIENT_SECRET to its value, and restart the app."
            .to_owned(),
        7_000_215 => {
            "CLIENT_SECRET is not a secret of this app (AADSTS7000215). Use the secret's Value, not its Secret ID; it was shown once, \
                      when the secret was made."
                .to_owned()
        }
        700_016 => "CLIENT_ID names no app of the tenant in AUTHORITY (AADSTS700016). Compare both with the app registration.".to_owned(),
        code => format!(
            "The identity provider refuses the app: {} (AADSTS{code}). Compare CLIENT_ID, CLIENT_SECRET and AUTHORITY with the app registration.",
            error.error
        ),
    }
}
// ANCHOR_END: message

#[cfg(test)]
mod tests {
    use super::{TokenError, message};

    fn of(code: u32) -> String {
        message(&TokenError { error: "invalid_client".to_owned(), error_codes: vec![code] })
    }

    #[test]
    fn the_message_names_the_setting_to_change() {
        assert!(of(7_000_222).starts_with("CLIENT_SECRET has expired"));
        assert!(of(7_000_215).contains("Secret ID"));
        assert!(of(700_016).starts_with("CLIENT_ID"));
        assert!(of(50_000).contains("invalid_client (AADSTS50000)"));
    }

    #[test]
    fn an_answer_without_codes_is_read_as_well() {
        let error: TokenError = serde_json::from_str(r#"{"error":"invalid_client"}"#).unwrap();
        assert!(error.error_codes.is_empty());
    }
}
