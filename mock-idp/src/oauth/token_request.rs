//! A request to the token endpoint, once its shape is known to be right.

use super::{error::ProtocolError, parameters::Parameters, redirect_uri::RedirectUri, scope::ScopeSet};

/// What the client asks to exchange for tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenRequest {
    /// A code from `/authorize` (RFC 6749 §4.1.3).
    AuthorizationCode(AuthorizationCodeGrant),
    /// A refresh token (RFC 6749 §6).
    RefreshToken(RefreshTokenGrant),
    /// The client's own identity (RFC 6749 §4.4).
    ClientCredentials(ClientCredentialsGrant),
}

/// The parameters that redeem a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCodeGrant {
    /// The code.
    pub code: String,
    /// The same redirect URI as at `/authorize`.
    pub redirect_uri: RedirectUri,
    /// What the code challenge was made from.
    pub code_verifier: Option<String>,
    /// Scopes of one resource; without any, those of the code.
    pub scope: ScopeSet,
}

/// The parameters that use a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshTokenGrant {
    /// The refresh token.
    pub refresh_token: String,
    /// Scopes of one resource; without any, those of the first answer.
    pub scope: ScopeSet,
}

/// The parameters of an app that acts for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCredentialsGrant {
    /// `{resource}/.default`.
    pub scope: ScopeSet,
    /// As it was asked for.
    pub spelled_scope: String,
}

/// The grant types that the mock knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantType {
    /// `authorization_code`
    AuthorizationCode,
    /// `refresh_token`
    RefreshToken,
    /// `client_credentials`
    ClientCredentials,
}

/// Grant types that Entra knows and the mock does not implement yet: device code (MSAL Node spells it in its own way), on-behalf-of,
/// SAML assertion, password.
const NOT_IMPLEMENTED: [&str; 5] = [
    "urn:ietf:params:oauth:grant-type:device_code",
    "device_code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "password",
];

impl GrantType {
    /// Reads `grant_type`, which is judged before everything else in the request.
    ///
    /// # Errors
    /// [`ProtocolError::MissingParameter`], [`ProtocolError::UnsupportedGrantType`], [`ProtocolError::GrantNotImplemented`].
    pub fn from_request(parameters: &Parameters) -> Result<Self, ProtocolError> {
        match parameters.required("grant_type")? {
            "authorization_code" => Ok(Self::AuthorizationCode),
            "refresh_token" => Ok(Self::RefreshToken),
            "client_credentials" => Ok(Self::ClientCredentials),
            other if NOT_IMPLEMENTED.contains(&other) => Err(ProtocolError::GrantNotImplemented(other.to_owned())),
            other => Err(ProtocolError::UnsupportedGrantType(other.to_owned())),
        }
    }
}

impl TokenRequest {
    /// Reads the parameters of this grant type.
    ///
    /// # Errors
    /// [`ProtocolError::MissingParameter`], [`ProtocolError::RepeatedParameter`], and what [`ScopeSet::parse`] refuses.
    pub fn from_request(grant_type: GrantType, parameters: &Parameters) -> Result<Self, ProtocolError> {
        let scope = |text: Option<&str>| text.map_or(Ok(ScopeSet::empty()), ScopeSet::parse);
        Ok(match grant_type {
            GrantType::AuthorizationCode => Self::AuthorizationCode(AuthorizationCodeGrant {
                code: parameters.required("code")?.to_owned(),
                redirect_uri: RedirectUri::new(parameters.required("redirect_uri")?),
                code_verifier: parameters.optional("code_verifier")?.map(str::to_owned),
                scope: scope(parameters.optional("scope")?)?,
            }),
            GrantType::RefreshToken => Self::RefreshToken(RefreshTokenGrant {
                refresh_token: parameters.required("refresh_token")?.to_owned(),
                scope: scope(parameters.optional("scope")?)?,
            }),
            GrantType::ClientCredentials => {
                let text = parameters.required("scope")?;
                Self::ClientCredentials(ClientCredentialsGrant { scope: ScopeSet::parse(text)?, spelled_scope: text.to_owned() })
            }
        })
    }
}
