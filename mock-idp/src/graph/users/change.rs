//! Creating, changing and deleting people (Microsoft Graph v1.0: "Create user", "Update user", "Delete a user").

use axum::response::Response;
use serde_json::{Map, Value};

use super::{super::person::Person, one, properties};
use crate::{
    directory::{
        directory_role::{Action, DirectoryRole},
        file::{graph_body, resource_types},
        password,
        people::judge_password,
        refusal::Refusal,
        turn::waiting,
        user::User,
    },
    graph::{
        body::{self, Body},
        call::Call,
        entity_types::USER,
        error::GraphError,
        permissions::Operation,
        query::QueryOptions,
        value_types,
    },
    random::Entropy,
};

/// "Create user": the properties that a request must have, in the order of the page.
const REQUIRED: [&str; 5] = ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"];

/// "user resource type": what is marked read-only and nobody sets.
const READ_ONLY: [&str; 11] = [
    "id",
    "createdDateTime",
    "creationType",
    "deletedDateTime",
    "imAddresses",
    "isManagementRestricted",
    "lastPasswordChangeDateTime",
    "licenseAssignmentStates",
    "proxyAddresses",
    "securityIdentifier",
    "signInActivity",
];

/// What users change of themselves without a directory role. "What are the default user permissions?": the phone number; "Update
/// user": the properties of the own profile page.
const OWN: [&str; 11] = [
    "aboutMe",
    "birthday",
    "businessPhones",
    "interests",
    "mobilePhone",
    "mySite",
    "pastProjects",
    "preferredName",
    "responsibilities",
    "schools",
    "skills",
];

pub(in crate::graph) async fn create(call: Call, body: Body) -> Response {
    let created = call.permitted(Operation::WriteUsers, |_| {
        call.allowed(Action::ManageUsers, None)?;
        let mut members = body::object(body)?;
        judge_members(&members)?;
        if let Some(property) = REQUIRED.into_iter().find(|name| members.get(*name).is_none_or(Value::is_null)) {
            return Err(Refusal::ValueNeeded { resource: "User", property }.into());
        }
        let password_hash = take_password(&mut members, &call.state.entropy)?;
        let user = graph_body::user(&members).map_err(|mistakes| body::refusal(&mistakes))?;
        let user = User { password_hash, ..user };
        let user = call.edit(|directory| directory.create_user(user, call.ids.now, &call.state.entropy))?;
        Ok((format!("users/{}", user.id), one(&call, &user, &QueryOptions::default())?))
    });
    call.reply_created(created)
}

pub(in crate::graph) async fn update(call: Call, person: Person, body: Body) -> Response {
    let own = person.is_own(&call.caller);
    let operation = if own { Operation::WriteSelf } else { Operation::WriteUsers };
    let updated = call.permitted(operation, |caller| {
        let id = person.of(caller)?.id.clone();
        let mut change = body::object(body)?;
        judge_members(&change)?;
        if !own || change.keys().any(|name| !OWN.contains(&name.as_str())) {
            may_manage(&call, person.of(caller)?)?;
        }
        let password_hash = take_password(&mut change, &call.state.entropy)?;
        call.edit(|directory| {
            let changed = read_changed(directory.user_by_id(&id)?, change)?;
            directory.update_user(&id, |user| {
                let password_hash = password_hash.or(user.password_hash.take());
                *user = User { password_hash, directory_roles: std::mem::take(&mut user.directory_roles), ..changed };
            })?;
            Ok::<(), GraphError>(())
        })
    });
    call.reply_nothing(updated)
}

pub(in crate::graph) async fn delete(call: Call, person: Person) -> Response {
    let deleted = call.permitted(Operation::WriteUsers, |caller| {
        let user = person.of(caller)?;
        may_manage(&call, user)?;
        call.edit(|directory| directory.delete_user(&user.id))
    });
    call.reply_nothing(deleted)
}

/// A user who holds a directory role is changed and deleted by a Global Administrator only.
/// Microsoft Entra, "Privileged roles and permissions", section "Who can perform sensitive actions".
fn may_manage(call: &Call, user: &User) -> Result<(), GraphError> {
    call.allowed(Action::ManageUsers, None)?;
    let Ok(actor) = call.caller.signed_in_user() else { return Ok(()) };
    let is_global = actor.directory_roles.iter().any(|role| DirectoryRole::named(role) == Some(DirectoryRole::GlobalAdministrator));
    if is_global || user.directory_roles.is_empty() { Ok(()) } else { Err(GraphError::InsufficientPrivileges) }
}

/// Refuses members that a user does not have, that nobody sets, or whose value is of another type.
fn judge_members(members: &Map<String, Value>) -> Result<(), GraphError> {
    body::only(members, resource_types::USER)?;
    if let Some(name) = READ_ONLY.into_iter().find(|name| members.get(*name).is_some_and(|value| !value.is_null())) {
        return Err(GraphError::ReadOnlyMember(name.to_owned()));
    }
    value_types::judge(&USER, members)
}

/// Takes the password out of `passwordProfile` and hashes it, which takes a while on purpose. What else the profile holds stays.
fn take_password(members: &mut Map<String, Value>, entropy: &Entropy) -> Result<Option<String>, GraphError> {
    let mut profile = body::complex(members, "passwordProfile")?;
    let known = [resource_types::PASSWORD_PROFILE, &["password"]].concat();
    body::only(&profile, &known)?;
    let Some(plain) = body::text(&profile, "password")? else { return Ok(None) };
    profile.remove("password");
    members.insert("passwordProfile".to_owned(), Value::Object(profile));
    judge_password(&plain)?;
    Ok(Some(waiting(|| password::hash(&plain, entropy))))
}

/// `current` after a PATCH, without what is no property of Graph's: hash and directory roles.
fn read_changed(current: &User, change: Map<String, Value>) -> Result<User, GraphError> {
    let mut base = properties(current);
    base.remove("passwordHash");
    base.remove("directoryRoles");
    graph_body::user(&body::patched(base, change)).map_err(|mistakes| body::refusal(&mistakes))
}
