//! POST /applications/{id}/addPassword and removePassword
//!
//! Client secrets (Microsoft Graph v1.0: "application: addPassword", "application: removePassword"). The text is in the answer to
//! addPassword and nowhere else, ever.

use axum::{extract::Path, response::Response};
use serde_json::{Value, json};

use super::shape;
use crate::{
    directory::directory_role::Action,
    graph::{
        body::{self, Body},
        call::{Answer, Call},
        error::GraphError,
        key::Key,
        permissions::Operation,
    },
};

pub(in crate::graph) async fn add(call: Call, Path(key): Path<String>, body: Body) -> Response {
    let answer = call.permitted(Operation::WriteApplications, |caller| {
        let id = &Key::read(&key)?.application(&caller.directory)?.id;
        call.allowed(Action::ManageApplication, Some(id))?;
        let asked = read(body)?;
        let (now, entropy) = (call.ids.now, &call.state.entropy);
        let made = call.edit(|directory| directory.add_password(id, asked.display_name, asked.start, asked.end, now, entropy))?;
        let mut shown = shape::password(&made.credential);
        shown["secretText"] = json!(made.secret_text);
        let Value::Object(shown) = shown else { unreachable!("a credential is shown as an object") };
        Ok(Answer::one("microsoft.graph.passwordCredential".to_owned(), shown))
    });
    call.reply(answer)
}

pub(in crate::graph) async fn remove(call: Call, Path(key): Path<String>, body: Body) -> Response {
    let removed = call.permitted(Operation::WriteApplications, |caller| {
        let id = &Key::read(&key)?.application(&caller.directory)?.id;
        call.allowed(Action::ManageApplication, Some(id))?;
        let members = body::object(body)?;
        body::only(&members, &["keyId"])?;
        let key_id = body::guid(&members, "keyId")?;
        call.edit(|directory| directory.remove_password(id, &key_id))
    });
    call.reply_nothing(removed)
}

/// What addPassword may be told.
struct Asked {
    display_name: Option<String>,
    start: Option<time::OffsetDateTime>,
    end: Option<time::OffsetDateTime>,
}

/// Reads `{"passwordCredential": {"displayName": …, "endDateTime": …, "startDateTime": …}}`. All of it is optional.
fn read(body: Body) -> Result<Asked, GraphError> {
    // A call without any body makes a secret without a name.
    let is_empty = body.as_ref().is_ok_and(|bytes| bytes.is_empty());
    let members = if is_empty { serde_json::Map::new() } else { body::object(body)? };
    body::only(&members, &["passwordCredential"])?;
    let credential = body::complex(&members, "passwordCredential")?;
    body::only(&credential, &["customKeyIdentifier", "displayName", "endDateTime", "hint", "keyId", "secretText", "startDateTime"])?;
    let given_by_the_service =
        ["hint", "keyId", "secretText"].into_iter().find(|name| credential.get(*name).is_some_and(|it| !it.is_null()));
    if let Some(name) = given_by_the_service {
        return Err(GraphError::ReadOnlyMember(format!("passwordCredential.{name}")));
    }
    Ok(Asked {
        display_name: body::text(&credential, "displayName")?,
        start: body::instant(&credential, "startDateTime")?,
        end: body::instant(&credential, "endDateTime")?,
    })
}
