//! A tenant whose names try to do harm: stored, exported, listed and shown as what they are, text.

use mock_idp::{Directory, MockIdp, directory::Registration};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::{
    graph_client::get,
    visitor::{Visitor, ordinary, redeeming, token},
};

const FILE: &str = include_str!("../hostile.json");
const TENANT: &str = "4b1d0f5e-6c2a-4e8b-9d37-0a5c8e2f7b13";

async fn mock() -> (MockIdp, Registration) {
    let directory = Directory::from_json(FILE).expect("no mistakes");
    let idp = MockIdp::builder().directory(directory).with_control_api().start().await.expect("free ports");
    let app = Registration {
        app_id: "44444444-0000-4000-8000-000000000001".to_owned(),
        tenant_id: TENANT.to_owned(),
        client_secret: "a-secret-of-the-hostile-tenant".to_owned(),
        secret_id: "66666666-0000-4000-8000-000000000001".to_owned(),
    };
    (idp, app)
}

async fn put(idp: &MockIdp, file: String) -> (StatusCode, String) {
    let request = Client::new().put(format!("{}/mock/directory", idp.origin())).header("Mock-Control", "1").body(file);
    let response = request.send().await.expect("an answer");
    (response.status(), response.text().await.expect("a body"))
}

#[tokio::test]
async fn hostile_names_are_shown_on_the_sign_in_pages_as_text() {
    let (idp, app) = mock().await;
    let page = Visitor::new(&idp).authorize(TENANT, &ordinary(&app)).await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.html.contains("Olga &lt;img src=x onerror=alert(1)&gt;"));
    assert!(!page.html.contains("<script") && !page.html.contains("<img src=x") && !page.html.contains("<b>"), "{}", page.html);
    assert!(page.values("username").contains(&"o'brien+<b>@hostile.example".to_owned()));
}

#[tokio::test]
async fn graph_gives_hostile_names_back_letter_by_letter() {
    let (idp, app) = mock().await;
    for user in Directory::from_json(FILE).expect("no mistakes").users.iter() {
        let mut visitor = Visitor::new(&idp);
        let page = visitor.authorize(TENANT, &ordinary(&app)).await;
        let back = visitor.answer(&page, "/login", &[("username", &user.user_principal_name)]).await;
        let back = visitor.answer(&back, "/consent", &[("consent", "accept")]).await;
        let code = back.query("code").unwrap_or_else(|| panic!("no code for {}\n{}", user.user_principal_name, back.html));
        let (_, tokens) = token(&idp, TENANT, &redeeming(&app, &code)).await;
        let me = get(&idp, "/v1.0/me", tokens["access_token"].as_str().expect("a token")).await;
        assert_eq!((me.status, &me.body["displayName"]), (StatusCode::OK, &json!(user.display_name)));
    }
}

#[tokio::test]
async fn a_name_of_a_megabyte_is_stored_and_exported_and_a_body_beyond_the_limit_is_refused() {
    let (idp, _) = mock().await;
    let mut file: Value = serde_json::from_str(FILE).expect("JSON");
    file["applications"][0]["displayName"] = json!("\u{202e}".repeat(333_333));
    let (status, exported) = put(&idp, file.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(put(&idp, exported.clone()).await, (StatusCode::OK, exported));
    file["applications"][0]["displayName"] = json!("x".repeat(17_000_000));
    let (status, refusal) = put(&idp, file.to_string()).await;
    assert!(status == StatusCode::PAYLOAD_TOO_LARGE, "{status} {refusal}");
}
