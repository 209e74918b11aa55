//! The tenant itself, its users and its groups, as they stand in a directory file.

use serde_json::{Map, Value};

use super::{
    Import, Occurrences, passwords,
    reader::{Object, Reference},
    resource_types as graph,
};
use crate::{
    directory::{
        group::Group,
        organization::{Organization, VerifiedDomain},
        user::{User, UserType},
    },
    random::derived_guid,
};

pub(super) fn organization(mut object: Object<'_>) -> Organization {
    let verified_domains = object
        .objects("verifiedDomains")
        .into_iter()
        .map(|mut domain| VerifiedDomain {
            name: domain.required_text("name"),
            is_default: domain.boolean("isDefault").unwrap_or(false),
            other_properties: domain.rest(graph::VERIFIED_DOMAIN),
        })
        .collect();
    Organization {
        id: object.required_guid("id"),
        display_name: object.required_text("displayName"),
        verified_domains,
        other_properties: object.rest(graph::ORGANIZATION),
    }
}

pub(super) fn user(import: &mut Import<'_>, mut object: Object<'_>) -> User {
    const USER_TYPES: &[(&str, UserType)] = &[("Member", UserType::Member), ("Guest", UserType::Guest)];
    let user_principal_name = object.required_text("userPrincipalName");
    if !user_principal_name.is_empty() && !user_principal_name.contains('@') {
        object.wrong("userPrincipalName", format!("'{user_principal_name}' has no '@'; it must be like ada@abc-insurance.example"));
    }
    let mut password = object.text("password");
    let profile = object.object("passwordProfile").map(|mut profile| {
        password = profile.text("password").or(password.take());
        profile.rest(graph::PASSWORD_PROFILE)
    });
    let password_hash = object.text("passwordHash");
    if password_hash.as_deref().is_some_and(|hash| !passwords::is_hash(hash)) {
        object.wrong("passwordHash", "is not an argon2id hash (`$argon2id$v=19$…`); write the password itself as `password`");
    }
    let password_hash = password_hash.or_else(|| password.map(|plain| import.passwords.hash(&plain)));
    let derived = derived_guid(&[&import.tenant_id, "user", &user_principal_name.to_lowercase()]);
    let mut user = User {
        id: object.guid("id").unwrap_or(derived),
        display_name: object.required_text("displayName"),
        mail: object.text("mail"),
        account_enabled: object.boolean("accountEnabled").unwrap_or(true),
        user_type: object.word("userType", USER_TYPES).unwrap_or(UserType::Member),
        password_hash,
        directory_roles: object.texts("directoryRoles"),
        given_name: object.text("givenName"),
        surname: object.text("surname"),
        job_title: object.text("jobTitle"),
        user_principal_name,
        other_properties: object.rest(graph::USER),
    };
    keep(&mut user.other_properties, "passwordProfile", profile);
    user
}

/// Puts a member back that was looked into, unless nothing is left of it.
pub(super) fn keep(properties: &mut Map<String, Value>, key: &str, member: Option<Map<String, Value>>) {
    if let Some(member) = member.filter(|member| !member.is_empty()) {
        properties.insert(key.to_owned(), Value::Object(member));
    }
}

/// A group without its members, and the names of the members, which can be resolved once everybody is read.
pub(super) fn group(import: &Import<'_>, mut object: Object<'_>, names: &mut Occurrences) -> (Group, Vec<Reference>) {
    let display_name = object.required_text("displayName");
    let derived = derived_guid(&[&import.tenant_id, "group", &display_name, &names.count(&display_name)]);
    let members = object.references("members");
    let group =
        Group { id: object.guid("id").unwrap_or(derived), display_name, members: Vec::new(), other_properties: object.rest(graph::GROUP) };
    (group, members)
}
