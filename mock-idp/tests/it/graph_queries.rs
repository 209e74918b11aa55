//! Query options over HTTP, on the lists of different types.

use mock_idp::{MockIdp, directory::Registration};
use reqwest::Client;
use serde_json::json;

use crate::{
    graph_client::{Reply, get, signed_in},
    visitor::{ADA, OLGA, TENANT},
};

const READ: [&str; 4] = ["Application.Read.All", "Directory.Read.All", "User.Read.All", "GroupMember.Read.All"];

async fn admin() -> (MockIdp, Registration, String) {
    signed_in(OLGA, &READ).await
}

async fn eventual(idp: &MockIdp, path: &str, token: &str) -> Reply {
    let request = Client::new().get(format!("{}/graph{path}", idp.origin())).bearer_auth(token);
    Reply::of(request.header("consistencylevel", "eventual").send().await.expect("an answer")).await
}

fn all<'r>(reply: &'r Reply, name: &str) -> Vec<&'r str> {
    let objects = reply.body["value"].as_array().unwrap_or_else(|| panic!("no list: {}", reply.body));
    objects.iter().map(|object| object[name].as_str().unwrap_or_default()).collect()
}

#[tokio::test]
async fn applications_show_their_owners_inside() {
    let (idp, app, token) = admin().await;
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("a persona").id.clone();
        let id = directory.application(&app.app_id).expect("registered").id.clone();
        directory.applications.edit(&id, |application| application.owners = vec![ada]);
    });
    let path = format!("/v1.0/applications(appId='{}')?$select=appId&$expand=owners($select=userPrincipalName)", app.app_id);
    let reply = get(&idp, &path, &token).await;
    let context = "https://graph.microsoft.com/v1.0/$metadata#applications(appId,owners(userPrincipalName))/$entity";
    let owner = json!({ "@odata.type": "#microsoft.graph.user", "userPrincipalName": ADA });
    assert_eq!(reply.body, json!({ "@odata.context": context, "appId": app.app_id, "owners": [owner] }));
    let listed = get(&idp, &format!("/v1.0/applications?$filter=appId eq '{}'&$expand=owners", app.app_id), &token).await;
    assert_eq!(listed.body["value"][0]["owners"][0]["displayName"], "Ada Adjuster");
    let owners = path.replace("?$select=appId&$expand=owners($select=userPrincipalName)", "/owners?$select=mail&$top=1");
    assert_eq!(all(&get(&idp, &owners, &token).await, "mail"), [ADA]);
}

#[tokio::test]
async fn service_principals_show_who_is_assigned_inside() {
    let (idp, app, token) = admin().await;
    let id = idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("a persona").id.clone();
        let principal = directory.service_principal(&app.app_id).expect("registered").id.clone();
        directory.add_assignment(&ada, &principal, "00000000-0000-0000-0000-000000000000", None);
        principal
    });
    let reply = get(&idp, &format!("/v1.0/servicePrincipals/{id}?$select=id&$expand=appRoleAssignedTo($select=principalId)"), &token).await;
    let assigned = reply.body["appRoleAssignedTo"].as_array().unwrap_or_else(|| panic!("none inside: {}", reply.body));
    let expected = idp.edit_directory(TENANT, |directory| json!(directory.user_by_principal_name(ADA).expect("a persona").id));
    assert!(assigned.contains(&json!({ "principalId": expected })), "{assigned:?}");
    let refused = get(&idp, "/v1.0/servicePrincipals?$expand=claimsMappingPolicies", &token).await;
    assert_eq!((refused.refusal().0, refused.refusal().1), (501, "NotImplemented"));
    let unknown = get(&idp, "/v1.0/servicePrincipals?$expand=friends", &token).await;
    assert_eq!((unknown.refusal().0, unknown.refusal().1), (400, "BadRequest"));
}

#[tokio::test]
async fn an_application_is_found_by_a_redirect_uri() {
    let (idp, app, token) = admin().await;
    let uri = idp.edit_directory(TENANT, |directory| directory.application(&app.app_id).expect("registered").web.redirect_uris[0].clone());
    let path = format!("/v1.0/applications?$filter=web/redirectUris/any(u:u eq '{uri}')&$select=appId");
    assert!(all(&get(&idp, &path, &token).await, "appId").contains(&app.app_id.as_str()));
    let path = path.replace(&uri, "http://nowhere.example/");
    assert_eq!(get(&idp, &path, &token).await.body["value"], json!([]));
}

#[tokio::test]
async fn users_are_searched_sorted_and_counted() {
    let (idp, _, token) = admin().await;
    let found = eventual(&idp, "/v1.0/users?$search=\"displayName:adj\"&$select=displayName", &token).await;
    assert_eq!(all(&found, "displayName"), ["Ada Adjuster"]);
    let counted = eventual(&idp, "/v1.0/users/$count?$filter=endswith(userPrincipalName,'@abc-insurance.example')", &token).await;
    let everybody = eventual(&idp, "/v1.0/users/$count", &token).await;
    assert_eq!(counted.body, everybody.body, "all of them, the guest included, have a name of the tenant");
    let sorted = get(&idp, "/v1.0/users?$orderby=userPrincipalName desc&$select=userPrincipalName&$top=999", &token).await;
    let names = all(&sorted, "userPrincipalName");
    let mut expected = names.clone();
    expected.sort_by_key(|name| std::cmp::Reverse(name.to_lowercase()));
    assert_eq!(names, expected);
    assert_eq!(json!(names.len()), everybody.body);
}

#[tokio::test]
async fn a_filter_on_what_the_caller_may_not_see_finds_only_what_she_may() {
    let (idp, _, token) = signed_in(ADA, &["User.ReadBasic.All"]).await;
    let reply = get(&idp, "/v1.0/users?$filter=accountEnabled eq true&$select=userPrincipalName", &token).await;
    assert_eq!(all(&reply, "userPrincipalName"), [ADA], "her own account is open to her, those of others are not");
}

#[tokio::test]
async fn a_hostile_filter_is_refused_and_the_next_call_answered() {
    let (idp, _, token) = admin().await;
    for filter in ["(".repeat(5_000), "not ".repeat(1_000), "displayName eq '\u{202e}'' or 1".to_owned(), "%00%FF".to_owned()] {
        let reply = get(&idp, &format!("/v1.0/users?$filter={filter}"), &token).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (400, "BadRequest"), "{}", reply.body);
    }
    assert_eq!(get(&idp, "/v1.0/users?$top=1", &token).await.body["value"].as_array().map(Vec::len), Some(1));
}
