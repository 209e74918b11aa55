//! What was deleted and can be restored for 30 days: Graph's `/directory/deletedItems`.
//! Source: Microsoft Graph v1.0 "deletedItems (directory)"; Microsoft Entra, "Restore or remove a recently deleted application".

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{
    application::Application,
    entries::{Entry, Index},
    service_principal::{AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal},
};

/// How long a deleted object can be restored.
pub const KEPT: Duration = Duration::days(30);

/// An app registration that was deleted, with what went with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedApplication {
    /// The registration.
    pub application: Application,
    /// Its service principal, if there was one.
    pub service_principal: Option<ServicePrincipal>,
    /// The assignments to its roles.
    pub app_role_assignments: Vec<AppRoleAssignment>,
    /// What it was granted, and what others were granted on it.
    pub oauth2_permission_grants: Vec<OAuth2PermissionGrant>,
    /// When it was deleted.
    #[serde(with = "time::serde::rfc3339")]
    pub deleted_date_time: OffsetDateTime,
}

impl DeletedApplication {
    /// Whether it can still be restored at `now`.
    pub fn is_restorable(&self, now: OffsetDateTime) -> bool {
        now < self.deleted_date_time + KEPT
    }
}

impl Entry for DeletedApplication {
    const KIND: &'static str = "deletedApplication";

    fn id(&self) -> &str {
        &self.application.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        vec![(Index::AppId, self.application.app_id.clone())]
    }
}
