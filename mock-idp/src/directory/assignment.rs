//! Service principals and the assignment of app roles to users, groups and other service principals.
//! Sources: Microsoft Graph v1.0, "Create servicePrincipal", "Grant an appRoleAssignment for a service principal"; Microsoft Entra,
//! "Assign users and groups to an application".

use time::OffsetDateTime;

use super::{
    Directory,
    application::{Application, SignInAudience},
    entries::Index,
    microsoft_graph::{self, GRAPH_APP_ID},
    refusal::Refusal,
    service_principal::{AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal},
    validation::limits,
};
use crate::random::is_guid;

/// The role id of an assignment without a role ("default access"). Graph v1.0, "appRoleAssignment resource type".
pub const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// What can hold a role, as `principalType` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalType {
    /// A person.
    User,
    /// All direct members of a group.
    Group,
    /// An application.
    ServicePrincipal,
}

impl PrincipalType {
    /// The name in Graph.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::ServicePrincipal => "ServicePrincipal",
        }
    }

    /// The word of `allowedMemberTypes` that lets it in. A group holds the role for its members, so it counts as `User`.
    pub const fn member_type(self) -> &'static str {
        match self {
            Self::User | Self::Group => "User",
            Self::ServicePrincipal => "Application",
        }
    }
}

impl Directory {
    /// What kind of principal has this object id.
    pub fn principal_type(&self, id: &str) -> Option<PrincipalType> {
        if self.user(id).is_some() {
            Some(PrincipalType::User)
        } else if self.groups.get(id).is_some() {
            Some(PrincipalType::Group)
        } else {
            self.service_principals.get(id).map(|_| PrincipalType::ServicePrincipal)
        }
    }

    /// Whether there is a user, group or service principal with this object id.
    pub(super) fn has_principal(&self, id: &str) -> bool {
        self.principal_type(id).is_some()
    }

    /// The service principal with this object id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn service_principal_by_id(&self, id: &str) -> Result<&ServicePrincipal, Refusal> {
        self.service_principals.get(id).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    /// Makes the service principal of an application: one of this tenant, or one of another tenant (`foreign`) that is open to others.
    ///
    /// # Errors
    /// [`Refusal::ServicePrincipalExists`], [`Refusal::NoBackingApplication`].
    pub fn create_service_principal(&mut self, app_id: &str, foreign: Option<&Application>) -> Result<ServicePrincipal, Refusal> {
        if self.service_principal(app_id).is_some() {
            return Err(Refusal::ServicePrincipalExists(app_id.to_owned()));
        }
        let is_open = |application: &&Application| application.sign_in_audience != SignInAudience::AzureADMyOrg;
        let backing = self.application(app_id).or(foreign.filter(is_open)).map(|application| application.app_id.clone());
        let app_id = backing.ok_or_else(|| Refusal::NoBackingApplication(app_id.to_owned()))?;
        Ok(self.ensure_service_principal(&app_id).clone())
    }

    /// Changes a service principal.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::ReadOnly`] for its ids; [`Refusal::Invalid`] for tags and notes; [`Refusal::BuiltIn`].
    pub fn update_service_principal(&mut self, id: &str, change: impl FnOnce(&mut ServicePrincipal)) -> Result<ServicePrincipal, Refusal> {
        let old = self.service_principal_by_id(id)?;
        let mut new = old.clone();
        change(&mut new);
        if old.id != new.id {
            return Err(Refusal::ReadOnly("id"));
        }
        if old.app_id != new.app_id {
            return Err(Refusal::ReadOnly("appId"));
        }
        if old.app_id == GRAPH_APP_ID && *old != new {
            return Err(Refusal::BuiltIn);
        }
        let text = |name: &str| new.other_properties.get(name).and_then(serde_json::Value::as_str);
        let notes = text("notes").and_then(limits::notes_problem).map(|problem| Refusal::invalid("notes", problem));
        let tags = new.other_properties.get("tags").and_then(serde_json::Value::as_array).into_iter().flatten();
        let tags: Vec<&str> = tags.filter_map(serde_json::Value::as_str).collect();
        let tags = limits::tags_problem(&tags).map(|problem| Refusal::invalid("tags", problem));
        notes.or(tags).map_or(Ok(()), Err)?;
        self.service_principals.edit(id, |principal| *principal = new.clone());
        Ok(new)
    }

    /// Deletes a service principal, with its assignments, consents and memberships. The registration stays.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::BuiltIn`].
    pub fn delete_service_principal(&mut self, id: &str) -> Result<(), Refusal> {
        let principal = self.service_principal_by_id(id)?;
        if principal.app_id == GRAPH_APP_ID {
            return Err(Refusal::BuiltIn);
        }
        let id = principal.id.clone();
        self.take_out_service_principal(&id);
        Ok(())
    }

    /// Takes a service principal out, with all that hangs on it.
    pub(super) fn take_out_service_principal(
        &mut self,
        id: &str,
    ) -> (Option<ServicePrincipal>, Vec<AppRoleAssignment>, Vec<OAuth2PermissionGrant>) {
        let principal = self.service_principals.remove(id);
        let of = |index| self.app_role_assignments.by(index, id).map(|it| it.id.clone()).collect::<Vec<_>>();
        let ids = [of(Index::Principal), of(Index::Resource)].concat();
        let assignments = ids.iter().filter_map(|id| self.app_role_assignments.remove(id)).collect();
        let of = |index| self.oauth2_permission_grants.by(index, id).map(|it| it.id.clone()).collect::<Vec<_>>();
        let ids = [of(Index::Client), of(Index::Resource)].concat();
        let grants = ids.iter().filter_map(|id| self.oauth2_permission_grants.remove(id)).collect();
        let groups: Vec<String> = self.groups_of(id).map(|group| group.id.clone()).collect();
        for group in groups {
            self.groups.edit(&group, |group| group.members.retain(|member| member != id));
        }
        (principal, assignments, grants)
    }

    /// Assigns a role of a resource (its service principal's object id) to a user, group or service principal.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for principal or resource, [`Refusal::RoleNotFound`] for a role that is not defined or is disabled,
    /// [`Refusal::RoleNeeded`], [`Refusal::MemberTypeNotAllowed`], [`Refusal::AlreadyAssigned`].
    pub fn assign_app_role(
        &mut self,
        principal_id: &str,
        resource_id: &str,
        app_role_id: &str,
        now: OffsetDateTime,
    ) -> Result<AppRoleAssignment, Refusal> {
        let resource = self.service_principal_by_id(resource_id)?;
        let (resource_id, resource_app_id) = (resource.id.clone(), resource.app_id.clone());
        let kind = self.principal_type(principal_id).ok_or_else(|| Refusal::NotFound(principal_id.to_owned()))?;
        let principal_id = principal_id.to_ascii_lowercase();
        let app_role_id = app_role_id.to_ascii_lowercase();
        self.judge_role(&resource_app_id, &app_role_id, kind)?;
        if !self.add_assignment(&principal_id, &resource_id, &app_role_id, Some(now)) {
            return Err(Refusal::AlreadyAssigned);
        }
        let held = self.app_role_assignments.by(Index::Principal, &principal_id);
        let mut new = held.filter(|it| it.resource_id == resource_id && it.app_role_id == app_role_id);
        Ok(new.next().expect("it was added just now").clone())
    }

    fn judge_role(&self, resource_app_id: &str, app_role_id: &str, kind: PrincipalType) -> Result<(), Refusal> {
        let not_found = || Refusal::RoleNotFound(resource_app_id.to_owned());
        let allowed = |yes: bool| if yes { Ok(()) } else { Err(Refusal::MemberTypeNotAllowed(kind.name())) };
        if resource_app_id == GRAPH_APP_ID {
            let known = microsoft_graph::APPLICATION.iter().any(|role| role.id == app_role_id);
            return if known { allowed(kind == PrincipalType::ServicePrincipal) } else { Err(not_found()) };
        }
        let Some(application) = self.application(resource_app_id) else {
            // Another tenant's application: its roles are known there only.
            return if is_guid(app_role_id) { Ok(()) } else { Err(not_found()) };
        };
        if app_role_id == DEFAULT_ACCESS {
            return if application.app_roles.is_empty() { Ok(()) } else { Err(Refusal::RoleNeeded) };
        }
        let role = application.app_roles.iter().find(|role| role.id.eq_ignore_ascii_case(app_role_id) && role.is_enabled);
        allowed(role.ok_or_else(not_found)?.allowed_member_types.iter().any(|it| it == kind.member_type()))
    }

    /// Takes an assignment away.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn remove_app_role_assignment(&mut self, id: &str) -> Result<(), Refusal> {
        self.app_role_assignments.remove(id).map(drop).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    pub(super) fn drop_assignments_of_role(&mut self, app_id: &str, role_id: &str) {
        let Some(resource_id) = self.service_principal(app_id).map(|principal| principal.id.clone()) else { return };
        let held = self.app_role_assignments.by(Index::Resource, &resource_id).filter(|it| it.app_role_id == role_id);
        for id in held.map(|it| it.id.clone()).collect::<Vec<_>>() {
            self.app_role_assignments.remove(&id);
        }
    }
}
