//! What a tenant knows: people, groups, app registrations, roles, assignments and consent.
//!
//! [`Directory`] is one tenant, [`Tenants`] is all of them. Everything here is data and pure questions about it: no HTTP, no tokens.

pub mod application;
pub mod assignment;
mod beside;
pub mod consent;
pub mod credential;
pub mod deleted_item;
pub mod difference;
pub mod directory_role;
pub mod entries;
pub mod file;
pub mod first_party;
pub mod group;
pub mod membership;
pub mod microsoft_graph;
pub mod organization;
pub mod password;
pub mod people;
pub mod photo;
pub mod refusal;
pub mod registration;
pub mod seed;
pub mod service_principal;
pub mod tenant_role;
pub mod tenants;
pub mod turn;
pub mod user;
pub mod validation;

use crate::random::{Entropy, derived_bytes, derived_guid};
use application::{AppRole, Application};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use credential::PasswordCredential;
use deleted_item::DeletedApplication;
use entries::{Change, Entries, Entry, Index};
use group::Group;
use microsoft_graph::GRAPH_APP_ID;
use organization::Organization;
use photo::ProfilePhoto;
use serde_json::Map;
use service_principal::{AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal};
use time::OffsetDateTime;
use user::User;

pub use tenants::{EditError, Journal, JournalError, TenantChanges, Tenants};

/// One tenant.
#[derive(Debug, Clone, PartialEq)]
pub struct Directory {
    /// The tenant itself.
    pub organization: Organization,
    /// Its people.
    pub users: Entries<User>,
    /// Its groups.
    pub groups: Entries<Group>,
    /// The app registrations that it owns.
    pub applications: Entries<Application>,
    /// The apps that can be used in it. Microsoft Graph is always one of them.
    pub service_principals: Entries<ServicePrincipal>,
    /// Who holds which role.
    pub app_role_assignments: Entries<AppRoleAssignment>,
    /// Which app was granted which delegated permission.
    pub oauth2_permission_grants: Entries<OAuth2PermissionGrant>,
    /// App registrations that were deleted and can be restored. No part of a directory file.
    pub deleted_applications: Entries<DeletedApplication>,
    /// Profile photos. No part of a directory file.
    pub photos: Entries<ProfilePhoto>,
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
            users: Entries::default(),
            groups: Entries::default(),
            applications: Entries::default(),
            service_principals: Entries::default(),
            app_role_assignments: Entries::default(),
            oauth2_permission_grants: Entries::default(),
            deleted_applications: Entries::default(),
            photos: Entries::default(),
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
        self.users.get(id)
    }

    /// The user with this sign-in name, in any case.
    pub fn user_by_principal_name(&self, name: &str) -> Option<&User> {
        self.users.by(Index::UserPrincipalName, name).next()
    }

    /// The application registered here with this client id.
    pub fn application(&self, app_id: &str) -> Option<&Application> {
        self.applications.by(Index::AppId, app_id).next()
    }

    /// The service principal of the application with this client id.
    pub fn service_principal(&self, app_id: &str) -> Option<&ServicePrincipal> {
        self.service_principals.by(Index::AppId, app_id).next()
    }

    /// The service principal of this application, made if there is none.
    pub fn ensure_service_principal(&mut self, app_id: &str) -> &ServicePrincipal {
        if self.service_principal(app_id).is_none() {
            self.service_principals.push(ServicePrincipal {
                id: derived_guid(&[self.tenant_id(), "servicePrincipal", app_id]),
                app_id: app_id.to_owned(),
                app_role_assignment_required: false,
                account_enabled: true,
                other_properties: Map::new(),
            });
        }
        self.service_principal(app_id).expect("there is one by now")
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
        self.add_assignment(principal_id, &resource_id, &role_id, None);
        Ok(())
    }

    /// Adds an assignment by ids, once; false if it is there already.
    pub fn add_assignment(
        &mut self,
        principal_id: &str,
        resource_id: &str,
        app_role_id: &str,
        created_date_time: Option<OffsetDateTime>,
    ) -> bool {
        let assignment = AppRoleAssignment {
            id: URL_SAFE_NO_PAD.encode(derived_bytes(&["appRoleAssignment", principal_id, resource_id, app_role_id])),
            principal_id: principal_id.to_owned(),
            resource_id: resource_id.to_owned(),
            app_role_id: app_role_id.to_owned(),
            created_date_time,
        };
        let is_new = self.app_role_assignments.get(&assignment.id).is_none();
        if is_new {
            self.app_role_assignments.push(assignment);
        }
        is_new
    }

    /// Takes every assignment of `principal_id` to this application away.
    pub fn unassign(&mut self, principal_id: &str, app_id: &str) {
        let Some(resource_id) = self.service_principal(app_id).map(|principal| principal.id.clone()) else { return };
        let held = self.app_role_assignments.by(Index::Principal, principal_id).filter(|it| it.resource_id == resource_id);
        for id in held.map(|it| it.id.clone()).collect::<Vec<_>>() {
            self.app_role_assignments.remove(&id);
        }
    }

    /// The groups of which `id` is a direct member.
    pub fn groups_of<'a>(&'a self, id: &str) -> impl Iterator<Item = &'a Group> {
        self.groups.by(Index::Member, id)
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
        let mut holders = vec![principal_id];
        // A service principal in a group gets no roles from it.
        if self.service_principals.get(principal_id).is_none() {
            holders.extend(self.groups_of(principal_id).map(|group| group.id.as_str()));
        }
        let assignments = holders.into_iter().flat_map(|holder| self.app_role_assignments.by(Index::Principal, holder));
        assignments.filter(|it| it.resource_id == resource.id).map(|it| it.app_role_id.as_str()).collect()
    }

    /// Whether a principal is assigned to an application at all, with a role or with default access.
    pub fn is_assigned(&self, principal_id: &str, app_id: &str) -> bool {
        !self.held_role_ids(principal_id, app_id).is_empty()
    }

    /// What changed in the lists since the last call, for the store.
    pub fn take_changes(&mut self) -> Vec<Change> {
        let mut changes = self.users.take_changes();
        changes.extend(self.groups.take_changes());
        changes.extend(self.applications.take_changes());
        changes.extend(self.service_principals.take_changes());
        changes.extend(self.app_role_assignments.take_changes());
        changes.extend(self.oauth2_permission_grants.take_changes());
        changes.extend(self.deleted_applications.take_changes());
        changes.extend(self.photos.take_changes());
        changes
    }

    /// All entries of all lists, for the store.
    pub fn all_entries(&self) -> Vec<Change> {
        let mut entries = self.users.all_entries();
        entries.extend(self.groups.all_entries());
        entries.extend(self.applications.all_entries());
        entries.extend(self.service_principals.all_entries());
        entries.extend(self.app_role_assignments.all_entries());
        entries.extend(self.oauth2_permission_grants.all_entries());
        entries.extend(self.deleted_applications.all_entries());
        entries.extend(self.photos.all_entries());
        entries
    }

    /// A tenant from what the store kept: kind, position and JSON of each entry.
    ///
    /// # Errors
    /// [`UnreadableEntry`] for the first entry that cannot be read, or whose kind this program does not know.
    pub fn restore(organization: Organization, entries: impl IntoIterator<Item = StoredEntry>) -> Result<Self, UnreadableEntry> {
        let mut directory = Self { service_principals: Entries::default(), ..Self::new(organization) };
        for StoredEntry { kind, position, json } in entries {
            let restored = match kind.as_str() {
                User::KIND => directory.users.restore(position, &json),
                Group::KIND => directory.groups.restore(position, &json),
                Application::KIND => directory.applications.restore(position, &json),
                ServicePrincipal::KIND => directory.service_principals.restore(position, &json),
                AppRoleAssignment::KIND => directory.app_role_assignments.restore(position, &json),
                OAuth2PermissionGrant::KIND => directory.oauth2_permission_grants.restore(position, &json),
                DeletedApplication::KIND => directory.deleted_applications.restore(position, &json),
                ProfilePhoto::KIND => directory.photos.restore(position, &json),
                _ => return Err(UnreadableEntry { kind, position, reason: "this program does not know the kind".to_owned() }),
            };
            restored.map_err(|error| UnreadableEntry { kind, position, reason: error.to_string() })?;
        }
        Ok(directory)
    }
}

/// An entry as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// [`entries::Entry::KIND`].
    pub kind: String,
    /// Its place among those of its kind.
    pub position: u64,
    /// The entry.
    pub json: Vec<u8>,
}

/// An entry of the store that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {kind} at position {position} cannot be read: {reason}")]
pub struct UnreadableEntry {
    /// The kind of entry.
    pub kind: String,
    /// Its place among those of its kind.
    pub position: u64,
    /// What is wrong.
    pub reason: String,
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
