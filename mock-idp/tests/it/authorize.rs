use mock_idp::Fault;

use crate::visitor::{ADA, OLGA, TENANT, Visitor, but, mock_with_app, ordinary};

#[tokio::test]
async fn a_sign_in_with_consent_ends_with_a_code_and_the_same_state() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let picker = visitor.authorize(TENANT, &ordinary(&app)).await;
    assert!(picker.values("username").contains(&ADA.to_owned()), "{}", picker.html);
    assert!(picker.html.contains("Claims.Adjuster") && !picker.html.contains("dora.disabled"));
    let policy = picker.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("form-action 'self' http://localhost:5000") && policy.contains("frame-ancestors 'none'"), "{policy}");

    let consent = visitor.answer(&picker, "/login", &[("username", ADA)]).await;
    assert_eq!(consent.values("consent"), ["cancel", "accept"]);
    let back = visitor.answer(&consent, "/consent", &[("consent", "accept")]).await;
    assert_eq!(back.query("state").as_deref(), Some("st|a=te+1"));
    assert!(back.query("code").is_some_and(|code| code.starts_with("0.A")) && back.query("session_state").is_some());

    // The second time nothing is asked.
    let again = visitor.authorize(TENANT, &ordinary(&app)).await;
    assert!(again.query("code").is_some(), "{}", again.html);
}

#[tokio::test]
async fn until_the_redirect_uri_is_trusted_every_error_is_a_page() {
    let (idp, app) = mock_with_app().await;
    let cases = [
        ("client_id", "", "AADSTS900144"),
        ("client_id", "11111111-2222-4333-8444-555555555555", "AADSTS700016"),
        ("client_id", "00000000-0000-0000-0000-000000000000", "AADSTS700038"),
        ("redirect_uri", "http://localhost:5000/getatoken", "AADSTS50011"),
        ("redirect_uri", "http://127.0.0.1:5000/getAToken", "AADSTS50011"),
        ("redirect_uri", "https://evil.example/", "AADSTS50011"),
    ];
    for (name, value, code) in cases {
        let page = Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), name, value)).await;
        assert!(page.location.is_none() && page.html.contains(code), "{name}={value}: {}", page.html);
    }
    let page = Visitor::new(&idp).authorize("nowhere.example", &ordinary(&app)).await;
    assert!(page.location.is_none() && page.html.contains("AADSTS90002"));
    let repeated = [ordinary(&app), vec![("client_id", app.app_id.clone())]].concat();
    assert!(Visitor::new(&idp).authorize(TENANT, &repeated).await.html.contains("AADSTS9002313"));
}

#[tokio::test]
async fn afterwards_every_error_travels_to_the_app_with_its_state() {
    let (idp, app) = mock_with_app().await;
    let cases = [
        ("response_type", "", "invalid_request", "AADSTS900144"),
        ("response_type", "magic", "unsupported_response_type", "AADSTS70005"),
        ("response_type", "id_token", "unsupported_response_type", "AADSTS700054"),
        ("response_type", "token", "unsupported_response_type", "AADSTS700051"),
        ("response_mode", "pigeon", "invalid_request", "AADSTS90023"),
        ("scope", "", "invalid_request", "AADSTS900144"),
        ("scope", "openid Nonsense.Read", "invalid_client", "AADSTS650053"),
        ("scope", "openid api://nowhere/x", "invalid_resource", "AADSTS500011"),
        ("code_challenge", "short", "invalid_request", "AADSTS50147"),
        ("code_challenge_method", "s256", "invalid_request", "AADSTS501491"),
        ("prompt", "dance", "invalid_request", "AADSTS90023"),
        ("prompt", "none", "login_required", "AADSTS50058"),
    ];
    for (name, value, error, code) in cases {
        let back = Visitor::new(&idp).authorize(TENANT, &but(ordinary(&app), name, value)).await;
        let url = back.location.as_ref().unwrap_or_else(|| panic!("{name}={value}: a page\n{}", back.html));
        // Errors about tokens travel in the fragment, as the tokens would.
        let text = url.query().or(url.fragment()).unwrap_or_default();
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let value_of = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str()).unwrap_or_default();
        assert_eq!(value_of("error"), error, "{name}={value}");
        assert!(value_of("error_description").starts_with(&format!("{code}: ")), "{name}={value}: {}", value_of("error_description"));
        assert_eq!(value_of("state"), "st|a=te+1");
    }
}

#[tokio::test]
async fn declined_consent_is_access_denied_with_the_subcode_cancel() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let picker = visitor.authorize(TENANT, &ordinary(&app)).await;
    let consent = visitor.answer(&picker, "/login", &[("username", ADA)]).await;
    let back = visitor.answer(&consent, "/consent", &[("consent", "cancel")]).await;
    assert_eq!((back.query("error").as_deref(), back.query("error_subcode").as_deref()), (Some("access_denied"), Some("cancel")));
    // Nothing was granted: the next time the page comes again.
    assert!(!visitor.authorize(TENANT, &ordinary(&app)).await.values("consent").is_empty());
}

#[tokio::test]
async fn a_scope_for_administrators_needs_one_and_may_be_granted_for_everybody() {
    let (idp, app) = mock_with_app().await;
    let parameters = but(ordinary(&app), "scope", "openid User.Read.All");
    let mut ada = Visitor::new(&idp);
    let picker = ada.authorize(TENANT, &parameters).await;
    let refused = ada.answer(&picker, "/login", &[("username", ADA)]).await;
    assert!(refused.html.contains("Need admin approval"), "{}", refused.html);
    let back = ada.answer(&refused, "/consent", &[("consent", "cancel")]).await;
    let told: Vec<_> = back.location.as_ref().expect("a redirect").query_pairs().into_owned().map(|(name, _)| name).collect();
    assert_eq!(
        (told, back.query("error").as_deref()),
        (["error", "error_subcode", "state"].map(str::to_owned).to_vec(), Some("access_denied"))
    );

    let mut olga = Visitor::new(&idp);
    let picker = olga.authorize(TENANT, &parameters).await;
    let consent = olga.answer(&picker, "/login", &[("username", OLGA)]).await;
    assert!(!consent.values("on_behalf").is_empty());
    let back = olga.answer(&consent, "/consent", &[("consent", "accept"), ("on_behalf", "1")]).await;
    assert!(back.query("code").is_some());
    assert!(ada.authorize(TENANT, &parameters).await.query("code").is_some());
}

#[tokio::test]
async fn people_who_may_not_sign_in_are_refused_on_a_page() {
    let (idp, app) = mock_with_app().await;
    let mut finn = Visitor::new(&idp);
    let picker = finn.authorize(TENANT, &ordinary(&app)).await;
    let page = finn.answer(&picker, "/login", &[("username", "finn@fabrikam.example")]).await;
    assert!(page.location.is_none() && page.html.contains("AADSTS50020"), "{}", page.html);

    let mut dora = Visitor::new(&idp);
    let picker = dora.authorize(TENANT, &ordinary(&app)).await;
    let page = dora.answer(&picker, "/login", &[("username", "dora.disabled@abc-insurance.example")]).await;
    assert!(page.location.is_none() && page.html.contains("AADSTS50057"), "{}", page.html);

    idp.edit_directory(TENANT, |directory| {
        let id = directory.service_principal(&app.app_id).expect("registered").id.clone();
        directory.service_principals.edit(&id, |it| it.app_role_assignment_required = true);
    });
    let mut nils = Visitor::new(&idp);
    let picker = nils.authorize(TENANT, &ordinary(&app)).await;
    let page = nils.answer(&picker, "/login", &[("username", "nils.norole@abc-insurance.example")]).await;
    assert!(page.location.is_none() && page.html.contains("AADSTS50105"), "{}", page.html);
}

#[tokio::test]
async fn prompt_login_asks_for_the_password_and_checks_it() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    visitor.sign_in(&ordinary(&app), ADA).await;
    let picker = visitor.authorize(TENANT, &but(ordinary(&app), "prompt", "login")).await;
    let password = visitor.answer(&picker, "/login", &[("username", ADA)]).await;
    let wrong = visitor.answer(&password, "/login/password", &[("password", "guess")]).await;
    assert!(wrong.html.contains("AADSTS50126"), "{}", wrong.html);
    let back = visitor.answer(&wrong, "/login/password", &[("password", "Practice-2026")]).await;
    assert!(back.query("code").is_some(), "{}", back.html);
}

#[tokio::test]
async fn a_form_of_another_page_or_browser_is_refused() {
    let (idp, app) = mock_with_app().await;
    let (mut ada, mut stranger) = (Visitor::new(&idp), Visitor::new(&idp));
    let picker = ada.authorize(TENANT, &ordinary(&app)).await;
    assert_eq!(stranger.answer(&picker, "/login", &[("username", ADA)]).await.status, 403);
    stranger.authorize(TENANT, &ordinary(&app)).await;
    assert_eq!(stranger.answer(&picker, "/login", &[("username", ADA)]).await.status, 403);
}

#[tokio::test]
async fn form_post_is_a_page_with_one_form_for_the_app() {
    let (idp, app) = mock_with_app().await;
    let page = Visitor::new(&idp).sign_in(&but(ordinary(&app), "response_mode", "form_post"), ADA).await;
    assert_eq!((page.status.as_u16(), page.values("state")), (200, vec!["st|a=te+1".to_owned()]));
    assert!(page.html.contains("action=\"http://localhost:5000/getAToken\"") && page.values("code").len() == 1);
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.contains("form-action http://localhost:5000;") || policy.ends_with("form-action http://localhost:5000"), "{policy}");
}

#[tokio::test]
async fn the_fragment_carries_the_answer_when_asked() {
    let (idp, app) = mock_with_app().await;
    let back = Visitor::new(&idp).sign_in(&but(ordinary(&app), "response_mode", "fragment"), ADA).await;
    let url = back.location.expect("a redirect");
    assert!(url.query().is_none() && url.fragment().is_some_and(|fragment| fragment.starts_with("code=0.A")));
}

#[tokio::test]
async fn faults_of_the_code_flow_reach_only_the_user_they_name() {
    let (idp, app) = mock_with_app().await;
    for (fault, error) in
        [(Fault::AccessDenied, "access_denied"), (Fault::ServerError, "server_error"), (Fault::ConsentRequired, "consent_required")]
    {
        idp.inject(fault.once().for_user(ADA));
        let olga = Visitor::new(&idp).sign_in(&ordinary(&app), OLGA).await;
        assert!(olga.query("code").is_some());
        let ada = Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
        assert_eq!(ada.query("error").as_deref(), Some(error));
    }
    idp.inject(Fault::StateChanged.once());
    let changed = Visitor::new(&idp).sign_in(&ordinary(&app), ADA).await;
    assert!(changed.query("code").is_some() && changed.query("state").is_some_and(|state| state != "st|a=te+1"));
}

#[tokio::test]
async fn another_account_is_asked_for_its_name_and_password() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let picker = visitor.authorize(TENANT, &ordinary(&app)).await;
    let username = visitor.answer(&picker, "/login", &[("another_account", "1")]).await;
    let unknown = visitor.answer(&username, "/login/username", &[("username", "nobody@abc-insurance.example")]).await;
    assert!(unknown.html.contains("AADSTS50034"), "{}", unknown.html);
    let password = visitor.answer(&unknown, "/login/username", &[("username", ADA)]).await;
    let username = visitor.answer(&password, "/login/password", &[("another_account", "1")]).await;
    let password = visitor.answer(&username, "/login/username", &[("username", OLGA)]).await;
    let consent = visitor.answer(&password, "/login/password", &[("password", "Practice-2026")]).await;
    assert!(!consent.values("consent").is_empty(), "{}", consent.html);
}

#[tokio::test]
async fn without_a_page_every_refusal_travels_to_the_app() {
    let (idp, app) = mock_with_app().await;
    let silent = but(ordinary(&app), "prompt", "none");
    let mut ada = Visitor::new(&idp);
    ada.sign_in(&ordinary(&app), ADA).await;
    idp.inject(Fault::MfaRequired.once().for_user(ADA));
    assert!(ada.authorize(TENANT, &ordinary(&app)).await.query("code").is_some(), "with a page there is nothing to refuse");
    let back = ada.authorize(TENANT, &silent).await;
    assert_eq!(back.query("error").as_deref(), Some("interaction_required"), "{}", back.html);
    assert!(back.query("error_description").is_some_and(|text| text.starts_with("AADSTS50076: ")));
    assert!(ada.authorize(TENANT, &silent).await.query("code").is_some());
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.users.edit(&ada, |user| user.account_enabled = false);
    });
    let back = ada.authorize(TENANT, &silent).await;
    assert_eq!(back.query("error").as_deref(), Some("interaction_required"), "{}", back.html);
    assert!(back.query("error_description").is_some_and(|text| text.starts_with("AADSTS50057: ")));
}

#[tokio::test]
async fn an_account_of_another_tenant_is_not_taken_unasked() {
    let (idp, app) = mock_with_app().await;
    let mut finn = Visitor::new(&idp);
    let picker = finn.authorize(TENANT, &ordinary(&app)).await;
    assert!(finn.answer(&picker, "/login", &[("username", "finn@fabrikam.example")]).await.html.contains("AADSTS50020"));
    let again = finn.authorize(TENANT, &ordinary(&app)).await;
    assert!(again.values("username").contains(&ADA.to_owned()), "{}", again.html);
    assert_eq!(finn.authorize(TENANT, &but(ordinary(&app), "prompt", "none")).await.query("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn a_state_given_twice_and_a_hint_with_select_account_are_refused() {
    let (idp, app) = mock_with_app().await;
    let twice = [ordinary(&app), vec![("state", "other".to_owned())]].concat();
    let back = Visitor::new(&idp).authorize(TENANT, &twice).await;
    assert_eq!((back.query("error").as_deref(), back.query("state").as_deref()), (Some("invalid_request"), Some("st|a=te+1")));
    let choice = but(but(ordinary(&app), "prompt", "select_account"), "login_hint", ADA);
    let back = Visitor::new(&idp).authorize("COMMON", &choice).await;
    assert_eq!(back.query("error").as_deref(), Some("invalid_request"), "{}", back.html);
}
