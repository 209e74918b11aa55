use mock_idp::{
    Directory, MockIdp,
    directory::{Registration, application::Application},
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::visitor::{ADA, REDIRECT_URI, TENANT, Visitor, mock_with_app, ordinary};

/// A mock with ABC Insurance, Fabrikam and one app, and with the control API, which a mock in a test does not serve unless asked.
async fn controlled_mock() -> (MockIdp, Registration) {
    let builder = MockIdp::builder().directory(Directory::abc_insurance()).directory(Directory::fabrikam()).seed(7);
    let idp = builder.with_control_api().start().await.expect("free ports");
    let app = idp.register(Application::web("claims-portal", REDIRECT_URI)).await;
    (idp, app)
}

/// A request to `/mock` with the header that it needs.
async fn control(idp: &MockIdp, method: Method, path: &str, body: Option<&str>) -> (StatusCode, Value) {
    let request = Client::new().request(method, format!("{}/mock{path}", idp.origin())).header("mock-control", "1");
    let response = request.body(body.unwrap_or_default().to_owned()).send().await.expect("an answer");
    let (status, text) = (response.status(), response.text().await.expect("a body"));
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

async fn get(idp: &MockIdp, path: &str) -> Value {
    let (status, body) = control(idp, Method::GET, path, None).await;
    assert_eq!(status, 200, "{body}");
    body
}

fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn without_the_header_nothing_is_told_or_done() {
    let (idp, _) = controlled_mock().await;
    for (method, path) in [(Method::GET, "/mock/health"), (Method::POST, "/mock/reset"), (Method::GET, "/mock/nothing")] {
        let request = Client::new().request(method, format!("{}{path}", idp.origin())).header("origin", "http://evil.example");
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 403, "{path}");
        assert!(!response.headers().contains_key("access-control-allow-origin"));
        assert_eq!(code(&response.json().await.expect("JSON")), "headerMissing");
    }
    let preflight = Client::new()
        .request(Method::OPTIONS, format!("{}/mock/health", idp.origin()))
        .header("origin", "http://evil.example")
        .header("access-control-request-headers", "mock-control");
    let preflight = preflight.send().await.expect("an answer");
    assert_eq!(preflight.status(), 403);
    assert!(!preflight.headers().contains_key("access-control-allow-headers"));
}

#[tokio::test]
async fn a_mock_in_a_test_is_controlled_by_its_handle_alone() {
    let (idp, _) = mock_with_app().await;
    assert_eq!(control(&idp, Method::GET, "/health", None).await.0, 404);
}

#[tokio::test]
async fn health_names_the_tenants() {
    let (idp, _) = controlled_mock().await;
    let health = get(&idp, "/health").await;
    assert_eq!((&health["status"], &health["tenants"][0]["id"]), (&json!("ok"), &json!(TENANT)));
    assert_eq!(health["tenants"][1]["displayName"], "Fabrikam");
}

#[tokio::test]
async fn a_fault_is_injected_listed_and_removed() {
    let (idp, app) = controlled_mock().await;
    let body = format!(r#"{{"fault": "accessDenied", "times": 1, "appId": "{}", "username": "{ADA}"}}"#, app.app_id);
    let (status, created) = control(&idp, Method::POST, "/faults", Some(&body)).await;
    assert_eq!(status, 201);
    assert_eq!(get(&idp, "/faults").await["faults"], json!([created]));
    let back = Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    assert_eq!(back.query("error").as_deref(), Some("access_denied"));
    assert_eq!(get(&idp, "/faults").await["faults"], json!([]));

    let (_, kept) = control(&idp, Method::POST, "/faults", Some(r#"{"fault": "expired", "times": null}"#)).await;
    let path = format!("/faults/{}", kept["id"]);
    assert_eq!(control(&idp, Method::DELETE, &path, None).await.0, 204);
    let (status, body) = control(&idp, Method::DELETE, &path, None).await;
    assert_eq!((status.as_u16(), code(&body)), (404, "unknownFaultId"));
    control(&idp, Method::POST, "/faults", Some(r#"{"fault": "expired"}"#)).await;
    assert_eq!(control(&idp, Method::DELETE, "/faults", None).await.0, 204);
    assert!(idp.faults().list().is_empty());
}

#[tokio::test]
async fn a_mistake_is_refused_with_its_place_and_the_remedy() {
    let (idp, _) = controlled_mock().await;
    let (status, body) = control(&idp, Method::POST, "/faults", Some(r#"{"fault": "wrongNonse", "user": "x"}"#)).await;
    assert_eq!((status.as_u16(), code(&body)), (400, "mistakes"));
    let mistakes = body["error"]["mistakes"].as_array().expect("a list");
    let problem = mistakes[0]["problem"].as_str().expect("a text");
    assert!(problem.contains("graphThrottled") && problem.ends_with("did you mean 'wrongNonce'?"), "{problem}");
    assert_eq!(mistakes[1]["path"], "$.user");
    let (status, body) = control(&idp, Method::POST, "/faults", Some("{")).await;
    assert_eq!((status.as_u16(), code(&body)), (400, "notJson"));
    let (status, body) = control(&idp, Method::GET, "/fault", None).await;
    assert_eq!((status.as_u16(), code(&body)), (404, "nothingHere"));
    let (status, body) = control(&idp, Method::PUT, "/faults", None).await;
    assert_eq!((status.as_u16(), code(&body)), (405, "wrongMethod"));
    assert!(body["error"]["message"].as_str().expect("a text").contains("GET|POST|DELETE /mock/faults"));
}

#[tokio::test]
async fn the_clock_is_read_moved_set_and_stopped() {
    let (idp, _) = controlled_mock().await;
    let (status, frozen) = control(&idp, Method::POST, "/clock", Some(r#"{"now": "2030-01-01T00:00:00Z", "frozen": true}"#)).await;
    assert_eq!((status.as_u16(), &frozen), (200, &json!({ "now": "2030-01-01T00:00:00Z", "frozen": true })));
    control(&idp, Method::POST, "/clock", Some(r#"{"advanceSeconds": -60}"#)).await;
    assert_eq!(get(&idp, "/clock").await, json!({ "now": "2029-12-31T23:59:00Z", "frozen": true }));
    assert_eq!(idp.now(), time::macros::datetime!(2029-12-31 23:59 UTC));
    let (status, body) = control(&idp, Method::POST, "/clock", Some(r#"{"advanceSeconds": 999999999999}"#)).await;
    assert_eq!((status.as_u16(), code(&body)), (400, "outsideOfTime"));
}

#[tokio::test]
async fn a_directory_file_replaces_its_tenant_and_no_other() {
    let (idp, app) = controlled_mock().await;
    let before = control(&idp, Method::GET, &format!("/directory?tenant={TENANT}"), None).await.1;
    assert_eq!(before["applications"][0]["appId"], json!(app.app_id));
    assert!(!before.to_string().contains(&app.client_secret));

    let file = json!({
        "version": 1,
        "organization": { "id": TENANT, "displayName": "Renamed", "verifiedDomains": [{ "name": "renamed.example", "isDefault": true }] },
        "users": [{ "userPrincipalName": "new@renamed.example", "displayName": "New", "password": "another password" }],
    });
    let (status, stored) = control(&idp, Method::PUT, "/directory", Some(&file.to_string())).await;
    assert_eq!(status, 200, "{stored}");
    assert!(stored["users"][0]["id"].is_string() && !stored.to_string().contains("another password"));
    assert_eq!(get(&idp, "/directory").await, stored);
    assert_eq!(get(&idp, "/directory?tenant=fabrikam.example").await["users"][0]["displayName"], "Finn Fabrikam");

    let (status, body) = control(&idp, Method::PUT, "/directory", Some(r#"{"version": 1, "user": []}"#)).await;
    assert_eq!((status.as_u16(), code(&body)), (400, "mistakes"));
    assert!(body["error"]["mistakes"].to_string().contains("did you mean 'users'?"), "{body}");
    assert_eq!(get(&idp, "/directory").await, stored);
    let (status, body) = control(&idp, Method::GET, "/directory?tenant=contoso.example", None).await;
    assert_eq!((status.as_u16(), code(&body)), (404, "unknownTenant"));
}

#[tokio::test]
async fn an_export_is_a_directory_file() {
    let (idp, _) = controlled_mock().await;
    let export = get(&idp, "/directory").await.to_string();
    let read = Directory::from_json(&export).expect("our own export");
    assert_eq!(Some(&read), idp.provider().tenants().find(TENANT).as_deref());
}

#[tokio::test]
async fn the_trace_tells_what_happened_without_signatures() {
    let (idp, app) = controlled_mock().await;
    let back = Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    let code_value = back.query("code").expect("a code");
    crate::visitor::token(&idp, TENANT, &crate::visitor::redeeming(&app, &code_value)).await;
    let trace = get(&idp, "/trace").await;
    let events = trace["events"].as_array().expect("a list");
    let of_kind = |kind: &str| events.iter().find(|event| event["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {trace}"));
    let (authorize, token) = (of_kind("authorize"), of_kind("token"));
    assert!(authorize["flow_id"].is_string() && authorize["flow_id"] == token["flow_id"]);
    let id_token = token["response"]["body"]["id_token"].as_str().expect("an ID token");
    assert!(id_token.starts_with("eyJ") && id_token.ends_with(".…"), "{id_token}");
    let text = trace.to_string();
    assert!(!text.contains(&app.client_secret) && !text.contains(&code_value));

    let last = trace["lastSeq"].as_u64().expect("a number");
    assert_eq!(get(&idp, &format!("/trace?since={last}")).await, json!({ "events": [], "lastSeq": last }));
    let (status, body) = control(&idp, Method::GET, "/trace?since=soon", None).await;
    assert_eq!((status.as_u16(), code(&body)), (400, "invalidSince"));
}

#[tokio::test]
async fn a_rotation_publishes_a_new_key_beside_the_old_ones() {
    let (idp, _) = controlled_mock().await;
    let keys = || async {
        let url = format!("{}/{TENANT}/discovery/v2.0/keys", idp.origin());
        let set: Value = reqwest::get(url).await.expect("keys").json().await.expect("JSON");
        set["keys"].as_array().expect("a list").iter().map(|key| key["kid"].clone()).collect::<Vec<_>>()
    };
    let before = keys().await;
    let (status, rotated) = control(&idp, Method::POST, "/keys/rotate", None).await;
    let after = keys().await;
    assert!(status == 200 && !before.contains(&rotated["kid"]) && after.contains(&rotated["kid"]));
    assert!(before.iter().all(|kid| after.contains(kid)));
}

#[tokio::test]
async fn a_reset_brings_back_the_state_of_the_start() {
    let (idp, app) = controlled_mock().await;
    control(&idp, Method::POST, "/faults", Some(r#"{"fault": "expired"}"#)).await;
    control(&idp, Method::POST, "/clock", Some(r#"{"advanceSeconds": 86400, "frozen": true}"#)).await;
    let rotated = control(&idp, Method::POST, "/keys/rotate", None).await.1;
    assert_eq!(get(&idp, "/directory").await["applications"][0]["appId"], json!(app.app_id));
    assert_eq!(control(&idp, Method::POST, "/reset", None).await.0, 204);
    assert_eq!(get(&idp, "/directory").await["applications"], json!([]));
    assert_eq!(get(&idp, "/faults").await["faults"], json!([]));
    assert_eq!(get(&idp, "/clock").await["frozen"], json!(false));
    assert!(idp.keys().published().iter().all(|key| rotated["kid"] != key.kid.as_str()));
    assert!(idp.trace().events().is_empty());
}
