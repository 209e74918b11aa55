//! What a tenant knows: people, groups, app registrations, roles, assignments and consent.
//!
//! [`Directory`] is one tenant, [`Tenants`] is all of them. Everything here is data and pure questions about it: no HTTP, no tokens.

pub mod application;
pub mod consent;
pub mod credential;
pub mod file;
pub mod group;
pub mod microsoft_graph;
pub mod organization;
pub mod password;
pub mod seed;
pub mod service_principal;
pub mod tenants;
pub mod user;

use crate::random::{Entropy, derived_bytes, derived_guid};
use application::{AppRole, Application};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use credential::PasswordCredential;
use group::Group;
use microsoft_graph::GRAPH_APP_ID;
use organization::Organization;
use serde_json::Map;
use service_principal::{AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal};
use user::User;

pub use tenants::Tenants;

/// One tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Directory {
    /// The tenant itself.
    pub organization: Organization,
    /// Its people.
    pub users: Vec<User>,
    /// Its groups.
    pub groups: Vec<Group>,
    /// The app registrations that it owns.
    pub applications: Vec<Application>,
    /// The apps that can be used in it. Microsoft Graph is always one of them.
    pub service_principals: Vec<ServicePrincipal>,
    /// Who holds which role.
    pub app_role_assignments: Vec<AppRoleAssignment>,
    /// Which app was granted which delegated permission.
    pub oauth2_permission_grants: Vec<OAuth2PermissionGrant>,
}

/// What registering an application gives: the values that its owner notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The application (client) id.
    pub app_id: String,
    /// The directory (tenant) id.
    pub tenant_id: String,
    /// The secret's value. Shown here once; the directory keeps a hash.
    pub client_secret: String,
    /// The secret's id, which is not a secret and not what an app sends.
    pub secret_id: String,
}

impl Directory {
    /// An empty tenant in which Microsoft Graph can be used.
    pub fn new(organization: Organization) -> Self {
        let mut directory = Self {
            organization,
            users: Vec::new(),
            groups: Vec::new(),
            applications: Vec::new(),
            service_principals: Vec::new(),
            app_role_assignments: Vec::new(),
            oauth2_permission_grants: Vec::new(),
        };
        directory.ensure_service_principal(GRAPH_APP_ID);
        directory
    }

    /// The tenant id, a GUID.
    pub fn tenant_id(&self) -> &str {
        &self.organization.id
    }

    /// Whether `name` names this tenant: its id or one of its domains, in any case.
    pub fn is_named(&self, name: &str) -> bool {
        let domain = |domain: &organization::VerifiedDomain| domain.name.eq_ignore_ascii_case(name);
        self.tenant_id().eq_ignore_ascii_case(name) || self.organization.verified_domains.iter().any(domain)
    }

    /// The user with this object id.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id.eq_ignore_ascii_case(id))
    }

    /// The user with this sign-in name, in any case.
    pub fn user_by_principal_name(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.user_principal_name.eq_ignore_ascii_case(name))
    }

    /// The application registered here with this client id.
    pub fn application(&self, app_id: &str) -> Option<&Application> {
        self.applications.iter().find(|application| application.app_id.eq_ignore_ascii_case(app_id))
    }

    /// The service principal of the application with this client id.
    pub fn service_principal(&self, app_id: &str) -> Option<&ServicePrincipal> {
        self.service_principals.iter().find(|principal| principal.app_id.eq_ignore_ascii_case(app_id))
    }

    /// The service principal of this application, made if there is none.
    pub fn ensure_service_principal(&mut self, app_id: &str) -> &ServicePrincipal {
        let position = self.service_principals.iter().position(|principal| principal.app_id.eq_ignore_ascii_case(app_id));
        let position = position.unwrap_or_else(|| {
            self.service_principals.push(ServicePrincipal {
                id: derived_guid(&[self.tenant_id(), "servicePrincipal", app_id]),
                app_id: app_id.to_owned(),
                app_role_assignment_required: false,
                account_enabled: true,
                other_properties: Map::new(),
            });
            self.service_principals.len() - 1
        });
        &self.service_principals[position]
    }

    /// Registers an application as the portal does: gives it its ids, a secret without an end and a service principal.
    pub fn register(&mut self, mut application: Application, entropy: &Entropy) -> Registration {
        application.id = entropy.guid();
        application.app_id = entropy.guid();
        for role in &mut application.app_roles {
            role.id = entropy.guid();
        }
        let registration = Registration {
            app_id: application.app_id.clone(),
            tenant_id: self.tenant_id().to_owned(),
            client_secret: entropy.client_secret(),
            secret_id: entropy.guid(),
        };
        application.password_credentials.push(PasswordCredential::of_secret(
            &registration.client_secret,
            registration.secret_id.clone(),
            None,
            entropy,
        ));
        self.applications.push(application);
        self.ensure_service_principal(&registration.app_id);
        registration
    }

    /// Assigns the role with this value of an application to a user, group or service principal (object id).
    ///
    /// # Errors
    /// [`UnknownAppRole`] if the application is not registered here or defines no such role.
    pub fn assign(&mut self, principal_id: &str, app_id: &str, role_value: &str) -> Result<(), UnknownAppRole> {
        let unknown = || UnknownAppRole { app_id: app_id.to_owned(), role_value: role_value.to_owned() };
        let role_id = self.application(app_id).and_then(|app| app.role_by_value(role_value)).ok_or_else(unknown)?.id.clone();
        let resource_id = self.ensure_service_principal(app_id).id.clone();
        self.add_assignment(principal_id, &resource_id, &role_id);
        Ok(())
    }

    /// Adds an assignment by ids, once.
    pub fn add_assignment(&mut self, principal_id: &str, resource_id: &str, app_role_id: &str) {
        let assignment = AppRoleAssignment {
            id: URL_SAFE_NO_PAD.encode(derived_bytes(&["appRoleAssignment", principal_id, resource_id, app_role_id])),
            principal_id: principal_id.to_owned(),
            resource_id: resource_id.to_owned(),
            app_role_id: app_role_id.to_owned(),
        };
        if !self.app_role_assignments.contains(&assignment) {
            self.app_role_assignments.push(assignment);
        }
    }

    /// Takes every assignment of `principal_id` to this application away.
    pub fn unassign(&mut self, principal_id: &str, app_id: &str) {
        let Some(resource_id) = self.service_principal(app_id).map(|principal| principal.id.clone()) else { return };
        self.app_role_assignments.retain(|it| it.principal_id != principal_id || it.resource_id != resource_id);
    }

    /// The groups of which `id` is a direct member.
    pub fn groups_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |group| group.members.iter().any(|member| member == id))
    }

    /// The values of the roles that a user or service principal holds on an application: assigned to it directly or to a
    /// group of which it is a direct member. In the order in which the application defines them, each once.
    ///
    /// A group inside a group gives nothing (Microsoft: "Assign users and groups to an application"), and a disabled
    /// role stays with those who already have it ("Add app roles to your application").
    pub fn role_values(&self, principal_id: &str, application: &Application) -> Vec<String> {
        let held = self.held_role_ids(principal_id, &application.app_id);
        let has = |role: &&AppRole| held.contains(&role.id.as_str());
        application.app_roles.iter().filter(has).filter_map(|role| role.value.clone()).collect()
    }

    /// The ids of the roles that a principal holds on the resource with this application id.
    pub fn held_role_ids<'a>(&'a self, principal_id: &str, resource_app_id: &str) -> Vec<&'a str> {
        let Some(resource) = self.service_principal(resource_app_id) else { return Vec::new() };
        let is_service_principal = self.service_principals.iter().any(|principal| principal.id == principal_id);
        let mut holders = vec![principal_id];
        // A service principal in a group gets no roles from it.
        if !is_service_principal {
            holders.extend(
                self.groups.iter().filter(|group| group.members.iter().any(|it| it == principal_id)).map(|group| group.id.as_str()),
            );
        }
        let held = |it: &&AppRoleAssignment| it.resource_id == resource.id && holders.contains(&it.principal_id.as_str());
        self.app_role_assignments.iter().filter(held).map(|it| it.app_role_id.as_str()).collect()
    }

    /// Whether a principal is assigned to an application at all, with a role or with default access.
    pub fn is_assigned(&self, principal_id: &str, app_id: &str) -> bool {
        !self.held_role_ids(principal_id, app_id).is_empty()
    }
}

/// An application that defines no such role, or none of that id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the application {app_id} defines no app role with the value '{role_value}'")]
pub struct UnknownAppRole {
    /// The application (client) id.
    pub app_id: String,
    /// The role that was asked for.
    pub role_value: String,
}
