//! What an application is in one tenant: Graph's `servicePrincipal`, `appRoleAssignment` and `oAuth2PermissionGrant`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::entries::{Entry, Index};

/// Graph's `servicePrincipal`: an application's instance in a tenant, where roles are assigned and consent is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePrincipal {
    /// The object id. It differs from the registration's.
    pub id: String,
    /// The application (client) id.
    pub app_id: String,
    /// Whether only assigned users may sign in.
    #[serde(default)]
    pub app_role_assignment_required: bool,
    /// Whether anybody may sign in at all.
    #[serde(default = "enabled")]
    pub account_enabled: bool,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

const fn enabled() -> bool {
    true
}

/// Graph's `appRoleAssignment`: a user, group or service principal holds a role of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRoleAssignment {
    /// The assignment's id.
    pub id: String,
    /// Object id of the user, group or service principal.
    pub principal_id: String,
    /// Object id of the resource's service principal.
    pub resource_id: String,
    /// The role's id; all zeros for default access.
    pub app_role_id: String,
    /// When the role was assigned; unknown for one that came from a directory file.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub created_date_time: Option<OffsetDateTime>,
}

/// For whom consent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsentType {
    /// An administrator consented for everybody.
    AllPrincipals,
    /// One user consented for herself.
    Principal,
}

/// Graph's `oAuth2PermissionGrant`: the delegated permissions that an app was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OAuth2PermissionGrant {
    /// The grant's id.
    pub id: String,
    /// Object id of the app's service principal.
    pub client_id: String,
    /// For whom.
    pub consent_type: ConsentType,
    /// The user, where one user consented.
    pub principal_id: Option<String>,
    /// Object id of the resource's service principal.
    pub resource_id: String,
    /// Scope names, separated by spaces.
    pub scope: String,
}

impl Entry for ServicePrincipal {
    const KIND: &'static str = "servicePrincipal";

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        vec![(Index::AppId, self.app_id.clone())]
    }
}

impl Entry for AppRoleAssignment {
    const KIND: &'static str = "appRoleAssignment";

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        vec![(Index::Principal, self.principal_id.clone()), (Index::Resource, self.resource_id.clone())]
    }
}

impl Entry for OAuth2PermissionGrant {
    const KIND: &'static str = "oAuth2PermissionGrant";

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        let principal = self.principal_id.iter().map(|id| (Index::Principal, id.clone()));
        principal.chain([(Index::Client, self.client_id.clone()), (Index::Resource, self.resource_id.clone())]).collect()
    }
}
