//! `microsoft.graph.appRoleAssignment` and `microsoft.graph.oAuth2PermissionGrant`.

use crate::{
    directory::entries::Index,
    graph::{
        entity::EntityType,
        odata::queryable::{EQ, Kind, Queryable, STARTS_WITH},
    },
};

/// `microsoft.graph.appRoleAssignment`.
pub static APP_ROLE_ASSIGNMENT: EntityType = EntityType {
    name: "microsoft.graph.appRoleAssignment",
    properties: ASSIGNMENT,
    default: ASSIGNMENT,
    collections: &[],
    queryable: &[
        Queryable::new("appRoleId", Kind::Guid, EQ, 0),
        Queryable::new("principalDisplayName", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("principalId", Kind::Guid, EQ, 0).indexed(Index::Principal),
        Queryable::new("principalType", Kind::Text, EQ, 0),
        Queryable::new("resourceId", Kind::Guid, EQ, 0).indexed(Index::Resource),
    ],
    queryable_collections: &[],
    navigation: &[],
    derived: &[],
};

const ASSIGNMENT: &[&str] = &[
    "id",
    "deletedDateTime",
    "appRoleId",
    "createdDateTime",
    "principalDisplayName",
    "principalId",
    "principalType",
    "resourceDisplayName",
    "resourceId",
];

/// `microsoft.graph.oAuth2PermissionGrant`.
pub static OAUTH2_PERMISSION_GRANT: EntityType = EntityType {
    name: "microsoft.graph.oAuth2PermissionGrant",
    properties: GRANT,
    default: GRANT,
    collections: &[],
    queryable: &[
        Queryable::new("clientId", Kind::Text, EQ, 0).indexed(Index::Client),
        Queryable::new("consentType", Kind::Text, EQ, 0),
        Queryable::new("principalId", Kind::Text, EQ, 0).indexed(Index::Principal),
        Queryable::new("resourceId", Kind::Text, EQ, 0).indexed(Index::Resource),
        Queryable::new("scope", Kind::Text, EQ, 0),
    ],
    queryable_collections: &[],
    navigation: &[],
    derived: &[],
};

const GRANT: &[&str] = &["clientId", "consentType", "id", "principalId", "resourceId", "scope"];
