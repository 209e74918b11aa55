//! GET, PATCH /me; GET, POST /users; GET, PATCH, DELETE /users/{id | userPrincipalName}
//!
//! People, as the app that calls may see them (Microsoft Graph v1.0: "Get a user", "List users"). Changes are in `users/change.rs`.

mod change;

use std::borrow::Cow;

use axum::{extract::RawQuery, response::Response};
use serde_json::{Map, Value};

use super::{
    Version,
    bearer::Caller,
    call::{Answer, Call},
    entity::Selection,
    entity_types::USER,
    error::GraphError,
    odata::list::{List, View},
    permissions::{Operation, holds_any},
    person::Person,
    query::{QueryOptions, Understood},
};
use crate::directory::user::{User, UserType};

/// Properties that a list of users cannot show. "List users", section "Optional query parameters".
const SINGLE_USER_ONLY: [&str; 11] = [
    "aboutMe",
    "birthday",
    "hireDate",
    "interests",
    "mailboxSettings",
    "mySite",
    "pastProjects",
    "preferredName",
    "responsibilities",
    "schools",
    "skills",
];

/// Permissions that show everything of every user.
const SEES_ALL: [&str; 5] =
    ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All"];

/// Properties that even beta shows only if `$select` names them.
const ON_REQUEST_ONLY: [&str; 5] = ["customSecurityAttributes", "passwordProfile", "print", "serviceProvisioningErrors", "signInActivity"];

/// All that User.ReadBasic.All shows of another user. "Microsoft Graph permissions reference".
const BASIC: [&str; 6] = ["displayName", "givenName", "id", "mail", "surname", "userPrincipalName"];

pub(super) use change::{create, delete, update};

pub(super) async fn user(call: Call, person: Person, RawQuery(query): RawQuery) -> Response {
    // Everybody's own profile is open to User.Read.
    let operation = if person.is_own(&call.caller) { Operation::ReadSelf } else { Operation::ReadUsers };
    let answer = call.permitted(operation, |caller| {
        let user = person.of(caller)?;
        one(&call, user, &call.options(query.as_deref(), Understood::One)?)
    });
    call.reply(answer)
}

pub(super) async fn users(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadUsers, |caller| {
        refuse_guest(caller)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        refuse_single_user_properties(&options)?;
        USERS.answer(&caller.directory.users, &Users { caller }, &options)
    });
    call.reply(answer)
}

pub(super) async fn count(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadUsers, |caller| {
        refuse_guest(caller)?;
        let options = call.options(query.as_deref(), Understood::Count)?;
        USERS.count(&caller.directory.users, &Users { caller }, &options)
    });
    call.reply_count(answer)
}

const USERS: List<'_> = List { of: &USER, context: "users", path: "users" };

/// Users as the caller may see them.
pub(super) struct Users<'c> {
    pub(super) caller: &'c Caller,
}

impl View<User> for Users<'_> {
    fn id<'o>(&self, user: &'o User) -> &'o str {
        &user.id
    }

    fn property<'o>(&'o self, user: &'o User, name: &str) -> Cow<'o, Value> {
        let text = |text: &str| Cow::Owned(Value::String(text.to_owned()));
        let optional = |value: &Option<String>| value.as_deref().map_or(Cow::Owned(Value::Null), text);
        match name {
            "id" => text(&user.id),
            "userPrincipalName" => text(&user.user_principal_name),
            "displayName" => text(&user.display_name),
            "mail" => optional(&user.mail),
            "givenName" => optional(&user.given_name),
            "surname" => optional(&user.surname),
            "jobTitle" => optional(&user.job_title),
            "accountEnabled" => Cow::Owned(Value::Bool(user.account_enabled)),
            "userType" => text(match user.user_type {
                UserType::Member => "Member",
                UserType::Guest => "Guest",
            }),
            other => user.other_properties.get(other).map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        }
    }

    fn is_visible(&self, user: &User, property: &str) -> bool {
        sees_all(self.caller, user) || BASIC.contains(&property)
    }

    fn show(&self, user: &User, selection: &Selection) -> Map<String, Value> {
        shown(self.caller, user, selection)
    }
}

fn one(call: &Call, user: &User, options: &QueryOptions) -> Result<Answer, GraphError> {
    let selection = USER.selection(options)?;
    let context = format!("users{}/$entity", selection.context());
    let selection = if call.version == Version::Beta && options.select.is_none() { in_beta(options)? } else { selection };
    Ok(Answer::one(context, shown(&call.caller, user, &selection)))
}

/// What beta shows of one user unless `$select` says otherwise: nearly everything ("Get a user" of the beta reference).
fn in_beta(options: &QueryOptions) -> Result<Selection, GraphError> {
    let on_request = |name: &&&str| SINGLE_USER_ONLY.contains(name) || ON_REQUEST_ONLY.contains(name);
    let names = USER.properties.iter().filter(|name| !on_request(name)).map(|name| (*name).to_owned());
    let mut options = options.clone();
    options.select = Some(names.collect());
    USER.selection(&options)
}

fn refuse_single_user_properties(options: &QueryOptions) -> Result<(), GraphError> {
    let selection = USER.selection(options)?;
    match selection.names().iter().find(|name| SINGLE_USER_ONLY.contains(name)) {
        Some(single) => Err(GraphError::SingleUserProperty((*single).to_owned())),
        None => Ok(()),
    }
}

/// Guests cannot enumerate people. Microsoft Entra, "What are the default user permissions?".
fn refuse_guest(caller: &Caller) -> Result<(), GraphError> {
    match caller.signed_in_user() {
        Ok(user) if user.user_type == UserType::Guest => Err(GraphError::InsufficientPrivileges),
        _ => Ok(()),
    }
}

fn sees_all(caller: &Caller, user: &User) -> bool {
    caller.claims.oid == user.id || holds_any(caller, &SEES_ALL)
}

fn shown(caller: &Caller, user: &User, selection: &Selection) -> Map<String, Value> {
    let mut known = properties(user);
    if !sees_all(caller, user) {
        known.retain(|name, _| BASIC.contains(&name.as_str()));
    }
    USER.show(selection, &known)
}

/// Everything that is known about a user, by the names of Graph. `show` picks what the type has, so that no hash is among it.
fn properties(user: &User) -> Map<String, Value> {
    let mut known = match serde_json::to_value(user) {
        Ok(Value::Object(known)) => known,
        _ => Map::new(),
    };
    // Graph takes a password profile and never returns one.
    known.remove("passwordProfile");
    known
}
