//! GET /me/memberOf and transitiveMemberOf, the same of /users/{id | userPrincipalName} and /groups/{id}; POST …/getMemberObjects,
//! getMemberGroups, checkMemberGroups, checkMemberObjects
//!
//! The groups and directory roles of a user or group (Microsoft Graph v1.0: "List a user's direct memberships", "List a user's
//! memberships (direct and transitive)", "directoryObject: getMemberObjects" and the like). With User.Read alone Graph tells type and id
//! of each and nothing else.

mod ids;

use std::borrow::Cow;

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::{get, post},
};
use serde_json::{Map, Value};

use super::{
    GraphState,
    bearer::Caller,
    call::{Answer, Call},
    entity::{EntityType, Selection},
    entity_types::{DIRECTORY_OBJECT, DIRECTORY_ROLE, GROUP},
    error::GraphError,
    groups::known,
    odata::list::{List, View},
    permissions::{Operation, holds_any},
    person::Person,
    query::Understood,
    unanswered,
};
use crate::{directory::group::Group, random::derived_guid};

/// Permissions with which names are shown, not only ids.
const SHOW_NAMES: [&str; 7] = [
    "GroupMember.Read.All",
    "GroupMember.ReadWrite.All",
    "Group.Read.All",
    "Group.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "Directory.AccessAsUser.All",
];

/// The routes of whatever can be a member; `of` is `/me`, `/users/{key}` or `/groups/{group}` after the version.
pub(super) fn routes(of: &str) -> Router<GraphState> {
    let lists = Router::new()
        .route(&format!("{of}/memberOf"), get(direct).fallback(unanswered))
        .route(&format!("{of}/memberOf/{{cast}}"), get(direct).fallback(unanswered))
        .route(&format!("{of}/transitiveMemberOf"), get(transitive).fallback(unanswered))
        .route(&format!("{of}/transitiveMemberOf/{{cast}}"), get(transitive).fallback(unanswered));
    ids::Question::ALL.into_iter().fold(lists, |routes, question| {
        let ask = move |call, member, body| async move { ids::answer(call, member, question, body).await };
        routes.route(&format!("{of}/{}", question.segment()), post(ask).fallback(unanswered))
    })
}

/// Whether groups that hold groups count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Direct,
    Transitive,
}

/// Whose memberships a path asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Member {
    Person(Person),
    Group(String),
}

impl Member {
    fn of_path(person: Person, path: &[(String, String)]) -> Self {
        let group = path.iter().find(|(name, _)| name == "group").map(|(_, id)| id.clone());
        group.map_or(Self::Person(person), Self::Group)
    }

    fn is_own(&self, caller: &Caller) -> bool {
        matches!(self, Self::Person(person) if person.is_own(caller))
    }

    /// The object id, and the directory roles.
    fn found<'c>(&self, caller: &'c Caller) -> Result<(&'c str, &'c [String]), GraphError> {
        match self {
            Self::Person(person) => person.of(caller).map(|user| (user.id.as_str(), user.directory_roles.as_slice())),
            Self::Group(id) => Ok(caller.directory.group_by_id(id).map(|group| (group.id.as_str(), &[][..]))?),
        }
    }

    /// The path after the version, for the next link.
    fn path(&self) -> String {
        match self {
            Self::Person(Person::Me) => "me".to_owned(),
            Self::Person(Person::Named(key)) => format!("users/{}", key.replace('#', "%23")),
            Self::Group(id) => format!("groups/{id}"),
        }
    }
}

async fn direct(call: Call, person: Person, Path(path): Path<Vec<(String, String)>>, RawQuery(query): RawQuery) -> Response {
    call.reply(page(&call, Reach::Direct, person, &path, query.as_deref()))
}

async fn transitive(call: Call, person: Person, Path(path): Path<Vec<(String, String)>>, RawQuery(query): RawQuery) -> Response {
    call.reply(page(&call, Reach::Transitive, person, &path, query.as_deref()))
}

fn page(call: &Call, reach: Reach, person: Person, path: &[(String, String)], query: Option<&str>) -> Result<Answer, GraphError> {
    let member = Member::of_path(person, path);
    let operation = if member.is_own(&call.caller) { Operation::ReadOwnMemberships } else { Operation::ReadMemberships };
    call.permitted(operation, |caller| {
        let cast = path.iter().find(|(name, _)| name == "cast").map(|(_, cast)| cast_type(cast)).transpose()?;
        let options = call.options(query, Understood::List)?;
        let all = memberships(caller, reach, &member)?;
        let shown: Vec<&Membership> = all.iter().filter(|it| cast.is_none_or(|of| of.name == it.of.name)).collect();
        let segment = if reach == Reach::Direct { "memberOf" } else { "transitiveMemberOf" };
        let (context, path) = match cast {
            None => ("directoryObjects".to_owned(), format!("{}/{segment}", member.path())),
            Some(of) => {
                (format!("{}s", of.name.rsplit('.').next().unwrap_or_default()), format!("{}/{segment}/{}", member.path(), of.name))
            }
        };
        let list = List { of: cast.unwrap_or(&DIRECTORY_OBJECT), context: &context, path: &path };
        list.answer(&shown, &Memberships { shows_names: holds_any(caller, &SHOW_NAMES) }, &options)
    })
}

/// `microsoft.graph.group` as the last segment: memberships of one type only.
fn cast_type(cast: &str) -> Result<&'static EntityType, GraphError> {
    let known = [&GROUP, &DIRECTORY_ROLE].into_iter().find(|of| of.name.eq_ignore_ascii_case(cast));
    known.ok_or_else(|| GraphError::UnknownSegment(cast.to_owned()))
}

/// A group or directory role, before it is shown.
struct Membership {
    id: String,
    of: &'static EntityType,
    known: Map<String, Value>,
}

/// Memberships as the caller may see them.
struct Memberships {
    shows_names: bool,
}

impl View<Membership> for Memberships {
    fn id<'o>(&self, membership: &'o Membership) -> &'o str {
        &membership.id
    }

    fn property<'o>(&'o self, membership: &'o Membership, name: &str) -> Cow<'o, Value> {
        membership.known.get(name).map_or(Cow::Owned(Value::Null), Cow::Borrowed)
    }

    fn is_visible(&self, _membership: &Membership, property: &str) -> bool {
        self.shows_names || property == "id"
    }

    fn show(&self, membership: &Membership, selection: &Selection) -> Map<String, Value> {
        let known = membership.known.iter().filter(|(name, _)| self.shows_names || *name == "id");
        let known = known.map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut shown = membership.of.show(selection, &known);
        if !self.shows_names {
            // `null` for a list as well: what is withheld is not the same as what is empty.
            shown.values_mut().filter(|value| value.is_array()).for_each(|value| *value = Value::Null);
        }
        shown.insert("@odata.type".to_owned(), Value::String(format!("#{}", membership.of.name)));
        shown
    }
}

fn memberships(caller: &Caller, reach: Reach, member: &Member) -> Result<Vec<Membership>, GraphError> {
    let directory = &caller.directory;
    let (id, roles) = member.found(caller)?;
    let groups: Vec<&Group> = match reach {
        Reach::Direct => directory.groups_of(id).collect(),
        Reach::Transitive => directory.transitive_groups_of(id),
    };
    let group = |group: &Group| Membership { id: group.id.clone(), of: &GROUP, known: known(group) };
    let role = |name: &String| {
        let id = role_id(directory.tenant_id(), name);
        let known = [("id", id.clone()), ("displayName", name.clone())].map(|(key, value)| (key.to_owned(), Value::String(value)));
        Membership { id, of: &DIRECTORY_ROLE, known: Map::from_iter(known) }
    };
    Ok(groups.into_iter().map(group).chain(roles.iter().map(role)).collect())
}

/// The object id of a directory role, which every tenant has for itself.
fn role_id(tenant_id: &str, name: &str) -> String {
    derived_guid(&[tenant_id, "directoryRole", name])
}
