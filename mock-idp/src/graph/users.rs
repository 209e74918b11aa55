//! GET /me, GET /users, GET /users/{id | userPrincipalName}
//!
//! People, as the app that calls may see them (Microsoft Graph v1.0: "Get a user", "List users").

use std::borrow::Cow;

use axum::{
    extract::{Path, RawQuery, rejection::PathRejection},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    bearer::Caller,
    call::{Answer, Call},
    entity::Selection,
    entity_types::USER,
    error::GraphError,
    odata::list::{List, View},
    permissions::{Operation, holds_any},
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

/// All that User.ReadBasic.All shows of another user. "Microsoft Graph permissions reference".
const BASIC: [&str; 6] = ["displayName", "givenName", "id", "mail", "surname", "userPrincipalName"];

pub(super) async fn me(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadSelf, |caller| {
        let user = caller.signed_in_user()?;
        let selection = USER.selection(&call.options(query.as_deref(), Understood::One)?)?;
        Ok(one(caller, user, &selection))
    });
    call.reply(answer)
}

pub(super) async fn user(call: Call, key: Result<Path<String>, PathRejection>, RawQuery(query): RawQuery) -> Response {
    let answer = key.map_err(|rejection| GraphError::UnknownSegment(rejection.body_text())).and_then(|Path(key)| {
        // Everybody's own profile is open to User.Read.
        let operation = if is_own(&call.caller, &key) { Operation::ReadSelf } else { Operation::ReadUsers };
        call.permitted(operation, |caller| {
            let user = find(caller, &key).ok_or_else(|| GraphError::ResourceNotFound(key.clone()))?;
            let selection = USER.selection(&call.options(query.as_deref(), Understood::One)?)?;
            Ok(one(caller, user, &selection))
        })
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

fn one(caller: &Caller, user: &User, selection: &Selection) -> Answer {
    Answer::one(format!("users{}/$entity", selection.context()), shown(caller, user, selection))
}

fn refuse_single_user_properties(options: &QueryOptions) -> Result<(), GraphError> {
    let selection = USER.selection(options)?;
    match selection.names().iter().find(|name| SINGLE_USER_ONLY.contains(name)) {
        Some(single) => Err(GraphError::SingleUserProperty((*single).to_owned())),
        None => Ok(()),
    }
}

fn find<'c>(caller: &'c Caller, key: &str) -> Option<&'c User> {
    caller.directory.user(key).or_else(|| caller.directory.user_by_principal_name(key))
}

fn is_own(caller: &Caller, key: &str) -> bool {
    caller.signed_in_user().is_ok_and(|own| find(caller, key).is_some_and(|user| user.id == own.id))
}

/// Guests cannot enumerate people. Microsoft Entra, "What are the default user permissions?".
fn refuse_guest(caller: &Caller) -> Result<(), GraphError> {
    match caller.signed_in_user() {
        Ok(user) if user.user_type == UserType::Guest => Err(GraphError::InsufficientPrivileges),
        _ => Ok(()),
    }
}

fn sees_all(caller: &Caller, user: &User) -> bool {
    caller.claims.oid == user.id || holds_any(caller, &["User.Read.All", "Directory.Read.All"])
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
