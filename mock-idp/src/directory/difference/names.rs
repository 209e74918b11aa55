//! How people call what a directory holds by id.

use std::collections::BTreeMap;

use super::EntryKind;
use crate::directory::{
    Directory,
    microsoft_graph::{self, GRAPH_APP_ID},
    service_principal::{AppRoleAssignment, OAuth2PermissionGrant, ServicePrincipal},
};

/// The names of two states of a tenant; where they differ, the new one counts.
pub(super) struct Names<'d> {
    states: [&'d Directory; 2],
}

impl<'d> Names<'d> {
    pub(super) fn of(old: &'d Directory, new: &'d Directory) -> Self {
        Self { states: [new, old] }
    }

    /// The first state in which `find` finds something.
    fn find<T>(&self, find: impl Fn(&'d Directory) -> Option<T>) -> Option<T> {
        self.states.into_iter().find_map(find)
    }

    /// An entry of this kind, by its object id.
    pub(super) fn of_entry(&self, kind: EntryKind, id: &str) -> String {
        match kind {
            EntryKind::Application => {
                let application = self.find(|state| state.applications.get(id));
                application.map_or_else(|| id.to_owned(), |it| format!("{} ({})", it.display_name, it.app_id))
            }
            _ => self.of_principal(id),
        }
    }

    /// A user, group or service principal, by its object id; the id itself if nobody has it.
    pub(super) fn of_principal(&self, id: &str) -> String {
        let user = |state: &'d Directory| state.users.get(id).map(|user| user.user_principal_name.clone());
        let group = |state: &'d Directory| state.groups.get(id).map(|group| group.display_name.clone());
        let service_principal = |state: &'d Directory| state.service_principals.get(id).map(|it| self.of_service_principal(it));
        self.find(|state| user(state).or_else(|| group(state)).or_else(|| service_principal(state))).unwrap_or_else(|| id.to_owned())
    }

    fn of_service_principal(&self, principal: &ServicePrincipal) -> String {
        if principal.app_id == GRAPH_APP_ID {
            return "Microsoft Graph".to_owned();
        }
        let registered = self.find(|state| state.application(&principal.app_id)).map(|application| application.display_name.clone());
        let own = || principal.other_properties.get("displayName").and_then(|name| name.as_str()).map(str::to_owned);
        registered.or_else(own).unwrap_or_else(|| principal.app_id.clone())
    }

    pub(super) fn of_assignment(&self, assignment: &AppRoleAssignment) -> String {
        let AppRoleAssignment { principal_id, resource_id, app_role_id, .. } = assignment;
        let role = self.of_role(resource_id, app_role_id);
        format!("{} holds {role} on {}", self.of_principal(principal_id), self.of_principal(resource_id))
    }

    /// The role's value, or its id if it has none or is defined in another tenant.
    fn of_role(&self, resource_id: &str, role_id: &str) -> String {
        if role_id.bytes().all(|it| it == b'0' || it == b'-') {
            return "default access".to_owned();
        }
        let app_id = self.find(|state| state.service_principals.get(resource_id)).map(|principal| principal.app_id.as_str());
        let of_graph = || microsoft_graph::APPLICATION.iter().find(|role| role.id == role_id).map(|role| role.value.to_owned());
        let defined = || {
            let role = |state: &'d Directory| state.application(app_id?)?.app_roles.iter().find(|role| role.id == role_id);
            self.find(role).and_then(|role| role.value.clone())
        };
        let found = if app_id == Some(GRAPH_APP_ID) { of_graph() } else { defined() };
        found.unwrap_or_else(|| role_id.to_owned())
    }

    pub(super) fn of_grant(&self, grant: &OAuth2PermissionGrant) -> String {
        let OAuth2PermissionGrant { client_id, resource_id, principal_id, scope, .. } = grant;
        let for_whom = principal_id.as_deref().map_or("everybody".to_owned(), |id| self.of_principal(id));
        format!("{} may use {scope} of {} for {for_whom}", self.of_principal(client_id), self.of_principal(resource_id))
    }

    /// What tells one object of a list from the others, and how people call it.
    pub(super) fn of_member(&self, object: &serde_json::Map<String, serde_json::Value>) -> Option<(String, String)> {
        const KEYS: [&str; 4] = ["id", "keyId", "resourceAppId", "name"];
        const LABELS: [&str; 3] = ["value", "displayName", "name"];
        let text = |keys: &[&str]| keys.iter().find_map(|key| object.get(*key).and_then(|value| value.as_str())).map(str::to_owned);
        let key = text(&KEYS)?;
        let label = match text(&LABELS) {
            Some(label) => label,
            None if key == GRAPH_APP_ID => "Microsoft Graph".to_owned(),
            None => self.permission(&key).unwrap_or_else(|| key.clone()),
        };
        Some((key, label))
    }

    /// The name of a permission of Microsoft Graph.
    fn permission(&self, id: &str) -> Option<String> {
        let delegated = microsoft_graph::DELEGATED.iter().map(|scope| (scope.id, scope.value));
        let application = microsoft_graph::APPLICATION.iter().map(|role| (role.id, role.value));
        let all: BTreeMap<&str, &str> = delegated.chain(application).collect();
        all.get(id).map(|value| (*value).to_owned())
    }
}
