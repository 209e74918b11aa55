//! The words that clients branch on: `error` and `suberror`.
//! Sources: RFC 6749 §4.1.2.1 and §5.2; OIDC Core §3.1.2.6; "Microsoft Entra authentication and authorization error codes".

use serde::Serialize;

/// The value of `error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthErrorCode {
    /// The user or an administrator said no (RFC 6749 §4.1.2.1).
    AccessDenied,
    /// Consent is missing (OIDC Core §3.1.2.6).
    ConsentRequired,
    /// The user must do something (OIDC Core §3.1.2.6).
    InteractionRequired,
    /// The client could not be authenticated (RFC 6749 §5.2).
    InvalidClient,
    /// The code or refresh token cannot be used (RFC 6749 §5.2).
    InvalidGrant,
    /// A parameter is missing, repeated or malformed.
    InvalidRequest,
    /// The host is not one of the provider's. Entra's own.
    InvalidInstance,
    /// The resource is unknown (RFC 8707 §2 calls it `invalid_target`; Entra keeps its older name).
    InvalidResource,
    /// A scope is unknown or malformed.
    InvalidScope,
    /// The tenant is unknown. Entra's own.
    InvalidTenant,
    /// Nobody is signed in (OIDC Core §3.1.2.6).
    LoginRequired,
    /// Something broke at the provider.
    ServerError,
    /// The provider is overloaded or down for a while.
    TemporarilyUnavailable,
    /// The client may not do this.
    UnauthorizedClient,
    /// The grant type is unknown.
    UnsupportedGrantType,
    /// The response type is unknown or switched off.
    UnsupportedResponseType,
}

impl OAuthErrorCode {
    /// The code as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidInstance => "invalid_instance",
            Self::InvalidResource => "invalid_resource",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTenant => "invalid_tenant",
            Self::LoginRequired => "login_required",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }
}

/// `suberror`: a hint for the client what to do about an `invalid_grant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubError {
    /// The code or refresh token cannot be read.
    BadToken,
    /// Send the user to consent.
    ConsentRequired,
    /// Send the user to the sign-in: a step such as a second factor is missing.
    BasicAction,
}

impl SubError {
    /// The word as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadToken => "bad_token",
            Self::ConsentRequired => "consent_required",
            Self::BasicAction => "basic_action",
        }
    }
}
