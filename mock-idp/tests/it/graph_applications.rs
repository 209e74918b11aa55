use mock_idp::{
    Fault, MockIdp,
    directory::{Registration, microsoft_graph::GRAPH_APP_ID},
    trace::CheckResult,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, app_only, delegated, get, send, signed_in},
    visitor::{ADA, OLGA, TENANT, mock_with_app, token},
};

const NILS: &str = "nils.norole@abc-insurance.example";
const BEN: &str = "ben.client_mail.example#EXT#@abc-insurance.example";
const WRITE: [&str; 1] = ["Application.ReadWrite.All"];

/// A script that runs as the administrator, with these delegated permissions.
struct Script {
    idp: MockIdp,
    app: Registration,
    token: String,
}

impl Script {
    async fn of(username: &str, scopes: &[&str]) -> Self {
        let (idp, app, token) = signed_in(username, scopes).await;
        Self { idp, app, token }
    }

    async fn get(&self, path: &str) -> Reply {
        get(&self.idp, &format!("/v1.0{path}"), &self.token).await
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Reply {
        send(&self.idp, method, &format!("/v1.0{path}"), &self.token, &body).await
    }

    /// A new application: object id and client id.
    async fn create(&self, body: Value) -> (String, String) {
        let reply = self.send(Method::POST, "/applications", body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        (text(&reply.body, "id"), text(&reply.body, "appId"))
    }
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned()
}

fn single_tenant(name: &str) -> Value {
    json!({ "displayName": name, "signInAudience": "AzureADMyOrg", "web": { "redirectUris": ["http://localhost:5000/getAToken"] } })
}

fn role(id: &str, value: &str, is_enabled: bool) -> Value {
    json!({ "id": id, "value": value, "displayName": value, "description": value, "allowedMemberTypes": ["User"], "isEnabled": is_enabled })
}

#[tokio::test]
async fn a_new_application_is_shown_with_every_member() {
    let script = Script::of(OLGA, &WRITE).await;
    let mut reply = script.send(Method::POST, "/applications", single_tenant("claims-portal")).await;
    assert_eq!(reply.status, 201);
    let id = text(&reply.body, "id");
    assert_eq!(reply.headers["location"], format!("{}/graph/v1.0/applications/{id}", script.idp.origin()));
    for name in ["id", "appId", "createdDateTime"] {
        reply.body[name] = json!(format!("[{name}]"));
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&reply.body).expect("JSON"));
}

#[tokio::test]
async fn a_name_alone_gives_an_application_for_every_account() {
    let script = Script::of(OLGA, &WRITE).await;
    let reply = script.send(Method::POST, "/applications", json!({ "displayName": "x" })).await;
    assert_eq!((reply.status.as_u16(), &reply.body["signInAudience"]), (201, &json!("AzureADandPersonalMicrosoftAccount")));
    assert_eq!(reply.body["api"]["requestedAccessTokenVersion"], 2);
    let id = text(&reply.body, "id");
    let roles = json!({ "appRoles": [role("71cc128f-b45b-4900-9ede-424776790f49", "Client", true)] });
    let refused = script.send(Method::PATCH, &format!("/applications/{id}"), roles).await;
    assert_eq!(refused.refusal().1, "Request_BadRequest");
    assert!(refused.refusal().2.contains("App roles are not supported for applications that personal accounts"), "{}", refused.body);
}

#[tokio::test]
async fn an_application_is_found_by_either_id_and_in_lists() {
    let script = Script::of(OLGA, &WRITE).await;
    let (id, app_id) = script.create(single_tenant("claims-portal-2")).await;
    let by_id = script.get(&format!("/applications/{id}?$select=id,appId")).await;
    let by_app_id = script.get(&format!("/applications(appId='{app_id}')?$select=id,appId")).await;
    assert_eq!((by_id.status.as_u16(), &by_id.body), (200, &by_app_id.body));
    assert_eq!((text(&by_id.body, "id"), text(&by_id.body, "appId")), (id.clone(), app_id.clone()));
    let encoded = script.get(&format!("/applications(appId=%27{app_id}%27)?$select=id,appId")).await;
    assert_eq!(encoded.body, by_id.body);
    for filter in [
        format!("appId eq '{app_id}'"),
        "displayName eq 'claims-portal-2'".to_owned(),
        "startswith(displayName,'claims-portal-')".to_owned(),
    ] {
        let found = script.get(&format!("/applications?$filter={filter}&$select=id")).await;
        assert_eq!(found.body["value"], json!([{ "id": id }]), "{filter}");
    }
    let missing = script.get("/applications(appId='00000000-0000-0000-0000-000000000001')").await;
    assert_eq!(missing.refusal().1, "Request_ResourceNotFound");
    let upsert = script.send(Method::PATCH, "/applications(uniqueName='x')", json!({ "displayName": "x" })).await;
    assert_eq!(upsert.status, 501);
}

#[tokio::test]
async fn a_patch_answers_nothing_and_changes_only_what_it_names() {
    let script = Script::of(OLGA, &WRITE).await;
    let (id, app_id) = script.create(single_tenant("claims-portal")).await;
    let path = format!("/applications(appId='{app_id}')");
    let change =
        json!({ "@odata.type": "#microsoft.graph.application", "web": { "logoutUrl": "https://localhost:5000/out" }, "notes": "unit 3" });
    let reply = script.send(Method::PATCH, &path, change).await;
    assert_eq!((reply.status.as_u16(), &reply.body), (204, &json!("")));
    let after = script.get(&format!("/applications/{id}")).await.body;
    assert_eq!(after["web"]["redirectUris"], json!(["http://localhost:5000/getAToken"]));
    assert_eq!((&after["web"]["logoutUrl"], &after["notes"]), (&json!("https://localhost:5000/out"), &json!("unit 3")));
    let reply = script.send(Method::PATCH, &path, json!({ "web": { "redirectUris": ["http://localhost:5000/other"] } })).await;
    assert_eq!(reply.status, 204);
    let after = script.get(&format!("/applications/{id}")).await.body;
    assert_eq!(after["web"]["redirectUris"], json!(["http://localhost:5000/other"]), "a list is replaced");
}

#[tokio::test]
async fn a_wrong_body_is_refused_by_the_name_of_what_is_wrong() {
    let script = Script::of(OLGA, &WRITE).await;
    let (id, _) = script.create(single_tenant("claims-portal")).await;
    let cases = [
        (json!({ "colour": "red" }), "Invalid value specified for property 'colour': unknown key."),
        (
            json!({ "web": { "redirectUri": "x" } }),
            "Invalid value specified for property 'web.redirectUri': unknown key; did you mean 'redirectUris'?.",
        ),
        (json!({ "tags": "x", "displayName": 5 }), "Invalid value specified for property 'displayName': must be a text, not a number."),
        (
            json!({ "appRoles": [{ "value": "x", "displayName": "x", "allowedMemberTypes": ["User"] }] }),
            "Invalid value specified for property 'appRoles[0].id': is missing; choose a new GUID.",
        ),
        (json!({ "displayName": "" }), "Invalid value specified for property 'displayName': must not be empty."),
        (json!({ "appId": "71cc128f-b45b-4900-9ede-424776790f49" }), "Property 'appId' is read-only and cannot be set."),
        (json!({ "createdDateTime": "2020-01-01T00:00:00Z" }), "Property 'createdDateTime' is read-only and cannot be set."),
        (
            json!({ "passwordCredentials": [{ "displayName": "x" }] }),
            "Invalid value specified for property 'passwordCredentials': Secrets cannot be set here; use addPassword.",
        ),
        (
            json!({ "web": { "redirectUris": ["http://contoso.com/cb"] } }),
            "Invalid value specified for property 'web.redirectUris': 'http://contoso.com/cb' must start with \"HTTPS\" or \"http://localhost\".",
        ),
        (
            json!({ "signInAudience": "Everybody" }),
            "Invalid value specified for property 'signInAudience': 'Everybody' is not one of AzureADMyOrg, AzureADMultipleOrgs, AzureADandPersonalMicrosoftAccount, PersonalMicrosoftAccount.",
        ),
    ];
    for (body, message) in cases {
        let reply = script.send(Method::PATCH, &format!("/applications/{id}"), body).await;
        assert_eq!(reply.refusal(), (400, "Request_BadRequest", message));
    }
    let reply = script.send(Method::POST, "/applications", json!({ "id": "x", "displayName": "x" })).await;
    assert_eq!(reply.refusal().2, "Property 'id' is read-only and cannot be set.");
    let reply = script.send(Method::POST, "/applications", json!([])).await;
    assert_eq!(reply.refusal().1, "BadRequest");
    let reply = script.send(Method::POST, "/applications", json!({ "signInAudience": "AzureADMyOrg" })).await;
    assert_eq!(reply.refusal().2, "Invalid value specified for property 'displayName': is missing.");
    let uri = json!({ "identifierUris": ["https://contoso.com/api"] });
    let reply = script.send(Method::PATCH, &format!("/applications/{id}"), uri).await;
    assert_eq!((reply.status.as_u16(), reply.refusal().1), (400, "HostNameNotOnVerifiedDomain"));
}

#[tokio::test]
async fn a_secret_is_told_once_and_opens_the_token_endpoint() {
    let script = Script::of(OLGA, &WRITE).await;
    let (id, app_id) = script.create(single_tenant("claims-portal")).await;
    let asked = json!({ "passwordCredential": { "displayName": "dev laptop" } });
    let reply = script.send(Method::POST, &format!("/applications/{id}/addPassword"), asked).await;
    assert_eq!((reply.status.as_u16(), &reply.body["displayName"]), (200, &json!("dev laptop")));
    assert_eq!(reply.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.passwordCredential");
    let (secret, key_id) = (text(&reply.body, "secretText"), text(&reply.body, "keyId"));
    assert_eq!(text(&reply.body, "hint"), secret[..3]);

    let shown = script.get(&format!("/applications/{id}")).await.body["passwordCredentials"][0].clone();
    assert_eq!((&shown["keyId"], &shown["secretText"]), (&json!(key_id), &Value::Null));
    let events = serde_json::to_string(&script.idp.trace().events()).expect("JSON");
    assert!(!events.contains(&secret), "the trace must not hold the secret");

    let form = |secret: &str| {
        [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", app_id.clone()),
            ("client_secret", secret.to_owned()),
            ("scope", "https://graph.microsoft.com/.default".to_owned()),
        ]
    };
    assert_eq!(script.send(Method::POST, "/servicePrincipals", json!({ "appId": app_id })).await.status, 201);
    assert_eq!(token(&script.idp, TENANT, &form(&secret)).await.0, 200);
    assert_eq!(token(&script.idp, TENANT, &form(&key_id)).await.1["error_codes"], json!([7000215]));

    let remove = format!("/applications(appId='{app_id}')/removePassword");
    assert_eq!(script.send(Method::POST, &remove, json!({ "keyId": key_id })).await.status, 204);
    assert_eq!(token(&script.idp, TENANT, &form(&secret)).await.0, 401);
    let again = script.send(Method::POST, &remove, json!({ "keyId": key_id })).await;
    assert_eq!(again.refusal(), (400, "Request_BadRequest", format!("No password credential found with keyId '{key_id}'.").as_str()));
    let given = json!({ "passwordCredential": { "secretText": "mine" } });
    let refused = script.send(Method::POST, &format!("/applications/{id}/addPassword"), given).await;
    assert_eq!(refused.refusal().2, "Property 'passwordCredential.secretText' is read-only and cannot be set.");
    let past = json!({ "passwordCredential": { "endDateTime": "2020-01-01T00:00:00Z" } });
    let refused = script.send(Method::POST, &format!("/applications/{id}/addPassword"), past).await;
    assert_eq!(refused.status, 400);
    assert_eq!(script.send(Method::POST, &format!("/applications/{id}/addKey"), json!({})).await.status, 501);
}

#[tokio::test]
async fn an_enabled_role_is_disabled_before_it_is_deleted() {
    let script = Script::of(OLGA, &WRITE).await;
    let (id, _) = script.create(single_tenant("claims-portal")).await;
    let path = format!("/applications/{id}");
    let role_id = "71cc128f-b45b-4900-9ede-424776790f49";
    assert_eq!(script.send(Method::PATCH, &path, json!({ "appRoles": [role(role_id, "Client", true)] })).await.status, 204);
    let refused = script.send(Method::PATCH, &path, json!({ "appRoles": [] })).await;
    let message = "Permission (scope or role) cannot be deleted or updated unless disabled first.";
    assert_eq!(refused.refusal(), (400, "CannotDeleteOrUpdateEnabledEntitlement", message));
    assert_eq!(script.send(Method::PATCH, &path, json!({ "appRoles": [role(role_id, "Client", false)] })).await.status, 204);
    assert_eq!(script.send(Method::PATCH, &path, json!({ "appRoles": [] })).await.status, 204);
    assert_eq!(script.get(&path).await.body["appRoles"], json!([]));
}

#[tokio::test]
async fn a_deleted_application_is_kept_and_comes_back() {
    let script = Script::of(OLGA, &WRITE).await;
    let (id, app_id) = script.create(single_tenant("claims-portal")).await;
    assert_eq!(script.send(Method::DELETE, &format!("/applications/{id}"), json!(null)).await.status, 204);
    assert_eq!(script.get(&format!("/applications/{id}")).await.status, 404);
    let listed = script.get("/directory/deletedItems/microsoft.graph.application?$select=id,deletedDateTime").await.body;
    assert_eq!(listed["value"][0]["id"], json!(id));
    assert!(listed["value"][0]["deletedDateTime"].is_string(), "{listed}");
    let restored = script.send(Method::POST, &format!("/directory/deletedItems/{id}/restore"), json!(null)).await;
    assert_eq!((restored.status.as_u16(), &restored.body["@odata.type"]), (200, &json!("#microsoft.graph.application")));
    assert_eq!(script.get(&format!("/applications(appId='{app_id}')")).await.status, 200);
    assert_eq!(script.send(Method::POST, &format!("/directory/deletedItems/{id}/restore"), json!(null)).await.status, 404);
    assert_eq!(script.send(Method::DELETE, &format!("/applications/{id}"), json!(null)).await.status, 204);
    assert_eq!(script.send(Method::DELETE, &format!("/directory/deletedItems/{id}"), json!(null)).await.status, 204);
    assert_eq!(script.get(&format!("/directory/deletedItems/{id}")).await.status, 404);
}

#[tokio::test]
async fn owners_are_listed_added_and_taken_away() {
    let script = Script::of(OLGA, &["Application.ReadWrite.All", "Directory.Read.All"]).await;
    let (id, _) = script.create(single_tenant("claims-portal")).await;
    let owners = format!("/applications/{id}/owners");
    let listed = script.get(&owners).await.body;
    assert_eq!(
        (&listed["value"][0]["userPrincipalName"], &listed["value"][0]["@odata.type"]),
        (&json!(OLGA), &json!("#microsoft.graph.user"))
    );
    let nils = script.idp.edit_directory(TENANT, |directory| directory.user_by_principal_name(NILS).expect("a persona").id.clone());
    let reference = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{nils}") });
    assert_eq!(script.send(Method::POST, &format!("{owners}/$ref"), reference.clone()).await.status, 204);
    assert_eq!(script.send(Method::POST, &format!("{owners}/$ref"), reference).await.status, 400);
    let theirs = delegated(&script.idp, &script.app, NILS, &WRITE).await;
    let renamed = send(&script.idp, Method::PATCH, &format!("/v1.0/applications/{id}"), &theirs, &json!({ "displayName": "mine" })).await;
    assert_eq!(renamed.status, 204, "an owner may change what is hers");
    assert_eq!(script.send(Method::DELETE, &format!("{owners}/{nils}/$ref"), json!(null)).await.status, 204);
    let refused = send(&script.idp, Method::PATCH, &format!("/v1.0/applications/{id}"), &theirs, &json!({ "displayName": "mine" })).await;
    assert_eq!(refused.refusal().1, "Authorization_RequestDenied");
}

#[tokio::test]
async fn a_member_registers_and_manages_her_own_applications_and_a_guest_does_not() {
    let script = Script::of(NILS, &WRITE).await;
    let (own, _) = script.create(single_tenant("hers")).await;
    assert_eq!(script.send(Method::PATCH, &format!("/applications/{own}"), json!({ "notes": "x" })).await.status, 204);
    let foreign = script.idp.edit_directory(TENANT, |directory| directory.application(&script.app.app_id).expect("registered").id.clone());
    for (method, path) in [(Method::PATCH, ""), (Method::DELETE, ""), (Method::POST, "/addPassword")] {
        let refused = script.send(method, &format!("/applications/{foreign}{path}"), json!({})).await;
        assert_eq!(refused.refusal(), (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."));
    }
    let event = script.idp.trace().events().pop().expect("recorded");
    let failed = event.checks.iter().find(|check| check.result == CheckResult::Fail).expect("a failed check");
    assert!(failed.expected.as_deref().is_some_and(|roles| roles.contains("Cloud Application Administrator")), "{failed:?}");
    let guest = delegated(&script.idp, &script.app, BEN, &WRITE).await;
    let refused = send(&script.idp, Method::POST, "/v1.0/applications", &guest, &single_tenant("x")).await;
    assert_eq!(refused.status, 403);
    assert_eq!(get(&script.idp, "/v1.0/applications", &guest).await.status, 403);
    assert_eq!(get(&script.idp, &format!("/v1.0/applications/{own}"), &guest).await.status, 200, "a guest reads what she knows the id of");
}

#[tokio::test]
async fn an_app_that_acts_as_its_user_may_what_the_user_may() {
    let script = Script::of(NILS, &["Directory.AccessAsUser.All"]).await;
    let (own, _) = script.create(single_tenant("hers")).await;
    assert_eq!(script.send(Method::DELETE, &format!("/applications/{own}"), json!(null)).await.status, 204);
    let foreign = script.idp.edit_directory(TENANT, |directory| directory.application(&script.app.app_id).expect("registered").id.clone());
    assert_eq!(script.send(Method::DELETE, &format!("/applications/{foreign}"), json!(null)).await.status, 403);
}

#[tokio::test]
async fn an_app_that_may_write_what_it_owns_writes_nothing_else() {
    let (idp, app) = mock_with_app().await;
    let token = app_only(&idp, &app, &["Application.ReadWrite.OwnedBy"]).await;
    let made = send(&idp, Method::POST, "/v1.0/applications", &token, &single_tenant("made by an app")).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let own = text(&made.body, "id");
    assert_eq!(send(&idp, Method::PATCH, &format!("/v1.0/applications/{own}"), &token, &json!({ "notes": "x" })).await.status, 204);
    let foreign = idp.edit_directory(TENANT, |directory| directory.application(&app.app_id).expect("registered").id.clone());
    assert_eq!(send(&idp, Method::DELETE, &format!("/v1.0/applications/{foreign}"), &token, &json!(null)).await.status, 403);
}

/// Every operation on applications, and a permission that the documentation lists for it.
fn operations(id: &str, principal: &str) -> Vec<(Method, String, &'static [&'static str])> {
    const READ: &[&str] = &["Application.Read.All"];
    const WRITE: &[&str] = &["Application.ReadWrite.All"];
    const ASSIGN: &[&str] = &["AppRoleAssignment.ReadWrite.All"];
    const GRANT: &[&str] = &["DelegatedPermissionGrant.ReadWrite.All"];
    let at = |path: String| path;
    vec![
        (Method::GET, at("/applications".to_owned()), READ),
        (Method::GET, at(format!("/applications/{id}")), READ),
        (Method::GET, at(format!("/applications/{id}/owners")), READ),
        (Method::POST, at("/applications".to_owned()), WRITE),
        (Method::PATCH, at(format!("/applications/{id}")), WRITE),
        (Method::DELETE, at(format!("/applications/{id}")), WRITE),
        (Method::POST, at(format!("/applications/{id}/addPassword")), WRITE),
        (Method::POST, at(format!("/applications/{id}/removePassword")), WRITE),
        (Method::POST, at(format!("/applications/{id}/owners/$ref")), WRITE),
        (Method::DELETE, at(format!("/applications/{id}/owners/{id}/$ref")), WRITE),
        (Method::GET, at("/servicePrincipals".to_owned()), READ),
        (Method::GET, at(format!("/servicePrincipals(appId='{GRAPH_APP_ID}')")), READ),
        (Method::POST, at("/servicePrincipals".to_owned()), WRITE),
        (Method::PATCH, at(format!("/servicePrincipals/{principal}")), WRITE),
        (Method::DELETE, at(format!("/servicePrincipals/{principal}")), WRITE),
        (Method::GET, at(format!("/servicePrincipals/{principal}/appRoleAssignedTo")), READ),
        (Method::POST, at(format!("/servicePrincipals/{principal}/appRoleAssignedTo")), ASSIGN),
        (Method::DELETE, at(format!("/servicePrincipals/{principal}/appRoleAssignedTo/x")), ASSIGN),
        (Method::GET, at(format!("/servicePrincipals/{principal}/appRoleAssignments")), ASSIGN),
        (Method::GET, at(format!("/users/{ADA}/appRoleAssignments")), ASSIGN),
        (Method::POST, at(format!("/users/{ADA}/appRoleAssignments")), ASSIGN),
        (Method::GET, at("/me/appRoleAssignments".to_owned()), ASSIGN),
        (Method::GET, at("/oauth2PermissionGrants".to_owned()), GRANT),
        (Method::POST, at("/oauth2PermissionGrants".to_owned()), GRANT),
        (Method::PATCH, at("/oauth2PermissionGrants/x".to_owned()), GRANT),
        (Method::DELETE, at("/oauth2PermissionGrants/x".to_owned()), GRANT),
        (Method::GET, at(format!("/servicePrincipals/{principal}/oauth2PermissionGrants")), GRANT),
        (Method::GET, at("/directory/deletedItems/microsoft.graph.application".to_owned()), READ),
        (Method::POST, at(format!("/directory/deletedItems/{id}/restore")), WRITE),
        (Method::DELETE, at(format!("/directory/deletedItems/{id}")), WRITE),
    ]
}

#[tokio::test]
async fn each_operation_needs_its_permission_and_the_trace_names_it() {
    let script = Script::of(OLGA, &["User.Read"]).await;
    let (id, principal) = script.idp.edit_directory(TENANT, |directory| {
        let id = directory.application(&script.app.app_id).expect("registered").id.clone();
        (id, directory.service_principal(&script.app.app_id).expect("registered").id.clone())
    });
    for (method, path, needed) in operations(&id, &principal) {
        let refused = script.send(method.clone(), &path, json!({})).await;
        let expected = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        assert_eq!(refused.refusal(), expected, "{method} {path}");
        let event = script.idp.trace().events().pop().expect("recorded");
        let failed = event.checks.iter().find(|check| check.result == CheckResult::Fail).expect("a failed check");
        assert!(failed.expected.as_deref().is_some_and(|expected| expected.contains(needed[0])), "{method} {path}: {failed:?}");
    }
    let before = script.idp.edit_directory(TENANT, |directory| directory.clone());
    assert!(before.applications.get(&id).is_some() && before.service_principals.get(&principal).is_some());
}

#[tokio::test]
async fn a_fault_hides_a_scope_that_the_token_holds() {
    let script = Script::of(OLGA, &["Application.Read.All"]).await;
    script.idp.inject(Fault::GraphMissingScope.once());
    assert_eq!(script.get("/applications").await.status, 403);
    assert_eq!(script.get("/applications").await.status, 200);
}
