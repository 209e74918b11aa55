//! Writes a tenant as a directory file.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

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

/// Whether private keys are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PrivateKeys {
    /// For whoever asks for them.
    Included,
    /// For everybody else.
    LeftOut,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DirectoryFile<'d> {
    version: u64,
    organization: &'d Organization,
    users: &'d Entries<User>,
    groups: Vec<Group>,
    applications: Vec<Application>,
    service_principals: Vec<ServicePrincipal>,
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
    scope: String,
}

/// The tenant as JSON, indented, with a line break at the end.
///
/// What points to an entry that is no longer there is left out, as Graph drops it when the entry is deleted.
pub(super) fn to_json(directory: &Directory, private_keys: PrivateKeys) -> String {
    let principals = principal_ids(directory);
    let groups = directory.groups.iter().cloned().map(|mut group| {
        group.members.retain(|member| principals.contains(member.as_str()));
        group
    });
    let applications = directory.applications.iter().cloned().map(|mut application| {
        application.owners.retain(|owner| principals.contains(owner.as_str()));
        if private_keys == PrivateKeys::LeftOut {
            application.key_credentials.iter_mut().filter(|it| is_private(&it.other_properties)).for_each(|it| it.key = None);
        }
        application
    });
    let service_principals = directory.service_principals.iter().cloned().map(|mut principal| {
        if private_keys == PrivateKeys::LeftOut {
            leave_out_keys(&mut principal.other_properties);
        }
        principal
    });
    let assignments = directory.app_role_assignments.iter().filter(|it| principals.contains(it.principal_id.as_str()));
    let grants = directory.oauth2_permission_grants.iter();
    let grants = grants.filter(|it| it.principal_id.as_deref().is_none_or(|id| principals.contains(id)));
    let file = DirectoryFile {
        version: VERSION,
        organization: &directory.organization,
        users: &directory.users,
        groups: groups.collect(),
        applications: applications.collect(),
        service_principals: service_principals.collect(),
        app_role_assignments: assignments.filter_map(|it| assignment(directory, it)).collect(),
        oauth2_permission_grants: grants.filter_map(|it| grant(directory, it)).collect(),
    };
    let mut json = serde_json::to_string_pretty(&file).expect("texts, lists and times of this era can be written as JSON");
    json.push('\n');
    json
}

/// Whether a `keyCredential` holds a private key: a certificate that comes with its key (Graph v1.0, "keyCredential", `type`), or a
/// symmetric key.
fn is_private(key_credential: &Map<String, Value>) -> bool {
    matches!(key_credential.get("type").and_then(Value::as_str), Some("X509CertAndPassword" | "Symmetric"))
}

/// Takes private keys out of the `keyCredentials` of a service principal, which the mock only keeps.
fn leave_out_keys(service_principal: &mut Map<String, Value>) {
    let credentials = service_principal.get_mut("keyCredentials").and_then(Value::as_array_mut);
    for credential in credentials.into_iter().flatten().filter_map(Value::as_object_mut).filter(|it| is_private(it)) {
        credential.remove("key");
    }
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
        Some((value, _)) => value.filter(|value| !value.is_empty()).unwrap_or(id),
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
        scope: grant.scope.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

/// The client id of the service principal with this object id.
fn client_id<'d>(directory: &'d Directory, object_id: &str) -> Option<&'d str> {
    directory.service_principals.get(object_id).map(|principal| principal.app_id.as_str())
}
