//! GET, POST /oauth2PermissionGrants; GET, PATCH, DELETE /oauth2PermissionGrants/{id}; GET
//! /{users, servicePrincipals}/{id}/oauth2PermissionGrants and /me/oauth2PermissionGrants
//!
//! Consent to delegated permissions (Microsoft Graph v1.0: "List oauth2PermissionGrants", "Create oAuth2PermissionGrant", "Update
//! oAuth2PermissionGrant", "Delete oAuth2PermissionGrant").

use std::borrow::Cow;

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::get,
};
use serde_json::{Map, Value};

use super::{
    GraphState,
    body::{self, Body},
    call::{Answer, Call},
    entity::Selection,
    entity_types::OAUTH2_PERMISSION_GRANT,
    error::GraphError,
    key::Key,
    odata::list::{List, View},
    permissions::Operation,
    query::{QueryOptions, Understood},
    unanswered,
};
use crate::directory::{Directory, directory_role::Action, entries::Index, refusal::Refusal, service_principal::OAuth2PermissionGrant};

const GRANTS: List<'_> = List { of: &OAUTH2_PERMISSION_GRANT, context: "oauth2PermissionGrants", path: "oauth2PermissionGrants" };

/// The routes of grants; `at` gives a path its version.
pub(super) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    Router::new()
        .route(&at("/oauth2PermissionGrants"), get(list).post(create).fallback(unanswered))
        .route(&at("/oauth2PermissionGrants/{id}"), get(one).patch(update).delete(delete).fallback(unanswered))
        .route(&at("/servicePrincipals/{id}/oauth2PermissionGrants"), get(of_client).fallback(unanswered))
        .route(&at("/users/{id}/oauth2PermissionGrants"), get(of_user).fallback(unanswered))
        .route(&at("/me/oauth2PermissionGrants"), get(own).fallback(unanswered))
}

async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGrants, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let options = call.options(query.as_deref(), Understood::List)?;
        GRANTS.answer(&caller.directory.oauth2_permission_grants, &Grants, &options)
    });
    call.reply(answer)
}

async fn of_client(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGrants, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let id = &Key::read(&key)?.service_principal(&caller.directory)?.id;
        held(&call, &caller.directory, (Index::Client, id), &format!("servicePrincipals/{id}"), query.as_deref())
    });
    call.reply(answer)
}

async fn of_user(call: Call, Path(key): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGrants, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        let user = caller.directory.user(&key).or_else(|| caller.directory.user_by_principal_name(&key));
        let id = &user.ok_or_else(|| GraphError::ResourceNotFound(key.clone()))?.id;
        held(&call, &caller.directory, (Index::Principal, id), &format!("users/{id}"), query.as_deref())
    });
    call.reply(answer)
}

async fn own(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGrants, |caller| {
        let id = &caller.signed_in_user()?.id;
        held(&call, &caller.directory, (Index::Principal, id), "me", query.as_deref())
    });
    call.reply(answer)
}

fn held(call: &Call, directory: &Directory, by: (Index, &str), path: &str, query: Option<&str>) -> Result<Answer, GraphError> {
    let options = call.options(query, Understood::List)?;
    let grants: Vec<_> = directory.oauth2_permission_grants.by(by.0, by.1).collect();
    let path = format!("{path}/oauth2PermissionGrants");
    List { path: &path, ..GRANTS }.answer(&grants, &Grants, &options)
}

async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadGrants, |caller| {
        call.allowed(Action::ReadDirectory, None)?;
        shown(find(&caller.directory, &id)?, &call.options(query.as_deref(), Understood::One)?)
    });
    call.reply(answer)
}

async fn create(call: Call, body: Body) -> Response {
    let created = call.permitted(Operation::WriteGrants, |_| {
        call.allowed(Action::GrantTenantWideConsent, None)?;
        let members = body::object(body)?;
        body::only(&members, &["clientId", "consentType", "expiryTime", "principalId", "resourceId", "scope", "startTime"])?;
        let principal = match body::text(&members, "consentType")?.as_deref() {
            Some("AllPrincipals") if body::text(&members, "principalId")?.is_none() => None,
            Some("AllPrincipals") => return Err(body::invalid("principalId", "must be null where consentType is AllPrincipals")),
            Some("Principal") => Some(body::guid(&members, "principalId")?),
            _ => return Err(body::invalid("consentType", "must be AllPrincipals or Principal")),
        };
        let (client, resource) = (body::guid(&members, "clientId")?, body::guid(&members, "resourceId")?);
        let scope = body::text(&members, "scope")?.unwrap_or_default();
        let grant = call.edit(|directory| directory.create_grant(&client, principal.as_deref(), &resource, &scope))?;
        Ok((format!("oauth2PermissionGrants/{}", grant.id), shown(&grant, &QueryOptions::default())?))
    });
    call.reply_created(created)
}

async fn update(call: Call, Path(id): Path<String>, body: Body) -> Response {
    let updated = call.permitted(Operation::WriteGrants, |caller| {
        call.allowed(Action::GrantTenantWideConsent, None)?;
        let id = &find(&caller.directory, &id)?.id;
        let members = body::object(body)?;
        // "Update oAuth2PermissionGrant": only the scopes can change.
        if let Some(name) = ["clientId", "consentType", "principalId", "resourceId"].into_iter().find(|name| members.contains_key(*name)) {
            return Err(Refusal::ReadOnly(name).into());
        }
        body::only(&members, &["scope"])?;
        let scope = body::text(&members, "scope")?.ok_or_else(|| body::invalid("scope", "is missing"))?;
        call.edit(|directory| directory.update_grant(id, &scope))
    });
    call.reply_nothing(updated)
}

async fn delete(call: Call, Path(id): Path<String>) -> Response {
    let deleted = call.permitted(Operation::WriteGrants, |caller| {
        call.allowed(Action::GrantTenantWideConsent, None)?;
        let id = &find(&caller.directory, &id)?.id;
        call.edit(|directory| directory.delete_grant(id))
    });
    call.reply_nothing(deleted)
}

fn find<'d>(directory: &'d Directory, id: &str) -> Result<&'d OAuth2PermissionGrant, GraphError> {
    // Ids of grants tell cases apart; the index does not.
    let found = directory.oauth2_permission_grants.get(id).filter(|grant| grant.id == id);
    found.ok_or_else(|| GraphError::ResourceNotFound(id.to_owned()))
}

fn shown(grant: &OAuth2PermissionGrant, options: &QueryOptions) -> Result<Answer, GraphError> {
    let selection = OAUTH2_PERMISSION_GRANT.selection(options)?;
    Ok(Answer::one(format!("oauth2PermissionGrants{}/$entity", selection.context()), Grants.show(grant, &selection)))
}

/// Grants, which every caller sees alike.
pub(super) struct Grants;

impl Grants {
    fn known(&self, grant: &OAuth2PermissionGrant) -> Map<String, Value> {
        match serde_json::to_value(grant) {
            Ok(Value::Object(known)) => known,
            _ => Map::new(),
        }
    }
}

impl View<OAuth2PermissionGrant> for Grants {
    fn id<'o>(&self, grant: &'o OAuth2PermissionGrant) -> &'o str {
        &grant.id
    }

    fn property<'o>(&'o self, grant: &'o OAuth2PermissionGrant, name: &str) -> Cow<'o, Value> {
        Cow::Owned(self.known(grant).remove(name).unwrap_or_default())
    }

    fn show(&self, grant: &OAuth2PermissionGrant, selection: &Selection) -> Map<String, Value> {
        OAUTH2_PERMISSION_GRANT.show(selection, &self.known(grant))
    }
}
