//! GET /me/memberOf
//!
//! The groups and directory roles of which the signed-in user is a direct member (Microsoft Graph v1.0: "List a user's direct
//! memberships"). With User.Read alone Graph tells type and id of each and nothing else.

use axum::{extract::RawQuery, response::Response};
use serde_json::{Map, Value};

use super::{
    bearer::Caller,
    call::{Answer, Call, Reply},
    entity::{EntityType, Selection},
    error::GraphError,
    paging,
    permissions::{Operation, holds_any},
    query::{QueryOptions, Understood},
};
use crate::{
    directory::{file::resource_types, user::User},
    random::derived_guid,
};

const GROUP: EntityType = EntityType {
    name: "microsoft.graph.group",
    properties: resource_types::GROUP,
    default: &[
        "id",
        "deletedDateTime",
        "classification",
        "createdDateTime",
        "description",
        "displayName",
        "expirationDateTime",
        "groupTypes",
        "isAssignableToRole",
        "mail",
        "mailEnabled",
        "mailNickname",
        "membershipRule",
        "membershipRuleProcessingState",
        "preferredDataLocation",
        "preferredLanguage",
        "proxyAddresses",
        "renewedDateTime",
        "securityEnabled",
        "securityIdentifier",
        "theme",
        "uniqueName",
        "visibility",
    ],
    collections: &["groupTypes", "proxyAddresses"],
};

const DIRECTORY_ROLE: EntityType = EntityType {
    name: "microsoft.graph.directoryRole",
    properties: &["deletedDateTime", "description", "displayName", "id", "roleTemplateId"],
    default: &["id", "deletedDateTime", "description", "displayName", "roleTemplateId"],
    collections: &[],
};

/// Permissions with which names are shown, not only ids.
const SHOW_NAMES: [&str; 3] = ["GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"];

pub(super) async fn my_memberships(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadOwnMemberships, |caller| {
        let user = caller.signed_in_user()?;
        let options = call.options(query.as_deref(), Understood::SelectAndPaging)?;
        memberships(caller, user, &options)
    });
    call.reply(answer)
}

/// A group or directory role, before it is shown.
struct Membership {
    id: String,
    of: EntityType,
    known: Map<String, Value>,
}

fn memberships(caller: &Caller, user: &User, options: &QueryOptions) -> Result<Answer, GraphError> {
    let shows_names = holds_any(caller, &SHOW_NAMES);
    let groups = GROUP.selection(&restrict(options, &GROUP))?;
    let roles = DIRECTORY_ROLE.selection(&restrict(options, &DIRECTORY_ROLE))?;
    let context = context(options)?;
    let page = paging::page(all(caller, user), options, |membership| membership.id.as_str())?;
    let show = |membership: Membership| {
        let selection = if membership.of.name == GROUP.name { &groups } else { &roles };
        shown(membership, selection, shows_names)
    };
    Ok(Answer {
        context: format!("directoryObjects{context}"),
        next: page.next_query.map(|query| format!("me/memberOf?{query}")),
        reply: Reply::List(page.entries.into_iter().map(show).collect()),
    })
}

fn all(caller: &Caller, user: &User) -> Vec<Membership> {
    let group = |group: &crate::directory::group::Group| Membership {
        id: group.id.clone(),
        of: GROUP,
        known: match serde_json::to_value(group) {
            Ok(Value::Object(known)) => known,
            _ => Map::new(),
        },
    };
    let role = |name: &String| {
        let id = derived_guid(&[caller.directory.tenant_id(), "directoryRole", name]);
        let known = [("id", id.clone()), ("displayName", name.clone())].map(|(key, value)| (key.to_owned(), Value::String(value)));
        Membership { id, of: DIRECTORY_ROLE, known: Map::from_iter(known) }
    };
    caller.directory.groups_of(&user.id).map(group).chain(user.directory_roles.iter().map(role)).collect()
}

/// `$select` names properties of either type; each object shows those that it has.
fn restrict(options: &QueryOptions, of: &EntityType) -> QueryOptions {
    let has = |name: &&String| of.properties.iter().any(|known| known.eq_ignore_ascii_case(name));
    let select = options.select.as_ref().map(|names| names.iter().filter(has).cloned().collect());
    QueryOptions { select, ..options.clone() }
}

fn context(options: &QueryOptions) -> Result<String, GraphError> {
    let Some(names) = &options.select else { return Ok(String::new()) };
    let known = |name: &String| GROUP.properties.iter().chain(DIRECTORY_ROLE.properties).any(|known| known.eq_ignore_ascii_case(name));
    match names.iter().find(|name| !known(name)) {
        Some(unknown) => Err(GraphError::UnknownProperty { property: unknown.clone(), on: "microsoft.graph.directoryObject" }),
        None => Ok(format!("({})", names.join(","))),
    }
}

fn shown(membership: Membership, selection: &Selection, shows_names: bool) -> Map<String, Value> {
    let mut known = membership.known;
    // Graph shows the members as a relation of their own.
    known.remove("members");
    if !shows_names {
        known.retain(|name, _| name == "id");
    }
    let mut shown = membership.of.show(selection, &known);
    if !shows_names {
        // `null` for a list as well: what is withheld is not the same as what is empty.
        shown.values_mut().filter(|value| value.is_array()).for_each(|value| *value = Value::Null);
    }
    shown.insert("@odata.type".to_owned(), Value::String(format!("#{}", membership.of.name)));
    shown
}
