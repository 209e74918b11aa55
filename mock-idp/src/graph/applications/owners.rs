//! GET /applications/{id}/owners; POST …/owners/$ref; DELETE …/owners/{owner}/$ref
//!
//! Who may change a registration without a directory role (Microsoft Graph v1.0: "List owners of an application", "Add owner",
//! "Remove owner").

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};

use crate::{
    directory::directory_role::Action,
    graph::{
        body::{self, Body},
        call::Call,
        entity_types::DIRECTORY_OBJECT,
        key::Key,
        odata::list::List,
        permissions::Operation,
        query::Understood,
    },
};

pub(in crate::graph) async fn list(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let application = Key::read(&key)?.application(&caller.directory)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        let objects = call.directory_objects();
        let owners = objects.found(&application.owners);
        let path = format!("applications/{}/owners", application.id);
        let list = List { of: &DIRECTORY_OBJECT, context: "directoryObjects", path: &path };
        list.answer(&owners.iter().collect::<Vec<_>>(), &objects, &options)
    });
    call.reply(answer)
}

pub(in crate::graph) async fn add(call: Call, Path(key): Path<String>, body: Body) -> Response {
    let added = call.permitted(Operation::WriteApplicationOwners, |caller| {
        let id = &Key::read(&key)?.application(&caller.directory)?.id;
        call.allowed(Action::ManageApplication, Some(id))?;
        let owner = body::reference(body)?;
        call.edit(|directory| directory.add_owner(id, &owner))
    });
    call.reply_nothing(added)
}

pub(in crate::graph) async fn remove(call: Call, Path((key, owner)): Path<(String, String)>) -> Response {
    let removed = call.permitted(Operation::WriteApplications, |caller| {
        let id = &Key::read(&key)?.application(&caller.directory)?.id;
        call.allowed(Action::ManageApplication, Some(id))?;
        call.edit(|directory| directory.remove_owner(id, &owner))
    });
    call.reply_nothing(removed)
}
