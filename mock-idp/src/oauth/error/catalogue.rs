//! The table of errors for people: one example of each, with the name of a value in braces where a real answer has the value.

use super::ProtocolError;

impl ProtocolError {
    /// One example of each error, in the order of the enum.
    pub fn examples() -> Vec<Self> {
        use ProtocolError as E;
        let (client_id, name, tenant, user) = (|| value("client id"), || value("app"), || value("tenant"), || value("user"));
        let (resource, scope) = (|| value("resource"), || value("scope"));
        vec![
            E::MissingParameter("{parameter}"),
            E::RepeatedParameter("{parameter}"),
            E::MalformedRequest(value("reason")),
            E::QueryStringTooLong,
            E::OnlyPost { endpoint: "/token", method: value("method") },
            E::UnsupportedValue { name: "{parameter}", value: value("value") },
            E::TenantNotFound(tenant()),
            E::TenantNotFoundInDiscovery(tenant()),
            E::MalformedTenant(tenant()),
            E::ApplicationNotFound { client_id: client_id(), tenant: tenant() },
            E::UnknownInstance,
            E::MalformedInstance,
            E::EmptyClientId(client_id()),
            E::MissingServicePrincipal { client_id: client_id(), tenant: tenant() },
            E::ApplicationDisabled { client_id: client_id(), name: name() },
            E::SingleTenantApplication { client_id: client_id(), name: name() },
            E::RedirectUriMismatch { redirect_uri: value("redirect URI"), client_id: client_id() },
            E::NoReplyAddress,
            E::UnsupportedResponseType(value("response type")),
            E::IdTokenNotEnabled,
            E::TokenNotEnabled,
            E::ResponseModeNotSupported(value("response mode")),
            E::InvalidCodeChallenge,
            E::InvalidCodeChallengeMethod(value("method")),
            E::CodeChallengeRequired,
            E::HintWithSelectAccount,
            E::LoginRequired,
            E::SeveralAccounts,
            E::InteractiveConsentRequired { client_id: client_id(), name: name() },
            E::ConsentDeclined,
            E::AdministratorConsentRequired { tenant: tenant(), name: name() },
            E::ServerError,
            E::TemporarilyUnavailable,
            E::UserNotInTenant {
                user: user(),
                identity_provider: value("identity provider"),
                tenant: tenant(),
                client_id: client_id(),
                name: name(),
            },
            E::UserUnknown { user: user(), tenant: tenant() },
            E::UserWithoutPassword,
            E::UserDisabled,
            E::WrongPassword,
            E::UserNotAssigned { name: name(), client_id: client_id(), user: user() },
            E::InvalidScope(scope()),
            E::IncompatibleScopes(value("scopes")),
            E::ScopeWithoutDotDefault(scope()),
            E::SeveralResources(value("scopes")),
            E::UnknownResource { resource: resource(), tenant: tenant() },
            E::UnknownScope { client_id: client_id(), scope: scope(), resource: resource() },
            E::ResourceMismatch { resource: resource() },
            E::TokenForItself { client_id: client_id(), name: name() },
            E::NotPreAuthorized { client_id: client_id(), name: name(), resource: resource() },
            E::CredentialMissing,
            E::InvalidClientSecret(client_id()),
            E::ExpiredClientSecret(client_id()),
            E::PublicClientWithCredential,
            E::ClientAssertionKeyNotFound,
            E::CrossOriginNotAllowed(value("origin")),
            E::OnlyCrossOrigin,
            E::UnsupportedGrantType(value("grant type")),
            E::GrantNotImplemented(value("grant type")),
            E::NotImplemented("{what}"),
            E::GrantNotSupportedAtCommon(value("grant type")),
            E::MalformedGrant,
            E::UnknownCode,
            E::CodeOfAnotherTenant,
            E::CodeAlreadyRedeemed,
            E::CodeExpired,
            E::RedirectUriDiffers { presented: value("presented"), expected: value("expected") },
            E::CodeVerifierMismatch,
            E::UnknownRefreshToken,
            E::RefreshTokenExpired { issued: value("time") },
            E::SinglePageRefreshTokenExpired { issued: value("time") },
            E::GrantRevoked,
            E::SecondFactorRequired { resource: resource() },
            E::ConsentMissing { client_id: client_id(), name: name() },
        ]
    }

    /// One example of each error with this AADSTS number; empty for a number that this mock never answers.
    pub fn with_number(number: u32) -> Vec<Self> {
        Self::examples().into_iter().filter(|error| error.number() == number).collect()
    }
}

fn value(name: &str) -> String {
    format!("{{{name}}}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_variant_has_its_example() {
        let variants = include_str!("../error.rs").matches("\n    #[error(").count();
        let examples = ProtocolError::examples();
        let distinct: HashSet<_> = examples.iter().map(std::mem::discriminant).collect();
        assert_eq!((examples.len(), distinct.len()), (variants, variants));
    }

    #[test]
    fn a_number_is_found_with_all_its_causes() {
        assert_eq!(ProtocolError::with_number(70_008), [ProtocolError::CodeExpired]);
        assert_eq!(ProtocolError::with_number(70_000).len(), 2);
        assert!(ProtocolError::with_number(1).is_empty());
    }
}
