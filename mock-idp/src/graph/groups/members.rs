//! GET /groups/{id}/members and transitiveMembers; POST …/members/$ref; DELETE …/members/{member}/$ref
//!
//! Who is in a group (Microsoft Graph v1.0: "List group members", "List group transitive members", "Add members", "Remove member").

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};

use crate::{
    directory::directory_role::Action,
    graph::{
        body::{self, Body},
        call::{Answer, Call},
        directory_object::DirectoryObject,
        entity::EntityType,
        entity_types::{DIRECTORY_OBJECT, GROUP, SERVICE_PRINCIPAL, USER},
        error::GraphError,
        odata::list::List,
        permissions::Operation,
        query::Understood,
    },
};

/// How far a list of members goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Direct,
    Transitive,
}

impl Reach {
    const fn segment(self) -> &'static str {
        match self {
            Self::Direct => "members",
            Self::Transitive => "transitiveMembers",
        }
    }
}

pub(super) async fn direct(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    call.reply(page(&call, Reach::Direct, &id, None, query.as_deref()))
}

pub(super) async fn transitive(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    call.reply(page(&call, Reach::Transitive, &id, None, query.as_deref()))
}

pub(super) async fn cast(call: Call, Path((id, cast)): Path<(String, String)>, RawQuery(query): RawQuery) -> Response {
    call.reply(page(&call, Reach::Direct, &id, Some(&cast), query.as_deref()))
}

pub(super) async fn transitive_cast(call: Call, Path((id, cast)): Path<(String, String)>, RawQuery(query): RawQuery) -> Response {
    call.reply(page(&call, Reach::Transitive, &id, Some(&cast), query.as_deref()))
}

pub(super) async fn count(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    call.reply_count(number(&call, Reach::Direct, &id, query.as_deref()))
}

pub(super) async fn transitive_count(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    call.reply_count(number(&call, Reach::Transitive, &id, query.as_deref()))
}

pub(super) async fn references(call: Call, Path(id): Path<String>) -> Response {
    let answer = call
        .permitted(Operation::ReadGroups, |_| Ok(Answer::references(&call, ids(&call, Reach::Direct, &id)?.iter().map(String::as_str))));
    call.reply(answer)
}

pub(super) async fn add(call: Call, Path(id): Path<String>, body: Body) -> Response {
    let added = call.permitted(Operation::WriteMembers, |_| {
        call.allowed(Action::ManageGroups, None)?;
        let member = body::reference(body)?;
        call.edit(|directory| directory.add_member(&id, &member))
    });
    call.reply_nothing(added)
}

pub(super) async fn remove(call: Call, Path((id, member)): Path<(String, String)>) -> Response {
    let removed = call.permitted(Operation::WriteMembers, |_| {
        call.allowed(Action::ManageGroups, None)?;
        call.edit(|directory| directory.remove_member(&id, &member))
    });
    call.reply_nothing(removed)
}

fn ids(call: &Call, reach: Reach, id: &str) -> Result<Vec<String>, GraphError> {
    let directory = &call.caller.directory;
    let group = directory.group_by_id(id)?;
    Ok(match reach {
        Reach::Direct => group.members.clone(),
        Reach::Transitive => directory.transitive_members_of(group).into_iter().map(str::to_owned).collect(),
    })
}

/// `microsoft.graph.user` as the last segment: members of one type only.
fn cast_type(cast: &str) -> Result<&'static EntityType, GraphError> {
    let known = [&USER, &GROUP, &SERVICE_PRINCIPAL].into_iter().find(|of| of.name.eq_ignore_ascii_case(cast));
    known.ok_or_else(|| GraphError::UnknownSegment(cast.to_owned()))
}

fn page(call: &Call, reach: Reach, id: &str, cast: Option<&str>, query: Option<&str>) -> Result<Answer, GraphError> {
    call.permitted(Operation::ReadGroups, |_| {
        let of = cast.map(cast_type).transpose()?;
        let options = call.options(query, Understood::List)?;
        let view = call.directory_objects();
        let found = view.found(&ids(call, reach, id)?);
        let members: Vec<&DirectoryObject<'_>> = found.iter().filter(|it| of.is_none_or(|of| of.name == it.entity_type().name)).collect();
        let (path, context) = match of {
            None => (format!("groups/{id}/{}", reach.segment()), "directoryObjects".to_owned()),
            Some(of) => {
                (format!("groups/{id}/{}/{}", reach.segment(), of.name), format!("{}s", of.name.rsplit('.').next().unwrap_or_default()))
            }
        };
        let list = List { of: of.unwrap_or(&DIRECTORY_OBJECT), context: &context, path: &path };
        list.answer(&members, &view, &options)
    })
}

fn number(call: &Call, reach: Reach, id: &str, query: Option<&str>) -> Result<usize, GraphError> {
    call.permitted(Operation::ReadGroups, |_| {
        let options = call.options(query, Understood::Count)?;
        let view = call.directory_objects();
        let found = view.found(&ids(call, reach, id)?);
        let list = List { of: &DIRECTORY_OBJECT, context: "directoryObjects", path: reach.segment() };
        list.count(&found.iter().collect::<Vec<_>>(), &view, &options)
    })
}
