//! Where an error is seen: by a person on a page, or by the app in an answer (RFC 6749 §4.1.2.1 and §5.2).

use super::ProtocolError;

/// A place where an error is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A page of the provider that ends the sign-in, because the app or its redirect URI is not trusted, or the person may not sign in.
    Page,
    /// The sign-in page, above the field: the person can try again.
    SignInForm,
    /// A redirect to the app's redirect URI.
    Redirect,
    /// A redirect to the app's redirect URI, in the place of a page, because the app asked for none (`prompt=none`).
    SilentRedirect,
    /// The JSON answer to a token request.
    Token,
    /// The JSON answer to a request for the discovery document or the keys.
    Discovery,
}

impl ProtocolError {
    /// Where this error is seen, in the order of [`Place`].
    pub const fn places(&self) -> &'static [Place] {
        use Place::{Discovery, Page, Redirect, SignInForm, SilentRedirect, Token};
        match self {
            Self::MissingParameter(_) | Self::RepeatedParameter(_) => &[Page, Redirect, Token, Discovery],
            Self::TenantNotFound(_) | Self::ApplicationNotFound { .. } | Self::EmptyClientId(_) => &[Page, Token],
            Self::MalformedTenant(_) => &[Page, Token, Discovery],
            Self::TenantNotFoundInDiscovery(_) | Self::UnknownInstance | Self::MalformedInstance => &[Discovery],
            Self::QueryStringTooLong | Self::RedirectUriMismatch { .. } | Self::NoReplyAddress | Self::UserNotInTenant { .. } => &[Page],
            Self::UserUnknown { .. } | Self::UserWithoutPassword | Self::WrongPassword => &[SignInForm],
            Self::UserDisabled => &[Page, SignInForm, SilentRedirect, Token],
            Self::UserNotAssigned { .. } | Self::ApplicationDisabled { .. } => &[Page, SilentRedirect, Token],
            Self::SecondFactorRequired { .. } => &[SilentRedirect, Token],
            Self::AdministratorConsentRequired { .. } => &[Page, Redirect],
            Self::TemporarilyUnavailable => &[Token, Discovery],
            Self::MalformedRequest(_)
            | Self::SingleTenantApplication { .. }
            | Self::InvalidScope(_)
            | Self::IncompatibleScopes(_)
            | Self::UnknownResource { .. }
            | Self::UnknownScope { .. }
            | Self::TokenForItself { .. }
            | Self::InteractiveConsentRequired { .. } => &[Redirect, Token],
            Self::UnsupportedValue { .. }
            | Self::UnsupportedResponseType(_)
            | Self::IdTokenNotEnabled
            | Self::TokenNotEnabled
            | Self::ResponseModeNotSupported(_)
            | Self::InvalidCodeChallenge
            | Self::InvalidCodeChallengeMethod(_)
            | Self::CodeChallengeRequired
            | Self::HintWithSelectAccount
            | Self::LoginRequired
            | Self::SeveralAccounts
            | Self::ConsentDeclined
            | Self::ServerError
            | Self::ResourceMismatch { .. }
            | Self::NotPreAuthorized { .. } => &[Redirect],
            Self::OnlyPost { .. }
            | Self::MissingServicePrincipal { .. }
            | Self::ScopeWithoutDotDefault(_)
            | Self::SeveralResources(_)
            | Self::CredentialMissing
            | Self::InvalidClientSecret(_)
            | Self::ExpiredClientSecret(_)
            | Self::PublicClientWithCredential
            | Self::ClientAssertionKeyNotFound
            | Self::CrossOriginNotAllowed(_)
            | Self::OnlyCrossOrigin
            | Self::UnsupportedGrantType(_)
            | Self::GrantNotImplemented(_)
            | Self::NotImplemented(_)
            | Self::GrantNotSupportedAtCommon(_)
            | Self::MalformedGrant
            | Self::UnknownCode
            | Self::CodeOfAnotherTenant
            | Self::CodeAlreadyRedeemed
            | Self::CodeExpired
            | Self::RedirectUriDiffers { .. }
            | Self::CodeVerifierMismatch
            | Self::UnknownRefreshToken
            | Self::RefreshTokenExpired { .. }
            | Self::SinglePageRefreshTokenExpired { .. }
            | Self::GrantRevoked
            | Self::ConsentMissing { .. } => &[Token],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_seen_somewhere_and_each_place_once() {
        for error in ProtocolError::examples() {
            let places = error.places();
            assert!(!places.is_empty() && places.windows(2).all(|pair| pair[0] < pair[1]), "{error:?}: {places:?}");
        }
    }
}
