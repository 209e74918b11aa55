//! GET /me/memberOf and transitiveMemberOf, the same of /users/{id | userPrincipalName} and /groups/{id}; POST …/getMemberObjects,
//! getMemberGroups, checkMemberGroups, checkMemberObjects, also of /directoryObjects/{id}
//!
//! The groups and directory roles of a user or group (Microsoft Graph v1.0: "List a user's direct memberships", "List a user's
//! memberships (direct and transitive)", "directoryObject: getMemberObjects" and the like). With User.Read alone Graph tells type and id
//! of each and nothing else.

mod ids;

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::{get, post},
};

use super::{
    GraphState,
    bearer::Caller,
    call::{Answer, Call},
    directory_object::DirectoryObject,
    entity::EntityType,
    entity_types::{DIRECTORY_OBJECT, DIRECTORY_ROLE, GROUP},
    error::GraphError,
    odata::list::List,
    permissions::Operation,
    person::Person,
    query::Understood,
    unanswered,
};
use crate::directory::group::Group;

/// The routes of whatever can be a member; `of` is `/me`, `/users/{key}` or `/groups/{group}` after the version.
pub(super) fn routes(of: &str) -> Router<GraphState> {
    ids(of)
        .route(&format!("{of}/memberOf"), get(direct).fallback(unanswered))
        .route(&format!("{of}/memberOf/{{cast}}"), get(direct).fallback(unanswered))
        .route(&format!("{of}/transitiveMemberOf"), get(transitive).fallback(unanswered))
        .route(&format!("{of}/transitiveMemberOf/{{cast}}"), get(transitive).fallback(unanswered))
}

/// Those that answer with ids only. `/directoryObjects/{object}` has them, too.
pub(super) fn ids(of: &str) -> Router<GraphState> {
    ids::Question::ALL.into_iter().fold(Router::new(), |routes, question| {
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
    /// Whatever has this object id.
    Object(String),
}

impl Member {
    fn of_path(person: Person, path: &[(String, String)]) -> Self {
        let id = |of: &str| path.iter().find(|(name, _)| name == of).map(|(_, id)| id.clone());
        id("group").map(Self::Group).or_else(|| id("object").map(Self::Object)).unwrap_or(Self::Person(person))
    }

    fn is_own(&self, caller: &Caller) -> bool {
        matches!(self, Self::Person(person) if person.is_own(caller))
    }

    /// The object id, and the directory roles.
    fn found<'c>(&self, caller: &'c Caller) -> Result<(&'c str, &'c [String]), GraphError> {
        match self {
            Self::Person(person) => person.of(caller).map(|user| (user.id.as_str(), user.directory_roles.as_slice())),
            Self::Group(id) => Ok(caller.directory.group_by_id(id).map(|group| (group.id.as_str(), &[][..]))?),
            Self::Object(id) => match DirectoryObject::find(&caller.directory, id) {
                Some(DirectoryObject::User(user)) => Ok((&user.id, &user.directory_roles)),
                Some(DirectoryObject::Group(group)) => Ok((&group.id, &[])),
                Some(DirectoryObject::ServicePrincipal(principal)) => Ok((&principal.id, &[])),
                Some(other) => Err(GraphError::NotModelled(format!("what a {} is a member of", other.entity_type().name))),
                None => Err(GraphError::ResourceNotFound(id.clone())),
            },
        }
    }

    /// The path after the version, for the next link.
    fn path(&self) -> String {
        match self {
            Self::Person(Person::Me) => "me".to_owned(),
            Self::Person(Person::Named(key)) => format!("users/{}", key.replace('#', "%23")),
            Self::Group(id) => format!("groups/{id}"),
            Self::Object(id) => format!("directoryObjects/{id}"),
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
        let shown: Vec<&DirectoryObject<'_>> = all.iter().filter(|it| cast.is_none_or(|of| of.name == it.entity_type().name)).collect();
        let segment = if reach == Reach::Direct { "memberOf" } else { "transitiveMemberOf" };
        let (context, path) = match cast {
            None => ("directoryObjects".to_owned(), format!("{}/{segment}", member.path())),
            Some(of) => {
                (format!("{}s", of.name.rsplit('.').next().unwrap_or_default()), format!("{}/{segment}/{}", member.path(), of.name))
            }
        };
        let list = List { of: cast.unwrap_or(&DIRECTORY_OBJECT), context: &context, path: &path };
        list.answer(&shown, &call.directory_objects(), &options)
    })
}

/// `microsoft.graph.group` as the last segment: memberships of one type only.
fn cast_type(cast: &str) -> Result<&'static EntityType, GraphError> {
    let known = [&GROUP, &DIRECTORY_ROLE].into_iter().find(|of| of.name.eq_ignore_ascii_case(cast));
    known.ok_or_else(|| GraphError::UnknownSegment(cast.to_owned()))
}

fn memberships<'c>(caller: &'c Caller, reach: Reach, member: &Member) -> Result<Vec<DirectoryObject<'c>>, GraphError> {
    let directory = &caller.directory;
    let (id, roles) = member.found(caller)?;
    let groups: Vec<&Group> = match reach {
        Reach::Direct => directory.groups_of(id).collect(),
        Reach::Transitive => directory.transitive_groups_of(id),
    };
    let roles = roles.iter().map(|name| DirectoryObject::Role(directory.role_named(name)));
    Ok(groups.into_iter().map(DirectoryObject::Group).chain(roles).collect())
}
