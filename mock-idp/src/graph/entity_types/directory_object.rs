//! `microsoft.graph.directoryObject`, of which lists such as `memberOf` are made, and the directory roles among them.

use super::{APPLICATION, GROUP, SERVICE_PRINCIPAL, USER};
use crate::graph::{
    entity::{EntityType, Navigation},
    odata::queryable::{EQ, Kind, Queryable, STARTS_WITH},
};

/// `microsoft.graph.directoryObject`: any of the types that stand in a list together.
pub static DIRECTORY_OBJECT: EntityType = EntityType {
    name: "microsoft.graph.directoryObject",
    properties: &["id", "deletedDateTime"],
    default: &["id", "deletedDateTime"],
    collections: &[],
    queryable: &[],
    queryable_collections: &[],
    navigation: &[],
    derived: &[&USER, &GROUP, &SERVICE_PRINCIPAL, &APPLICATION, &DIRECTORY_ROLE],
};

/// `microsoft.graph.directoryRole`.
pub static DIRECTORY_ROLE: EntityType = EntityType {
    name: "microsoft.graph.directoryRole",
    properties: &["deletedDateTime", "description", "displayName", "id", "roleTemplateId"],
    default: &["id", "deletedDateTime", "description", "displayName", "roleTemplateId"],
    collections: &[],
    queryable: &[
        Queryable::new("displayName", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("id", Kind::Text, EQ, 0),
        Queryable::new("roleTemplateId", Kind::Text, EQ, 0),
    ],
    queryable_collections: &[],
    navigation: &[Navigation { name: "members", to: Some(&DIRECTORY_OBJECT) }, Navigation { name: "scopedMembers", to: None }],
    derived: &[],
};

/// `microsoft.graph.directoryRoleTemplate`.
pub static DIRECTORY_ROLE_TEMPLATE: EntityType = EntityType {
    name: "microsoft.graph.directoryRoleTemplate",
    properties: &["deletedDateTime", "description", "displayName", "id"],
    default: &["id", "deletedDateTime", "description", "displayName"],
    collections: &[],
    queryable: &[],
    queryable_collections: &[],
    navigation: &[],
    derived: &[],
};
