//! Proof Key for Code Exchange (RFC 7636).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{error::ProtocolError, parameters::Parameters};

/// How the challenge was made from the verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeChallengeMethod {
    /// The challenge is the verifier. Proves nothing to whoever saw the request.
    Plain,
    /// The challenge is the base64url SHA-256 of the verifier.
    S256,
}

/// What the app sent to `/authorize` about a secret that it keeps until it redeems the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge {
    challenge: String,
    /// How it was made.
    pub method: CodeChallengeMethod,
}

impl CodeChallenge {
    /// Reads `code_challenge` and `code_challenge_method`. A challenge without a method is `plain` (RFC 7636 §4.3).
    ///
    /// # Errors
    /// [`ProtocolError::InvalidCodeChallenge`] outside 43 to 128 characters of the alphabet (RFC 7636 §4.2),
    /// [`ProtocolError::InvalidCodeChallengeMethod`] for another method, or a method without a challenge.
    pub fn from_request(parameters: &Parameters) -> Result<Option<Self>, ProtocolError> {
        let method = parameters.optional("code_challenge_method")?;
        let Some(challenge) = parameters.optional("code_challenge")? else {
            return match method {
                Some(_) => Err(ProtocolError::MissingParameter("code_challenge")),
                None => Ok(None),
            };
        };
        if !is_verifier(challenge) {
            return Err(ProtocolError::InvalidCodeChallenge);
        }
        let method = match method {
            None | Some("plain") => CodeChallengeMethod::Plain,
            Some("S256") => CodeChallengeMethod::S256,
            Some(other) => return Err(ProtocolError::InvalidCodeChallengeMethod(other.to_owned())),
        };
        Ok(Some(Self { challenge: challenge.to_owned(), method }))
    }

    /// Whether `verifier` is what the challenge was made from (RFC 7636 §4.6), compared in constant time.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let presented = match self.method {
            CodeChallengeMethod::Plain => verifier.to_owned(),
            CodeChallengeMethod::S256 => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        };
        is_verifier(verifier) && bool::from(presented.as_bytes().ct_eq(self.challenge.as_bytes()))
    }
}

/// 43 to 128 characters of the unreserved set (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(query: &str) -> Result<Option<CodeChallenge>, ProtocolError> {
        CodeChallenge::from_request(&Parameters::parse(query))
    }

    #[test]
    fn the_example_of_rfc_7636_appendix_b_is_met() {
        let challenge = challenge("code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256")
            .expect("well-formed")
            .expect("present");
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM") && !challenge.is_met_by(""));
    }

    #[test]
    fn a_challenge_without_a_method_is_plain() {
        let text = "a".repeat(43);
        let challenge = challenge(&format!("code_challenge={text}")).expect("well-formed").expect("present");
        assert!(challenge.method == CodeChallengeMethod::Plain && challenge.is_met_by(&text));
    }

    #[test]
    fn a_challenge_of_the_wrong_size_or_method_is_refused() {
        assert_eq!(challenge("code_challenge=short"), Err(ProtocolError::InvalidCodeChallenge));
        let query = format!("code_challenge={}&code_challenge_method=s256", "a".repeat(43));
        assert_eq!(challenge(&query), Err(ProtocolError::InvalidCodeChallengeMethod("s256".to_owned())));
        assert_eq!(challenge("code_challenge_method=S256"), Err(ProtocolError::MissingParameter("code_challenge")));
    }
}
