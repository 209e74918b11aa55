//! GET /me, GET /users, GET /users/{id | userPrincipalName}
//!
//! People, as the app that calls may see them (Microsoft Graph v1.0: "Get a user", "List users").

use axum::{
    extract::{Path, RawQuery, rejection::PathRejection},
    response::Response,
};
use serde_json::{Map, Value};

use super::{
    bearer::Caller,
    call::{Answer, Call, Reply},
    entity::{EntityType, Selection},
    error::GraphError,
    paging,
    permissions::{Operation, holds_any},
    query::Understood,
};
use crate::directory::{
    file::resource_types,
    user::{User, UserType},
};

/// `microsoft.graph.user`.
pub const USER: EntityType = EntityType {
    name: "microsoft.graph.user",
    properties: resource_types::USER,
    default: &[
        "businessPhones",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
    ],
    collections: &[
        "assignedLicenses",
        "assignedPlans",
        "businessPhones",
        "identities",
        "imAddresses",
        "interests",
        "licenseAssignmentStates",
        "onPremisesProvisioningErrors",
        "otherMails",
        "pastProjects",
        "provisionedPlans",
        "proxyAddresses",
        "responsibilities",
        "schools",
        "serviceProvisioningErrors",
        "skills",
    ],
};

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
        let selection = USER.selection(&call.options(query.as_deref(), Understood::Select)?)?;
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
            let selection = USER.selection(&call.options(query.as_deref(), Understood::Select)?)?;
            Ok(one(caller, user, &selection))
        })
    });
    call.reply(answer)
}

pub(super) async fn users(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadUsers, |caller| {
        refuse_guest(caller)?;
        let options = call.options(query.as_deref(), Understood::SelectAndPaging)?;
        let selection = USER.selection(&options)?;
        if let Some(single) = selection.names().iter().find(|name| SINGLE_USER_ONLY.contains(name)) {
            return Err(GraphError::SingleUserProperty((*single).to_owned()));
        }
        let page = paging::page(caller.directory.users.iter().collect(), &options, |user| user.id.as_str())?;
        Ok(Answer {
            context: format!("users{}", selection.context()),
            next: page.next_query.map(|query| format!("users?{query}")),
            reply: Reply::List(page.entries.into_iter().map(|user| shown(caller, user, &selection)).collect()),
        })
    });
    call.reply(answer)
}

fn one(caller: &Caller, user: &User, selection: &Selection) -> Answer {
    Answer { context: format!("users{}/$entity", selection.context()), next: None, reply: Reply::One(shown(caller, user, selection)) }
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

fn shown(caller: &Caller, user: &User, selection: &Selection) -> Map<String, Value> {
    let sees_all = caller.claims.oid == user.id || holds_any(caller, &["User.Read.All", "Directory.Read.All"]);
    let mut known = properties(user);
    if !sees_all {
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
