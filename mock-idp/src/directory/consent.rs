//! Consent: which delegated permissions an app holds, and recording more of them.
//! Source: Microsoft identity platform, "Overview of permissions and consent"; Graph v1.0 "oAuth2PermissionGrant".

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Directory,
    entries::Index,
    service_principal::{ConsentType, OAuth2PermissionGrant},
};
use crate::random::derived_bytes;

impl Directory {
    /// The scopes of `resource_app_id` that `app_id` was granted for this user, by the user or by an administrator.
    pub fn granted_scopes(&self, app_id: &str, user_id: &str, resource_app_id: &str) -> Vec<String> {
        let (Some(client), Some(resource)) = (self.service_principal(app_id), self.service_principal(resource_app_id)) else {
            return Vec::new();
        };
        let mut scopes: Vec<String> = Vec::new();
        for grant in self.oauth2_permission_grants.by(Index::Client, &client.id) {
            let covers_user = grant.consent_type == ConsentType::AllPrincipals || grant.principal_id.as_deref() == Some(user_id);
            if grant.resource_id == resource.id && covers_user {
                scopes.extend(grant.scope.split_whitespace().map(str::to_owned));
            }
        }
        scopes.sort();
        scopes.dedup();
        scopes
    }

    /// Grants scopes of a resource to an app: to `principal_id`, or to everybody if that is `None`.
    pub fn grant_consent(&mut self, app_id: &str, principal_id: Option<&str>, resource_app_id: &str, scopes: &[String]) {
        let client_id = self.ensure_service_principal(app_id).id.clone();
        let resource_id = self.ensure_service_principal(resource_app_id).id.clone();
        let is_same = |grant: &&OAuth2PermissionGrant| grant.resource_id == resource_id && grant.principal_id.as_deref() == principal_id;
        let existing = self.oauth2_permission_grants.by(Index::Client, &client_id).find(is_same).map(|grant| grant.id.clone());
        match existing {
            Some(id) => self.oauth2_permission_grants.edit(&id, |grant| {
                let mut union: Vec<&str> = grant.scope.split_whitespace().collect();
                for scope in scopes {
                    if !union.contains(&scope.as_str()) {
                        union.push(scope);
                    }
                }
                grant.scope = union.join(" ");
            }),
            None => Some(self.oauth2_permission_grants.push(OAuth2PermissionGrant {
                id: URL_SAFE_NO_PAD.encode(derived_bytes(&["oauth2PermissionGrant", &client_id, &resource_id, principal_id.unwrap_or("")])),
                client_id,
                consent_type: if principal_id.is_some() { ConsentType::Principal } else { ConsentType::AllPrincipals },
                principal_id: principal_id.map(str::to_owned),
                resource_id,
                scope: scopes.join(" "),
            })),
        };
    }
}
