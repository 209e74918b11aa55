//! Whoever calls Graph: apps with their tokens, and what they get back.

use mock_idp::{
    MockIdp,
    directory::{
        Registration,
        microsoft_graph::{self, GRAPH_APP_ID},
    },
};
use reqwest::{Client, Method, Response, StatusCode, header::HeaderMap};
use serde_json::Value;

use crate::visitor::{TENANT, Visitor, but, mock_with_app, ordinary, redeeming, token};

/// An answer of Graph.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("a body");
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    /// Status and Graph's code and message.
    pub fn refusal(&self) -> (u16, &str, &str) {
        let text = |name: &str| self.body["error"][name].as_str().unwrap_or_default();
        (self.status.as_u16(), text("code"), text("message"))
    }
}

pub async fn get(idp: &MockIdp, path: &str, token: &str) -> Reply {
    let url = if path.starts_with("http") { path.to_owned() } else { format!("{}/graph{path}", idp.origin()) };
    Reply::of(Client::new().get(url).bearer_auth(token).send().await.expect("an answer")).await
}

/// The token response after `username` signed in with these scopes.
pub async fn tokens(idp: &MockIdp, app: &Registration, username: &str, scope: &str) -> Value {
    let back = Visitor::new(idp).sign_in(&but(ordinary(app), "scope", scope), username).await;
    let code = back.query("code").unwrap_or_else(|| panic!("no code but {:?}\n{}", back.location, back.html));
    let (status, body) = token(idp, TENANT, &redeeming(app, &code)).await;
    assert_eq!(status, 200, "{body}");
    body
}

pub async fn access_token(idp: &MockIdp, app: &Registration, username: &str, scope: &str) -> String {
    tokens(idp, app, username, scope).await["access_token"].as_str().expect("an access token").to_owned()
}

/// Lets the app hold these delegated permissions for everybody, as an administrator's consent does.
pub fn grant(idp: &MockIdp, app: &Registration, scopes: &[&str]) {
    let scopes: Vec<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
    idp.edit_directory(TENANT, |directory| directory.grant_consent(&app.app_id, None, GRAPH_APP_ID, &scopes));
}

/// A call with a JSON body.
pub async fn send(idp: &MockIdp, method: Method, path: &str, token: &str, body: &Value) -> Reply {
    let request = Client::new().request(method, format!("{}/graph{path}", idp.origin())).bearer_auth(token).json(body);
    Reply::of(request.send().await.expect("an answer")).await
}

/// A mock, and the token of a user who signed in to an app that holds these delegated permissions.
pub async fn signed_in(username: &str, scopes: &[&str]) -> (MockIdp, Registration, String) {
    let (idp, app) = mock_with_app().await;
    let token = delegated(&idp, &app, username, scopes).await;
    (idp, app, token)
}

/// The token of a user after an administrator consented to these delegated permissions.
pub async fn delegated(idp: &MockIdp, app: &Registration, username: &str, scopes: &[&str]) -> String {
    grant(idp, app, scopes);
    access_token(idp, app, username, &format!("openid {}", scopes.join(" "))).await
}

/// The token of an app that calls for itself with these application permissions.
pub async fn app_only(idp: &MockIdp, app: &Registration, permissions: &[&str]) -> String {
    idp.edit_directory(TENANT, |directory| {
        let own = directory.service_principal(&app.app_id).expect("registered").id.clone();
        let graph = directory.ensure_service_principal(GRAPH_APP_ID).id.clone();
        for permission in permissions {
            let role = microsoft_graph::APPLICATION.iter().find(|role| role.value == *permission).expect("a permission of Graph");
            directory.add_assignment(&own, &graph, role.id, None);
        }
    });
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("scope", "https://graph.microsoft.com/.default".to_owned()),
    ];
    token(idp, TENANT, &form).await.1["access_token"].as_str().expect("an access token").to_owned()
}
