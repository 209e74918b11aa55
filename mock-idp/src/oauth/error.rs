//! Every refusal of the protocol endpoints, with its AADSTS number, in one table.
//!
//! Sources: "Microsoft Entra authentication and authorization error codes" (reference-error-codes), the protocol pages of the
//! Microsoft identity platform, RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6. Microsoft warns that numbers and texts may
//! change: clients branch on `error`.

mod catalogue;
mod code;
mod place;

use axum::http::StatusCode;

pub use code::{OAuthErrorCode, SubError};
pub use place::Place;

/// Every refusal of the mock, one variant per cause. `Display` is the text after `AADSTSnnnnn: `.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each variant says what it is, and the fields are named in it")]
pub enum ProtocolError {
    // --- the shape of the request -------------------------------------------------------------------------------------
    #[error("The request body must contain the following parameter: '{0}'.")]
    MissingParameter(&'static str),
    #[error("Invalid request. Request is malformed or invalid. The parameter '{0}' is given more than once.")]
    RepeatedParameter(&'static str),
    #[error("Invalid request. Request is malformed or invalid. {0}")]
    MalformedRequest(String),
    #[error("The query string is too long.")]
    QueryStringTooLong,
    #[error("The '{endpoint}' endpoint only accepts POST requests. Received a {method} request.")]
    OnlyPost { endpoint: &'static str, method: String },
    #[error("The provided request must include a '{name}' input parameter with a supported value; '{value}' is not one.")]
    UnsupportedValue { name: &'static str, value: String },
    // --- tenant and application ---------------------------------------------------------------------------------------
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    )]
    TenantNotFound(String),
    #[error(
        "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
    )]
    TenantNotFoundInDiscovery(String),
    #[error("Specified tenant identifier '{0}' is neither a valid DNS name, nor a valid external domain.")]
    MalformedTenant(String),
    #[error(
        "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
    )]
    ApplicationNotFound { client_id: String, tenant: String },
    #[error("Unknown or invalid instance.")]
    UnknownInstance,
    #[error("The discovery request is malformed: 'authorization_endpoint' is not the URL of an authorization endpoint.")]
    MalformedInstance,
    #[error("'{0}' is not a valid application identifier.")]
    EmptyClientId(String),
    #[error(
        "The client application {client_id} is missing service principal in the tenant {tenant}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119"
    )]
    MissingServicePrincipal { client_id: String, tenant: String },
    #[error("Application '{client_id}'({name}) is disabled.")]
    ApplicationDisabled { client_id: String, name: String },
    #[error(
        "Application '{client_id}'({name}) is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such applications created after '10/15/2018'. Use a tenant-specific endpoint or configure the application to be multi-tenant."
    )]
    SingleTenantApplication { client_id: String, name: String },
    // --- /authorize ---------------------------------------------------------------------------------------------------
    #[error(
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the application '{client_id}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal. Navigate to https://aka.ms/redirectUriMismatchError to learn more about how to troubleshoot this error."
    )]
    RedirectUriMismatch { redirect_uri: String, client_id: String },
    #[error("No reply address is registered for the application.")]
    NoReplyAddress,
    #[error("The response type '{0}' is not supported.")]
    UnsupportedResponseType(String),
    #[error("response_type 'id_token' is not enabled for the application.")]
    IdTokenNotEnabled,
    #[error("response_type 'token' is not enabled for the application.")]
    TokenNotEnabled,
    #[error("'{0}' is not a supported value of 'response_mode' when requesting a token.")]
    ResponseModeNotSupported(String),
    #[error("The size of the code_challenge parameter is not valid.")]
    InvalidCodeChallenge,
    #[error("The code_challenge_method '{0}' is not valid.")]
    InvalidCodeChallengeMethod(String),
    #[error("Proof Key for Code Exchange is required for cross-origin authorization code redemption.")]
    CodeChallengeRequired,
    #[error("Invalid request. Request is malformed or invalid. 'login_hint' can't be used together with the prompt 'select_account'.")]
    HintWithSelectAccount,
    #[error("A silent sign-in request was sent but no user is signed in.")]
    LoginRequired,
    #[error("Either multiple user identities are available for the current request or selected account is not supported for the scenario.")]
    SeveralAccounts,
    #[error(
        "The user or administrator has not consented to use the application with ID '{client_id}' named '{name}'. Send an interactive authorization request for this user and resource."
    )]
    InteractiveConsentRequired { client_id: String, name: String },
    #[error("User declined to consent to access the app.")]
    ConsentDeclined,
    #[error(
        "An administrator of {tenant} has set a policy that prevents you from granting {name} the permissions it is requesting. Contact an administrator of {tenant} who can grant permissions to this application on your behalf."
    )]
    AdministratorConsentRequired { tenant: String, name: String },
    #[error("The service is temporarily unable to answer. Please try again later.")]
    ServerError,
    #[error("A transient error has occurred. Please try again.")]
    TemporarilyUnavailable,
    // --- people -------------------------------------------------------------------------------------------------------
    #[error(
        "User account '{user}' from identity provider '{identity_provider}' does not exist in tenant '{tenant}' and cannot access the application '{client_id}'({name}) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account."
    )]
    UserNotInTenant { user: String, identity_provider: String, tenant: String, client_id: String, name: String },
    #[error(
        "The user account {user} does not exist in the {tenant} directory. To sign into this application, the account must be added to the directory."
    )]
    UserUnknown { user: String, tenant: String },
    #[error("Invalid or null password: password does not exist in the directory for this user.")]
    UserWithoutPassword,
    #[error("The user account is disabled.")]
    UserDisabled,
    #[error("Error validating credentials due to invalid username or password.")]
    WrongPassword,
    #[error(
        "Your administrator has configured the application {name} ('{client_id}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '{user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application."
    )]
    UserNotAssigned { name: String, client_id: String, user: String },
    // --- scopes and resources -----------------------------------------------------------------------------------------
    #[error("The provided value for the input parameter 'scope' is not valid. The scope '{0}' is not valid.")]
    InvalidScope(String),
    #[error(
        "The provided value for the input parameter 'scope' is not valid. One or more scopes in '{0}' are not compatible with each other."
    )]
    IncompatibleScopes(String),
    #[error(
        "The provided value for scope {0} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI)."
    )]
    ScopeWithoutDotDefault(String),
    #[error(
        "Provided value for the input parameter scope '{0}' is not valid because it contains more than one resource. Scopes from one resource can be requested at a time."
    )]
    SeveralResources(String),
    #[error(
        "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
    )]
    UnknownResource { resource: String, tenant: String },
    #[error(
        "The application '{client_id}' asked for scope '{scope}' that doesn't exist on the resource '{resource}'. Contact the app vendor."
    )]
    UnknownScope { client_id: String, scope: String, resource: String },
    #[error("The resource '{resource}' of the parameter 'resource' does not match the resource of the requested scopes.")]
    ResourceMismatch { resource: String },
    #[error(
        "Application '{client_id}'({name}) is requesting a token for itself. This scenario is supported only if resource is specified using the GUID based App Identifier."
    )]
    TokenForItself { client_id: String, name: String },
    #[error(
        "Consent between first party application '{client_id}'({name}) and resource '{resource}' must be configured via preauthorization. A user cannot grant it."
    )]
    NotPreAuthorized { client_id: String, name: String, resource: String },
    // --- /token: the client -------------------------------------------------------------------------------------------
    #[error("The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")]
    CredentialMissing,
    #[error(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'."
    )]
    InvalidClientSecret(String),
    #[error("The provided client secret keys for app '{0}' are expired. Visit the Azure portal to create new keys for your app.")]
    ExpiredClientSecret(String),
    #[error("Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")]
    PublicClientWithCredential,
    #[error("The certificate used to sign the client assertion is not registered on application. The key was not found.")]
    ClientAssertionKeyNotFound,
    #[error("Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: '{0}'.")]
    CrossOriginNotAllowed(String),
    #[error("Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.")]
    OnlyCrossOrigin,
    // --- /token: the grant --------------------------------------------------------------------------------------------
    #[error("The app requested an unsupported grant type '{0}'.")]
    UnsupportedGrantType(String),
    #[error(
        "The app requested an unsupported grant type '{0}'. The Microsoft identity platform knows this grant type, this mock does not implement it yet."
    )]
    GrantNotImplemented(String),
    #[error("This mock does not implement {0} yet.")]
    NotImplemented(&'static str),
    #[error(
        "The grant type '{0}' is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint."
    )]
    GrantNotSupportedAtCommon(String),
    #[error("Invalid request. Request is malformed or invalid.")]
    MalformedGrant,
    #[error("The provided value for the 'code' parameter is not valid.")]
    UnknownCode,
    #[error("The provided authorization code is intended to be used with a different application or tenant, thus it is not valid here.")]
    CodeOfAnotherTenant,
    #[error("OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")]
    CodeAlreadyRedeemed,
    #[error(
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource."
    )]
    CodeExpired,
    #[error("The reply address '{presented}' does not match the reply address '{expected}' provided when requesting Authorization code.")]
    RedirectUriDiffers { presented: String, expected: String },
    #[error("The Code_Verifier does not match the code_challenge supplied in the authorization request.")]
    CodeVerifierMismatch,
    #[error("The provided value for the 'refresh_token' parameter is not valid.")]
    UnknownRefreshToken,
    #[error("The refresh token has expired due to inactivity. The token was issued on {issued} and was inactive for 90.00:00:00.")]
    RefreshTokenExpired { issued: String },
    #[error(
        "The refresh token was issued to a single page app (SPA), and therefore has a fixed, limited lifetime of 1.00:00:00, which cannot be extended. It is now expired and a new sign in request must be sent by the SPA to the sign in page. The token was issued on {issued}."
    )]
    SinglePageRefreshTokenExpired { issued: String },
    #[error("The provided grant has expired due to it being revoked, a fresh auth token is needed.")]
    GrantRevoked,
    #[error(
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '{resource}'."
    )]
    SecondFactorRequired { resource: String },
    #[error(
        "The user or administrator has not consented to use the application with ID '{client_id}' named '{name}'. Send an interactive authorization request for this user and resource."
    )]
    ConsentMissing { client_id: String, name: String },
}

impl ProtocolError {
    /// OAuth error, AADSTS number and HTTP status. Add a variant and the compiler asks for its row: no `_` arm.
    /// The status is 400, but 401 for `invalid_client` (recorded from the service; RFC 6749 §5.2 allows both).
    pub const fn wire(&self) -> (OAuthErrorCode, u32, StatusCode) {
        use OAuthErrorCode as Code;
        let (code, number) = match self {
            Self::MissingParameter(_) => (Code::InvalidRequest, 900144),
            Self::RepeatedParameter(_) | Self::MalformedRequest(_) => (Code::InvalidRequest, 9002313),
            Self::QueryStringTooLong => (Code::InvalidRequest, 90015),
            Self::OnlyPost { .. } => return (Code::InvalidRequest, 900561, StatusCode::METHOD_NOT_ALLOWED),
            Self::UnsupportedValue { .. } => (Code::InvalidRequest, 90023),
            Self::TenantNotFound(_) => (Code::InvalidRequest, 90002),
            Self::TenantNotFoundInDiscovery(_) => (Code::InvalidTenant, 90002),
            Self::UnknownInstance => (Code::InvalidInstance, 50049),
            Self::MalformedInstance => (Code::InvalidRequest, 50050),
            Self::NotImplemented(_) => (Code::InvalidRequest, 9002313),
            Self::MalformedTenant(_) => (Code::InvalidRequest, 900023),
            Self::ApplicationNotFound { .. } => (Code::UnauthorizedClient, 700016),
            Self::EmptyClientId(_) => (Code::UnauthorizedClient, 700038),
            Self::MissingServicePrincipal { .. } => (Code::InvalidClient, 7000229),
            Self::ApplicationDisabled { .. } => (Code::UnauthorizedClient, 7000112),
            Self::SingleTenantApplication { .. } => (Code::InvalidRequest, 50194),
            Self::RedirectUriMismatch { .. } => (Code::InvalidRequest, 50011),
            Self::NoReplyAddress => (Code::InvalidRequest, 500113),
            Self::UnsupportedResponseType(_) => (Code::UnsupportedResponseType, 70005),
            Self::IdTokenNotEnabled => (Code::UnsupportedResponseType, 700054),
            Self::TokenNotEnabled => (Code::UnsupportedResponseType, 700051),
            Self::ResponseModeNotSupported(_) => (Code::InvalidRequest, 70007),
            Self::InvalidCodeChallenge => (Code::InvalidRequest, 50147),
            Self::InvalidCodeChallengeMethod(_) => (Code::InvalidRequest, 501491),
            Self::CodeChallengeRequired => (Code::InvalidRequest, 9002325),
            Self::HintWithSelectAccount => (Code::InvalidRequest, 9002313),
            Self::LoginRequired => (Code::LoginRequired, 50058),
            Self::SeveralAccounts => (Code::InteractionRequired, 16000),
            Self::InteractiveConsentRequired { .. } => (Code::ConsentRequired, 65001),
            Self::ConsentDeclined => (Code::AccessDenied, 65004),
            Self::AdministratorConsentRequired { .. } => (Code::AccessDenied, 90094),
            Self::ServerError => (Code::ServerError, 90033),
            Self::TemporarilyUnavailable => return (Code::TemporarilyUnavailable, 90024, StatusCode::SERVICE_UNAVAILABLE),
            Self::UserNotInTenant { .. } => (Code::InvalidRequest, 50020),
            Self::UserUnknown { .. } => (Code::InvalidGrant, 50034),
            Self::UserWithoutPassword => (Code::InvalidGrant, 50056),
            Self::UserDisabled => (Code::InvalidGrant, 50057),
            Self::WrongPassword => (Code::InvalidGrant, 50126),
            Self::UserNotAssigned { .. } => (Code::InvalidGrant, 50105),
            Self::InvalidScope(_) | Self::IncompatibleScopes(_) => (Code::InvalidScope, 70011),
            Self::ScopeWithoutDotDefault(_) => (Code::InvalidScope, 1002012),
            Self::SeveralResources(_) => (Code::InvalidScope, 28000),
            Self::UnknownResource { .. } => (Code::InvalidResource, 500011),
            Self::UnknownScope { .. } => return (Code::InvalidClient, 650053, StatusCode::BAD_REQUEST),
            Self::ResourceMismatch { .. } => (Code::InvalidResource, 9010010),
            Self::TokenForItself { .. } => (Code::InvalidRequest, 90009),
            Self::NotPreAuthorized { .. } => (Code::InvalidGrant, 65002),
            Self::CredentialMissing => (Code::InvalidClient, 7000218),
            Self::InvalidClientSecret(_) => (Code::InvalidClient, 7000215),
            Self::ExpiredClientSecret(_) => (Code::InvalidClient, 7000222),
            Self::PublicClientWithCredential => (Code::InvalidClient, 700025),
            Self::ClientAssertionKeyNotFound => (Code::InvalidClient, 700027),
            Self::CrossOriginNotAllowed(_) => (Code::InvalidRequest, 9002326),
            Self::OnlyCrossOrigin => (Code::InvalidRequest, 9002327),
            Self::UnsupportedGrantType(_) | Self::GrantNotImplemented(_) => (Code::UnsupportedGrantType, 70003),
            Self::GrantNotSupportedAtCommon(_) => (Code::InvalidRequest, 9001023),
            Self::MalformedGrant => (Code::InvalidGrant, 9002313),
            Self::UnknownCode | Self::UnknownRefreshToken => (Code::InvalidGrant, 70000),
            Self::CodeOfAnotherTenant => (Code::InvalidGrant, 700005),
            Self::CodeAlreadyRedeemed => (Code::InvalidGrant, 54005),
            Self::CodeExpired => (Code::InvalidGrant, 70008),
            Self::RedirectUriDiffers { .. } => (Code::InvalidClient, 500112),
            Self::CodeVerifierMismatch => (Code::InvalidGrant, 501481),
            Self::RefreshTokenExpired { .. } => (Code::InvalidGrant, 700082),
            Self::SinglePageRefreshTokenExpired { .. } => (Code::InvalidGrant, 700084),
            Self::GrantRevoked => (Code::InvalidGrant, 50173),
            Self::SecondFactorRequired { .. } => (Code::InteractionRequired, 50076),
            Self::ConsentMissing { .. } => (Code::InvalidGrant, 65001),
        };
        let status = match code {
            Code::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        (code, number, status)
    }

    /// The AADSTS number.
    pub const fn number(&self) -> u32 {
        self.wire().1
    }

    /// The `error` of a redirect to the app. What `/token` calls an invalid grant is there a user who must do something (OIDC Core §3.1.2.6).
    pub const fn code_at_authorize(&self) -> OAuthErrorCode {
        match self.wire().0 {
            OAuthErrorCode::InvalidGrant => OAuthErrorCode::InteractionRequired,
            code => code,
        }
    }

    /// The `suberror` member, where Entra sends one.
    pub const fn suberror(&self) -> Option<SubError> {
        match self {
            Self::MalformedGrant => Some(SubError::BadToken),
            Self::ConsentMissing { .. } => Some(SubError::ConsentRequired),
            Self::SecondFactorRequired { .. } => Some(SubError::BasicAction),
            _ => None,
        }
    }

    /// Whether Entra's look-up page knows the number, so that the answer carries `error_uri`.
    pub const fn has_look_up_page(&self) -> bool {
        matches!(self.number(), 7000215 | 7000229 | 500011 | 700016 | 700027 | 53003 | 90002)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unauthenticated_client_is_401_and_all_else_400() {
        assert_eq!(ProtocolError::CredentialMissing.wire(), (OAuthErrorCode::InvalidClient, 7000218, StatusCode::UNAUTHORIZED));
        assert_eq!(ProtocolError::CodeAlreadyRedeemed.wire(), (OAuthErrorCode::InvalidGrant, 54005, StatusCode::BAD_REQUEST));
    }

    #[test]
    fn the_names_in_json_and_in_redirects_are_the_same() {
        for code in [OAuthErrorCode::InvalidClient, OAuthErrorCode::LoginRequired, OAuthErrorCode::UnsupportedResponseType] {
            assert_eq!(serde_json::to_value(code).expect("a unit variant"), code.as_str());
        }
        for suberror in [SubError::BadToken, SubError::ConsentRequired, SubError::BasicAction] {
            assert_eq!(serde_json::to_value(suberror).expect("a unit variant"), suberror.as_str());
        }
    }
}
