use mock_idp::{
    MockIdp,
    directory::directory_role::DirectoryRole,
    trace::{CheckResult, Event},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, app_only, delegated, get, send, signed_in},
    visitor::{ADA, OLGA, TENANT, mock_with_app},
};

const BEN: &str = "ben.client_mail.example%23EXT%23@abc-insurance.example";
const READ: &[&str] = &["User.Read", "RoleManagement.Read.Directory"];
const WRITE: &[&str] = &["User.Read", "User.Read.All", "RoleManagement.ReadWrite.Directory"];
const REFUSED: (u16, &str, &str) = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
const READER: &str = "/v1.0/directoryRoles(roleTemplateId='4a5d8f65-41da-4de4-8968-e035b65339cf')";

fn id_of(idp: &MockIdp, username: &str) -> String {
    idp.edit_directory(TENANT, |directory| directory.user_by_principal_name(username).expect("in the seed").id.clone())
}

fn reference(idp: &MockIdp, id: &str) -> Value {
    json!({ "@odata.id": format!("{}/graph/v1.0/directoryObjects/{id}", idp.origin()) })
}

fn names(reply: &Reply) -> Vec<&str> {
    let listed = reply.body["value"].as_array().unwrap_or_else(|| panic!("a list: {}", reply.body));
    listed.iter().filter_map(|it| it["displayName"].as_str()).collect()
}

fn failed(event: &Event, check: &str) -> String {
    let failed = event.checks.iter().find(|it| it.id == check && it.result == CheckResult::Fail).expect("a failed check");
    failed.expected.clone().unwrap_or_default()
}

#[tokio::test]
async fn a_role_that_somebody_holds_is_in_the_list_with_its_template() {
    let (idp, _, token) = signed_in(ADA, READ).await;
    let mut listed = get(&idp, "/v1.0/directoryRoles", &token).await.body;
    let id = listed["value"][0]["id"].take();
    insta::assert_snapshot!(serde_json::to_string_pretty(&listed).expect("JSON"), @r#"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryRoles",
      "value": [
        {
          "deletedDateTime": null,
          "description": "Does everything in the tenant.",
          "displayName": "Global Administrator",
          "id": null,
          "roleTemplateId": "62e90394-69f5-4237-9190-012177145e10"
        }
      ]
    }
    "#);
    let id = id.as_str().expect("an id");
    let one = get(&idp, &format!("/beta/directoryRoles/{id}?$select=displayName"), &token).await.body;
    let context = "https://graph.microsoft.com/beta/$metadata#directoryRoles(displayName)/$entity";
    assert_eq!(one, json!({ "@odata.context": context, "displayName": "Global Administrator" }));
    let by_template = get(&idp, "/v1.0/directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')", &token).await;
    assert_eq!(by_template.body["id"], id);
    assert_eq!(by_template.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#directoryRoles/$entity");
}

#[tokio::test]
async fn the_id_of_a_role_is_the_one_that_its_holder_sees() {
    let (idp, _, token) = signed_in(OLGA, READ).await;
    let held = get(&idp, "/v1.0/me/memberOf/microsoft.graph.directoryRole", &token).await.body["value"][0].clone();
    let path = format!("/v1.0/directoryRoles/{}", held["id"].as_str().expect("an id"));
    let role = get(&idp, &path, &token).await.body;
    for property in ["id", "displayName", "description", "roleTemplateId"] {
        assert!(!role[property].is_null() && role[property] == held[property], "{property}: {role} and {held}");
    }
    let expanded = get(&idp, &format!("{path}?$expand=members($select=userPrincipalName)"), &token).await.body;
    assert_eq!(expanded["members"], json!([{ "@odata.type": "#microsoft.graph.user", "userPrincipalName": OLGA }]));
}

#[tokio::test]
async fn a_role_that_nobody_holds_is_not_found_and_its_template_is() {
    let (idp, _, token) = signed_in(ADA, READ).await;
    let not_found = |reply: Reply| (reply.refusal().0, reply.refusal().1.to_owned());
    let unknown = "7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48";
    for path in [
        READER,
        &format!("{READER}/members"),
        &format!("/v1.0/directoryRoles/{unknown}"),
        &format!("/v1.0/directoryRoles(roleTemplateId='{unknown}')"),
        &format!("/v1.0/directoryRoleTemplates/{unknown}"),
    ] {
        assert_eq!(not_found(get(&idp, path, &token).await), (404, "Request_ResourceNotFound".to_owned()), "{path}");
    }
    let templates = get(&idp, "/v1.0/directoryRoleTemplates", &token).await;
    assert_eq!(names(&templates), DirectoryRole::ALL.map(DirectoryRole::name));
    let one = get(&idp, "/v1.0/directoryRoleTemplates/4A5D8F65-41da-4de4-8968-e035b65339cf", &token).await.body;
    insta::assert_snapshot!(serde_json::to_string_pretty(&one).expect("JSON"), @r#"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryRoleTemplates/$entity",
      "deletedDateTime": null,
      "description": "Reads the sign-in and audit logs.",
      "displayName": "Reports Reader",
      "id": "4a5d8f65-41da-4de4-8968-e035b65339cf"
    }
    "#);
}

#[tokio::test]
async fn a_role_is_given_listed_and_taken_and_what_it_allows_goes_with_it() {
    let (idp, app, token) = signed_in(OLGA, WRITE).await;
    let ada = id_of(&idp, ADA);
    let members = format!("{READER}/members");
    assert_eq!(send(&idp, Method::POST, &format!("{members}/$ref"), &token, &reference(&idp, &ada)).await.status, 204);
    assert_eq!(names(&get(&idp, "/v1.0/directoryRoles", &token).await), ["Global Administrator", "Reports Reader"]);
    let listed = get(&idp, &format!("{members}?$select=id,displayName"), &token).await;
    assert_eq!(listed.body["value"], json!([{ "@odata.type": "#microsoft.graph.user", "id": ada, "displayName": "Ada Adjuster" }]));
    assert_eq!(listed.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#directoryObjects(id,displayName)");
    let references = get(&idp, &format!("{members}/$ref"), &token).await.body;
    assert_eq!(references["value"], json!([reference(&idp, &ada)]));

    let again = send(&idp, Method::POST, &format!("{members}/$ref"), &token, &reference(&idp, &ada)).await;
    assert_eq!((again.refusal().0, again.refusal().1), (400, "Request_BadRequest"));
    let own = delegated(&idp, &app, ADA, &["User.Read", "GroupMember.Read.All"]).await;
    let held = get(&idp, "/v1.0/me/memberOf/microsoft.graph.directoryRole?$select=displayName", &own).await;
    assert_eq!(names(&held), ["Reports Reader"]);

    let path = format!("{members}/{ada}/$ref");
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &Value::Null).await.status, 204);
    assert_eq!(names(&get(&idp, "/v1.0/directoryRoles", &token).await), ["Global Administrator"]);
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &Value::Null).await.refusal().0, 404);
    // An app may do it for itself, too.
    let script = app_only(&idp, &app, &["RoleManagement.ReadWrite.Directory"]).await;
    assert_eq!(send(&idp, Method::POST, &format!("{members}/$ref"), &script, &reference(&idp, &ada)).await.status, 204);
}

#[tokio::test]
async fn only_a_user_of_the_tenant_can_be_given_a_role() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    let group = idp.edit_directory(TENANT, |directory| directory.groups[0].id.clone());
    let path = format!("{READER}/members/$ref");
    assert_eq!(send(&idp, Method::POST, &path, &token, &reference(&idp, &group)).await.refusal().1, "NotImplemented");
    let nobody = reference(&idp, "7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48");
    assert_eq!(send(&idp, Method::POST, &path, &token, &nobody).await.refusal().1, "Request_ResourceNotFound");
    // Activating a role without a holder would have to be remembered.
    let template = json!({ "roleTemplateId": "4a5d8f65-41da-4de4-8968-e035b65339cf" });
    assert_eq!(send(&idp, Method::POST, "/v1.0/directoryRoles", &token, &template).await.refusal().1, "NotImplemented");
}

#[tokio::test]
async fn each_operation_needs_its_permission_and_the_trace_names_it() {
    let (idp, _, token) = signed_in(OLGA, &["User.Read"]).await;
    let role = idp.edit_directory(TENANT, |directory| directory.role_named("Global Administrator").id);
    let olga = id_of(&idp, OLGA);
    let at = |path: &str| format!("/v1.0/directoryRoles/{role}{path}");
    let (read, write) = ("RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory");
    for (method, path, needed) in [
        (Method::GET, "/v1.0/directoryRoles".to_owned(), read),
        (Method::GET, at(""), read),
        (Method::GET, at("/members"), read),
        (Method::GET, at("/members/$ref"), read),
        (Method::GET, "/v1.0/directoryRoleTemplates".to_owned(), read),
        (Method::GET, "/v1.0/directoryRoleTemplates/62e90394-69f5-4237-9190-012177145e10".to_owned(), read),
        (Method::POST, at("/members/$ref"), write),
        (Method::DELETE, at(&format!("/members/{olga}/$ref")), write),
        (Method::GET, format!("/v1.0/directoryObjects/{olga}"), "Directory.Read.All"),
        (Method::POST, "/v1.0/directoryObjects/getByIds".to_owned(), "Directory.Read.All"),
        (Method::POST, format!("/v1.0/directoryObjects/{olga}/getMemberObjects"), "Directory.Read.All"),
    ] {
        assert_eq!(send(&idp, method.clone(), &path, &token, &json!({})).await.refusal(), REFUSED, "{method} {path}");
        let event = idp.trace().events().pop().expect("recorded");
        assert!(failed(&event, "permission").contains(needed), "{method} {path}");
    }
    assert!(idp.edit_directory(TENANT, |directory| directory.holders_of_role("Global Administrator").count()) == 1);
}

#[tokio::test]
async fn a_permission_alone_gives_no_roles_to_anybody() {
    let (idp, app) = mock_with_app().await;
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.users.edit(&ada, |ada| ada.directory_roles.push("User Administrator".to_owned()));
    });
    let token = delegated(&idp, &app, ADA, WRITE).await;
    let own = reference(&idp, &id_of(&idp, ADA));
    let path = "/v1.0/directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')/members";
    assert_eq!(send(&idp, Method::POST, &format!("{path}/$ref"), &token, &own).await.refusal(), REFUSED);
    let event = idp.trace().events().pop().expect("recorded");
    assert!(failed(&event, "directory_role").contains("Privileged Role Administrator"));
    let olga = format!("{path}/{}/$ref", id_of(&idp, OLGA));
    assert_eq!(send(&idp, Method::DELETE, &olga, &token, &Value::Null).await.refusal(), REFUSED);
    let reads = app_only(&idp, &app, &["Directory.ReadWrite.All"]).await;
    assert_eq!(send(&idp, Method::POST, &format!("{path}/$ref"), &reads, &own).await.refusal(), REFUSED);
    assert_eq!(names(&get(&idp, path, &reads).await), ["Olga Admin"]);
}

#[tokio::test]
async fn a_guest_does_not_see_who_administers_the_tenant() {
    let (idp, app) = mock_with_app().await;
    let guest = BEN.replace("%23", "#");
    let token = delegated(&idp, &app, &guest, &["User.Read", "RoleManagement.Read.Directory", "Directory.Read.All"]).await;
    let objects = format!("/v1.0/directoryObjects/{}", id_of(&idp, OLGA));
    for path in ["/v1.0/directoryRoles", "/v1.0/directoryRoleTemplates", &objects] {
        assert_eq!(get(&idp, path, &token).await.refusal(), REFUSED, "{path}");
    }
}
