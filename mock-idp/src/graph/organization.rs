//! GET /organization
//!
//! The tenant (Microsoft Graph v1.0: "List organizations"; the list has one entry).

use axum::{extract::RawQuery, response::Response};
use serde_json::{Map, Value};

use super::{
    call::{Answer, Call, Reply},
    entity::EntityType,
    permissions::{Operation, holds_any},
    query::Understood,
};
use crate::directory::file::resource_types;

const ORGANIZATION: EntityType = EntityType {
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
};

/// What User.Read shows. "List organizations", section "Permissions".
const BASIC: [&str; 3] = ["displayName", "id", "verifiedDomains"];

pub(super) async fn organization(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadOrganization, |caller| {
        let options = call.options(query.as_deref(), Understood::Select)?;
        let selection = ORGANIZATION.selection(&options)?;
        let mut known = match serde_json::to_value(&caller.directory.organization) {
            Ok(Value::Object(known)) => known,
            _ => Map::new(),
        };
        if !holds_any(caller, &["Directory.Read.All"]) {
            known.retain(|name, _| BASIC.contains(&name.as_str()));
        }
        Ok(Answer {
            context: format!("organization{}", selection.context()),
            next: None,
            reply: Reply::List(vec![ORGANIZATION.show(&selection, &known)]),
        })
    });
    call.reply(answer)
}
