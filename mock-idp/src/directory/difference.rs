//! What differs between two states of a tenant: which entries came, went or changed, and in which properties.
//!
//! It is shown before a directory file is imported, so it is written for people: assignments and members are told by name. A hash is
//! never part of it, only the fact that it changed.

mod names;
mod properties;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Directory,
    entries::{Entries, Entry},
    service_principal::{AppRoleAssignment, OAuth2PermissionGrant},
};
use names::Names;

pub use properties::PropertyChange;
pub use text::{Colours, shown};

/// The difference between two states of one tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The tenant id.
    pub tenant_id: String,
    /// The tenant's name, the new one if it changed.
    pub display_name: String,
    /// What happens to the tenant as a whole.
    pub effect: Effect,
    /// The entries that differ, kind by kind, each kind in the order of the directory.
    pub entries: Vec<EntryDifference>,
}

/// What happens to an entry, or to a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is another than before.
    Changed,
    /// It is as before.
    Unchanged,
}

/// The kinds of entries, in the order in which they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is named after Graph's resource type")]
pub enum EntryKind {
    Organization,
    User,
    Group,
    Application,
    ServicePrincipal,
    AppRoleAssignment,
    OAuth2PermissionGrant,
}

/// One entry that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryDifference {
    /// What it is.
    pub kind: EntryKind,
    /// Its object id.
    pub id: String,
    /// How people call it.
    pub name: String,
    /// What happens to it.
    pub effect: Effect,
    /// For a changed entry: the properties that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyChange>,
}

impl Difference {
    /// What makes `new` of `old`. `None` stands for a tenant that is not there.
    ///
    /// Two states that differ in the order of their entries only count as equal, as do those whose assignments differ in their date,
    /// which a directory file does not hold.
    pub fn between(old: Option<&Directory>, new: Option<&Directory>) -> Option<Self> {
        let present = new.or(old)?;
        let entries = match (old, new) {
            (Some(old), Some(new)) => compare(old, new),
            (None, Some(new)) => compare(&nothing_like(new), new),
            (Some(old), None) => compare(old, &nothing_like(old)),
            (None, None) => Vec::new(),
        };
        let effect = match (old, new) {
            (None, _) => Effect::Added,
            (_, None) => Effect::Removed,
            _ if entries.is_empty() => Effect::Unchanged,
            _ => Effect::Changed,
        };
        let display_name = present.organization.display_name.clone();
        Some(Self { tenant_id: present.tenant_id().to_owned(), display_name, effect, entries })
    }

    /// Whether both states are the same.
    pub fn is_empty(&self) -> bool {
        self.effect == Effect::Unchanged
    }
}

/// A tenant of the same name in which nothing is.
fn nothing_like(directory: &Directory) -> Directory {
    Directory { service_principals: Entries::default(), ..Directory::new(directory.organization.clone()) }
}

fn compare(old: &Directory, new: &Directory) -> Vec<EntryDifference> {
    let names = Names::of(old, new);
    let mut found = Vec::new();
    let properties = properties::changes(&old.organization, &new.organization, &names);
    if !properties.is_empty() {
        let (id, name) = (new.tenant_id().to_owned(), new.organization.display_name.clone());
        found.push(EntryDifference { kind: EntryKind::Organization, id, name, effect: Effect::Changed, properties });
    }
    found.extend(by_id(EntryKind::User, &old.users, &new.users, &names));
    found.extend(by_id(EntryKind::Group, &old.groups, &new.groups, &names));
    found.extend(by_id(EntryKind::Application, &old.applications, &new.applications, &names));
    found.extend(by_id(EntryKind::ServicePrincipal, &old.service_principals, &new.service_principals, &names));
    found.extend(assignments(old, new, &names));
    found.extend(grants(old, new, &names));
    found
}

/// Entries that are the same one if they have the same id.
fn by_id<T: Entry>(kind: EntryKind, old: &Entries<T>, new: &Entries<T>, names: &Names<'_>) -> Vec<EntryDifference> {
    let entry = |entry: &T, effect, properties| EntryDifference {
        kind,
        id: entry.id().to_owned(),
        name: names.of_entry(kind, entry.id()),
        effect,
        properties,
    };
    let gone = old.iter().filter(|it| new.get(it.id()).is_none()).map(|it| entry(it, Effect::Removed, Vec::new()));
    let kept = new.iter().filter_map(|it| match old.get(it.id()) {
        None => Some(entry(it, Effect::Added, Vec::new())),
        Some(before) if before == it => None,
        Some(before) => {
            let properties = properties::changes(before, it, names);
            (!properties.is_empty()).then(|| entry(it, Effect::Changed, properties))
        }
    });
    gone.chain(kept).collect()
}

/// Assignments are the same one if principal, resource and role are: a directory file holds no id of theirs.
fn assignments(old: &Directory, new: &Directory, names: &Names<'_>) -> Vec<EntryDifference> {
    fn key(it: &AppRoleAssignment) -> ([&str; 3], &AppRoleAssignment) {
        ([&it.principal_id, &it.resource_id, &it.app_role_id], it)
    }
    let before: BTreeMap<_, _> = old.app_role_assignments.iter().map(key).collect();
    let after: BTreeMap<_, _> = new.app_role_assignments.iter().map(key).collect();
    let entry = |it: &AppRoleAssignment, effect| EntryDifference {
        kind: EntryKind::AppRoleAssignment,
        id: it.id.clone(),
        name: names.of_assignment(it),
        effect,
        properties: Vec::new(),
    };
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key)).map(|(_, it)| entry(it, Effect::Removed));
    let come = after.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, it)| entry(it, Effect::Added));
    gone.chain(come).collect()
}

/// Grants are the same one if client, resource and user are; what can differ is the scopes.
fn grants(old: &Directory, new: &Directory, names: &Names<'_>) -> Vec<EntryDifference> {
    fn key(it: &OAuth2PermissionGrant) -> ([&str; 3], &OAuth2PermissionGrant) {
        ([&it.client_id, &it.resource_id, it.principal_id.as_deref().unwrap_or_default()], it)
    }
    let before: BTreeMap<_, _> = old.oauth2_permission_grants.iter().map(key).collect();
    let after: BTreeMap<_, _> = new.oauth2_permission_grants.iter().map(key).collect();
    let entry = |it: &OAuth2PermissionGrant, effect, properties| EntryDifference {
        kind: EntryKind::OAuth2PermissionGrant,
        id: it.id.clone(),
        name: names.of_grant(it),
        effect,
        properties,
    };
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key)).map(|(_, it)| entry(it, Effect::Removed, Vec::new()));
    let kept = after.iter().filter_map(|(key, it)| match before.get(key) {
        None => Some(entry(it, Effect::Added, Vec::new())),
        Some(earlier) => {
            let changed = properties::of_texts("scope", &words(&earlier.scope), &words(&it.scope));
            (!changed.is_empty()).then(|| entry(it, Effect::Changed, changed))
        }
    });
    gone.chain(kept).collect()
}

fn words(scope: &str) -> Vec<&str> {
    scope.split_whitespace().collect()
}

#[cfg(test)]
mod tests;
