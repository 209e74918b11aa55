use mock_idp::{
    MockIdp,
    directory::{
        application::Application,
        microsoft_graph::{APPLICATION, GRAPH_APP_ID},
    },
};
use unit_checks::{Grading, HandedIn, Profile, Unit, Verdict, grade};

use super::*;

const REQUEST: &str = include_str!("../../../../exercises/03-registration/graph-batch.json");
const SOLUTION: &str = include_str!("../../../../solutions/03-registration/src/directory.json");
const NOTES: &str = include_str!("../../../../solutions/03-registration/src/registration.toml");

/// Unit 3 done in a tenant whose people are not ABC's.
fn foreign_tenant() -> Directory {
    let mut text = SOLUTION.to_owned();
    let file: Value = serde_json::from_str(SOLUTION).unwrap();
    for (number, user) in file["users"].as_array().unwrap().iter().chain(file["groups"].as_array().unwrap()).enumerate() {
        text = text.replace(user["id"].as_str().unwrap(), &format!("aaaaaaaa-0000-4000-8000-{number:012}"));
    }
    Directory::from_json(&text).unwrap()
}

/// What Graph answers to the request of the exercise.
async fn answer(directory: Directory) -> String {
    let tenant = directory.tenant_id().to_owned();
    let idp = MockIdp::builder().directory(directory).start().await.unwrap();
    let reader = idp.register(Application::web("reader", "http://localhost/")).await;
    idp.edit_directory(&tenant, |directory| {
        let own = directory.service_principal(&reader.app_id).unwrap().id.clone();
        let graph = directory.ensure_service_principal(GRAPH_APP_ID).id.clone();
        for permission in ["Application.Read.All", "Directory.Read.All"] {
            let role = APPLICATION.iter().find(|role| role.value == permission).unwrap();
            directory.add_assignment(&own, &graph, role.id, None);
        }
    });
    let http = reqwest::Client::new();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &reader.app_id),
        ("client_secret", &reader.client_secret),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let token = http.post(format!("{}/oauth2/v2.0/token", idp.authority(&tenant))).form(&form).send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let batch = http.post(format!("{}/graph/v1.0/$batch", idp.origin())).bearer_auth(token["access_token"].as_str().unwrap());
    let batch = batch.header("content-type", "application/json").body(REQUEST);
    batch.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn what_graph_answers_to_the_request_is_graded_as_the_registration() {
    let before = foreign_tenant();
    let after = directory(&answer(before.clone()).await).unwrap();
    let facts = |directory: &Directory| {
        let app = directory.applications.iter().next().unwrap().clone();
        let roles: Vec<_> = app.app_roles.into_iter().map(|role| (role.id, role.value, role.is_enabled)).collect();
        let secrets: Vec<_> = app.password_credentials.into_iter().map(|secret| (secret.key_id, secret.end_date_time)).collect();
        (app.app_id, app.web.redirect_uris, roles, secrets)
    };
    assert_eq!(facts(&after), facts(&before));
    assert_eq!(after.app_role_assignments.len(), before.app_role_assignments.len());
    // People who hold no role are not in the file.
    assert!(after.users.len() < before.users.len());

    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/directory.json"), after.to_json()).unwrap();
    fs::write(folder.path().join("src/registration.toml"), NOTES).unwrap();
    let work = HandedIn::in_folder(folder.path()).into();
    let grading = Grading { unit: Unit::Registration, work, profile: Profile::Strict, seed: 7, only: Vec::new() };
    let report = grade(&grading, &|_| ()).await.unwrap();
    let skipped: Vec<&str> = report.results.iter().filter(|it| matches!(it.verdict, Verdict::Skipped(_))).map(|it| it.check.id).collect();
    let failed: Vec<_> = report.results.iter().filter(|it| !matches!(it.verdict, Verdict::Pass | Verdict::Skipped(_))).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    // Without `.env` and without ABC's people: their matrix says nothing about others.
    assert_eq!(skipped, ["U3-07", "U3-08", "U3-09", "U3-13", "U3-14", "U3-15", "U3-16"]);
}

#[test]
fn an_answer_that_does_not_serve_is_named_with_the_remedy() {
    let refused = r#"{"responses":[{"id":"organization","status":403,"body":{"error":{"message":"Insufficient privileges"}}}]}"#;
    let complaints = ["[]", r#"{"responses":[]}"#, refused, "{"].map(|text| directory(text).unwrap_err());
    insta::assert_snapshot!(complaints.join("\n"), @"
    there is no list `responses`; send exercises/03-registration/graph-batch.json to https://graph.microsoft.com/v1.0/$batch and save the answer
    there is no answer to the request `organization`
    Graph answered 403 to the request `organization`: Insufficient privileges. Reading apps needs the permission Application.Read.All, reading the organization User.Read, or Organization.Read.All for a program without a person
    this is no JSON: EOF while parsing an object at line 1 column 1
    ");
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    assert!(directory("\u{feff}{}").unwrap_err().contains("responses"));
}
