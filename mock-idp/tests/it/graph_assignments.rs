use mock_idp::{
    MockIdp,
    directory::{Registration, microsoft_graph::GRAPH_APP_ID},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, delegated, get, send, signed_in, tokens},
    visitor::{ADA, OLGA, REDIRECT_URI, TENANT, claims},
};

const NILS: &str = "nils.norole@abc-insurance.example";
const INES: &str = "ines.analyst@abc-insurance.example";
const ADMIN: [&str; 4] =
    ["Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All"];

/// A mock, its app, and the administrator's token with all that managing applications needs.
async fn admin() -> (MockIdp, Registration, String) {
    signed_in(OLGA, &ADMIN).await
}

/// The object id of the app's service principal.
fn principal_of(idp: &MockIdp, app: &Registration) -> String {
    idp.edit_directory(TENANT, |directory| directory.service_principal(&app.app_id).expect("registered").id.clone())
}

fn user(idp: &MockIdp, name: &str) -> String {
    idp.edit_directory(TENANT, |directory| directory.user_by_principal_name(name).expect("a persona").id.clone())
}

fn role(idp: &MockIdp, app: &Registration, value: &str) -> String {
    idp.edit_directory(TENANT, |directory| {
        directory.application(&app.app_id).and_then(|app| app.role_by_value(value)).expect("a role").id.clone()
    })
}

fn texts(reply: &Reply, name: &str) -> Vec<String> {
    let entries = reply.body["value"].as_array().unwrap_or_else(|| panic!("no list: {}", reply.body));
    entries.iter().map(|entry| entry[name].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_service_principal_is_made_once_for_an_application_that_there_is() {
    let (idp, _, token) = admin().await;
    let made =
        send(&idp, Method::POST, "/v1.0/applications", &token, &json!({ "displayName": "x", "signInAudience": "AzureADMyOrg" })).await;
    let app_id = made.body["appId"].as_str().expect("a client id").to_owned();
    let before = get(&idp, &format!("/v1.0/servicePrincipals?$filter=appId eq '{app_id}'"), &token).await;
    assert_eq!(before.body["value"], json!([]), "creating an application makes no service principal");
    let reply = send(&idp, Method::POST, "/v1.0/servicePrincipals", &token, &json!({ "appId": app_id, "tags": ["HideApp"] })).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    assert_eq!((&reply.body["displayName"], &reply.body["tags"]), (&json!("x"), &json!(["HideApp"])));
    assert_ne!(reply.body["id"], made.body["id"]);
    let again = send(&idp, Method::POST, "/v1.0/servicePrincipals", &token, &json!({ "appId": app_id })).await;
    assert_eq!((again.refusal().0, again.refusal().1), (409, "Request_MultipleObjectsWithSameKeyValue"));
    let unknown = json!({ "appId": "00000000-0000-0000-0000-000000000009" });
    let refused = send(&idp, Method::POST, "/v1.0/servicePrincipals", &token, &unknown).await;
    assert_eq!((refused.refusal().0, refused.refusal().1), (400, "NoBackingApplicationObject"));
    let path = format!("/v1.0/servicePrincipals(appId='{app_id}')");
    assert_eq!(send(&idp, Method::PATCH, &path, &token, &json!({ "appRoleAssignmentRequired": true, "notes": "n" })).await.status, 204);
    let after = get(&idp, &path, &token).await.body;
    assert_eq!((&after["appRoleAssignmentRequired"], &after["notes"], &after["tags"]), (&json!(true), &json!("n"), &json!(["HideApp"])));
    let refused = send(&idp, Method::PATCH, &path, &token, &json!({ "displayName": "y" })).await;
    assert_eq!(refused.refusal().2, "Property 'displayName' is read-only and cannot be set.");
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &json!(null)).await.status, 204);
    assert_eq!(get(&idp, &path, &token).await.status, 404);
}

#[tokio::test]
async fn microsoft_graph_lists_its_own_permissions() {
    let (idp, _, token) = admin().await;
    let path = format!("/v1.0/servicePrincipals(appId='{GRAPH_APP_ID}')");
    let graph = get(&idp, &path, &token).await.body;
    let value = |list: &str, id: &str| {
        let entries = graph[list].as_array().expect("a list");
        entries.iter().find(|entry| entry["id"] == id).map(|entry| entry["value"].clone())
    };
    assert_eq!(graph["displayName"], "Microsoft Graph");
    assert_eq!(value("oauth2PermissionScopes", "e1fe6dd8-ba31-4d61-89e7-88639da4683d"), Some(json!("User.Read")));
    assert_eq!(value("appRoles", "18a4783c-866b-4cc7-a460-3d5e5662c884"), Some(json!("Application.ReadWrite.OwnedBy")));
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &json!(null)).await.status, 400);
}

#[tokio::test]
async fn an_assignment_is_seen_from_the_application_and_from_its_holder() {
    let (idp, app, token) = admin().await;
    let (resource, nils, role) = (principal_of(&idp, &app), user(&idp, NILS), role(&idp, &app, "Client"));
    let assigned_to = format!("/v1.0/servicePrincipals/{resource}/appRoleAssignedTo");
    let body = json!({ "principalId": nils, "resourceId": resource, "appRoleId": role });
    let mut made = send(&idp, Method::POST, &assigned_to, &token, &body).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(id.len(), 43);
    for (name, _) in made.body.clone().as_object().expect("an object").iter().filter(|(name, _)| name.ends_with("Id") || *name == "id") {
        made.body[name] = json!(format!("[{name}]"));
    }
    made.body["createdDateTime"] = json!("[time]");
    made.body["@odata.context"] = json!("[context]");
    insta::assert_snapshot!(serde_json::to_string_pretty(&made.body).expect("JSON"), @r#"
    {
      "@odata.context": "[context]",
      "appRoleId": "[appRoleId]",
      "createdDateTime": "[time]",
      "deletedDateTime": null,
      "id": "[id]",
      "principalDisplayName": "Nils Norole",
      "principalId": "[principalId]",
      "principalType": "User",
      "resourceDisplayName": "claims-portal",
      "resourceId": "[resourceId]"
    }
    "#);
    let again = send(&idp, Method::POST, &assigned_to, &token, &body).await;
    assert_eq!(again.refusal(), (400, "Request_BadRequest", "Permission being assigned already exists on the object."));
    assert_eq!(texts(&get(&idp, &assigned_to, &token).await, "principalDisplayName"), ["Ada Adjuster", "Nils Norole"]);
    let held = format!("/v1.0/users/{NILS}/appRoleAssignments");
    let filtered = get(&idp, &format!("{held}?$filter=resourceId eq {resource}"), &token).await;
    assert_eq!(texts(&filtered, "id"), [id.as_str()]);
    let theirs = delegated(&idp, &app, NILS, &["User.ReadBasic.All"]).await;
    assert_eq!(texts(&get(&idp, "/v1.0/me/appRoleAssignments", &theirs).await, "id"), [id.as_str()]);
    assert_eq!(send(&idp, Method::POST, &assigned_to, &theirs, &body).await.status, 403);
    let elsewhere = send(&idp, Method::DELETE, &format!("/v1.0/users/{ADA}/appRoleAssignments/{id}"), &token, &json!(null)).await;
    assert_eq!(elsewhere.status, 404, "it is nobody else's");
    assert_eq!(send(&idp, Method::DELETE, &format!("{held}/{id}"), &token, &json!(null)).await.status, 204);
    assert_eq!(texts(&get(&idp, &held, &token).await, "id"), [""; 0]);
}

#[tokio::test]
async fn an_assignment_that_cannot_be_is_refused() {
    let (idp, app, token) = admin().await;
    let (resource, nils, role) = (principal_of(&idp, &app), user(&idp, NILS), role(&idp, &app, "Client"));
    let path = format!("/v1.0/servicePrincipals/{resource}/appRoleAssignedTo");
    let unknown = "00000000-0000-0000-0000-000000000009";
    let default_access = "00000000-0000-0000-0000-000000000000";
    let cases = [
        (json!({ "principalId": unknown, "resourceId": resource, "appRoleId": role }), 404, "Request_ResourceNotFound"),
        (json!({ "principalId": nils, "resourceId": resource, "appRoleId": unknown }), 400, "Request_BadRequest"),
        (json!({ "principalId": nils, "resourceId": resource, "appRoleId": default_access }), 400, "Request_BadRequest"),
        (json!({ "principalId": resource, "resourceId": resource, "appRoleId": role }), 400, "Request_BadRequest"),
        (json!({ "principalId": nils, "resourceId": nils, "appRoleId": role }), 400, "Request_BadRequest"),
        (json!({ "principalId": nils, "resourceId": resource }), 400, "Request_BadRequest"),
        (json!({ "principalId": "nils", "resourceId": resource, "appRoleId": role }), 400, "Request_BadRequest"),
        (json!({ "principalId": nils, "resourceId": resource, "appRoleId": role, "colour": 1 }), 400, "Request_BadRequest"),
    ];
    for (body, status, code) in cases {
        let refused = send(&idp, Method::POST, &path, &token, &body).await;
        assert_eq!((refused.refusal().0, refused.refusal().1), (status, code), "{body}");
    }
    assert_eq!(texts(&get(&idp, &path, &token).await, "principalDisplayName"), ["Ada Adjuster"]);
}

#[tokio::test]
async fn consent_for_everybody_is_given_changed_and_taken() {
    let (idp, _, token) = admin().await;
    let made =
        send(&idp, Method::POST, "/v1.0/applications", &token, &json!({ "displayName": "x", "signInAudience": "AzureADMyOrg" })).await;
    let client =
        send(&idp, Method::POST, "/v1.0/servicePrincipals", &token, &json!({ "appId": made.body["appId"] })).await.body["id"].clone();
    let graph = get(&idp, &format!("/v1.0/servicePrincipals(appId='{GRAPH_APP_ID}')?$select=id"), &token).await.body["id"].clone();
    let body =
        json!({ "clientId": client, "consentType": "AllPrincipals", "principalId": null, "resourceId": graph, "scope": "User.Read" });
    let grant = send(&idp, Method::POST, "/v1.0/oauth2PermissionGrants", &token, &body).await;
    assert_eq!((grant.status.as_u16(), &grant.body["scope"]), (201, &json!("User.Read")), "{}", grant.body);
    assert_eq!(send(&idp, Method::POST, "/v1.0/oauth2PermissionGrants", &token, &body).await.status, 409);
    let path = format!("/v1.0/oauth2PermissionGrants/{}", grant.body["id"].as_str().expect("an id"));
    let of_client = format!("/v1.0/servicePrincipals/{}/oauth2PermissionGrants", client.as_str().expect("an id"));
    assert_eq!(texts(&get(&idp, &of_client, &token).await, "consentType"), ["AllPrincipals"]);
    assert_eq!(send(&idp, Method::PATCH, &path, &token, &json!({ "scope": "User.Read openid" })).await.status, 204);
    assert_eq!(get(&idp, &path, &token).await.body["scope"], "User.Read openid");
    assert_eq!(send(&idp, Method::PATCH, &path, &token, &json!({ "scope": "User.Raed" })).await.status, 400);
    assert_eq!(send(&idp, Method::PATCH, &path, &token, &json!({ "clientId": graph })).await.status, 400);
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &json!(null)).await.status, 204);
    assert_eq!(get(&idp, &path, &token).await.status, 404);
}

#[tokio::test]
async fn hostile_names_are_kept_shown_and_exported_as_they_are() {
    let (idp, _, token) = admin().await;
    let names =
        ["<script>alert(1)</script>", "\"quotes\" & 'apostrophes'", "\u{202e}txet desrever", "a\u{0}b", "\u{1f980}".repeat(120).leak()];
    for name in names {
        let body = json!({ "displayName": name, "signInAudience": "AzureADMyOrg", "notes": name });
        let made = send(&idp, Method::POST, "/v1.0/applications", &token, &body).await;
        assert_eq!((made.status.as_u16(), &made.body["displayName"]), (201, &json!(name)), "{}", made.body);
    }
    let too_long = json!({ "displayName": "x".repeat(1_000_000), "signInAudience": "AzureADMyOrg" });
    let refused = send(&idp, Method::POST, "/v1.0/applications", &token, &too_long).await;
    assert_eq!((refused.refusal().0, refused.refusal().1), (400, "Request_BadRequest"));
    assert!(refused.refusal().2.len() < 200, "a refusal does not repeat a name of a million letters");
    let directory = idp.edit_directory(TENANT, |directory| directory.clone());
    let kept: Vec<&str> = directory.applications.iter().skip(1).map(|application| application.display_name.as_str()).collect();
    assert_eq!(kept, names);
    let json = directory.to_json();
    assert_eq!(mock_idp::Directory::from_json(&json).map(|read| read.to_json()), Ok(json));
}

/// Unit 3 of the course as a script: register an app, give it a secret and four roles, assign them, sign in, find the roles.
#[tokio::test]
async fn unit_three_by_graph_alone_ends_with_the_roles_in_the_id_token() {
    let (idp, _, token) = admin().await;
    let application = json!({
        "displayName": "claims-portal by script",
        "signInAudience": "AzureADMyOrg",
        "web": { "redirectUris": [REDIRECT_URI, "http://localhost:5000/"] },
        "requiredResourceAccess": [{ "resourceAppId": GRAPH_APP_ID, "resourceAccess": [{ "id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope" }] }],
    });
    let created = send(&idp, Method::POST, "/v1.0/applications", &token, &application).await.body;
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let (id, app_id) = (text(&created["id"]), text(&created["appId"]));
    let principal = text(&send(&idp, Method::POST, "/v1.0/servicePrincipals", &token, &json!({ "appId": app_id })).await.body["id"]);
    let asked = json!({ "passwordCredential": { "displayName": "unit 3" } });
    let secret = send(&idp, Method::POST, &format!("/v1.0/applications/{id}/addPassword"), &token, &asked).await.body;
    let ids = [
        "71cc128f-b45b-4900-9ede-424776790f41",
        "71cc128f-b45b-4900-9ede-424776790f42",
        "71cc128f-b45b-4900-9ede-424776790f43",
        "71cc128f-b45b-4900-9ede-424776790f44",
    ];
    let values = ["Client", "Claims.Adjuster", "Insights.Analyst", "Policy.Admin"];
    let roles: Vec<Value> = ids.iter().zip(values).map(|(id, value)| json!({ "id": id, "value": value, "displayName": value, "description": value, "allowedMemberTypes": ["User"], "isEnabled": true })).collect();
    assert_eq!(send(&idp, Method::PATCH, &format!("/v1.0/applications/{id}"), &token, &json!({ "appRoles": roles })).await.status, 204);

    let group = idp.edit_directory(TENANT, |directory| {
        directory.groups.iter().find(|group| group.display_name == "Insights Analysts").expect("in the seed").id.clone()
    });
    for (holder, role) in [(user(&idp, ADA), ids[1]), (user(&idp, ADA), ids[0]), (group, ids[2])] {
        let body = json!({ "principalId": holder, "resourceId": principal, "appRoleId": role });
        let made = send(&idp, Method::POST, &format!("/v1.0/servicePrincipals/{principal}/appRoleAssignedTo"), &token, &body).await;
        assert_eq!(made.status, 201, "{}", made.body);
    }

    let app = Registration {
        app_id,
        tenant_id: TENANT.to_owned(),
        client_secret: text(&secret["secretText"]),
        secret_id: text(&secret["keyId"]),
    };
    let roles_of = async |username: &str| {
        let tokens = tokens(&idp, &app, username, "openid profile User.Read").await;
        claims(tokens["id_token"].as_str().expect("an ID token"))["roles"].clone()
    };
    assert_eq!(roles_of(ADA).await, json!(["Client", "Claims.Adjuster"]));
    assert_eq!(roles_of(INES).await, json!(["Insights.Analyst"]), "by the group");
    assert_eq!(roles_of(NILS).await, Value::Null);
}
