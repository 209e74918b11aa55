//! GET /directoryRoleTemplates; GET /directoryRoleTemplates/{id}
//!
//! The roles that a tenant can have. Departs from Graph: only those that the mock acts on, not all of Entra's built-in roles.

use std::borrow::Cow;

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use serde_json::{Map, Value};

use crate::{
    directory::directory_role::{Action, DirectoryRole},
    graph::{
        call::{Answer, Call},
        entity::Selection,
        entity_types::DIRECTORY_ROLE_TEMPLATE,
        error::GraphError,
        odata::list::{List, View},
        permissions::Operation,
        query::Understood,
    },
};

const TEMPLATES: List<'_> = List { of: &DIRECTORY_ROLE_TEMPLATE, context: "directoryRoleTemplates", path: "directoryRoleTemplates" };

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryRoles, |_| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        TEMPLATES.answer(&DirectoryRole::ALL.iter().collect::<Vec<_>>(), &Templates, &options)
    });
    call.reply(answer)
}

pub(super) async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryRoles, |_| {
        call.allowed(Action::ReadDirectory, None)?;
        let role = DirectoryRole::of_template(&id).ok_or(GraphError::ResourceNotFound(id))?;
        let selection = DIRECTORY_ROLE_TEMPLATE.selection(&call.options(query.as_deref(), Understood::One)?)?;
        Ok(Answer::one(format!("directoryRoleTemplates{}/$entity", selection.context()), Templates.show(&role, &selection)))
    });
    call.reply(answer)
}

struct Templates;

impl View<DirectoryRole> for Templates {
    fn id<'o>(&self, role: &'o DirectoryRole) -> &'o str {
        role.template_id()
    }

    fn property<'o>(&'o self, role: &'o DirectoryRole, name: &str) -> Cow<'o, Value> {
        Cow::Owned(known(*role).remove(name).unwrap_or_default())
    }

    fn show(&self, role: &DirectoryRole, selection: &Selection) -> Map<String, Value> {
        DIRECTORY_ROLE_TEMPLATE.show(selection, &known(*role))
    }
}

fn known(role: DirectoryRole) -> Map<String, Value> {
    let known = [("id", role.template_id()), ("displayName", role.name()), ("description", role.description())];
    known.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value.to_owned()))).collect()
}
