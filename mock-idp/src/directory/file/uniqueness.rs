//! What must not occur twice in a directory.

use std::collections::BTreeMap;

use super::mistakes::Mistakes;
use crate::directory::Directory;

/// Notes every id and name that two entries share although it must be one entry's own.
pub(super) fn check(directory: &Directory, mistakes: &Mistakes) {
    let mut ids = Seen::new("id");
    let mut names = Seen::new("userPrincipalName");
    for (index, user) in directory.users.iter().enumerate() {
        let name = user.user_principal_name.to_lowercase();
        // An id that is left out follows from the name: two users of one name are one mistake, not two.
        if names.is_new(&name, format!("$.users[{index}].userPrincipalName"), mistakes) {
            ids.note(&user.id, format!("$.users[{index}].id"), mistakes);
        }
    }
    for (index, group) in directory.groups.iter().enumerate() {
        ids.note(&group.id, format!("$.groups[{index}].id"), mistakes);
    }
    let mut app_ids = Seen::new("appId");
    for (index, application) in directory.applications.iter().enumerate() {
        let path = format!("$.applications[{index}]");
        ids.note(&application.id, format!("{path}.id"), mistakes);
        app_ids.note(&application.app_id, format!("{path}.appId"), mistakes);
        let mut role_ids = Seen::new("id");
        // Roles and scopes of an application share one set of values, and one set of ids. App manifest reference, "appRoles attribute".
        let mut values = Seen::new("value");
        for (index, role) in application.app_roles.iter().enumerate() {
            role_ids.note(&role.id, format!("{path}.appRoles[{index}].id"), mistakes);
            values.note(role.value.as_deref().unwrap_or_default(), format!("{path}.appRoles[{index}].value"), mistakes);
        }
        for (index, scope) in application.api.oauth2_permission_scopes.iter().enumerate() {
            role_ids.note(&scope.id, format!("{path}.api.oauth2PermissionScopes[{index}].id"), mistakes);
            values.note(&scope.value, format!("{path}.api.oauth2PermissionScopes[{index}].value"), mistakes);
        }
        let mut key_ids = Seen::new("keyId");
        for (index, credential) in application.password_credentials.iter().enumerate() {
            key_ids.note(&credential.key_id, format!("{path}.passwordCredentials[{index}].keyId"), mistakes);
        }
        for (index, credential) in application.key_credentials.iter().enumerate() {
            key_ids.note(&credential.key_id, format!("{path}.keyCredentials[{index}].keyId"), mistakes);
        }
    }
    let mut app_ids = Seen::new("appId");
    for (index, principal) in directory.service_principals.iter().enumerate() {
        ids.note(&principal.id, format!("$.servicePrincipals[{index}].id"), mistakes);
        app_ids.note(&principal.app_id, format!("$.servicePrincipals[{index}].appId"), mistakes);
    }
}

/// The values of one key that were met, with the place where each was met first.
struct Seen {
    key: &'static str,
    first: BTreeMap<String, String>,
}

impl Seen {
    fn new(key: &'static str) -> Self {
        Self { key, first: BTreeMap::new() }
    }

    fn note(&mut self, value: &str, path: String, mistakes: &Mistakes) {
        self.is_new(value, path, mistakes);
    }

    /// True if `value` was not met before; otherwise that is noted as a mistake.
    fn is_new(&mut self, value: &str, path: String, mistakes: &Mistakes) -> bool {
        // A value that could not be read is empty here, and was noted before.
        if value.is_empty() {
            return true;
        }
        match self.first.get(value) {
            Some(first) => mistakes.note(path, format!("the {} '{value}' is taken by {first}", self.key)),
            None => {
                self.first.insert(value.to_owned(), path);
                return true;
            }
        }
        false
    }
}
