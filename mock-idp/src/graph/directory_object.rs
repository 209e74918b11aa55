//! Objects of different types in one list: owners, members, memberships. Microsoft Graph v1.0, "directoryObject resource type".

mod by_id;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    applications::shape,
    bearer::Caller,
    call::Call,
    directory_roles,
    entity::{EntityType, Selection},
    entity_types::{APPLICATION, DIRECTORY_ROLE, GROUP, SERVICE_PRINCIPAL, USER},
    groups,
    odata::list::View,
    permissions::Operation,
    service_principals::Shapes,
    users::Users,
};
use crate::directory::{
    Directory, application::Application, group::Group, service_principal::ServicePrincipal, tenant_role::TenantRole, user::User,
};

pub(super) use by_id::routes;

/// An object of one of the types that the mock knows.
#[derive(Debug, Clone)]
pub(super) enum DirectoryObject<'d> {
    User(&'d User),
    Group(&'d Group),
    ServicePrincipal(&'d ServicePrincipal),
    Application(&'d Application),
    Role(TenantRole),
}

impl<'d> DirectoryObject<'d> {
    /// The object with this id, of whatever type.
    pub(super) fn find(directory: &'d Directory, id: &str) -> Option<Self> {
        let user = directory.user(id).map(Self::User);
        let group = || directory.groups.get(id).map(Self::Group);
        let principal = || directory.service_principals.get(id).map(Self::ServicePrincipal);
        let application = || directory.applications.get(id).map(Self::Application);
        let role = || directory.tenant_role(id).ok().filter(|role| directory.is_activated(role)).map(Self::Role);
        user.or_else(group).or_else(principal).or_else(application).or_else(role)
    }

    /// The object id.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::User(user) => &user.id,
            Self::Group(group) => &group.id,
            Self::ServicePrincipal(principal) => &principal.id,
            Self::Application(application) => &application.id,
            Self::Role(role) => &role.id,
        }
    }

    /// Its type.
    pub(super) fn entity_type(&self) -> &'static EntityType {
        match self {
            Self::User(_) => &USER,
            Self::Group(_) => &GROUP,
            Self::ServicePrincipal(_) => &SERVICE_PRINCIPAL,
            Self::Application(_) => &APPLICATION,
            Self::Role(_) => &DIRECTORY_ROLE,
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

    /// What is known about a group or role. Without a permission that reads it only its id is shown; everything else is `null`, a list
    /// as well: what is withheld is not the same as what is empty.
    fn show_known(&self, object: &DirectoryObject<'_>, known: &Map<String, Value>, selection: &Selection) -> Map<String, Value> {
        let mut shown = object.entity_type().show(selection, known);
        shown.iter_mut().filter(|(name, _)| !self.is_visible(object, name)).for_each(|(_, value)| *value = Value::Null);
        shown
    }
}

impl View<DirectoryObject<'_>> for DirectoryObjects<'_> {
    fn id<'o>(&self, object: &'o DirectoryObject<'_>) -> &'o str {
        object.id()
    }

    fn property<'o>(&'o self, object: &'o DirectoryObject<'_>, name: &str) -> Cow<'o, Value> {
        let of = |mut known: Map<String, Value>| Cow::Owned(known.remove(name).unwrap_or_default());
        match object {
            DirectoryObject::User(user) => self.users.property(user, name),
            DirectoryObject::Group(group) => groups::Groups.property(group, name),
            DirectoryObject::ServicePrincipal(principal) => self.shapes.property(principal, name),
            DirectoryObject::Application(application) => of(shape::known(application)),
            DirectoryObject::Role(role) => of(directory_roles::known(role)),
        }
    }

    fn is_visible(&self, object: &DirectoryObject<'_>, property: &str) -> bool {
        let reads = |operation: Operation| operation.is_allowed_to(self.caller);
        match object {
            DirectoryObject::User(user) => self.users.is_visible(user, property),
            DirectoryObject::Group(_) => property == "id" || reads(Operation::ReadGroups),
            DirectoryObject::ServicePrincipal(_) | DirectoryObject::Application(_) => true,
            // Who reads memberships reads the names of the roles among them, too.
            DirectoryObject::Role(_) => property == "id" || reads(Operation::ReadGroups) || reads(Operation::ReadDirectoryRoles),
        }
    }

    fn show(&self, object: &DirectoryObject<'_>, selection: &Selection) -> Map<String, Value> {
        let mut shown = match object {
            DirectoryObject::User(user) => self.users.show(user, selection),
            DirectoryObject::Group(group) => self.show_known(object, &groups::known(group), selection),
            DirectoryObject::ServicePrincipal(principal) => self.shapes.show(principal, selection),
            DirectoryObject::Application(application) => APPLICATION.show(selection, &shape::known(application)),
            DirectoryObject::Role(role) => self.show_known(object, &directory_roles::known(role), selection),
        };
        shown.insert("@odata.type".to_owned(), Value::String(format!("#{}", object.entity_type().name)));
        shown
    }
}
