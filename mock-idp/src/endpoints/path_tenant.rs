//! The first segment of every protocol path: a tenant id, a verified domain, `common`, `organizations` or `consumers`.
//! Source: Microsoft identity platform, "OpenID Connect", section on the tenant value.

use std::sync::Arc;

use crate::{
    directory::{Directory, Tenants, application::Application, application::SignInAudience, first_party},
    oauth::error::ProtocolError,
    random::is_guid,
};

/// Where an account may come from.
#[derive(Debug, Clone)]
pub enum PathTenant {
    /// One tenant.
    Tenant(Arc<Directory>),
    /// Any account.
    Common,
    /// Accounts of any organization.
    Organizations,
    /// Personal accounts. The mock has none.
    Consumers,
}

/// The tenant of personal accounts.
const CONSUMERS_TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

impl PathTenant {
    /// Reads the path segment.
    ///
    /// # Errors
    /// [`ProtocolError::TenantNotFound`], or [`ProtocolError::MalformedTenant`] for text that is neither a GUID nor a name.
    pub fn resolve(segment: &str, tenants: &Tenants) -> Result<Self, ProtocolError> {
        match segment.to_ascii_lowercase().as_str() {
            "common" => Ok(Self::Common),
            "organizations" => Ok(Self::Organizations),
            "consumers" => Ok(Self::Consumers),
            _ => match tenants.find(segment) {
                Some(directory) => Ok(Self::Tenant(directory)),
                None if is_guid(segment) || segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) => {
                    Err(ProtocolError::TenantNotFound(segment.to_owned()))
                }
                None => Err(ProtocolError::MalformedTenant(segment.to_owned())),
            },
        }
    }

    /// The segment as it stands in URLs of answers: a tenant's id, or the word.
    pub fn segment(&self) -> &str {
        match self {
            Self::Tenant(directory) => directory.tenant_id(),
            Self::Common => "common",
            Self::Organizations => "organizations",
            Self::Consumers => "consumers",
        }
    }

    /// The tenant in the issuer: for `common` and `organizations` it is a template with literal braces.
    pub fn issuer_segment(&self) -> &str {
        match self {
            Self::Tenant(directory) => directory.tenant_id(),
            Self::Common | Self::Organizations => "{tenantid}",
            Self::Consumers => CONSUMERS_TENANT,
        }
    }

    /// The name of the tenant for error texts.
    pub fn name(&self) -> &str {
        match self {
            Self::Tenant(directory) => &directory.organization.display_name,
            other => other.segment(),
        }
    }

    /// The one tenant, if the path names one.
    pub fn directory(&self) -> Option<&Arc<Directory>> {
        match self {
            Self::Tenant(directory) => Some(directory),
            _ => None,
        }
    }

    /// The application with this client id, as it can be used here: registered in this tenant, or multi-tenant and registered in another,
    /// or the provider's own.
    ///
    /// # Errors
    /// [`ProtocolError::ApplicationNotFound`], [`ProtocolError::EmptyClientId`], [`ProtocolError::SingleTenantApplication`]
    /// at `common` and the like.
    pub fn application(&self, client_id: &str, tenants: &Tenants) -> Result<Application, ProtocolError> {
        if client_id == "00000000-0000-0000-0000-000000000000" {
            return Err(ProtocolError::EmptyClientId(client_id.to_owned()));
        }
        if let Some(first_party) = first_party::application(client_id) {
            return Ok(first_party);
        }
        let not_found = || ProtocolError::ApplicationNotFound { client_id: client_id.to_owned(), tenant: self.name().to_owned() };
        let home = tenants.home_of(client_id).ok_or_else(not_found)?;
        let application = home.application(client_id).ok_or_else(not_found)?;
        let single = application.sign_in_audience == SignInAudience::AzureADMyOrg;
        match self.directory() {
            Some(directory) if single && directory.tenant_id() != home.tenant_id() => Err(not_found()),
            None if single => Err(ProtocolError::SingleTenantApplication {
                client_id: application.app_id.clone(),
                name: application.display_name.clone(),
            }),
            _ => Ok(application.clone()),
        }
    }
}
