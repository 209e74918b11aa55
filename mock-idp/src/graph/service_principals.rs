//! GET, POST /servicePrincipals; GET, PATCH, DELETE /servicePrincipals/{id} and /servicePrincipals(appId='{appId}')
//!
//! Applications as they can be used in this tenant (Microsoft Graph v1.0: "List servicePrincipals", "Create servicePrincipal", "Get
//! servicePrincipal", "Update servicePrincipal", "Delete servicePrincipal").

mod shape;

use std::borrow::Cow;

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    assignments::Assignments,
    body::{self, Body},
    call::{Answer, Call},
    entity::{Expansion, Selection},
    entity_types::SERVICE_PRINCIPAL,
    error::GraphError,
    grants::Grants,
    key::Key,
    odata::list::{List, View, inside},
    permissions::Operation,
    query::{QueryOptions, Understood},
};
use crate::directory::{
    directory_role::Action,
    entries::Index,
    file::{graph_body, resource_types},
    service_principal::ServicePrincipal,
};

pub(super) use shape::{Shapes, display_name};

/// What a PATCH may change. The rest of a service principal follows its registration.
const WRITABLE: [&str; 11] = [
    "accountEnabled",
    "alternativeNames",
    "appRoleAssignmentRequired",
    "customSecurityAttributes",
    "description",
    "loginUrl",
    "notes",
    "notificationEmailAddresses",
    "preferredSingleSignOnMode",
    "samlSingleSignOnSettings",
    "tags",
];

const SERVICE_PRINCIPALS: List<'_> = List { of: &SERVICE_PRINCIPAL, context: "servicePrincipals", path: "servicePrincipals" };

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        SERVICE_PRINCIPALS.answer(&caller.directory.service_principals, &call.shapes(), &options)
    });
    call.reply(answer)
}

pub(super) async fn count(call: Call, RawQuery(query): RawQuery) -> Response {
    let count = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::Count)?;
        SERVICE_PRINCIPALS.count(&caller.directory.service_principals, &call.shapes(), &options)
    });
    call.reply_count(count)
}

pub(super) async fn get(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        // Guests read an application whose id they know; they only cannot list them.
        let principal = Key::read(&key)?.service_principal(&caller.directory)?;
        call.one_principal(principal, &call.options(query.as_deref(), Understood::One)?)
    });
    call.reply(answer)
}

pub(super) async fn create(call: Call, body: Body) -> Response {
    let created = call.permitted(Operation::WriteServicePrincipals, |_| {
        call.allowed(Action::RegisterApplication, None)?;
        let mut members = body::object(body)?;
        let app_id = body::guid(&members, "appId")?;
        members.remove("appId");
        refuse_what_follows_the_registration(&members)?;
        let home = call.state.tenants.home_of(&app_id);
        let principal = call.edit(|directory| {
            let foreign = home.as_ref().and_then(|home| home.application(&app_id));
            let made = directory.create_service_principal(&app_id, foreign)?;
            let changed = read_changed(&made, members)?;
            Ok::<_, GraphError>(directory.update_service_principal(&made.id, |principal| *principal = changed)?)
        })?;
        Ok((format!("servicePrincipals/{}", principal.id), call.one_principal(&principal, &QueryOptions::default())?))
    });
    call.reply_created(created)
}

pub(super) async fn update(call: Call, Path(key): Path<String>, body: Body) -> Response {
    let updated = call.permitted(Operation::WriteServicePrincipals, |caller| {
        let id = &Key::read(&key)?.service_principal(&caller.directory)?.id;
        call.allowed(Action::ManageServicePrincipal, Some(id))?;
        let change = body::object(body)?;
        refuse_what_follows_the_registration(&change)?;
        call.edit(|directory| {
            let changed = read_changed(directory.service_principal_by_id(id)?, change)?;
            directory.update_service_principal(id, |principal| *principal = changed)?;
            Ok::<(), GraphError>(())
        })
    });
    call.reply_nothing(updated)
}

pub(super) async fn delete(call: Call, Path(key): Path<String>) -> Response {
    let deleted = call.permitted(Operation::WriteServicePrincipals, |caller| {
        let id = &Key::read(&key)?.service_principal(&caller.directory)?.id;
        call.allowed(Action::ManageServicePrincipal, Some(id))?;
        call.edit(|directory| directory.delete_service_principal(id))
    });
    call.reply_nothing(deleted)
}

impl Call {
    /// How service principals of the caller's tenant are shown.
    pub(super) fn shapes(&self) -> Shapes<'_> {
        Shapes { directory: &self.caller.directory, tenants: &self.state.tenants }
    }

    fn one_principal(&self, principal: &ServicePrincipal, options: &QueryOptions) -> Result<Answer, GraphError> {
        let selection = SERVICE_PRINCIPAL.selection(options)?;
        let context = format!("servicePrincipals{}/$entity", selection.context());
        Ok(Answer::one(context, self.shapes().show_expanded(principal, &selection)))
    }
}

impl View<ServicePrincipal> for Shapes<'_> {
    fn id<'o>(&self, principal: &'o ServicePrincipal) -> &'o str {
        &principal.id
    }

    fn property<'o>(&'o self, principal: &'o ServicePrincipal, name: &str) -> Cow<'o, Value> {
        match name {
            "id" => Cow::Owned(json!(principal.id)),
            "appId" => Cow::Owned(json!(principal.app_id)),
            "displayName" => Cow::Owned(json!(display_name(self.directory, principal, self.tenants))),
            other => Cow::Owned(self.known(principal).remove(other).unwrap_or_default()),
        }
    }

    fn show(&self, principal: &ServicePrincipal, selection: &Selection) -> Map<String, Value> {
        SERVICE_PRINCIPAL.show(selection, &self.known(principal))
    }

    fn expand(&self, principal: &ServicePrincipal, expansion: &Expansion) -> Value {
        let assignments = |index| self.directory.app_role_assignments.by(index, &principal.id);
        let assigned = |index| inside(assignments(index), &Assignments { shapes: *self }, &expansion.selection);
        match expansion.name {
            "appRoleAssignedTo" => assigned(Index::Resource),
            "appRoleAssignments" => assigned(Index::Principal),
            "oauth2PermissionGrants" => {
                inside(self.directory.oauth2_permission_grants.by(Index::Client, &principal.id), &Grants, &expansion.selection)
            }
            _ => Value::Null,
        }
    }
}

fn read_changed(current: &ServicePrincipal, change: Map<String, Value>) -> Result<ServicePrincipal, GraphError> {
    let base = match serde_json::to_value(current) {
        Ok(Value::Object(base)) => base,
        _ => Map::new(),
    };
    graph_body::service_principal(&body::patched(base, change)).map_err(|mistakes| body::refusal(&mistakes))
}

fn refuse_what_follows_the_registration(members: &Map<String, Value>) -> Result<(), GraphError> {
    let follows = |name: &&String| resource_types::SERVICE_PRINCIPAL.contains(&name.as_str()) && !WRITABLE.contains(&name.as_str());
    members.keys().find(follows).map_or(Ok(()), |name| Err(GraphError::ReadOnlyMember(name.clone())))
}
