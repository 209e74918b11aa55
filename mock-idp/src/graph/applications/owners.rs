//! GET /applications/{id}/owners; POST …/owners/$ref; DELETE …/owners/{owner}/$ref
//!
//! Who may change a registration without a directory role (Microsoft Graph v1.0: "List owners of an application", "Add owner",
//! "Remove owner").

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use serde_json::{Map, Value, json};

use crate::{
    directory::{Directory, directory_role::Action},
    graph::{
        body::{self, Body},
        call::{Answer, Call, Reply},
        error::GraphError,
        key::Key,
        permissions::Operation,
        query::Understood,
    },
};

pub(in crate::graph) async fn list(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        if query.as_deref().is_some_and(|query| !query.is_empty()) {
            call.options(query.as_deref(), Understood::One)?;
            return Err(GraphError::NotModelled("query options on the owners of an application".to_owned()));
        }
        let application = Key::read(&key)?.application(&caller.directory)?;
        let owners = application.owners.iter().filter_map(|id| owner(&caller.directory, id));
        Ok(Answer { context: "directoryObjects".to_owned(), count: None, next: None, reply: Reply::List(owners.collect()) })
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

/// An owner as a list of directory objects shows it; none for one that is gone.
fn owner(directory: &Directory, id: &str) -> Option<Map<String, Value>> {
    let user = directory.user(id).map(|user| {
        json!({
            "@odata.type": "#microsoft.graph.user",
            "displayName": user.display_name,
            "givenName": user.given_name,
            "id": user.id,
            "jobTitle": user.job_title,
            "mail": user.mail,
            "surname": user.surname,
            "userPrincipalName": user.user_principal_name,
        })
    });
    let principal = || {
        let principal = directory.service_principals.get(id)?;
        let name = directory.application(&principal.app_id).map(|application| &application.display_name);
        Some(json!({
            "@odata.type": "#microsoft.graph.servicePrincipal",
            "appId": principal.app_id,
            "displayName": name,
            "id": principal.id,
        }))
    };
    match user.or_else(principal) {
        Some(Value::Object(owner)) => Some(owner),
        _ => None,
    }
}
