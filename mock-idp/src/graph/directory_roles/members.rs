//! GET /directoryRoles/{id}/members; GET, POST …/members/$ref; DELETE …/members/{member}/$ref

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};

use super::{activated, holders, named};
use crate::{
    directory::directory_role::Action,
    graph::{
        body::{self, Body},
        call::{Answer, Call},
        directory_object::DirectoryObject,
        entity_types::DIRECTORY_OBJECT,
        error::GraphError,
        odata::list::List,
        permissions::Operation,
        query::Understood,
    },
};

pub(super) async fn list(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryRoles, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let role = activated(&caller.directory, &key)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        let holders = holders(&caller.directory, &role);
        let path = format!("directoryRoles/{}/members", role.id);
        let list = List { of: &DIRECTORY_OBJECT, context: "directoryObjects", path: &path };
        list.answer(&holders.iter().collect::<Vec<_>>(), &call.directory_objects(), &options)
    });
    call.reply(answer)
}

pub(super) async fn references(call: Call, Path(key): Path<String>) -> Response {
    let answer = call.permitted(Operation::ReadDirectoryRoles, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let role = activated(&caller.directory, &key)?;
        Ok(Answer::references(&call, holders(&caller.directory, &role).iter().map(DirectoryObject::id)))
    });
    call.reply(answer)
}

pub(super) async fn add(call: Call, Path(key): Path<String>, body: Body) -> Response {
    let added = call.permitted(Operation::WriteDirectoryRoles, |caller| {
        call.allowed(Action::ManageDirectoryRoles, None)?;
        let role = named(&caller.directory, &key)?;
        let member = body::reference(body)?;
        if let Some(other) = DirectoryObject::find(&caller.directory, &member).filter(|it| !matches!(it, DirectoryObject::User(_))) {
            return Err(GraphError::NotModelled(format!("a {} that holds a directory role", other.entity_type().name)));
        }
        call.edit(|directory| directory.add_role_member(&role.display_name, &member))
    });
    call.reply_nothing(added)
}

pub(super) async fn remove(call: Call, Path((key, member)): Path<(String, String)>) -> Response {
    let removed = call.permitted(Operation::WriteDirectoryRoles, |caller| {
        call.allowed(Action::ManageDirectoryRoles, None)?;
        let role = activated(&caller.directory, &key)?;
        call.edit(|directory| directory.remove_role_member(&role.display_name, &member))
    });
    call.reply_nothing(removed)
}
