//! What a data directory keeps, and when it is refused.

use std::{fs, path::Path};

use mock_idp::{
    directory::{
        Directory, EditError, Registration,
        seed::{CLAIMS_PORTAL_SECRET_ID, FABRIKAM_TENANT_ID, StartState},
        user::User,
    },
    server::{self, Access, RunningServer, ServeError, ServeOptions, Storage},
};
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

use crate::visitor::{ADA, Arrival, TENANT, Visitor, but, ordinary, redeeming, token_at};

fn options(data_dir: &Path, start_state: Option<StartState>) -> ServeOptions {
    ServeOptions {
        http: "localhost:0".to_owned(),
        https: "localhost:0".to_owned(),
        storage: Storage::Durable,
        data_dir: data_dir.to_owned(),
        directories: Vec::new(),
        start_state,
        access: Access::loopback(),
    }
}

async fn start(data_dir: &Path, start_state: Option<StartState>) -> RunningServer {
    server::start(options(data_dir, start_state)).await.expect("a usable data directory")
}

async fn refusal(options: ServeOptions) -> ServeError {
    server::start(options).await.expect_err("it must be refused")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// `claims-portal` of the start states, as its owner noted it.
fn claims_portal(server: &RunningServer) -> Registration {
    Registration {
        app_id: server.app_id().expect("registered").to_owned(),
        tenant_id: TENANT.to_owned(),
        client_secret: server.client_secret().expect("it still works").to_owned(),
        secret_id: CLAIMS_PORTAL_SECRET_ID.to_owned(),
    }
}

async fn control(server: &RunningServer, method: Method, path: &str) -> (StatusCode, String) {
    let request = Client::new().request(method, format!("{}/mock{path}", server.http_origin())).header("mock-control", "1");
    let response = request.send().await.expect("an answer");
    (response.status(), response.text().await.expect("a body"))
}

async fn rotate(server: &RunningServer) -> String {
    let (status, body) = control(server, Method::POST, "/keys/rotate").await;
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).expect("JSON");
    body["kid"].as_str().expect("a text").to_owned()
}

fn add_user(server: &RunningServer) {
    let add = |directory: &mut Directory| -> Result<(), EditError> {
        directory.users.push(User::member("9d9b2d2e-8f0a-4d38-9d8c-0a2b5a0f7a11", "new@abc-insurance.example", "New"));
        Ok(())
    };
    server.provider().tenants().edit(TENANT, add).expect("kept");
}

/// Signs in without a page, by the session's cookie alone.
async fn silently(visitor: &mut Visitor, app: &Registration) -> Arrival {
    visitor.authorize(TENANT, &but(ordinary(app), "prompt", "none")).await
}

async fn refresh(server: &RunningServer, app: &Registration, refresh_token: &str) -> (StatusCode, Value) {
    let fields = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("refresh_token", refresh_token.to_owned()),
    ];
    token_at(&server.http_origin(), TENANT, &fields).await
}

/// Signs Ada in and redeems the code: her browser, and the refresh token.
async fn sign_ada_in(server: &RunningServer, app: &Registration) -> (Visitor, String) {
    let mut visitor = Visitor::at(&server.http_origin());
    let code = visitor.sign_in(&ordinary(app), ADA).await.query("code").expect("a code");
    let (status, tokens) = token_at(&server.http_origin(), TENANT, &redeeming(app, &code)).await;
    assert_eq!(status, 200, "{tokens}");
    (visitor, tokens["refresh_token"].as_str().expect("it was asked for").to_owned())
}

#[tokio::test]
async fn a_restart_keeps_directory_secret_session_refresh_token_and_keys() {
    let folder = folder();
    let first = start(folder.path(), Some(StartState::Unit4)).await;
    let app = claims_portal(&first);
    let (visitor, refresh_token) = sign_ada_in(&first, &app).await;
    let kid = rotate(&first).await;
    add_user(&first);
    let (ca, tenants) = (first.ca_pem().to_owned(), first.provider().tenants().all());
    first.shutdown().await;

    let second = start(folder.path(), None).await;
    assert_eq!((second.ca_pem(), second.provider().tenants().all()), (ca.as_str(), tenants));
    assert_eq!(second.provider().keys().signing().kid, kid);
    let app = claims_portal(&second);
    let mut visitor = visitor.moved_to(&second.http_origin());
    let code = silently(&mut visitor, &app).await.query("code").expect("the session goes on");
    let (status, tokens) = token_at(&second.http_origin(), TENANT, &redeeming(&app, &code)).await;
    assert_eq!(status, 200, "{tokens}");
    let (status, tokens) = refresh(&second, &app, &refresh_token).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(refresh(&second, &app, &format!("{refresh_token}x")).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_reset_brings_the_state_at_the_start_back_and_outlives_a_restart() {
    let folder = folder();
    let first = start(folder.path(), Some(StartState::Unit4)).await;
    let app = claims_portal(&first);
    let (kid, tenants) = (first.provider().keys().signing().kid.clone(), first.provider().tenants().all());
    let (visitor, refresh_token) = sign_ada_in(&first, &app).await;
    rotate(&first).await;
    add_user(&first);
    assert_eq!(control(&first, Method::POST, "/reset").await.0, 204);
    assert_eq!(first.provider().tenants().all(), tenants);
    first.shutdown().await;

    let second = start(folder.path(), None).await;
    assert_eq!((second.provider().keys().signing().kid.clone(), second.provider().tenants().all()), (kid, tenants));
    let mut visitor = visitor.moved_to(&second.http_origin());
    assert_eq!(silently(&mut visitor, &app).await.query("error").as_deref(), Some("login_required"));
    assert_eq!(refresh(&second, &app, &refresh_token).await.0, 400);
}

#[tokio::test]
async fn a_start_state_takes_the_place_of_what_was_kept_and_keeps_the_secret() {
    let folder = folder();
    let first = start(folder.path(), Some(StartState::Unit4)).await;
    let secret = first.client_secret().expect("unit 4 has the app").to_owned();
    add_user(&first);
    first.shutdown().await;
    let second = start(folder.path(), Some(StartState::Unit1)).await;
    assert_eq!(second.client_secret(), None);
    assert!(second.provider().tenants().of_user("new@abc-insurance.example").is_none());
    second.shutdown().await;
    let third = start(folder.path(), Some(StartState::Unit6)).await;
    assert_eq!(third.client_secret(), Some(secret.as_str()));
}

#[tokio::test]
async fn a_directory_file_joins_what_is_kept_and_replaces_nothing() {
    let folder = folder();
    let first = start(folder.path(), None).await;
    add_user(&first);
    first.shutdown().await;
    let mut joining = Directory::fabrikam();
    joining.organization.id = "3c0f5a36-9d24-4b8f-a0c7-3e5f1b2d6a48".to_owned();
    joining.organization.verified_domains.clear();
    let files = vec![Directory::abc_insurance(), joining];
    let second = server::start(ServeOptions { directories: files, ..options(folder.path(), None) }).await.expect("a usable directory");
    assert_eq!(second.already_there(), ["ABC Insurance"]);
    assert!(second.provider().tenants().of_user("new@abc-insurance.example").is_some());
    second.shutdown().await;
    let third = start(folder.path(), None).await;
    let ids: Vec<String> = third.provider().tenants().all().iter().map(|it| it.tenant_id().to_owned()).collect();
    assert_eq!(ids, [TENANT, FABRIKAM_TENANT_ID, "3c0f5a36-9d24-4b8f-a0c7-3e5f1b2d6a48"]);
}

#[tokio::test]
async fn a_second_server_on_one_data_directory_is_refused_and_told_where_the_first_is() {
    let folder = folder();
    let first = start(folder.path(), None).await;
    let text = refusal(options(folder.path(), None)).await.to_string();
    for part in
        [folder.path().display().to_string(), first.http_origin(), format!("process {}", std::process::id()), "--data-dir".to_owned()]
    {
        assert!(text.contains(&part), "{part} is not in: {text}");
    }
    first.shutdown().await;
    assert!(!folder.path().join("running.json").exists());
    start(folder.path(), None).await;
}

#[tokio::test]
async fn a_store_that_is_newer_or_damaged_is_refused_and_left_as_it_is() {
    let folder = folder();
    start(folder.path(), None).await.shutdown().await;
    let path = folder.path().join("store.redb");
    let whole = fs::read(&path).expect("readable");

    fs::write(&path, &whole[..whole.len() / 2]).expect("writable");
    let text = refusal(options(folder.path(), Some(StartState::Unit4))).await.to_string();
    assert!(text.contains("store.redb: the store is damaged") && text.contains("move it away"), "{text}");
    assert_eq!(fs::read(&path).expect("readable").len(), whole.len() / 2);

    fs::write(&path, &whole).expect("writable");
    write_version("99", &path);
    let text = refusal(options(folder.path(), None)).await.to_string();
    assert!(text.contains("the store has format 99") && text.contains("Start the newer mock-idp"), "{text}");
    write_version("1", &path);
    start(folder.path(), None).await;
}

fn write_version(version: &str, path: &Path) {
    const META: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("meta");
    let database = redb::Database::open(path).expect("nobody has it open");
    let transaction = database.begin_write().expect("the only one");
    transaction.open_table(META).expect("it is there").insert("format-version", version.as_bytes()).expect("writable");
    transaction.commit().expect("writable");
}

#[tokio::test]
async fn an_ephemeral_mock_reads_and_writes_nothing() {
    let folder = folder();
    let data_dir = folder.path().join("none");
    let ephemeral = ServeOptions { storage: Storage::Ephemeral, ..options(&data_dir, Some(StartState::Unit4)) };
    let server = server::start(ephemeral.clone()).await.expect("free ports");
    let app = claims_portal(&server);
    sign_ada_in(&server, &app).await;
    rotate(&server).await;
    add_user(&server);
    assert_eq!(server.ca_path(), None);
    server::start(ephemeral).await.expect("many can run").shutdown().await;
    server.shutdown().await;
    assert!(!data_dir.exists());
}
