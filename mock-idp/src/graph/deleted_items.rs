//! GET /directory/deletedItems/microsoft.graph.application; GET, DELETE /directory/deletedItems/{id}; POST …/{id}/restore
//!
//! App registrations that were deleted less than 30 days ago (Microsoft Graph v1.0: "List deletedItems (directory objects)", "Restore
//! deleted directory object", "Permanently delete an item (directory object)"). Users and groups are not kept here.

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
    applications::shape,
    call::{Answer, Call},
    entity::Selection,
    entity_types::APPLICATION,
    error::GraphError,
    odata::list::{List, View},
    permissions::Operation,
    query::{QueryOptions, Understood},
    unanswered,
};
use crate::directory::{
    Directory, application::Application, deleted_item::DeletedApplication, directory_role::Action, registration::instant,
};

/// The routes of deleted items; `at` gives a path its version.
pub(super) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    Router::new()
        .route(&at("/directory/deletedItems/microsoft.graph.application"), get(list).fallback(unanswered))
        // The alias of the namespace, which the SDKs write.
        .route(&at("/directory/deletedItems/graph.application"), get(list).fallback(unanswered))
        .route(&at("/directory/deletedItems/{id}"), get(one).delete(purge).fallback(unanswered))
        .route(&at("/directory/deletedItems/{id}/restore"), post(restore).fallback(unanswered))
}

async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        let deleted: Vec<_> = caller.directory.deleted_applications.iter().filter(|it| it.is_restorable(call.ids.now)).collect();
        let path = "directory/deletedItems/microsoft.graph.application";
        List { of: &APPLICATION, context: "applications", path }.answer(&deleted, &Deleted, &options)
    });
    call.reply(answer)
}

async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let deleted = caller.directory.deleted_application(&id, call.ids.now)?;
        let options = call.options(query.as_deref(), Understood::One)?;
        shown(&options, |selection| Deleted.show(deleted, selection))
    });
    call.reply(answer)
}

async fn restore(call: Call, Path(id): Path<String>) -> Response {
    let answer = call.permitted(Operation::WriteApplications, |caller| {
        may_manage(&call, &caller.directory, &id)?;
        let application = call.edit(|directory| directory.restore_application(&id, call.ids.now))?;
        shown(&QueryOptions::default(), |selection| APPLICATION.show(selection, &shape::known(&application)))
    });
    call.reply(answer)
}

async fn purge(call: Call, Path(id): Path<String>) -> Response {
    let purged = call.permitted(Operation::WriteApplications, |caller| {
        may_manage(&call, &caller.directory, &id)?;
        call.edit(|directory| directory.purge_application(&id))
    });
    call.reply_nothing(purged)
}

/// An owner may bring her own application back, too; a deleted one is asked for its owners here, because it is in no list any more.
fn may_manage(call: &Call, directory: &Directory, id: &str) -> Result<(), GraphError> {
    let deleted: &Application = &directory.deleted_application(id, call.ids.now)?.application;
    if deleted.owners.contains(&call.caller.claims.oid) { Ok(()) } else { call.allowed(Action::ManageApplication, Some(id)) }
}

fn shown(options: &QueryOptions, show: impl FnOnce(&Selection) -> Map<String, Value>) -> Result<Answer, GraphError> {
    let selection = APPLICATION.selection(options)?;
    let mut shown = show(&selection);
    shown.insert("@odata.type".to_owned(), Value::String(format!("#{}", APPLICATION.name)));
    Ok(Answer::one(format!("directoryObjects{}/$entity", selection.context()), shown))
}

struct Deleted;

impl Deleted {
    fn known(&self, deleted: &DeletedApplication) -> Map<String, Value> {
        let mut known = shape::known(&deleted.application);
        known.insert("deletedDateTime".to_owned(), instant(deleted.deleted_date_time));
        known
    }
}

impl View<DeletedApplication> for Deleted {
    fn id<'o>(&self, deleted: &'o DeletedApplication) -> &'o str {
        &deleted.application.id
    }

    fn property<'o>(&'o self, deleted: &'o DeletedApplication, name: &str) -> Cow<'o, Value> {
        Cow::Owned(self.known(deleted).remove(name).unwrap_or_default())
    }

    fn show(&self, deleted: &DeletedApplication, selection: &Selection) -> Map<String, Value> {
        APPLICATION.show(selection, &self.known(deleted))
    }
}
