//! Consent: which delegated permissions an app holds, and recording more of them.
//! Source: Microsoft identity platform, "Overview of permissions and consent"; Graph v1.0 "oAuth2PermissionGrant".

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Directory,
    entries::Index,
    first_party,
    microsoft_graph::{self, GRAPH_APP_ID},
    refusal::Refusal,
    service_principal::{ConsentType, OAuth2PermissionGrant},
};
use crate::random::derived_bytes;

/// Scopes of OpenID Connect, for which any sign-in may ask without a line in the registration.
const SIGN_IN_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

impl Directory {
    /// The scopes of `resource_app_id` that `app_id` was granted for this user, by the user or by an administrator, or
    /// holds without consent because the provider made it.
    pub fn granted_scopes(&self, app_id: &str, user_id: &str, resource_app_id: &str) -> Vec<String> {
        if first_party::is_first_party(app_id) {
            return first_party::pre_authorized_scopes(resource_app_id);
        }
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
            None => {
                self.add_grant(client_id, principal_id, resource_id, scopes.join(" "));
                Some(())
            }
        };
    }

    /// Grants a delegated permission to an app for everybody, as an administrator does. One of Microsoft Graph brings the scopes of a
    /// sign-in along, or people would still be asked.
    pub fn grant_tenant_wide_consent(&mut self, app_id: &str, resource_app_id: &str, scope: &str) {
        let of_sign_in = SIGN_IN_SCOPES.iter().filter(|_| resource_app_id.eq_ignore_ascii_case(GRAPH_APP_ID));
        let scopes: Vec<String> = of_sign_in.copied().chain([scope]).map(str::to_owned).collect();
        self.grant_consent(app_id, None, resource_app_id, &scopes);
    }

    /// Records delegated permissions of a client (its service principal's object id) for one user, or for everybody.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for client, resource or user; [`Refusal::ScopeNotFound`]; [`Refusal::GrantExists`].
    pub fn create_grant(
        &mut self,
        client_id: &str,
        principal_id: Option<&str>,
        resource_id: &str,
        scope: &str,
    ) -> Result<OAuth2PermissionGrant, Refusal> {
        let client = self.service_principal_by_id(client_id)?.id.clone();
        let resource = self.service_principal_by_id(resource_id)?.id.clone();
        let user = |id: &str| self.user(id).map(|user| user.id.clone()).ok_or_else(|| Refusal::NotFound(id.to_owned()));
        let principal = principal_id.map(user).transpose()?;
        let scope = self.known_scopes(&resource, scope)?;
        let is_same = |grant: &&OAuth2PermissionGrant| grant.resource_id == resource && grant.principal_id == principal;
        if self.oauth2_permission_grants.by(Index::Client, &client).any(|grant| is_same(&grant)) {
            return Err(Refusal::GrantExists);
        }
        Ok(self.add_grant(client, principal.as_deref(), resource, scope))
    }

    /// Puts `scope` in the place of what a grant holds.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::ScopeNotFound`].
    pub fn update_grant(&mut self, id: &str, scope: &str) -> Result<(), Refusal> {
        let not_found = || Refusal::NotFound(id.to_owned());
        let resource = self.oauth2_permission_grants.get(id).ok_or_else(not_found)?.resource_id.clone();
        let scope = self.known_scopes(&resource, scope)?;
        self.oauth2_permission_grants.edit(id, |grant| grant.scope = scope).ok_or_else(not_found)
    }

    /// Takes a grant away.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn delete_grant(&mut self, id: &str) -> Result<(), Refusal> {
        self.oauth2_permission_grants.remove(id).map(drop).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    fn add_grant(&mut self, client_id: String, principal_id: Option<&str>, resource_id: String, scope: String) -> OAuth2PermissionGrant {
        let grant = OAuth2PermissionGrant {
            id: URL_SAFE_NO_PAD.encode(derived_bytes(&["oauth2PermissionGrant", &client_id, &resource_id, principal_id.unwrap_or("")])),
            client_id,
            consent_type: if principal_id.is_some() { ConsentType::Principal } else { ConsentType::AllPrincipals },
            principal_id: principal_id.map(str::to_owned),
            resource_id,
            scope,
        };
        self.oauth2_permission_grants.push(grant.clone());
        grant
    }

    /// The scopes, each once, if the resource defines them all. Another tenant's API is known there only.
    fn known_scopes(&self, resource_id: &str, scope: &str) -> Result<String, Refusal> {
        let app_id = &self.service_principal_by_id(resource_id)?.app_id;
        let application = self.application(app_id);
        let is_known = |scope: &str| match application {
            _ if app_id == GRAPH_APP_ID => microsoft_graph::delegated(scope).is_some(),
            Some(application) => application.api.oauth2_permission_scopes.iter().any(|it| it.is_enabled && it.value == scope),
            None => true,
        };
        let mut scopes: Vec<&str> = Vec::new();
        for scope in scope.split_whitespace() {
            if !is_known(scope) {
                return Err(Refusal::ScopeNotFound(scope.to_owned()));
            }
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(scopes.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_is_made_once_for_scopes_that_the_resource_defines() {
        let mut directory = Directory::abc_insurance();
        let client = directory.ensure_service_principal("cf9e4f42-04fb-4856-93c7-0a70c92c2150").id.clone();
        let graph = directory.ensure_service_principal(GRAPH_APP_ID).id.clone();
        let grant = directory.create_grant(&client, None, &graph, " User.Read  openid User.Read").expect("Graph has both");
        assert_eq!((grant.scope.as_str(), grant.consent_type), ("User.Read openid", ConsentType::AllPrincipals));
        assert_eq!(directory.create_grant(&client, None, &graph, "openid"), Err(Refusal::GrantExists));
        let unknown = directory.create_grant(&client, Some("nobody"), &graph, "openid");
        assert_eq!(unknown, Err(Refusal::NotFound("nobody".to_owned())));
        assert_eq!(directory.update_grant(&grant.id, "User.Raed"), Err(Refusal::ScopeNotFound("User.Raed".to_owned())));
        assert_eq!(directory.update_grant(&grant.id, "profile"), Ok(()));
        assert_eq!(directory.oauth2_permission_grants[0].scope, "profile");
        assert_eq!((directory.delete_grant(&grant.id), directory.oauth2_permission_grants.len()), (Ok(()), 0));
        assert_eq!(directory.delete_grant(&grant.id), Err(Refusal::NotFound(grant.id)));
    }
}
