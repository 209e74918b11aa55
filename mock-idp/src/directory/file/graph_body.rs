//! Applications, service principals, users and groups as Microsoft Graph takes them in a request: read as in a directory file, every mistake noted,
//! but without secrets, and with nothing given that a request has to say itself.

use serde_json::{Map, Value};

use super::{
    Import, Occurrences, applications,
    mistakes::{Mistake, Mistakes},
    passwords::Passwords,
    people,
    reader::Object,
};
use crate::{
    directory::{application::Application, group::Group, service_principal::ServicePrincipal, user::User},
    random::Entropy,
};

/// An application from the JSON of a request. Credentials and owners are no part of it: they have requests of their own.
///
/// # Errors
/// Every mistake, with its path.
pub fn application(json: &Map<String, Value>) -> Result<Application, Vec<Mistake>> {
    read(json, |import, mistakes, object| {
        for (collection, member) in [("appRoles", None), ("oauth2PermissionScopes", Some("api"))] {
            require_ids(json, member, collection, mistakes);
        }
        applications::application(import, object, &mut Occurrences::default()).0
    })
}

/// A user from the JSON of a request. The password comes by another way, because its hash takes time; so do directory roles.
///
/// # Errors
/// Every mistake, with its path.
pub fn user(json: &Map<String, Value>) -> Result<User, Vec<Mistake>> {
    read(json, |import, _, object| people::user(import, object))
}

/// A group from the JSON of a request, without members.
///
/// # Errors
/// Every mistake, with its path.
pub fn group(json: &Map<String, Value>) -> Result<Group, Vec<Mistake>> {
    read(json, |import, _, object| people::group(import, object, &mut Occurrences::default()).0)
}

/// A service principal from the JSON of a request.
///
/// # Errors
/// Every mistake, with its path.
pub fn service_principal(json: &Map<String, Value>) -> Result<ServicePrincipal, Vec<Mistake>> {
    read(json, |import, _, object| applications::service_principal(import, object))
}

fn read<T>(json: &Map<String, Value>, read: impl FnOnce(&mut Import<'_>, &Mistakes, Object<'_>) -> T) -> Result<T, Vec<Mistake>> {
    // Nothing random comes out: a request holds no secret to hash.
    let entropy = Entropy::seeded(0);
    let mut import = Import { tenant_id: String::new(), entropy: &entropy, passwords: Passwords::new(&entropy) };
    let mistakes = Mistakes::default();
    let value = Value::Object(json.clone());
    let object = Object::of(&value, "$", &mistakes).map(|object| read(&mut import, &mistakes, object));
    mistakes.none_or(object).map(|object| object.expect("what is an object is read"))
}

/// A directory file may leave ids out; a request must not ("appRole resource type", property `id`).
fn require_ids(json: &Map<String, Value>, member: Option<&str>, collection: &str, mistakes: &Mistakes) {
    let (holder, path) = match member {
        Some(member) => (json.get(member).and_then(Value::as_object), format!("$.{member}.{collection}")),
        None => (Some(json), format!("$.{collection}")),
    };
    let entries = holder.and_then(|holder| holder.get(collection)).and_then(Value::as_array).into_iter().flatten();
    for (index, _) in entries.enumerate().filter(|(_, entry)| entry.get("id").is_none_or(Value::is_null)) {
        mistakes.note(format!("{path}[{index}].id"), "is missing; choose a new GUID");
    }
}
