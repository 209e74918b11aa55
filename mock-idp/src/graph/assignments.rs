//! GET, POST /servicePrincipals/{id}/appRoleAssignedTo; GET, POST /{users, groups, servicePrincipals}/{id}/appRoleAssignments; GET
//! /me/appRoleAssignments; GET, DELETE …/{assignment}
//!
//! Who holds which app role, seen from the application or from the holder (Microsoft Graph v1.0: "List appRoleAssignments granted for
//! a service principal", "Grant an appRoleAssignment for a service principal", "List appRoleAssignments granted to a user", and the
//! like for groups and service principals).

use std::borrow::Cow;

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::get,
};
use serde_json::{Map, Value, json};

use super::{
    GraphState,
    bearer::Caller,
    body::{self, Body},
    call::{Answer, Call},
    entity::Selection,
    entity_types::APP_ROLE_ASSIGNMENT,
    error::GraphError,
    key::Key,
    odata::list::{List, View},
    permissions::Operation,
    query::{QueryOptions, Understood},
    service_principals::{Shapes, display_name},
    unanswered,
};
use crate::directory::{
    Directory, directory_role::Action, entries::Index, microsoft_graph::GRAPH_APP_ID, registration::instant,
    service_principal::AppRoleAssignment,
};

/// From where assignments are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// Those to the roles of an application.
    Resource,
    /// Those that a user holds, directly or through a group.
    User,
    /// Those that a group holds.
    Group,
    /// Those that an application holds.
    ServicePrincipal,
}

impl Side {
    const ALL: [Self; 4] = [Self::Resource, Self::User, Self::Group, Self::ServicePrincipal];

    /// The first segment of the path, and the last.
    const fn segments(self) -> (&'static str, &'static str) {
        match self {
            Self::Resource => ("servicePrincipals", "appRoleAssignedTo"),
            Self::User => ("users", "appRoleAssignments"),
            Self::Group => ("groups", "appRoleAssignments"),
            Self::ServicePrincipal => ("servicePrincipals", "appRoleAssignments"),
        }
    }

    /// The object id of the one whose assignments these are.
    fn owner(self, directory: &Directory, key: &str) -> Result<String, GraphError> {
        let not_found = || GraphError::ResourceNotFound(key.to_owned());
        let user = || directory.user(key).or_else(|| directory.user_by_principal_name(key));
        match self {
            Self::Resource | Self::ServicePrincipal => Ok(Key::read(key)?.service_principal(directory)?.id.clone()),
            Self::User => user().map(|user| user.id.clone()).ok_or_else(not_found),
            Self::Group => directory.groups.get(key).map(|group| group.id.clone()).ok_or_else(not_found),
        }
    }

    /// Whether an assignment is one of `owner`'s, seen from this side.
    fn covers(self, assignment: &AppRoleAssignment, owner: &str) -> bool {
        let id = if self == Self::Resource { &assignment.resource_id } else { &assignment.principal_id };
        id == owner
    }

    fn reads(self) -> Operation {
        if self == Self::Resource { Operation::ReadApplications } else { Operation::ReadAssignments }
    }
}

/// The routes of assignments; `at` gives a path its version.
pub(super) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    let routes = Side::ALL.into_iter().fold(Router::new(), |routes, side| {
        let (first, last) = side.segments();
        let read = move |call, Path(key): Path<String>, RawQuery(query): RawQuery| async move { list(call, side, &key, query).await };
        let add = move |call, Path(key): Path<String>, body: Body| async move { assign(call, side, &key, body).await };
        let show =
            move |call, Path(path): Path<(String, String)>, RawQuery(query): RawQuery| async move { one(call, side, path, query).await };
        let remove = move |call, Path(path): Path<(String, String)>| async move { unassign(call, side, path).await };
        routes
            .route(&at(&format!("/{first}/{{id}}/{last}")), get(read).post(add).fallback(unanswered))
            .route(&at(&format!("/{first}/{{id}}/{last}/{{assignment}}")), get(show).delete(remove).fallback(unanswered))
    });
    routes.route(&at("/me/appRoleAssignments"), get(own).fallback(unanswered))
}

async fn own(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadOwnAssignments, |caller| {
        let id = caller.signed_in_user()?.id.clone();
        page(&call, caller, Side::User, &id, query.as_deref())
    });
    call.reply(answer)
}

async fn list(call: Call, side: Side, key: &str, query: Option<String>) -> Response {
    let answer = call.permitted(side.reads(), |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        page(&call, caller, side, &side.owner(&caller.directory, key)?, query.as_deref())
    });
    call.reply(answer)
}

fn page(call: &Call, caller: &Caller, side: Side, owner: &str, query: Option<&str>) -> Result<Answer, GraphError> {
    let (first, last) = side.segments();
    let options = call.options(query, Understood::List)?;
    let (context, path) = (format!("{first}('{owner}')/{last}"), format!("{first}/{owner}/{last}"));
    let list = List { of: &APP_ROLE_ASSIGNMENT, context: &context, path: &path };
    list.answer(&of(&caller.directory, side, owner), &Assignments { shapes: call.shapes() }, &options)
}

/// The assignments of one object. A user's include those of the groups of which she is a direct member, as Graph lists them.
fn of<'d>(directory: &'d Directory, side: Side, owner: &str) -> Vec<&'d AppRoleAssignment> {
    let index = if side == Side::Resource { Index::Resource } else { Index::Principal };
    let mut assignments: Vec<_> = directory.app_role_assignments.by(index, owner).collect();
    if side == Side::User {
        let groups = directory.groups_of(owner);
        assignments.extend(groups.flat_map(|group| directory.app_role_assignments.by(Index::Principal, &group.id)));
    }
    assignments
}

async fn one(call: Call, side: Side, (key, id): (String, String), query: Option<String>) -> Response {
    let answer = call.permitted(side.reads(), |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let assignment = find(&caller.directory, side, &key, &id)?;
        shown(&call, side, assignment, &call.options(query.as_deref(), Understood::One)?)
    });
    call.reply(answer)
}

async fn assign(call: Call, side: Side, key: &str, body: Body) -> Response {
    let created = call.permitted(Operation::AssignAppRoles, |caller| {
        let owner = side.owner(&caller.directory, key)?;
        let members = body::object(body)?;
        body::only(&members, &["appRoleId", "principalId", "principalType", "resourceId"])?;
        let id = |name| body::guid(&members, name);
        let (principal, resource, role) = (id("principalId")?, id("resourceId")?, id("appRoleId")?);
        let (named, name) = if side == Side::Resource { (&resource, "resourceId") } else { (&principal, "principalId") };
        if *named != owner {
            return Err(body::invalid(name, "must be the object that the path names"));
        }
        call.allowed(needed_for(&caller.directory, &resource), Some(&resource))?;
        let assignment = call.edit(|directory| directory.assign_app_role(&principal, &resource, &role, call.ids.now))?;
        let (first, last) = side.segments();
        Ok((format!("{first}/{owner}/{last}/{}", assignment.id), shown(&call, side, &assignment, &QueryOptions::default())?))
    });
    call.reply_created(created)
}

async fn unassign(call: Call, side: Side, (key, id): (String, String)) -> Response {
    let removed = call.permitted(Operation::RemoveAssignments, |caller| {
        let assignment = find(&caller.directory, side, &key, &id)?;
        call.allowed(needed_for(&caller.directory, &assignment.resource_id), Some(&assignment.resource_id))?;
        call.edit(|directory| directory.remove_app_role_assignment(&assignment.id))
    });
    call.reply_nothing(removed)
}

/// A role of Microsoft Graph itself is an application permission, which fewer may give.
fn needed_for(directory: &Directory, resource_id: &str) -> Action {
    let is_graph = directory.service_principals.get(resource_id).is_some_and(|principal| principal.app_id == GRAPH_APP_ID);
    if is_graph { Action::GrantGraphAppRole } else { Action::AssignAppRole }
}

fn find<'d>(directory: &'d Directory, side: Side, key: &str, id: &str) -> Result<&'d AppRoleAssignment, GraphError> {
    let owner = side.owner(directory, key)?;
    // Ids of assignments tell cases apart; the index does not.
    let found = directory.app_role_assignments.get(id).filter(|it| it.id == id && side.covers(it, &owner));
    found.ok_or_else(|| GraphError::ResourceNotFound(id.to_owned()))
}

fn shown(call: &Call, side: Side, assignment: &AppRoleAssignment, options: &QueryOptions) -> Result<Answer, GraphError> {
    let selection = APP_ROLE_ASSIGNMENT.selection(options)?;
    let (first, last) = side.segments();
    let owner = if side == Side::Resource { &assignment.resource_id } else { &assignment.principal_id };
    let context = format!("{first}('{owner}')/{last}{}/$entity", selection.context());
    Ok(Answer::one(context, Assignments { shapes: call.shapes() }.show(assignment, &selection)))
}

/// Assignments, with the names of both ends.
pub(super) struct Assignments<'c> {
    pub(super) shapes: Shapes<'c>,
}

impl Assignments<'_> {
    fn name_of(&self, id: &str) -> Option<String> {
        let Shapes { directory, tenants } = self.shapes;
        let user = directory.user(id).map(|user| user.display_name.clone());
        let group = || directory.groups.get(id).map(|group| group.display_name.clone());
        user.or_else(group).or_else(|| display_name(directory, directory.service_principals.get(id)?, tenants))
    }
}

impl View<AppRoleAssignment> for Assignments<'_> {
    fn id<'o>(&self, assignment: &'o AppRoleAssignment) -> &'o str {
        &assignment.id
    }

    fn property<'o>(&'o self, assignment: &'o AppRoleAssignment, name: &str) -> Cow<'o, Value> {
        Cow::Owned(match name {
            "id" => json!(assignment.id),
            "appRoleId" => json!(assignment.app_role_id),
            "createdDateTime" => assignment.created_date_time.map(instant).unwrap_or_default(),
            "principalDisplayName" => json!(self.name_of(&assignment.principal_id)),
            "principalId" => json!(assignment.principal_id),
            "principalType" => json!(self.shapes.directory.principal_type(&assignment.principal_id).map(|kind| kind.name())),
            "resourceDisplayName" => json!(self.name_of(&assignment.resource_id)),
            "resourceId" => json!(assignment.resource_id),
            _ => Value::Null,
        })
    }

    fn show(&self, assignment: &AppRoleAssignment, selection: &Selection) -> Map<String, Value> {
        let names = selection.names().iter();
        let known = names.map(|name| ((*name).to_owned(), self.property(assignment, name).into_owned())).collect();
        APP_ROLE_ASSIGNMENT.show(selection, &known)
    }
}
