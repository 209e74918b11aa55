//! Does by Microsoft Graph what unit 3 does: registers apps, adds secrets, assigns people.

use mock_idp::directory::first_party::COMMAND_LINE_TOOL;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{Counts, Watch};
use crate::visitor::{CHALLENGE, OLGA, TENANT, VERIFIER, Visitor, token_at};

const LOOPBACK: &str = "http://localhost:41234";

/// No role but access (Microsoft Graph v1.0: "appRoleAssignment resource type").
const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

pub struct GraphWriter {
    number: usize,
    made: Vec<Registered>,
    /// So many of them were looked for after a restart.
    verified: usize,
}

/// An app, as far as its writes were answered.
#[derive(Debug, Default)]
struct Registered {
    object_id: String,
    app_id: String,
    key_id: Option<String>,
    service_principal_id: Option<String>,
    assignment_id: Option<String>,
}

impl Registered {
    fn answered(&self) -> usize {
        1 + [&self.key_id, &self.service_principal_id, &self.assignment_id].into_iter().flatten().count()
    }
}

impl GraphWriter {
    pub fn new(number: usize) -> Self {
        Self { number, made: Vec::new(), verified: 0 }
    }

    pub fn applications(&self) -> usize {
        self.made.len()
    }

    /// Registers one app after the other until the server is gone.
    pub async fn write(mut self, client: Client, origin: String, access_token: String, watch: Watch) -> Self {
        let post = |path: String, body: Value| client.post(format!("{origin}/graph/v1.0{path}")).bearer_auth(&access_token).json(&body);
        let olga = text(&get(&client, &origin, &access_token, "/me").await.unwrap_or_default(), "id");
        while self.write_one(&watch, &olga, &post).await.is_some() {}
        self
    }

    async fn write_one(&mut self, watch: &Watch, olga: &str, post: &impl Fn(String, Value) -> RequestBuilder) -> Option<()> {
        let name = format!("app {} of writer {}", self.made.len(), self.number);
        let application = watch.send(post("/applications".to_owned(), json!({ "displayName": name }))).await?;
        self.made.push(Registered { object_id: text(&application, "id"), app_id: text(&application, "appId"), ..Registered::default() });
        let made = self.made.last_mut().expect("it was pushed");
        let secret = json!({ "passwordCredential": { "displayName": "secret" } });
        made.key_id = Some(text(&watch.send(post(format!("/applications/{}/addPassword", made.object_id), secret)).await?, "keyId"));
        let principal = watch.send(post("/servicePrincipals".to_owned(), json!({ "appId": made.app_id }))).await?;
        let resource = text(&principal, "id");
        made.service_principal_id = Some(resource.clone());
        let assignment = json!({ "principalId": olga, "resourceId": resource, "appRoleId": DEFAULT_ACCESS });
        let assignment = watch.send(post(format!("/servicePrincipals/{resource}/appRoleAssignedTo"), assignment)).await?;
        made.assignment_id = Some(text(&assignment, "id"));
        Some(())
    }

    /// Everything that was answered since the last time is there; in the last round, everything at all.
    pub async fn verify(&mut self, origin: &str, access_token: &str, everything: bool, counts: &mut Counts) {
        let client = Client::new();
        let since = if everything { 0 } else { self.verified };
        for made in &self.made[since..] {
            verify(&client, origin, access_token, made).await;
        }
        for made in &self.made[self.verified..] {
            counts.acknowledged += made.answered();
        }
        self.verified = self.made.len();
    }
}

async fn verify(client: &Client, origin: &str, access_token: &str, made: &Registered) {
    let application = get(client, origin, access_token, &format!("/applications/{}", made.object_id)).await;
    let application = application.unwrap_or_else(|| panic!("an application was lost: {made:?}"));
    assert_eq!(application["appId"], made.app_id.as_str());
    if let Some(key_id) = &made.key_id {
        let credentials = application["passwordCredentials"].as_array().expect("a list");
        assert!(credentials.iter().any(|it| it["keyId"] == key_id.as_str()), "a secret was lost: {made:?}");
    }
    if let Some(id) = &made.service_principal_id {
        let assigned = get(client, origin, access_token, &format!("/servicePrincipals/{id}/appRoleAssignedTo")).await;
        let assigned = assigned.unwrap_or_else(|| panic!("a service principal was lost: {made:?}"));
        let ids: Vec<_> = assigned["value"].as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
        assert!(made.assignment_id.as_deref().is_none_or(|id| ids.contains(&id)), "an assignment was lost: {made:?}");
    }
}

async fn get(client: &Client, origin: &str, access_token: &str, path: &str) -> Option<Value> {
    let response = client.get(format!("{origin}/graph/v1.0{path}")).bearer_auth(access_token).send().await.ok()?;
    if response.status().is_success() { response.json().await.ok() } else { None }
}

fn text(object: &Value, member: &str) -> String {
    object[member].as_str().unwrap_or_default().to_owned()
}

/// Signs the administrator in to the command-line tool; the refresh token.
pub async fn sign_in(origin: &str) -> String {
    let request = [
        ("client_id", COMMAND_LINE_TOOL),
        ("response_type", "code"),
        ("redirect_uri", LOOPBACK),
        ("scope", "https://graph.microsoft.com/.default openid profile offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let code = Visitor::at(origin).sign_in(&request, OLGA).await.query("code").expect("a code");
    let fields = [
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", COMMAND_LINE_TOOL.to_owned()),
        ("code", code),
        ("redirect_uri", LOOPBACK.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
    ];
    let (status, tokens) = token_at(origin, TENANT, &fields).await;
    assert_eq!(status, 200, "{tokens}");
    text(&tokens, "refresh_token")
}

/// What the refresh token of the first start still gives.
pub async fn access_token(origin: &str, refresh_token: &str) -> String {
    let fields = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", COMMAND_LINE_TOOL.to_owned()),
        ("refresh_token", refresh_token.to_owned()),
    ];
    let (status, tokens) = token_at(origin, TENANT, &fields).await;
    assert_eq!(status, 200, "the refresh token was lost: {tokens}");
    text(&tokens, "access_token")
}
