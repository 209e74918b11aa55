//! Names in a directory file: who is meant by an id, a user principal name, a group's name, a client id or a role's value.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    mistakes::Mistakes,
    reader::{Object, Reference, not_one_of},
    spelling::did_you_mean,
};
use crate::directory::{
    Directory,
    application::Application,
    microsoft_graph::{self, GRAPH_APP_ID},
    service_principal::ConsentType,
};

/// The role id of an assignment without a role ("default access"). Graph v1.0, "appRoleAssignment".
pub(super) const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// Who is meant by a name.
pub(super) struct Principals {
    /// Lower-case ids, user principal names and client ids, each with the object id.
    by_unique_name: BTreeMap<String, String>,
    /// Group names, which need not be unique, with all the groups of that name.
    by_group_name: BTreeMap<String, Vec<String>>,
}

impl Principals {
    pub(super) fn of(directory: &Directory) -> Self {
        let mut by_unique_name = BTreeMap::new();
        let mut by_group_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for user in directory.users.iter() {
            by_unique_name.insert(user.user_principal_name.to_lowercase(), user.id.clone());
            by_unique_name.insert(user.id.clone(), user.id.clone());
        }
        for group in directory.groups.iter() {
            by_unique_name.insert(group.id.clone(), group.id.clone());
            by_group_name.entry(group.display_name.clone()).or_default().push(group.id.clone());
        }
        for principal in directory.service_principals.iter() {
            by_unique_name.insert(principal.app_id.clone(), principal.id.clone());
            by_unique_name.insert(principal.id.clone(), principal.id.clone());
        }
        Self { by_unique_name, by_group_name }
    }

    /// The object id of the principal that `reference` names.
    pub(super) fn resolve(&self, reference: &Reference, mistakes: &Mistakes) -> Option<String> {
        let name = reference.name.as_str();
        if let Some(id) = self.by_unique_name.get(&name.to_lowercase()) {
            return Some(id.clone());
        }
        match self.by_group_name.get(name).map(Vec::as_slice) {
            Some([id]) => return Some(id.clone()),
            Some(groups) => {
                let groups = groups.join(", ");
                mistakes
                    .note(&reference.path, format!("several groups are called '{name}'; write the id of the one that is meant: {groups}"));
            }
            None => {
                let known = self.by_unique_name.keys().chain(self.by_group_name.keys()).map(String::as_str);
                let hint = did_you_mean(name, known);
                mistakes.note(&reference.path, format!("no user, group or service principal is called '{name}'{hint}"));
            }
        }
        None
    }
}

/// One entry of `appRoleAssignments`.
pub(super) fn assignment(directory: &mut Directory, principals: &Principals, mut object: Object<'_>, mistakes: &Mistakes) {
    let principal = object.reference("principal").and_then(|reference| principals.resolve(&reference, mistakes));
    let resource = object.reference("resource").and_then(|reference| resource(directory, &reference, mistakes));
    let role = object.reference("role");
    object.no_more();
    let Some((resource, role)) = resource.zip(role) else { return };
    let role_id = role_id(directory, &resource, &role, mistakes);
    if let (Some(principal_id), Some(role_id)) = (principal, role_id) {
        let resource_id = directory.ensure_service_principal(&resource).id.clone();
        directory.add_assignment(&principal_id, &resource_id, &role_id, None);
    }
}

/// One entry of `oauth2PermissionGrants`.
pub(super) fn grant(directory: &mut Directory, principals: &Principals, mut object: Object<'_>, mistakes: &Mistakes) {
    const TYPES: &[(&str, ConsentType)] = &[("AllPrincipals", ConsentType::AllPrincipals), ("Principal", ConsentType::Principal)];
    let client = object.reference("client").and_then(|reference| resource(directory, &reference, mistakes));
    let resource = object.reference("resource").and_then(|reference| resource(directory, &reference, mistakes));
    let consent_type = object.required_word("consentType", TYPES);
    let named = object.text("principal").map(|name| Reference { path: object.path_of("principal"), name });
    match (consent_type, &named) {
        (Some(ConsentType::Principal), None) => object.wrong("principal", "is missing; consentType Principal needs the user who consented"),
        (Some(ConsentType::AllPrincipals), Some(_)) => {
            object.wrong("principal", "must be null, because consentType AllPrincipals is for everybody")
        }
        _ => {}
    }
    let principal = named.as_ref().and_then(|reference| principals.resolve(reference, mistakes));
    // A grant from which every scope was taken is still a grant, as in Graph.
    let scopes: Vec<String> = object.text_or_empty("scope").split_whitespace().map(str::to_owned).collect();
    object.no_more();
    if let (Some(client), Some(resource)) = (client, resource) {
        directory.grant_consent(&client, principal.as_deref(), &resource, &scopes);
    }
}

/// The client id of the application that `reference` names: by its client id or by the id of its service principal.
fn resource(directory: &Directory, reference: &Reference, mistakes: &Mistakes) -> Option<String> {
    let name = reference.name.to_ascii_lowercase();
    let registered = directory.application(&name).map(|application| &application.app_id);
    let principal = || directory.service_principal(&name).or_else(|| directory.service_principals.get(&name));
    let found = registered.or_else(|| principal().map(|principal| &principal.app_id)).cloned();
    if found.is_none() {
        let remedy = "write an appId of applications or servicePrincipals, or that of Microsoft Graph";
        mistakes.note(&reference.path, format!("no application has the client id '{}'; {remedy} ({GRAPH_APP_ID})", reference.name));
    }
    found
}

fn role_id(directory: &Directory, resource: &str, role: &Reference, mistakes: &Mistakes) -> Option<String> {
    let name = role.name.as_str();
    let defined = defined_roles(directory, resource);
    let by_value = defined.iter().find(|(value, _)| *value == Some(name));
    let found = by_value.or_else(|| defined.iter().find(|(_, id)| id.eq_ignore_ascii_case(name)));
    if let Some((_, id)) = found {
        return Some((*id).to_owned());
    }
    if name == DEFAULT_ACCESS {
        return Some(name.to_owned());
    }
    let values: BTreeSet<&str> = defined.iter().filter_map(|(value, _)| *value).collect();
    match is_registered_elsewhere(directory, resource) {
        true if crate::random::is_guid(name) => return Some(name.to_ascii_lowercase()),
        true => mistakes.note(
            &role.path,
            format!("the application {resource} is not registered in this file, so write the id of the role, not '{name}'"),
        ),
        false if values.is_empty() => {
            let remedy = format!("define the role in appRoles, or assign {DEFAULT_ACCESS} (default access)");
            mistakes.note(&role.path, format!("the application {resource} defines no roles, so '{name}' is unknown; {remedy}"));
        }
        false => mistakes.note(&role.path, not_one_of(name, values.iter().copied())),
    }
    None
}

/// Whether this is another tenant's application. It is known here by its service principal only, so its roles have no names here.
pub(super) fn is_registered_elsewhere(directory: &Directory, app_id: &str) -> bool {
    directory.application(app_id).is_none() && app_id != GRAPH_APP_ID
}

/// The roles of an application of this tenant, or the application permissions of Microsoft Graph: value and id.
pub(super) fn defined_roles<'a>(directory: &'a Directory, resource_app_id: &str) -> Vec<(Option<&'a str>, &'a str)> {
    if resource_app_id == GRAPH_APP_ID {
        return microsoft_graph::APPLICATION.iter().map(|role| (Some(role.value), role.id)).collect();
    }
    let roles = |application: &'a Application| application.app_roles.iter().map(|role| (role.value.as_deref(), role.id.as_str())).collect();
    directory.application(resource_app_id).map(roles).unwrap_or_default()
}
