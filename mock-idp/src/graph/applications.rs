//! GET, POST /applications; GET, PATCH, DELETE /applications/{id} and /applications(appId='{appId}')
//!
//! App registrations (Microsoft Graph v1.0: "List applications", "Create application", "Get application", "Update application",
//! "Delete application"). Creating one makes no service principal: that is a call of its own.

mod owners;
mod password;
pub(super) mod shape;

use std::borrow::Cow;

use axum::{
    extract::{Path, RawQuery},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    body::{self, Body},
    call::{Answer, Call},
    directory_object::DirectoryObjects,
    entity::{Expansion, Selection},
    entity_types::APPLICATION,
    error::GraphError,
    key::Key,
    odata::list::{List, View, inside},
    permissions::Operation,
    query::{QueryOptions, Understood},
};
use crate::directory::{
    application::{Application, SignInAudience},
    directory_role::Action,
    file::graph_body,
    validation::{self, limits::READ_ONLY},
};

pub(super) use owners::{add as add_owner, list as owners, remove as remove_owner};
pub(super) use password::{add as add_password, remove as remove_password};

/// What a request cannot set because it has calls of its own, or because it is given by the service.
const NOT_IN_A_BODY: [&str; 3] = ["federatedIdentityCredentials", "logo", "owners"];

const APPLICATIONS: List<'_> = List { of: &APPLICATION, context: "applications", path: "applications" };

pub(super) async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        APPLICATIONS.answer(&caller.directory.applications, &Applications { objects: call.directory_objects() }, &options)
    });
    call.reply(answer)
}

pub(super) async fn count(call: Call, RawQuery(query): RawQuery) -> Response {
    let count = call.permitted(Operation::ReadApplications, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::Count)?;
        APPLICATIONS.count(&caller.directory.applications, &Applications { objects: call.directory_objects() }, &options)
    });
    call.reply_count(count)
}

pub(super) async fn get(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadApplications, |caller| {
        // Guests read an application whose id they know; they only cannot list them.
        let application = Key::read(&key)?.application(&caller.directory)?;
        one(&call, application, &call.options(query.as_deref(), Understood::One)?)
    });
    call.reply(answer)
}

pub(super) async fn create(call: Call, body: Body) -> Response {
    let created = call.permitted(Operation::WriteApplications, |caller| {
        call.allowed(Action::RegisterApplication, None)?;
        let mut application = read_new(body::object(body)?)?;
        // Whoever creates it owns it: the user, or the app that calls for itself.
        application.owners.push(caller.claims.oid.clone());
        let (now, entropy) = (call.ids.now, &call.state.entropy);
        let application = call.edit(|directory| directory.create_application(application, now, entropy))?;
        Ok((format!("applications/{}", application.id), one(&call, &application, &QueryOptions::default())?))
    });
    call.reply_created(created)
}

pub(super) async fn update(call: Call, Path(key): Path<String>, body: Body) -> Response {
    let updated = call.permitted(Operation::WriteApplications, |caller| {
        let id = &Key::read(&key)?.application(&caller.directory)?.id;
        call.allowed(Action::ManageApplication, Some(id))?;
        let change = body::object(body)?;
        call.edit(|directory| {
            let new = read_changed(directory.application_by_id(id)?, change)?;
            directory.update_application(id, |application| *application = new)?;
            Ok::<(), GraphError>(())
        })
    });
    call.reply_nothing(updated)
}

pub(super) async fn delete(call: Call, Path(key): Path<String>) -> Response {
    let deleted = call.permitted(Operation::WriteApplications, |caller| {
        let id = &Key::read(&key)?.application(&caller.directory)?.id;
        call.allowed(Action::ManageApplication, Some(id))?;
        call.edit(|directory| directory.delete_application(id, call.ids.now))
    });
    call.reply_nothing(deleted)
}

/// Applications, which every caller sees alike, with their owners, whom she may see or not.
struct Applications<'c> {
    objects: DirectoryObjects<'c>,
}

impl View<Application> for Applications<'_> {
    fn id<'o>(&self, application: &'o Application) -> &'o str {
        &application.id
    }

    fn property<'o>(&'o self, application: &'o Application, name: &str) -> Cow<'o, Value> {
        match name {
            "id" => Cow::Owned(json!(application.id)),
            "appId" => Cow::Owned(json!(application.app_id)),
            "displayName" => Cow::Owned(json!(application.display_name)),
            other => Cow::Owned(shape::known(application).remove(other).unwrap_or_default()),
        }
    }

    fn show(&self, application: &Application, selection: &Selection) -> Map<String, Value> {
        APPLICATION.show(selection, &shape::known(application))
    }

    fn expand(&self, application: &Application, expansion: &Expansion) -> Value {
        match expansion.name {
            "owners" => inside(&self.objects.found(&application.owners), &self.objects, &expansion.selection),
            _ => Value::Null,
        }
    }
}

fn one(call: &Call, application: &Application, options: &QueryOptions) -> Result<Answer, GraphError> {
    let selection = APPLICATION.selection(options)?;
    let shown = Applications { objects: call.directory_objects() }.show_expanded(application, &selection);
    Ok(Answer::one(format!("applications{}/$entity", selection.context()), shown))
}

/// The application that a POST describes. Without an audience it is open to everybody, which needs version 2 tokens: recorded answers
/// to a POST with nothing but a name show both.
fn read_new(mut members: Map<String, Value>) -> Result<Application, GraphError> {
    refuse_what_has_its_own_calls(&members)?;
    if let Some(name) = ["id", "appId"].iter().chain(&READ_ONLY).find(|name| members.get(**name).is_some_and(|it| !it.is_null())) {
        return Err(GraphError::ReadOnlyMember((*name).to_owned()));
    }
    if members.get("displayName").is_none_or(Value::is_null) {
        return Err(body::invalid("displayName", "is missing"));
    }
    let says_audience = members.get("signInAudience").is_some_and(|audience| !audience.is_null());
    if !says_audience {
        members.insert("signInAudience".to_owned(), json!(SignInAudience::AzureADandPersonalMicrosoftAccount));
    }
    let mut application = graph_body::application(&members).map_err(|mistakes| body::refusal(&mistakes))?;
    if validation::allows_personal_accounts(application.sign_in_audience) && application.api.requested_access_token_version.is_none() {
        application.api.requested_access_token_version = Some(2);
    }
    Ok(application)
}

/// `current` after a PATCH. Secrets stay what they are; a certificate that is named by its id without its bytes, too.
fn read_changed(current: &Application, change: Map<String, Value>) -> Result<Application, GraphError> {
    refuse_what_has_its_own_calls(&change)?;
    let mut base = match serde_json::to_value(current) {
        Ok(Value::Object(base)) => base,
        _ => Map::new(),
    };
    for name in NOT_IN_A_BODY.iter().chain(&["passwordCredentials"]) {
        base.remove(*name);
    }
    let changed = graph_body::application(&body::patched(base, change)).map_err(|mistakes| body::refusal(&mistakes))?;
    let key_credentials = changed.key_credentials.into_iter().map(|mut key| {
        let old = current.key_credentials.iter().find(|old| old.key_id == key.key_id);
        key.key = key.key.or_else(|| old.and_then(|old| old.key.clone()));
        key
    });
    Ok(Application {
        key_credentials: key_credentials.collect(),
        password_credentials: current.password_credentials.clone(),
        owners: current.owners.clone(),
        ..changed
    })
}

fn refuse_what_has_its_own_calls(members: &Map<String, Value>) -> Result<(), GraphError> {
    let is_given = |name: &&&str| members.get(**name).is_some_and(|value| !value.is_null());
    if let Some(name) = NOT_IN_A_BODY.iter().find(is_given) {
        return Err(GraphError::NotModelled(format!("the member {name} in the body of an application")));
    }
    // "application: addPassword": secrets are made by the service, one call each.
    match members.get("passwordCredentials") {
        Some(Value::Array(secrets)) if !secrets.is_empty() => {
            Err(body::invalid("passwordCredentials", &validation::Problem::SecretNotAllowed.to_string()))
        }
        Some(value) if !value.is_null() && !value.is_array() => Err(body::invalid("passwordCredentials", "must be a list")),
        _ => Ok(()),
    }
}
