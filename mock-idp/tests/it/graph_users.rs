use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, app_only, delegated, get, send, signed_in},
    visitor::{ADA, OLGA, Visitor, but, mock_with_app, ordinary},
};

const NEW: &str = "new.hire@abc-insurance.example";
const WRITE: &[&str] = &["User.Read", "User.ReadWrite.All"];

fn new_hire() -> Value {
    json!({
        "accountEnabled": true,
        "displayName": "New Hire",
        "mailNickname": "new.hire",
        "userPrincipalName": NEW,
        "department": "Claims",
        "passwordProfile": { "forceChangePasswordNextSignIn": false, "password": "Practice-2027" },
    })
}

/// The request body with one member changed, or left out.
fn with(name: &str, value: Option<Value>) -> Value {
    let mut body = new_hire();
    let members = body.as_object_mut().expect("an object");
    match value {
        Some(value) => members.insert(name.to_owned(), value),
        None => members.remove(name),
    };
    body
}

#[tokio::test]
async fn a_user_is_created_signs_in_and_is_deleted() {
    let (idp, app, token) = signed_in(OLGA, WRITE).await;
    let created = send(&idp, Method::POST, "/v1.0/users", &token, &new_hire()).await;
    assert_eq!(created.status, 201);
    let id = created.body["id"].as_str().expect("an id").to_owned();
    assert_eq!(created.headers["location"], format!("{}/graph/v1.0/users/{id}", idp.origin()));
    let mut shown = created.body.clone();
    shown["id"] = json!("[id]");
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).expect("JSON"), @r#"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
      "businessPhones": [],
      "displayName": "New Hire",
      "givenName": null,
      "id": "[id]",
      "jobTitle": null,
      "mail": null,
      "mobilePhone": null,
      "officeLocation": null,
      "preferredLanguage": null,
      "surname": null,
      "userPrincipalName": "new.hire@abc-insurance.example"
    }
    "#);
    let read = get(&idp, &format!("/v1.0/users/{NEW}?$select=department,accountEnabled,mailNickname,userType"), &token).await;
    let known = ["department", "accountEnabled", "mailNickname", "userType"].map(|name| &read.body[name]);
    assert_eq!(known, [&json!("Claims"), &json!(true), &json!("new.hire"), &json!("Member")]);

    let parameters = but(but(ordinary(&app), "prompt", "login"), "login_hint", NEW);
    let mut visitor = Visitor::new(&idp);
    let page = visitor.authorize(crate::visitor::TENANT, &parameters).await;
    let page = visitor.answer(&page, "/login", &[("password", "Practice-2027")]).await;
    assert!(!page.values("consent").is_empty(), "signed in, and asked for consent: {}", page.html);

    let path = format!("/v1.0/users/{id}");
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &json!(null)).await.status, 204);
    assert_eq!(get(&idp, &path, &token).await.refusal().1, "Request_ResourceNotFound");
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &json!(null)).await.refusal().0, 404);
}

#[tokio::test]
async fn what_is_wrong_with_a_new_user_is_named() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    for property in ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"] {
        let reply = send(&idp, Method::POST, "/v1.0/users", &token, &with(property, None)).await;
        let message = format!("A value is required for property '{property}' of resource 'User'.");
        assert_eq!(reply.refusal(), (400, "Request_BadRequest", message.as_str()));
    }
    let cases = [
        ("colour", json!("red"), "colour"),
        ("passwordHash", json!("$argon2id$"), "passwordHash"),
        ("directoryRoles", json!(["Global Administrator"]), "directoryRoles"),
        ("id", json!("2e7abed5-658e-430d-8569-80bb0977e471"), "id"),
        ("displayName", json!(7), "displayName"),
        ("accountEnabled", json!("yes"), "accountEnabled"),
        ("department", json!(["Claims"]), "department"),
        ("displayName", json!("x".repeat(1_000_000)), "displayName"),
        ("passwordProfile", json!("Practice-2027"), "passwordProfile"),
        ("passwordProfile", json!({ "password": "short" }), "password"),
        ("userPrincipalName", json!("new@fabrikam.example"), "userPrincipalName"),
        ("userType", json!("Robot"), "userType"),
    ];
    for (property, value, named) in cases {
        let reply = send(&idp, Method::POST, "/v1.0/users", &token, &with(property, Some(value))).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (400, "Request_BadRequest"), "{property}");
        assert!(reply.refusal().2.contains(named), "{property}: {}", reply.refusal().2);
    }
    let url = format!("{}/graph/v1.0/users", idp.origin());
    for body in ["", "{", "[]", "7", "\u{0}"] {
        let request = Client::new().post(&url).bearer_auth(&token).header("content-type", "application/json").body(body);
        assert_eq!(Reply::of(request.send().await.expect("an answer")).await.refusal().0, 400, "{body}");
    }
    let users = get(&idp, "/v1.0/users?$top=999", &token).await;
    assert_eq!(users.body["value"].as_array().map(Vec::len), Some(12));
}

#[tokio::test]
async fn a_sign_in_name_is_given_once() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    let taken = send(&idp, Method::POST, "/v1.0/users", &token, &with("userPrincipalName", Some(json!(ADA.to_uppercase())))).await;
    let message = "Another object with the same value for property userPrincipalName already exists.";
    assert_eq!(taken.refusal(), (400, "Request_BadRequest", message));
    let detail = json!([{ "code": "ObjectConflict", "message": message, "target": "userPrincipalName" }]);
    assert_eq!(taken.body["error"]["details"], detail);
}

#[tokio::test]
async fn a_change_leaves_the_rest_as_it_was() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    let path = format!("/v1.0/users/{ADA}");
    let before = get(&idp, &path, &token).await.body;
    let change = json!({ "displayName": "Ada \u{202e}<b>Umgeher</b>", "jobTitle": null, "city": "Ulm" });
    let changed = send(&idp, Method::PATCH, &path, &token, &change).await;
    assert_eq!((changed.status.as_u16(), &changed.body), (204, &json!("")));
    let mut expected = before;
    expected["displayName"] = change["displayName"].clone();
    expected["jobTitle"] = Value::Null;
    assert_eq!(get(&idp, &path, &token).await.body, expected);
    assert_eq!(get(&idp, &format!("{path}?$select=city"), &token).await.body["city"], "Ulm");
    let renamed = send(&idp, Method::PATCH, &path, &token, &json!({ "userPrincipalName": OLGA })).await;
    assert!(renamed.refusal().2.starts_with("Another object with the same value"), "{}", renamed.body);
    // Password and roles are still there.
    let (hash, roles) = idp.edit_directory(crate::visitor::TENANT, |directory| {
        let user = directory.user_by_principal_name(OLGA).expect("in the seed");
        (user.password_hash.is_some(), user.directory_roles.clone())
    });
    assert_eq!((hash, roles), (true, vec!["Global Administrator".to_owned()]));
}

#[tokio::test]
async fn users_change_their_own_phone_and_nothing_that_needs_an_administrator() {
    let (idp, _, token) = signed_in(ADA, &["User.Read", "User.ReadWrite"]).await;
    let phone = json!({ "mobilePhone": "+1 555 0199" });
    assert_eq!(send(&idp, Method::PATCH, "/v1.0/me", &token, &phone).await.status, 204);
    assert_eq!(get(&idp, "/v1.0/me", &token).await.body["mobilePhone"], "+1 555 0199");
    let refused = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    for change in [json!({ "displayName": "Boss" }), json!({ "passwordProfile": { "password": "Practice-2027" } })] {
        assert_eq!(send(&idp, Method::PATCH, "/v1.0/me", &token, &change).await.refusal(), refused);
    }
    assert_eq!(send(&idp, Method::PATCH, &format!("/v1.0/users/{OLGA}"), &token, &phone).await.refusal(), refused);
}

#[tokio::test]
async fn each_change_needs_its_permission_and_a_user_who_may() {
    let (idp, app) = mock_with_app().await;
    let refused = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    let path = format!("/v1.0/users/{ADA}");
    let reads = delegated(&idp, &app, OLGA, &["User.Read.All"]).await;
    let member = delegated(&idp, &app, ADA, &["User.Read", "User.ReadWrite.All"]).await;
    let app_reads = app_only(&idp, &app, &["User.Read.All"]).await;
    for token in [&reads, &member, &app_reads] {
        assert_eq!(send(&idp, Method::POST, "/v1.0/users", token, &new_hire()).await.refusal(), refused);
        assert_eq!(send(&idp, Method::PATCH, &path, token, &json!({ "city": "Ulm" })).await.refusal(), refused);
        assert_eq!(send(&idp, Method::DELETE, &path, token, &json!(null)).await.refusal(), refused);
    }
    let app_writes = app_only(&idp, &app, &["User.ReadWrite.All"]).await;
    assert_eq!(send(&idp, Method::POST, "/v1.0/users", &app_writes, &new_hire()).await.status, 201);
    // A user administrator has no power over those who hold a directory role.
    idp.edit_directory(crate::visitor::TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.users.edit(&ada, |ada| ada.directory_roles.push("User Administrator".to_owned()));
    });
    assert_eq!(send(&idp, Method::DELETE, &format!("/v1.0/users/{NEW}"), &member, &json!(null)).await.status, 204);
    assert_eq!(send(&idp, Method::DELETE, &format!("/v1.0/users/{OLGA}"), &member, &json!(null)).await.refusal(), refused);
}

#[tokio::test]
async fn beta_shows_more_of_one_user() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    let v1 = get(&idp, "/v1.0/me", &token).await.body;
    let beta = get(&idp, "/beta/me", &token).await.body;
    assert!(v1.get("accountEnabled").is_none() && beta["accountEnabled"] == true, "{beta}");
    assert_eq!(beta["@odata.context"], "https://graph.microsoft.com/beta/$metadata#users/$entity");
    assert!(beta.get("passwordProfile").is_none() && beta.get("aboutMe").is_none(), "{beta}");
    assert_eq!(get(&idp, "/beta/me?$select=id", &token).await.body.as_object().map(serde_json::Map::len), Some(2));
}
