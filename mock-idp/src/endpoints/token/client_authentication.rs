//! How a client proves who it is: a secret in the body or by HTTP Basic (RFC 6749 §2.3.1), or a signed assertion (RFC 7523 §2.2).

use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use time::OffsetDateTime;

use crate::{
    directory::application::{Application, Platform},
    oauth::{error::ProtocolError, parameters::Parameters},
};

/// What the client sent about itself.
pub struct Presented {
    /// The client id, from the body or from HTTP Basic.
    pub client_id: Option<String>,
    /// The proof.
    pub credential: PresentedCredential,
}

/// The proof that came with the request.
pub enum PresentedCredential {
    /// None.
    Nothing,
    /// A client secret.
    Secret(String),
    /// A client assertion.
    Assertion,
}

impl PresentedCredential {
    /// Reads what the client sent about itself.
    ///
    /// # Errors
    /// [`ProtocolError::MalformedRequest`] for a Basic header that cannot be read, or two proofs at once (RFC 6749 §2.3).
    pub fn from_request(headers: &HeaderMap, parameters: &Parameters) -> Result<Presented, ProtocolError> {
        let in_body = parameters.optional("client_secret")?;
        let assertion = parameters.optional("client_assertion")?;
        let basic = basic(headers)?;
        if usize::from(in_body.is_some()) + usize::from(assertion.is_some()) + usize::from(basic.is_some()) > 1 {
            return Err(ProtocolError::MalformedRequest("More than one client credential is presented.".to_owned()));
        }
        let client_id = parameters.optional("client_id")?.map(str::to_owned);
        Ok(match (basic, in_body, assertion) {
            (Some((id, secret)), _, _) => {
                if client_id.as_ref().is_some_and(|in_body| !in_body.eq_ignore_ascii_case(&id)) {
                    return Err(ProtocolError::MalformedRequest(
                        "The client_id of the body differs from the one of the Authorization header.".to_owned(),
                    ));
                }
                Presented { client_id: Some(id), credential: Self::Secret(secret) }
            }
            (None, Some(secret), _) => Presented { client_id, credential: Self::Secret(secret.to_owned()) },
            (None, None, Some(_)) => Presented { client_id, credential: Self::Assertion },
            (None, None, None) => Presented { client_id, credential: Self::Nothing },
        })
    }
}

/// Client id and secret of an `Authorization: Basic` header. Both parts are form-encoded before base64 (RFC 6749 §2.3.1).
fn basic(headers: &HeaderMap) -> Result<Option<(String, String)>, ProtocolError> {
    let Some(value) = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) else { return Ok(None) };
    // The name of the scheme may be in any case (RFC 9110 §11.1).
    let Some((_, encoded)) = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic")) else { return Ok(None) };
    let malformed = || ProtocolError::MalformedRequest("The Authorization header is not valid HTTP Basic.".to_owned());
    let decoded = STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(malformed)?;
    let (id, secret) = decoded.split_once(':').ok_or_else(malformed)?;
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    Ok(Some((decode(id), decode(secret))))
}

/// Judges the proof for a client of this kind.
///
/// # Errors
/// [`ProtocolError::CredentialMissing`], [`ProtocolError::InvalidClientSecret`], [`ProtocolError::ExpiredClientSecret`],
/// [`ProtocolError::PublicClientWithCredential`], [`ProtocolError::ClientAssertionKeyNotFound`],
/// [`ProtocolError::CrossOriginNotAllowed`], [`ProtocolError::OnlyCrossOrigin`].
pub fn authenticate(
    application: &Application,
    platform: Platform,
    credential: &PresentedCredential,
    origin: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), ProtocolError> {
    match (platform, origin) {
        (Platform::SinglePage, None) => return Err(ProtocolError::OnlyCrossOrigin),
        (Platform::Web | Platform::PublicClient, Some(origin)) => return Err(ProtocolError::CrossOriginNotAllowed(origin.to_owned())),
        _ => {}
    }
    match (platform, credential) {
        (Platform::SinglePage | Platform::PublicClient, PresentedCredential::Nothing) => Ok(()),
        (Platform::SinglePage | Platform::PublicClient, _) => Err(ProtocolError::PublicClientWithCredential),
        (Platform::Web, PresentedCredential::Nothing) => Err(ProtocolError::CredentialMissing),
        // Departs from Entra: certificates are kept but not yet read, so no assertion finds its key.
        (Platform::Web, PresentedCredential::Assertion) => Err(ProtocolError::ClientAssertionKeyNotFound),
        (Platform::Web, PresentedCredential::Secret(secret)) => judge_secret(application, secret, now),
    }
}

fn judge_secret(application: &Application, secret: &str, now: OffsetDateTime) -> Result<(), ProtocolError> {
    // Every credential is compared, so that the time tells nothing about which of them matched.
    let matching: Vec<_> = application.password_credentials.iter().filter(|credential| credential.matches(secret)).collect();
    if matching.iter().any(|credential| credential.is_current(now)) {
        Ok(())
    } else if matching.is_empty() {
        Err(ProtocolError::InvalidClientSecret(application.app_id.clone()))
    } else {
        Err(ProtocolError::ExpiredClientSecret(application.app_id.clone()))
    }
}

/// What the trace says to the commonest mistake of beginners: the ID of a secret was sent in the place of its value.
pub fn secret_id_sent(application: &Application, credential: &PresentedCredential) -> Option<String> {
    let PresentedCredential::Secret(sent) = credential else { return None };
    let secret = application.password_credentials.iter().find(|it| it.key_id.eq_ignore_ascii_case(sent))?;
    Some(format!("this is the Secret ID of '{}', not its value", secret.display_name.as_deref().unwrap_or("(no description)")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn presented(authorization: Option<&str>, body: &str) -> Result<(Option<String>, Option<String>), ProtocolError> {
        let mut headers = HeaderMap::new();
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().expect("header text"));
        }
        let presented = PresentedCredential::from_request(&headers, &Parameters::parse(body))?;
        let secret = match presented.credential {
            PresentedCredential::Secret(secret) => Some(secret),
            _ => None,
        };
        Ok((presented.client_id, secret))
    }

    #[test]
    fn a_secret_by_basic_is_decoded_twice() {
        for scheme in ["Basic", "basic"] {
            let header = format!("{scheme} {}", STANDARD.encode("my%2Dapp:a%3Ab+c"));
            assert_eq!(presented(Some(&header), ""), Ok((Some("my-app".to_owned()), Some("a:b c".to_owned()))));
        }
    }

    #[test]
    fn two_proofs_at_once_are_refused() {
        let header = format!("Basic {}", STANDARD.encode("app:secret"));
        assert!(matches!(presented(Some(&header), "client_secret=x"), Err(ProtocolError::MalformedRequest(_))));
        assert!(matches!(presented(Some("Basic !!"), ""), Err(ProtocolError::MalformedRequest(_))));
    }
}
