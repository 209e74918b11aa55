//! How Graph shows an application: every member, with `null` or `[]` where nothing is known.
//! Source: Microsoft Graph v1.0, "application resource type", JSON representation.

use serde_json::{Map, Value, json};

use crate::directory::{
    application::{AppRole, Application, PermissionScope},
    credential::{KeyCredential, PasswordCredential},
    registration::instant,
};

/// Everything that is known about an application, by the names of Graph. No secret and no hash is among it.
pub(in crate::graph) fn known(application: &Application) -> Map<String, Value> {
    let mut known = match serde_json::to_value(application) {
        Ok(Value::Object(known)) => known,
        _ => Map::new(),
    };
    known.remove("owners");
    let list = |values: Vec<Value>| Value::Array(values);
    known.insert("passwordCredentials".to_owned(), list(application.password_credentials.iter().map(password).collect()));
    known.insert("keyCredentials".to_owned(), list(application.key_credentials.iter().map(key).collect()));
    known.insert("appRoles".to_owned(), list(application.app_roles.iter().map(app_role).collect()));
    let api = json!({ "acceptMappedClaims": null, "knownClientApplications": [], "preAuthorizedApplications": [], "requestedAccessTokenVersion": null });
    complete(&mut known, "api", api);
    if let Some(Value::Object(api)) = known.get_mut("api") {
        api.insert("oauth2PermissionScopes".to_owned(), list(application.api.oauth2_permission_scopes.iter().map(scope).collect()));
    }
    let redirects: Vec<Value> = application.web.redirect_uris.iter().map(|uri| json!({ "uri": uri, "index": null })).collect();
    complete(&mut known, "web", json!({ "homePageUrl": null, "logoutUrl": null, "redirectUriSettings": redirects }));
    complete(&mut known, "info", info());
    complete(&mut known, "parentalControlSettings", json!({ "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" }));
    complete(&mut known, "verifiedPublisher", json!({ "displayName": null, "verifiedPublisherId": null, "addedDateTime": null }));
    known
}

/// `informationalUrl`, of which nothing is set.
pub(in crate::graph) fn info() -> Value {
    json!({ "logoUrl": null, "marketingUrl": null, "privacyStatementUrl": null, "supportUrl": null, "termsOfServiceUrl": null })
}

/// Adds the members of `defaults` that the complex value `name` does not have.
pub(in crate::graph) fn complete(known: &mut Map<String, Value>, name: &str, defaults: Value) {
    let Value::Object(mut all) = defaults else { return };
    if let Some(Value::Object(given)) = known.remove(name) {
        all.extend(given);
    }
    known.insert(name.to_owned(), Value::Object(all));
}

/// A secret without its text. Graph never returns that again.
pub(in crate::graph) fn password(credential: &PasswordCredential) -> Value {
    json!({
        "customKeyIdentifier": credential.other_properties.get("customKeyIdentifier"),
        "displayName": credential.display_name,
        "endDateTime": credential.end_date_time.map(instant),
        "hint": credential.hint,
        "keyId": credential.key_id,
        "secretText": null,
        "startDateTime": credential.start_date_time.map(instant),
    })
}

/// A certificate. Its bytes are write-only here; the real service shows them when `$select` names keyCredentials.
fn key(credential: &KeyCredential) -> Value {
    let other = |name: &str| credential.other_properties.get(name);
    json!({
        "customKeyIdentifier": other("customKeyIdentifier"),
        "displayName": other("displayName"),
        "endDateTime": other("endDateTime"),
        "key": null,
        "keyId": credential.key_id,
        "startDateTime": other("startDateTime"),
        "type": other("type"),
        "usage": other("usage"),
    })
}

/// A role that an application defines.
pub(in crate::graph) fn app_role(role: &AppRole) -> Value {
    json!({
        "allowedMemberTypes": role.allowed_member_types,
        "description": role.description,
        "displayName": role.display_name,
        "id": role.id,
        "isEnabled": role.is_enabled,
        "origin": "Application",
        "value": role.value,
    })
}

/// A delegated permission that an application offers.
pub(in crate::graph) fn scope(scope: &PermissionScope) -> Value {
    let text = |name: &str| scope.other_properties.get(name);
    json!({
        "adminConsentDescription": text("adminConsentDescription"),
        "adminConsentDisplayName": text("adminConsentDisplayName"),
        "id": scope.id,
        "isEnabled": scope.is_enabled,
        "type": scope.consent_type,
        "userConsentDescription": text("userConsentDescription"),
        "userConsentDisplayName": text("userConsentDisplayName"),
        "value": scope.value,
    })
}
