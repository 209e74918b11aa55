//! GET /directoryRoles, /directoryRoles/{id}, …/members; POST …/members/$ref; DELETE …/members/{member}/$ref; GET /directoryRoleTemplates
//!
//! Who administers the directory (Microsoft Graph v1.0: "List directoryRoles", "Get directoryRole", "List members of a directory role",
//! "Add directory role member", "Remove directory role member", "List directoryRoleTemplates", "Get directoryRoleTemplate"). A role is
//! named by its object id or by `(roleTemplateId='…')`.
//!
//! Departs from Graph: a role is activated by whoever gives it to somebody first, as in the admin center, and only as long as somebody
//! holds it. Users alone hold roles, no groups or service principals.

mod members;
mod templates;

use std::borrow::Cow;

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::{delete, get},
};
use serde_json::{Map, Value};

use super::{
    GraphState,
    call::{Answer, Call},
    directory_object::{DirectoryObject, DirectoryObjects},
    entity::{Expansion, Selection},
    entity_types::DIRECTORY_ROLE,
    error::GraphError,
    key::alternate,
    odata::list::{List, View, inside},
    permissions::Operation,
    query::Understood,
    unanswered,
};
use crate::directory::{
    Directory,
    directory_role::{Action, DirectoryRole},
    tenant_role::TenantRole,
};

/// The routes of directory roles and of their templates; `at` gives a path its version.
pub(super) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    Router::new()
        .route(&at("/directoryRoles"), get(list).fallback(unanswered))
        .route(&at("/directoryRoles/{role}"), get(one).fallback(unanswered))
        .route(&at("/directoryRoles/{role}/members"), get(members::list).fallback(unanswered))
        .route(&at("/directoryRoles/{role}/members/$ref"), get(members::references).post(members::add).fallback(unanswered))
        .route(&at("/directoryRoles/{role}/members/{member}/$ref"), delete(members::remove).fallback(unanswered))
        .route(&at("/directoryRoleTemplates"), get(templates::list).fallback(unanswered))
        .route(&at("/directoryRoleTemplates/{template}"), get(templates::one).fallback(unanswered))
}

async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryRoles, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        let activated = caller.directory.activated_roles();
        let list = List { of: &DIRECTORY_ROLE, context: "directoryRoles", path: "directoryRoles" };
        list.answer(&activated.iter().collect::<Vec<_>>(), &Roles::of(&call), &options)
    });
    call.reply(answer)
}

async fn one(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryRoles, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let role = activated(&caller.directory, &key)?;
        let selection = DIRECTORY_ROLE.selection(&call.options(query.as_deref(), Understood::One)?)?;
        let context = format!("directoryRoles{}/$entity", selection.context());
        Ok(Answer::one(context, Roles::of(&call).show_expanded(&role, &selection)))
    });
    call.reply(answer)
}

/// The role that a segment of the path names: one that somebody holds, or a built-in one.
fn named(directory: &Directory, key: &str) -> Result<TenantRole, GraphError> {
    let Some(template) = alternate(key, "roleTemplateId")? else { return Ok(directory.tenant_role(key)?) };
    let built_in = DirectoryRole::of_template(template).ok_or_else(|| GraphError::ResourceNotFound(template.to_owned()))?;
    Ok(directory.role_named(built_in.name()))
}

/// The activated role that a segment of the path names.
fn activated(directory: &Directory, key: &str) -> Result<TenantRole, GraphError> {
    let role = named(directory, key)?;
    if directory.is_activated(&role) { Ok(role) } else { Err(GraphError::ResourceNotFound(role.id)) }
}

/// The users who hold a role.
fn holders<'d>(directory: &'d Directory, role: &TenantRole) -> Vec<DirectoryObject<'d>> {
    directory.holders_of_role(&role.display_name).map(DirectoryObject::User).collect()
}

/// Directory roles, for whoever may read them.
struct Roles<'c> {
    directory: &'c Directory,
    objects: DirectoryObjects<'c>,
}

impl<'c> Roles<'c> {
    fn of(call: &'c Call) -> Self {
        Self { directory: &call.caller.directory, objects: call.directory_objects() }
    }
}

impl View<TenantRole> for Roles<'_> {
    fn id<'o>(&self, role: &'o TenantRole) -> &'o str {
        &role.id
    }

    fn property<'o>(&'o self, role: &'o TenantRole, name: &str) -> Cow<'o, Value> {
        Cow::Owned(known(role).remove(name).unwrap_or_default())
    }

    fn show(&self, role: &TenantRole, selection: &Selection) -> Map<String, Value> {
        DIRECTORY_ROLE.show(selection, &known(role))
    }

    fn expand(&self, role: &TenantRole, expansion: &Expansion) -> Value {
        match expansion.name {
            "members" => inside(&holders(self.directory, role), &self.objects, &expansion.selection),
            _ => Value::Null,
        }
    }
}

/// Everything that is known about a role. One that the mock does not act on has no template.
pub(super) fn known(role: &TenantRole) -> Map<String, Value> {
    let text = |text: &str| Value::String(text.to_owned());
    let of_template = |of: fn(DirectoryRole) -> &'static str| role.built_in.map_or(Value::Null, |role| text(of(role)));
    let known = [
        ("id", text(&role.id)),
        ("displayName", text(&role.display_name)),
        ("description", of_template(DirectoryRole::description)),
        ("roleTemplateId", of_template(DirectoryRole::template_id)),
    ];
    known.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
