//! The provider's own public client, as the Azure SDKs use it when they are told no client id.

use mock_idp::{MockIdp, directory::first_party::COMMAND_LINE_TOOL};
use reqwest::Client;
use serde_json::Value;

use crate::visitor::{Arrival, CHALLENGE, OLGA, TENANT, VERIFIER, Visitor, but, claims, mock_with_app, token};

const LOOPBACK: &str = "http://localhost:41234";

/// The request of `InteractiveBrowserCredential`.
fn request() -> Vec<(&'static str, String)> {
    let fixed = [
        ("client_id", COMMAND_LINE_TOOL),
        ("response_type", "code"),
        ("redirect_uri", LOOPBACK),
        ("scope", "https://graph.microsoft.com/.default openid profile offline_access"),
        ("state", "s"),
        ("prompt", "select_account"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    fixed.map(|(name, value)| (name, value.to_owned())).to_vec()
}

async fn pick_olga(idp: &MockIdp, tenant: &str, parameters: &[(&'static str, String)]) -> Arrival {
    let mut visitor = Visitor::new(idp);
    let picker = visitor.authorize(tenant, parameters).await;
    assert!(picker.html.contains("Practice command-line tool"), "{}", picker.html);
    visitor.answer(&picker, "/login", &[("username", OLGA)]).await
}

async fn redeem(idp: &MockIdp, back: &Arrival) -> Value {
    let fields = [
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", COMMAND_LINE_TOOL.to_owned()),
        ("code", back.query("code").expect("a code")),
        ("redirect_uri", LOOPBACK.to_owned()),
        ("code_verifier", VERIFIER.to_owned()),
    ];
    let (status, body) = token(idp, TENANT, &fields).await;
    assert_eq!(status, 200, "{body}");
    body
}

#[tokio::test]
async fn an_administrator_signs_in_without_consent_and_without_a_registration() {
    let (idp, _) = mock_with_app().await;
    let back = pick_olga(&idp, TENANT, &request()).await;
    assert!(back.location.as_ref().is_some_and(|url| url.as_str().starts_with("http://localhost:41234/?code=")), "{:?}", back.location);
    let body = redeem(&idp, &back).await;
    let access_token = claims(body["access_token"].as_str().expect("a token"));
    assert_eq!((&access_token["appid"], &access_token["appidacr"]), (&COMMAND_LINE_TOOL.into(), &"0".into()));
    assert_eq!(
        (&access_token["aud"], &access_token["app_displayname"]),
        (&"https://graph.microsoft.com".into(), &"Practice command-line tool".into())
    );
    let scopes: Vec<&str> = access_token["scp"].as_str().expect("scopes").split(' ').collect();
    assert!(scopes.contains(&"Application.ReadWrite.All") && !scopes.contains(&"offline_access"), "{scopes:?}");

    let renewed = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", COMMAND_LINE_TOOL.to_owned()),
        ("refresh_token", body["refresh_token"].as_str().expect("a refresh token").to_owned()),
    ];
    assert_eq!(token(&idp, TENANT, &renewed).await.0, 200);
    let me = Client::new().get(format!("{}/graph/v1.0/me", idp.origin())).bearer_auth(body["access_token"].as_str().expect("a token"));
    assert_eq!(me.send().await.expect("an answer").json::<Value>().await.expect("JSON")["userPrincipalName"], OLGA);
}

#[tokio::test]
async fn the_tool_is_known_without_a_tenant_and_leaves_nothing_behind() {
    let (idp, _) = mock_with_app().await;
    let before = idp.provider().tenants().all();
    let back = pick_olga(&idp, "organizations", &but(request(), "prompt", "consent")).await;
    redeem(&idp, &back).await;
    assert_eq!(idp.provider().tenants().all(), before);
}

#[tokio::test]
async fn what_the_tool_was_not_given_beforehand_nobody_can_grant() {
    let (idp, app) = mock_with_app().await;
    for scope in ["openid Mail.Read", &format!("{}/.default openid Mail.Read", app.app_id)] {
        let back = pick_olga(&idp, TENANT, &but(request(), "scope", scope)).await;
        assert!(back.query("error_description").is_some_and(|text| text.starts_with("AADSTS65002")), "{scope}: {:?}", back.location);
    }
}

#[tokio::test]
async fn another_host_or_a_secret_is_refused() {
    let (idp, _) = mock_with_app().await;
    for address in ["http://127.0.0.1:41234", "https://localhost:41234", "http://localhost.evil.example"] {
        let page = Visitor::new(&idp).authorize(TENANT, &but(request(), "redirect_uri", address)).await;
        assert!(page.location.is_none() && page.html.contains("AADSTS50011"), "{address}");
    }
    let app_only = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", COMMAND_LINE_TOOL.to_owned()),
        ("client_secret", "guessed".to_owned()),
        ("scope", "https://graph.microsoft.com/.default".to_owned()),
    ];
    let (_, body) = token(&idp, TENANT, &app_only).await;
    assert_eq!(body["error"], "invalid_client", "{body}");
}
