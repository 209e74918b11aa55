//! GET, POST /groups; GET, PATCH, DELETE /groups/{group}
//!
//! Groups (Microsoft Graph v1.0: "List groups", "Create group", "Get group", "Update group", "Delete group"). Who is in them: [`members`].

mod members;

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
    body::{self, Body},
    call::{Answer, Call},
    entity::Selection,
    entity_types::GROUP,
    error::GraphError,
    odata::list::{List, View},
    permissions::Operation,
    query::{QueryOptions, Understood},
    unanswered, value_types,
};
use crate::directory::{
    directory_role::Action,
    file::{graph_body, resource_types},
    group::Group,
    refusal::Refusal,
    user::UserType,
};

/// "Create group": the properties that a request must have, in the order of the page.
const REQUIRED: [&str; 4] = ["displayName", "mailEnabled", "mailNickname", "securityEnabled"];

/// "group resource type": what is marked read-only and nobody sets.
const READ_ONLY: [&str; 9] = [
    "id",
    "createdDateTime",
    "deletedDateTime",
    "expirationDateTime",
    "isManagementRestricted",
    "mail",
    "proxyAddresses",
    "renewedDateTime",
    "securityIdentifier",
];

/// Properties with which Graph computes the members of a group.
const DYNAMIC: [&str; 2] = ["membershipRule", "membershipRuleProcessingState"];

const GROUPS: List<'_> = List { of: &GROUP, context: "groups", path: "groups" };

/// The routes of groups; `at` gives a path its version.
pub(super) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    Router::new()
        .route(&at("/groups"), get(list).post(create).fallback(unanswered))
        .route(&at("/groups/$count"), get(count).fallback(unanswered))
        .route(&at("/groups/{group}"), get(one).patch(update).delete(remove).fallback(unanswered))
        .route(&at("/groups/{group}/members"), get(members::direct).fallback(unanswered))
        .route(&at("/groups/{group}/members/$count"), get(members::count).fallback(unanswered))
        .route(&at("/groups/{group}/members/$ref"), get(members::references).post(members::add).fallback(unanswered))
        .route(&at("/groups/{group}/members/{member}/$ref"), delete(members::remove).fallback(unanswered))
        .route(&at("/groups/{group}/members/{cast}"), get(members::cast).fallback(unanswered))
        .route(&at("/groups/{group}/transitiveMembers"), get(members::transitive).fallback(unanswered))
        .route(&at("/groups/{group}/transitiveMembers/$count"), get(members::transitive_count).fallback(unanswered))
        .route(&at("/groups/{group}/transitiveMembers/{cast}"), get(members::transitive_cast).fallback(unanswered))
}

async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGroups, |caller| {
        refuse_guest(&call)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        GROUPS.answer(&caller.directory.groups, &Groups, &options)
    });
    call.reply(answer)
}

async fn count(call: Call, RawQuery(query): RawQuery) -> Response {
    let count = call.permitted(Operation::ReadGroups, |caller| {
        refuse_guest(&call)?;
        let options = call.options(query.as_deref(), Understood::Count)?;
        GROUPS.count(&caller.directory.groups, &Groups, &options)
    });
    call.reply_count(count)
}

async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGroups, |caller| {
        let group = caller.directory.group_by_id(&id)?;
        shown(group, &call.options(query.as_deref(), Understood::One)?)
    });
    call.reply(answer)
}

async fn create(call: Call, body: Body) -> Response {
    let created = call.permitted(Operation::WriteGroups, |_| {
        call.allowed(Action::ManageGroups, None)?;
        let members = body::object(body)?;
        judge_members(&members)?;
        if let Some(property) = REQUIRED.into_iter().find(|name| members.get(*name).is_none_or(Value::is_null)) {
            return Err(Refusal::ValueNeeded { resource: "Group", property }.into());
        }
        let group = graph_body::group(&members).map_err(|mistakes| body::refusal(&mistakes))?;
        let group = call.edit(|directory| directory.create_group(group, call.ids.now, &call.state.entropy))?;
        Ok((format!("groups/{}", group.id), shown(&group, &QueryOptions::default())?))
    });
    call.reply_created(created)
}

async fn update(call: Call, Path(id): Path<String>, body: Body) -> Response {
    let updated = call.permitted(Operation::WriteGroups, |_| {
        call.allowed(Action::ManageGroups, None)?;
        let change = body::object(body)?;
        judge_members(&change)?;
        call.edit(|directory| {
            let base = known(directory.group_by_id(&id)?);
            let changed = graph_body::group(&body::patched(base, change)).map_err(|mistakes| body::refusal(&mistakes))?;
            directory.update_group(&id, |group| *group = Group { members: std::mem::take(&mut group.members), ..changed })?;
            Ok::<(), GraphError>(())
        })
    });
    call.reply_nothing(updated)
}

async fn remove(call: Call, Path(id): Path<String>) -> Response {
    let removed = call.permitted(Operation::WriteGroups, |_| {
        call.allowed(Action::ManageGroups, None)?;
        call.edit(|directory| directory.delete_group(&id))
    });
    call.reply_nothing(removed)
}

/// Groups as whoever may read them sees them.
pub(super) struct Groups;

impl View<Group> for Groups {
    fn id<'o>(&self, group: &'o Group) -> &'o str {
        &group.id
    }

    fn property<'o>(&'o self, group: &'o Group, name: &str) -> Cow<'o, Value> {
        match name {
            "id" => Cow::Owned(Value::String(group.id.clone())),
            "displayName" => Cow::Owned(Value::String(group.display_name.clone())),
            other => group.other_properties.get(other).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        }
    }

    fn show(&self, group: &Group, selection: &Selection) -> Map<String, Value> {
        GROUP.show(selection, &known(group))
    }
}

/// Everything that is known about a group. Its members are a relationship, not a property.
pub(super) fn known(group: &Group) -> Map<String, Value> {
    let mut known = match serde_json::to_value(group) {
        Ok(Value::Object(known)) => known,
        _ => Map::new(),
    };
    known.remove("members");
    known
}

fn shown(group: &Group, options: &QueryOptions) -> Result<Answer, GraphError> {
    let selection = GROUP.selection(options)?;
    Ok(Answer::one(format!("groups{}/$entity", selection.context()), Groups.show(group, &selection)))
}

/// Guests cannot enumerate groups. Microsoft Entra, "What are the default user permissions?".
fn refuse_guest(call: &Call) -> Result<(), GraphError> {
    match call.caller.signed_in_user() {
        Ok(user) if user.user_type == UserType::Guest => Err(GraphError::InsufficientPrivileges),
        _ => Ok(()),
    }
}

/// Refuses members that a group does not have, that nobody sets, or whose value is of another type.
fn judge_members(members: &Map<String, Value>) -> Result<(), GraphError> {
    body::only(members, resource_types::GROUP)?;
    let is_given = |name: &&str| members.get(*name).is_some_and(|value| !value.is_null());
    if let Some(name) = READ_ONLY.into_iter().find(is_given) {
        return Err(GraphError::ReadOnlyMember(name.to_owned()));
    }
    if let Some(name) = ["members"].into_iter().chain(DYNAMIC).find(is_given) {
        return Err(GraphError::NotModelled(format!("the member {name} in the body of a group")));
    }
    value_types::judge(&GROUP, members)
}
