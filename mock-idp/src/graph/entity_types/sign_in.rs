//! `microsoft.graph.signIn`.

use crate::graph::{
    entity::EntityType,
    odata::queryable::{EQ, GE, GT_LT, Kind, LE, Queryable, STARTS_WITH},
};

const PROPERTIES: &[&str] = &[
    "id",
    "createdDateTime",
    "userDisplayName",
    "userPrincipalName",
    "userId",
    "appId",
    "appDisplayName",
    "ipAddress",
    "clientAppUsed",
    "correlationId",
    "conditionalAccessStatus",
    "isInteractive",
    "riskDetail",
    "riskLevelAggregated",
    "riskLevelDuringSignIn",
    "riskState",
    "riskEventTypes",
    "riskEventTypes_v2",
    "resourceDisplayName",
    "resourceId",
    "status",
    "deviceDetail",
    "location",
    "appliedConditionalAccessPolicies",
];

/// `microsoft.graph.signIn`.
pub static SIGN_IN: EntityType = EntityType {
    name: "microsoft.graph.signIn",
    properties: PROPERTIES,
    default: PROPERTIES,
    collections: &["appliedConditionalAccessPolicies", "riskEventTypes", "riskEventTypes_v2"],
    queryable: &[
        Queryable::new("appDisplayName", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("appId", Kind::Text, EQ, 0),
        Queryable::new("clientAppUsed", Kind::Text, EQ, 0),
        Queryable::new("conditionalAccessStatus", Kind::Text, EQ, 0),
        Queryable::new("correlationId", Kind::Text, EQ, 0),
        Queryable::new("createdDateTime", Kind::Time, EQ | GE | LE | GT_LT, 0),
        Queryable::new("deviceDetail/browser", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("deviceDetail/operatingSystem", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("id", Kind::Text, EQ, 0),
        Queryable::new("ipAddress", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("isInteractive", Kind::Boolean, EQ, 0),
        Queryable::new("resourceDisplayName", Kind::Text, EQ, 0),
        Queryable::new("resourceId", Kind::Text, EQ, 0),
        Queryable::new("riskState", Kind::Text, EQ, 0),
        Queryable::new("status/errorCode", Kind::Number, EQ, 0),
        Queryable::new("userDisplayName", Kind::Text, EQ | STARTS_WITH, 0),
        Queryable::new("userId", Kind::Text, EQ, 0),
        Queryable::new("userPrincipalName", Kind::Text, EQ | STARTS_WITH, 0),
    ],
    queryable_collections: &[],
    navigation: &[],
    derived: &[],
};
