//! /auditLogs/signIns

use mock_idp::{Fault, MockIdp};
use reqwest::Client;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    graph_client::{Reply, app_only, delegated, get},
    visitor::{ADA, OLGA, TENANT, Visitor, but, mock_with_app, ordinary},
};

const LOG: &str = "/v1.0/auditLogs/signIns";
const READ: &[&str] = &["AuditLog.Read.All"];

fn rows(reply: &Reply) -> &Vec<Value> {
    reply.body["value"].as_array().unwrap_or_else(|| panic!("a list: {}", reply.body))
}

/// Who, and with which code.
fn ends(reply: &Reply) -> Vec<(String, i64)> {
    let name = |row: &Value| row["userPrincipalName"].as_str().unwrap_or("nobody").split('@').next().unwrap_or_default().to_owned();
    rows(reply).iter().map(|row| (name(row), row["status"]["errorCode"].as_i64().expect("a number"))).collect()
}

fn end(name: &str, code: i64) -> (String, i64) {
    (name.to_owned(), code)
}

/// The text after `label` on an error page, up to the next tag.
fn request_id(html: &str) -> String {
    let (_, rest) = html.split_once("Request Id").expect("the page shows it");
    let guid = |text: &&str| text.len() == 36 && text.matches('-').count() == 4;
    rest.split(['<', '>', ' ', ':']).find(guid).unwrap_or_else(|| panic!("no id on {html}")).to_owned()
}

#[tokio::test]
async fn a_sign_in_is_shown_with_every_member() {
    let (idp, app) = mock_with_app().await;
    let token = delegated(&idp, &app, OLGA, READ).await;
    let mut reply = get(&idp, LOG, &token).await;
    let row = reply.body["value"][0].as_object_mut().expect("a row");
    for name in ["id", "createdDateTime", "correlationId", "appId"] {
        assert!(row[name].is_string());
        row[name] = json!(format!("[{name}]"));
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&reply.body).expect("JSON"));
}

#[tokio::test]
async fn each_end_of_a_sign_in_has_a_row_and_the_newest_is_the_first() {
    let (idp, app) = mock_with_app().await;
    let token = app_only(&idp, &app, READ).await;
    Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;

    let mut visitor = Visitor::new(&idp);
    let page = visitor.authorize(TENANT, &but(ordinary(&app), "prompt", "login")).await;
    let page = visitor.answer(&page, "login", &[("username", ADA)]).await;
    let again = visitor.answer(&page, "login/password", &[("password", "wrong")]).await;
    assert!(again.html.contains("AADSTS50126"), "{}", again.html);
    visitor.answer(&again, "login/password", &[("password", "Practice-2026")]).await;

    idp.inject(Fault::AccessDenied.once());
    Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), "redirect_uri", "http://localhost:5000/other")).await;
    Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), "response_type", "no")).await;
    // No page, so no interactive sign-in.
    Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), "prompt", "none")).await;

    let all = get(&idp, LOG, &token).await;
    let ada = |code| end("ada.adjuster", code);
    assert_eq!(ends(&all), [end("nobody", 70_005), end("nobody", 50_011), ada(65_004), ada(0), ada(50_126), ada(0)]);
    let oldest_first = get(&idp, &format!("{LOG}?$orderby=createdDateTime&$filter=status/errorCode eq 65004"), &token).await;
    assert_eq!(ends(&oldest_first), [ada(65_004)]);
    let names: Vec<&Value> = rows(&all).iter().map(|row| &row["appDisplayName"]).collect();
    assert_eq!(names, ["claims-portal"; 6]);
}

#[tokio::test]
async fn the_id_of_a_row_is_the_request_id_of_the_error_page() {
    let (idp, app) = mock_with_app().await;
    let token = app_only(&idp, &app, READ).await;
    let unknown = "11111111-2222-3333-4444-555555555555";
    let page = Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), "client_id", unknown)).await;
    assert!(page.html.contains("AADSTS700016"), "{}", page.html);
    let id = request_id(&page.html);
    let row = get(&idp, &format!("{LOG}/{id}"), &token).await;
    assert_eq!((row.status.as_u16(), &row.body["appId"], &row.body["status"]["errorCode"]), (200, &json!(unknown), &json!(700_016)));
    assert_eq!(row.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns/$entity");
    let missing = get(&idp, &format!("{LOG}/{unknown}"), &token).await;
    assert_eq!((missing.status.as_u16(), missing.refusal().1), (404, "Request_ResourceNotFound"));
}

#[tokio::test]
async fn the_log_is_filtered_by_what_graph_has_an_index_for_and_comes_in_pages() {
    let (idp, app) = mock_with_app().await;
    let token = app_only(&idp, &app, READ).await;
    for name in [ADA, OLGA, ADA] {
        Visitor::new(&idp).sign_in(&ordinary(&app), name).await;
    }
    let count = async |filter: &str| {
        let reply = get(&idp, &format!("{LOG}?$filter={filter}"), &token).await;
        assert_eq!(reply.status, 200, "{filter}: {}", reply.body);
        rows(&reply).len()
    };
    assert_eq!(count("userPrincipalName eq 'ADA.adjuster@abc-insurance.example'").await, 2);
    assert_eq!(count("startsWith(userDisplayName,'Olga') and status/errorCode eq 0").await, 1);
    assert_eq!(count(&format!("appId eq '{}'", app.app_id)).await, 3);
    assert_eq!(count("createdDateTime ge 2020-01-01T00:00:00Z").await, 3);
    assert_eq!(count("createdDateTime lt 2020-01-01T00:00:00Z").await, 0);
    let refused = get(&idp, &format!("{LOG}?$filter=location/city eq 'Berlin'"), &token).await;
    assert_eq!(refused.refusal().0, 400, "{}", refused.body);

    let first = get(&idp, &format!("{LOG}?$top=2"), &token).await;
    let next = first.body["@odata.nextLink"].as_str().expect("a next page");
    let second = get(&idp, next, &token).await;
    assert_eq!((rows(&first).len(), ends(&second)), (2, vec![end("ada.adjuster", 0)]));
    assert_eq!(get(&idp, &format!("{LOG}?$top=1000"), &token).await.status, 200);
    assert_eq!(get(&idp, &format!("{LOG}?$top=1001"), &token).await.status, 400);
}

#[tokio::test]
async fn the_log_needs_its_permission_and_a_user_who_may_read_it() {
    let (idp, app) = mock_with_app().await;
    let without = delegated(&idp, &app, OLGA, &["User.Read"]).await;
    assert_eq!(get(&idp, LOG, &without).await.status, 403);
    let permission = idp.trace().events().last().and_then(|event| event.checks.iter().find(|it| it.id == "permission").cloned());
    assert_eq!(permission.and_then(|check| check.expected), Some("one of AuditLog.Read.All".to_owned()));
    let no_role = delegated(&idp, &app, ADA, READ).await;
    assert_eq!(get(&idp, LOG, &no_role).await.status, 403);
    let olga = delegated(&idp, &app, OLGA, READ).await;
    assert_eq!(get(&idp, LOG, &olga).await.status, 200);
}

#[tokio::test]
async fn old_rows_and_those_of_other_tenants_are_not_shown() {
    let (idp, app) = mock_with_app().await;
    Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    idp.clock().advance(Duration::days(31));
    let token = app_only(&idp, &app, READ).await;
    assert_eq!(ends(&get(&idp, LOG, &token).await), []);
    Visitor::new(&idp).sign_in(&ordinary(&app), OLGA).await;
    assert_eq!(ends(&get(&idp, LOG, &token).await), [end("olga.admin", 0)]);
    assert_eq!(first_of(&idp, &token).await["ipAddress"], "127.0.0.1");
}

async fn first_of(idp: &MockIdp, token: &str) -> Value {
    get(idp, LOG, token).await.body["value"][0].clone()
}

#[tokio::test]
async fn the_browser_is_named() {
    let (idp, app) = mock_with_app().await;
    let token = app_only(&idp, &app, READ).await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
    let url = format!("{}/{TENANT}/oauth2/v2.0/authorize?client_id={}&redirect_uri=http://localhost:9/x", idp.origin(), app.app_id);
    Client::new().get(url).header("user-agent", firefox).send().await.expect("an answer");
    let device = &first_of(&idp, &token).await["deviceDetail"];
    assert_eq!((&device["browser"], &device["operatingSystem"]), (&json!("Firefox 132.0"), &json!("Linux")));
}
