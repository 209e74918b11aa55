//! Objects of different types in one list: owners, members. Microsoft Graph v1.0, "directoryObject resource type".

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    bearer::Caller,
    call::Call,
    entity::{EntityType, Selection},
    entity_types::{GROUP, SERVICE_PRINCIPAL, USER},
    groups::known,
    odata::list::View,
    permissions::holds_any,
    service_principals::Shapes,
    users::Users,
};
use crate::directory::{Directory, group::Group, service_principal::ServicePrincipal, user::User};

/// Permissions with which a group is shown by more than its id.
const SHOW_GROUPS: [&str; 5] =
    ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"];

/// A user, a group or a service principal.
#[derive(Debug, Clone, Copy)]
pub(super) enum DirectoryObject<'d> {
    User(&'d User),
    Group(&'d Group),
    ServicePrincipal(&'d ServicePrincipal),
}

impl<'d> DirectoryObject<'d> {
    /// The object with this id, of whatever type.
    pub(super) fn find(directory: &'d Directory, id: &str) -> Option<Self> {
        let user = directory.user(id).map(Self::User);
        let group = || directory.groups.get(id).map(Self::Group);
        user.or_else(group).or_else(|| directory.service_principals.get(id).map(Self::ServicePrincipal))
    }

    /// Its type.
    pub(super) fn entity_type(self) -> &'static EntityType {
        match self {
            Self::User(_) => &USER,
            Self::Group(_) => &GROUP,
            Self::ServicePrincipal(_) => &SERVICE_PRINCIPAL,
        }
    }
}

/// Directory objects as the caller may see them.
pub(super) struct DirectoryObjects<'c> {
    caller: &'c Caller,
    users: Users<'c>,
    shapes: Shapes<'c>,
}

impl Call {
    /// How directory objects of the caller's tenant are shown.
    pub(super) fn directory_objects(&self) -> DirectoryObjects<'_> {
        let caller = &self.caller;
        DirectoryObjects { caller, users: Users { caller }, shapes: self.shapes() }
    }
}

impl<'c> DirectoryObjects<'c> {
    /// The objects with these ids, without those that are gone.
    pub(super) fn found(&self, ids: &[String]) -> Vec<DirectoryObject<'c>> {
        ids.iter().filter_map(|id| DirectoryObject::find(&self.caller.directory, id)).collect()
    }
}

impl View<DirectoryObject<'_>> for DirectoryObjects<'_> {
    fn id<'o>(&self, object: &'o DirectoryObject<'_>) -> &'o str {
        match object {
            DirectoryObject::User(user) => &user.id,
            DirectoryObject::Group(group) => &group.id,
            DirectoryObject::ServicePrincipal(principal) => &principal.id,
        }
    }

    fn property<'o>(&'o self, object: &'o DirectoryObject<'_>, name: &str) -> Cow<'o, Value> {
        match object {
            DirectoryObject::User(user) => self.users.property(user, name),
            DirectoryObject::Group(group) => Cow::Owned(known(group).remove(name).unwrap_or_default()),
            DirectoryObject::ServicePrincipal(principal) => self.shapes.property(principal, name),
        }
    }

    fn is_visible(&self, object: &DirectoryObject<'_>, property: &str) -> bool {
        match object {
            DirectoryObject::User(user) => self.users.is_visible(user, property),
            DirectoryObject::Group(_) => property == "id" || holds_any(self.caller, &SHOW_GROUPS),
            DirectoryObject::ServicePrincipal(_) => true,
        }
    }

    fn show(&self, object: &DirectoryObject<'_>, selection: &Selection) -> Map<String, Value> {
        let mut shown = match object {
            DirectoryObject::User(user) => self.users.show(user, selection),
            DirectoryObject::Group(group) => {
                let mut known = known(group);
                known.retain(|name, _| self.is_visible(object, name));
                GROUP.show(selection, &known)
            }
            DirectoryObject::ServicePrincipal(principal) => self.shapes.show(principal, selection),
        };
        shown.insert("@odata.type".to_owned(), Value::String(format!("#{}", object.entity_type().name)));
        shown
    }
}
