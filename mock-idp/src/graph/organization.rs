//! GET /organization; GET /organization/{id}
//!
//! The tenant (Microsoft Graph v1.0: "List organizations", "Get organization"; the list has one entry).

use std::borrow::Cow;

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    bearer::Caller,
    call::{Answer, Call},
    entity::Selection,
    entity_types::ORGANIZATION,
    error::GraphError,
    odata::list::{List, View},
    permissions::{Operation, holds_any},
    query::Understood,
};
use crate::directory::organization::Organization;

/// What User.Read shows. "List organizations", section "Permissions".
const BASIC: [&str; 3] = ["displayName", "id", "verifiedDomains"];

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadOrganization, |caller| {
        let options = call.options(query.as_deref(), Understood::List)?;
        let list = List { of: &ORGANIZATION, context: "organization", path: "organization" };
        list.answer(&vec![&caller.directory.organization], &Organizations { caller }, &options)
    });
    call.reply(answer)
}

pub(super) async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadOrganization, |caller| {
        let organization = &caller.directory.organization;
        // Other tenants are other directories: whoever asks for one of them is told that it is not here.
        if !organization.id.eq_ignore_ascii_case(&id) {
            return Err(GraphError::ResourceNotFound(id));
        }
        let selection = ORGANIZATION.selection(&call.options(query.as_deref(), Understood::One)?)?;
        let shown = Organizations { caller }.show(organization, &selection);
        Ok(Answer::one(format!("organization{}/$entity", selection.context()), shown))
    });
    call.reply(answer)
}

/// The tenant as the caller may see it.
struct Organizations<'c> {
    caller: &'c Caller,
}

impl View<Organization> for Organizations<'_> {
    fn id<'o>(&self, organization: &'o Organization) -> &'o str {
        &organization.id
    }

    fn property<'o>(&'o self, organization: &'o Organization, name: &str) -> Cow<'o, Value> {
        Cow::Owned(self.known(organization).remove(name).unwrap_or_default())
    }

    fn show(&self, organization: &Organization, selection: &Selection) -> Map<String, Value> {
        ORGANIZATION.show(selection, &self.known(organization))
    }
}

impl Organizations<'_> {
    fn known(&self, organization: &Organization) -> Map<String, Value> {
        let mut known = match serde_json::to_value(organization) {
            Ok(Value::Object(known)) => known,
            _ => Map::new(),
        };
        if !holds_any(self.caller, &["Directory.Read.All"]) {
            known.retain(|name, _| BASIC.contains(&name.as_str()));
        }
        known
    }
}
