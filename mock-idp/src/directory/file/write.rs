//! Writes a tenant as a directory file.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    VERSION,
    references::{self, DEFAULT_ACCESS},
};
use crate::directory::{
    Directory,
    application::Application,
    entries::Entries,
    group::Group,
    organization::Organization,
    service_principal::{AppRoleAssignment, ConsentType, OAuth2PermissionGrant, ServicePrincipal},
    user::User,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DirectoryFile<'d> {
    version: u64,
    organization: &'d Organization,
    users: &'d Entries<User>,
    groups: Vec<Group>,
    applications: &'d Entries<Application>,
    service_principals: &'d Entries<ServicePrincipal>,
    app_role_assignments: Vec<AssignmentEntry<'d>>,
    #[serde(rename = "oauth2PermissionGrants")]
    oauth2_permission_grants: Vec<GrantEntry<'d>>,
}

#[derive(Serialize)]
struct AssignmentEntry<'d> {
    principal: &'d str,
    resource: &'d str,
    role: &'d str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GrantEntry<'d> {
    client: &'d str,
    consent_type: ConsentType,
    principal: Option<&'d str>,
    resource: &'d str,
    scope: &'d str,
}

/// The tenant as JSON, indented, with a line break at the end.
///
/// What points to an entry that is no longer there is left out, as Graph drops it when the entry is deleted.
pub(super) fn to_json(directory: &Directory) -> String {
    let principals = principal_ids(directory);
    let groups = directory.groups.iter().cloned().map(|mut group| {
        group.members.retain(|member| principals.contains(member.as_str()));
        group
    });
    let assignments = directory.app_role_assignments.iter().filter(|it| principals.contains(it.principal_id.as_str()));
    let grants = directory.oauth2_permission_grants.iter();
    let grants = grants.filter(|it| it.principal_id.as_deref().is_none_or(|id| principals.contains(id)));
    let file = DirectoryFile {
        version: VERSION,
        organization: &directory.organization,
        users: &directory.users,
        groups: groups.collect(),
        applications: &directory.applications,
        service_principals: &directory.service_principals,
        app_role_assignments: assignments.filter_map(|it| assignment(directory, it)).collect(),
        oauth2_permission_grants: grants.filter_map(|it| grant(directory, it)).collect(),
    };
    let mut json = serde_json::to_string_pretty(&file).expect("texts, lists and times of this era can be written as JSON");
    json.push('\n');
    json
}

fn principal_ids(directory: &Directory) -> BTreeSet<&str> {
    let users = directory.users.iter().map(|user| user.id.as_str());
    let groups = directory.groups.iter().map(|group| group.id.as_str());
    users.chain(groups).chain(directory.service_principals.iter().map(|principal| principal.id.as_str())).collect()
}

fn assignment<'d>(directory: &'d Directory, assignment: &'d AppRoleAssignment) -> Option<AssignmentEntry<'d>> {
    let resource = client_id(directory, &assignment.resource_id)?;
    let id = assignment.app_role_id.as_str();
    let defined = references::defined_roles(directory, resource);
    let role = match defined.iter().find(|(_, defined)| *defined == id) {
        Some((value, _)) => value.unwrap_or(id),
        None if id == DEFAULT_ACCESS || references::is_registered_elsewhere(directory, resource) => id,
        None => return None,
    };
    Some(AssignmentEntry { principal: &assignment.principal_id, resource, role })
}

fn grant<'d>(directory: &'d Directory, grant: &'d OAuth2PermissionGrant) -> Option<GrantEntry<'d>> {
    Some(GrantEntry {
        client: client_id(directory, &grant.client_id)?,
        consent_type: grant.consent_type,
        principal: grant.principal_id.as_deref(),
        resource: client_id(directory, &grant.resource_id)?,
        scope: &grant.scope,
    })
}

/// The client id of the service principal with this object id.
fn client_id<'d>(directory: &'d Directory, object_id: &str) -> Option<&'d str> {
    directory.service_principals.get(object_id).map(|principal| principal.app_id.as_str())
}
