//! `microsoft.graph.organization`.

use crate::{
    directory::file::resource_types,
    graph::entity::{EntityType, Navigation},
};

/// `microsoft.graph.organization`.
pub static ORGANIZATION: EntityType = EntityType {
    name: "microsoft.graph.organization",
    properties: resource_types::ORGANIZATION,
    default: resource_types::ORGANIZATION,
    collections: &[
        "assignedPlans",
        "businessPhones",
        "marketingNotificationEmails",
        "provisionedPlans",
        "securityComplianceNotificationMails",
        "securityComplianceNotificationPhones",
        "technicalNotificationMails",
        "verifiedDomains",
    ],
    queryable: &[],
    queryable_collections: &[],
    navigation: &[Navigation { name: "certificateBasedAuthConfiguration", to: None }, Navigation { name: "extensions", to: None }],
    derived: &[],
};
