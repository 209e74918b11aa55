//! What stands in an ID token, for whom, and on which way.

use mock_idp::directory::seed::PRACTICE_PASSWORD;

use crate::visitor::{TENANT, Visitor, but, claims, mock_with_app, ordinary, redeeming, token};

#[tokio::test]
async fn a_guests_token_names_mail_and_identity_provider() {
    let (idp, app) = mock_with_app().await;
    let sign_in = but(ordinary(&app), "login_hint", "ben.client@mail.example");
    let mut ben = Visitor::new(&idp);
    // The hint is what his tokens call him.
    let password = ben.authorize(TENANT, &sign_in).await;
    assert_eq!(password.values("username"), ["ben.client_mail.example#EXT#@abc-insurance.example"]);
    let consent = ben.answer(&password, "/login/password", &[("password", PRACTICE_PASSWORD)]).await;
    let back = ben.answer(&consent, "/consent", &[("consent", "accept")]).await;
    let (_, body) = token(&idp, TENANT, &redeeming(&app, &back.query("code").expect("a code"))).await;
    let id_token = claims(body["id_token"].as_str().expect("an ID token"));
    let members = ["email", "idp", "preferred_username"].map(|name| id_token[name].as_str().unwrap_or_default());
    assert_eq!(members, ["ben.client@mail.example", "mail", "ben.client@mail.example"]);
    assert!(ben.authorize(TENANT, &but(sign_in, "prompt", "none")).await.query("code").is_some());
}

#[tokio::test]
async fn an_id_token_in_the_fragment_only_says_that_there_are_groups() {
    let (idp, app) = mock_with_app().await;
    idp.edit_directory(TENANT, |directory| {
        directory.applications.edit_each(|it| it.group_membership_claims = Some("SecurityGroup".to_owned()));
        directory.applications.edit_each(|it| it.web.implicit_grant_settings.enable_id_token_issuance = true);
    });
    let hybrid = but(ordinary(&app), "response_type", "code id_token");
    let back = Visitor::new(&idp).sign_in(&hybrid, "omar.overage@abc-insurance.example").await;
    let fragment = back.location.as_ref().and_then(|url| url.fragment()).expect("a fragment").to_owned();
    let field = |name: &str| {
        let found = url::form_urlencoded::parse(fragment.as_bytes()).find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap_or_else(|| panic!("no {name} in {fragment}"))
    };
    let front = claims(&field("id_token"));
    assert!(front["hasgroups"] == true && front.get("groups").is_none() && front.get("_claim_names").is_none(), "{front}");
    assert_eq!(front["c_hash"], mock_idp::tokens::mint::half_hash(&field("code")));
    let (_, body) = token(&idp, TENANT, &redeeming(&app, &field("code"))).await;
    let back = claims(body["id_token"].as_str().expect("an ID token"));
    assert!(back.get("hasgroups").is_none() && back["_claim_names"]["groups"] == "src1" && back.get("c_hash").is_none(), "{back}");
}

#[tokio::test]
async fn only_groups_that_the_app_knows_are_listed_when_it_asks_for_its_own() {
    let (idp, app) = mock_with_app().await;
    let known = idp.edit_directory(TENANT, |directory| {
        directory.applications.edit_each(|it| it.group_membership_claims = Some("ApplicationGroup".to_owned()));
        let group = directory.groups.iter().find(|group| group.display_name == "Insights Analysts").expect("in the seed").id.clone();
        directory.assign(&group, &app.app_id, "Client").expect("defined by the app");
        group
    });
    let back = Visitor::new(&idp).sign_in(&ordinary(&app), "omar.overage@abc-insurance.example").await;
    let (_, body) = token(&idp, TENANT, &redeeming(&app, &back.query("code").expect("a code"))).await;
    assert_eq!(claims(body["id_token"].as_str().expect("an ID token"))["groups"], serde_json::json!([known]));
}

#[tokio::test]
async fn an_app_gets_an_access_token_for_itself_by_its_client_id() {
    let (idp, app) = mock_with_app().await;
    let own = but(ordinary(&app), "scope", &format!("openid {}/.default", app.app_id));
    let back = Visitor::new(&idp).sign_in(&own, crate::visitor::ADA).await;
    let (status, body) = token(&idp, TENANT, &redeeming(&app, &back.query("code").expect("a code"))).await;
    assert_eq!(status, 200, "{body}");
    let access_token = claims(body["access_token"].as_str().expect("an access token"));
    assert_eq!((&access_token["aud"], &access_token["roles"]), (&app.app_id.as_str().into(), &serde_json::json!(["Claims.Adjuster"])));
}
