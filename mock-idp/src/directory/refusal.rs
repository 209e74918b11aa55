//! Why the directory refuses a change.

use super::{EditError, validation::Problem};

/// Why the directory refuses a change, one variant per cause. `Display` is the sentence that Graph and the portal show; the wording
/// follows Microsoft Graph where a recorded answer is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No object has this id.
    #[error("Resource '{0}' does not exist or one of its queried reference-property objects are not present.")]
    NotFound(String),
    /// A property breaks a rule.
    #[error("{problem}")]
    Invalid {
        /// The property, for example `web.redirectUris`.
        property: &'static str,
        /// The rule.
        problem: Problem,
    },
    /// A property that is given once, or by the service.
    #[error("Property '{0}' is read-only and cannot be set.")]
    ReadOnly(&'static str),
    /// A role or scope that is still enabled is taken away. Graph's code is `CannotDeleteOrUpdateEnabledEntitlement`.
    #[error("Permission (scope or role) cannot be deleted or updated unless disabled first.")]
    EnabledEntitlement {
        /// `appRoles` or `api.oauth2PermissionScopes`.
        property: &'static str,
    },
    /// Another application of the tenant has this identifier URI.
    #[error("Another object with the same value for property identifierUris already exists: '{0}'.")]
    IdentifierUriTaken(String),
    /// There is an enterprise app of this client id already.
    #[error("The service principal cannot be created, updated, or restored because the service principal name {0} is already in use.")]
    ServicePrincipalExists(String),
    /// No application of any tenant known here has this client id.
    #[error("The appId '{0}' of the service principal does not reference a valid application object.")]
    NoBackingApplication(String),
    /// Microsoft Graph's own service principal cannot be taken out of a tenant.
    #[error("The service principal of Microsoft Graph cannot be changed or deleted.")]
    BuiltIn,
    /// The principal holds this role already.
    #[error("Permission being assigned already exists on the object.")]
    AlreadyAssigned,
    /// The application does not define the role, or the role is disabled.
    #[error("Permission being assigned was not found on application '{0}'.")]
    RoleNotFound(String),
    /// Default access is for applications without roles.
    #[error("The application defines app roles, so one of them must be assigned. Default access is for applications without roles.")]
    RoleNeeded,
    /// The role is for users and groups, or for applications, and the principal is the other.
    #[error("The app role does not allow members of the type {0}.")]
    MemberTypeNotAllowed(&'static str),
    /// The application has no secret with this id.
    #[error("No password credential found with keyId '{0}'.")]
    UnknownKey(String),
    /// There is a grant for this client, resource and principal already.
    #[error("Permission entry already exists.")]
    GrantExists,
    /// A scope that the resource does not define.
    #[error("The resource does not define the delegated permission '{0}'.")]
    ScopeNotFound(String),
    /// A property that must have a value.
    #[error("A value is required for property '{property}' of resource '{resource}'.")]
    ValueNeeded {
        /// The type, for example `User`.
        resource: &'static str,
        /// The property.
        property: &'static str,
    },
    /// A sign-in name in a domain that the tenant does not have.
    #[error(
        "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization."
    )]
    DomainNotVerified,
    /// Another user has the sign-in name.
    #[error("Another object with the same value for property userPrincipalName already exists.")]
    UserPrincipalNameTaken,
    /// A password that is too short or too simple.
    #[error("The specified password does not comply with password complexity requirements. Please provide a different password.")]
    WeakPassword,
    /// A member is added twice.
    #[error("One or more added object references already exist for the following modified properties: 'members'.")]
    AlreadyMember,
    /// An owner is added twice.
    #[error("One or more added object references already exist for the following modified properties: 'owners'.")]
    AlreadyOwner,
    /// The change could not be kept.
    #[error(transparent)]
    NotKept(#[from] EditError),
}

impl Refusal {
    /// A property that breaks a rule.
    pub fn invalid(property: &'static str, problem: Problem) -> Self {
        Self::Invalid { property, problem }
    }

    /// The property that is wrong, as Graph names it: `displayName`, `web.redirectUris`, `appRoles.value`.
    pub fn property(&self) -> Option<&'static str> {
        match self {
            Self::Invalid { property, .. } | Self::ReadOnly(property) | Self::EnabledEntitlement { property } => Some(property),
            Self::IdentifierUriTaken(_) => Some("identifierUris"),
            Self::AlreadyAssigned | Self::RoleNotFound(_) | Self::RoleNeeded | Self::MemberTypeNotAllowed(_) => Some("appRoleId"),
            Self::ServicePrincipalExists(_) | Self::NoBackingApplication(_) => Some("appId"),
            Self::ScopeNotFound(_) => Some("scope"),
            Self::AlreadyOwner => Some("owners"),
            Self::ValueNeeded { property, .. } => Some(property),
            Self::DomainNotVerified | Self::UserPrincipalNameTaken => Some("userPrincipalName"),
            Self::WeakPassword => Some("passwordProfile"),
            Self::AlreadyMember => Some("members"),
            Self::UnknownKey(_) => Some("keyId"),
            Self::NotFound(_) | Self::BuiltIn | Self::GrantExists | Self::NotKept(_) => None,
        }
    }
}
