//! The directory file: one tenant as JSON, with the names of Microsoft Graph's properties.
//!
//! One format for seeds, export, import, tests and instructors. Reading refuses what it does not know and reports every mistake
//! with its path; writing gives a file that reads back to the same tenant. Secrets are written as hashes.

mod applications;
mod credentials;
pub mod graph_body;
mod json;
pub(crate) mod mistakes;
mod passwords;
mod people;
pub(crate) mod reader;
mod references;
pub mod resource_types;
pub mod spelling;
mod uniqueness;
mod write;

use std::collections::BTreeMap;

use super::{Directory, entries::Entries, microsoft_graph::GRAPH_APP_ID, organization::Organization};
use crate::random::Entropy;
use mistakes::Mistakes;
use passwords::Passwords;
use reader::Object;
use references::Principals;
use write::PrivateKeys;

pub use mistakes::{DirectoryFileError, Mistake};
pub use passwords::PRACTICE_PASSWORD;

/// The version of the format that is read and written.
const VERSION: u64 = 1;

/// What reading one file needs at every step.
struct Import<'e> {
    tenant_id: String,
    entropy: &'e Entropy,
    passwords: Passwords<'e>,
}

/// Tells entries of one name apart, so that each gets an id of its own.
#[derive(Debug, Default)]
struct Occurrences {
    counted: BTreeMap<String, usize>,
}

impl Occurrences {
    /// How often `name` was met before.
    fn count(&mut self, name: &str) -> String {
        let count = self.counted.entry(name.to_owned()).or_default();
        *count += 1;
        (*count - 1).to_string()
    }
}

impl Directory {
    /// Reads a directory file. The same file always gives the same tenant, with the same ids and salts.
    ///
    /// # Errors
    /// [`DirectoryFileError`] with every mistake in the file.
    pub fn from_json(json: &str) -> Result<Self, DirectoryFileError> {
        // Only salts come from it. A salt is no secret, and whoever knows this file's text knows its passwords too.
        Self::from_json_with(json, &Entropy::derived(&["directory file", json]))
    }

    /// Reads a directory file, with salts from `entropy`.
    ///
    /// # Errors
    /// [`DirectoryFileError`] with every mistake in the file.
    pub fn from_json_with(json: &str, entropy: &Entropy) -> Result<Self, DirectoryFileError> {
        let mistakes = Mistakes::default();
        let value = json::parse(json, &mistakes);
        let directory = match &value {
            Ok(value) => Object::of(value, "$", &mistakes).map(|file| read(file, entropy, &mistakes)),
            Err(error) => {
                mistakes.note("$", format!("is not JSON: {error}"));
                None
            }
        };
        let directory = mistakes.none_or(directory).map_err(DirectoryFileError::new)?;
        Ok(directory.expect("a file that gives no tenant has a mistake"))
    }

    /// Writes this tenant as a directory file: indented, always in the same order. Secrets and passwords are hashes, private keys are
    /// left out.
    pub fn to_json(&self) -> String {
        write::to_json(self, PrivateKeys::LeftOut)
    }

    /// Writes this tenant as a directory file, with the private keys of its credentials.
    pub fn to_json_with_private_keys(&self) -> String {
        write::to_json(self, PrivateKeys::Included)
    }
}

fn read(mut file: Object<'_>, entropy: &Entropy, mistakes: &Mistakes) -> Directory {
    match file.number("version") {
        Some(VERSION) => {}
        Some(other) => file.wrong("version", format!("must be {VERSION}; this program does not know version {other}")),
        None => file.wrong("version", format!("must be {VERSION}")),
    }
    let organization = file.required_object("organization").map(people::organization).unwrap_or_else(unreadable_organization);
    let mut import = Import { tenant_id: organization.id.clone(), entropy, passwords: Passwords::new(entropy) };
    let users = file.objects("users").into_iter().map(|user| people::user(&mut import, user)).collect();
    let mut names = Occurrences::default();
    let groups: Vec<_> = file.objects("groups").into_iter().map(|group| people::group(&import, group, &mut names)).collect();
    let (groups, members): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
    let mut names = Occurrences::default();
    let applications = file.objects("applications").into_iter();
    let applications: Vec<_> = applications.map(|application| applications::application(&import, application, &mut names)).collect();
    let (applications, owners): (Vec<_>, Vec<_>) = applications.into_iter().unzip();
    let service_principals = file.objects("servicePrincipals").into_iter();
    let service_principals = service_principals.map(|principal| applications::service_principal(&import, principal)).collect();
    let mut directory = Directory {
        organization,
        users,
        groups: groups.into_iter().collect(),
        applications: applications.into_iter().collect(),
        service_principals,
        app_role_assignments: Entries::default(),
        oauth2_permission_grants: Entries::default(),
        deleted_applications: Entries::default(),
        photos: Entries::default(),
    };
    directory.ensure_service_principal(GRAPH_APP_ID);
    uniqueness::check(&directory, mistakes);

    let principals = Principals::of(&directory);
    let mut members = members.into_iter();
    directory.groups.edit_each(|group| {
        let members = members.next().unwrap_or_default();
        group.members = members.iter().filter_map(|member| principals.resolve(member, mistakes)).collect();
    });
    let mut owners = owners.into_iter();
    directory.applications.edit_each(|application| {
        let owners = owners.next().unwrap_or_default();
        application.owners = owners.iter().filter_map(|owner| principals.resolve(owner, mistakes)).collect();
    });
    for entry in file.objects("appRoleAssignments") {
        references::assignment(&mut directory, &principals, entry, mistakes);
    }
    for entry in file.objects("oauth2PermissionGrants") {
        references::grant(&mut directory, &principals, entry, mistakes);
    }
    file.no_more();
    directory
}

/// Stands for an `organization` that could not be read, while the rest of the file is.
fn unreadable_organization() -> Organization {
    Organization { id: String::new(), display_name: String::new(), verified_domains: Vec::new(), other_properties: serde_json::Map::new() }
}

#[cfg(test)]
mod tests;
