//! A sign-in under way: whose it is, and for which request its answers count.

use reqwest::{Client, header};

use mock_idp::directory::user::User;

use crate::visitor::{ADA, OLGA, TENANT, Visitor, but, mock_with_app, ordinary};

#[tokio::test]
async fn consent_given_in_another_browser_does_not_count() {
    let (idp, app) = mock_with_app().await;
    let mut olga = Visitor::new(&idp);
    let picker = olga.authorize(TENANT, &ordinary(&app)).await;
    let consent = olga.answer(&picker, "/login", &[("username", OLGA)]).await;
    let interaction = consent.values("interaction").pop().expect("a hidden field");
    // Olga accepts, but does not follow the redirect that would end the interaction.
    let form = [
        ("interaction", interaction.clone()),
        ("csrf", consent.values("csrf").pop().expect("a hidden field")),
        ("consent", "accept".to_owned()),
    ];
    let sent = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let sent = sent.post(format!("{}/{TENANT}/consent", idp.origin())).header(header::COOKIE, olga.cookie()).form(&form).send().await;
    assert_eq!(sent.expect("an answer").status(), 303);

    let mut ada = Visitor::new(&idp);
    ada.sign_in(&but(ordinary(&app), "scope", "openid"), ADA).await;
    let page = ada.authorize(TENANT, &but(ordinary(&app), "interaction", &interaction)).await;
    assert_eq!(page.values("consent"), ["cancel", "accept"], "{:?}", page.location);
}

#[tokio::test]
async fn consent_to_one_request_is_not_consent_to_another() {
    let (idp, app) = mock_with_app().await;
    let mut ada = Visitor::new(&idp);
    let picker = ada.authorize(TENANT, &but(ordinary(&app), "scope", "openid")).await;
    let consent = ada.answer(&picker, "/login", &[("username", ADA)]).await;
    let interaction = consent.values("interaction").pop().expect("a hidden field");
    let more = but(ordinary(&app), "scope", "openid Mail.Read");
    let form = [
        ("interaction", interaction.clone()),
        ("csrf", consent.values("csrf").pop().expect("a hidden field")),
        ("consent", "accept".to_owned()),
    ];
    let sent = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let sent = sent.post(format!("{}/{TENANT}/consent", idp.origin())).header(header::COOKIE, ada.cookie()).form(&form).send().await;
    assert_eq!(sent.expect("an answer").status(), 303);
    let page = ada.authorize(TENANT, &but(more, "interaction", &interaction)).await;
    assert!(page.html.contains("Read your mail") && page.location.is_none(), "{}", page.html);
}

#[tokio::test]
async fn a_sign_in_page_that_is_opened_again_after_its_end_works() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let picker = visitor.authorize(TENANT, &ordinary(&app)).await;
    let consent = visitor.answer(&picker, "/login", &[("username", ADA)]).await;
    let ended = consent.values("interaction").pop().expect("a hidden field");
    visitor.answer(&consent, "/consent", &[("consent", "cancel")]).await;
    // As the Back button does: the address of the consent page, whose interaction has ended.
    let again = visitor.authorize(TENANT, &but(ordinary(&app), "interaction", &ended)).await;
    let back = visitor.answer(&again, "/consent", &[("consent", "accept")]).await;
    assert!(back.query("code").is_some(), "{}", back.html);
}

#[tokio::test]
async fn a_request_by_form_survives_bytes_that_no_url_may_hold() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let fields = but(ordinary(&app), "state", "");
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let picker =
        visitor.post(&format!("/{TENANT}/oauth2/v2.0/authorize"), format!("{encoded}&state=a#b\r\nc\u{e4}\u{0}").into_bytes()).await;
    let consent = visitor.answer(&picker, "/login", &[("username", ADA)]).await;
    let back = visitor.answer(&consent, "/consent", &[("consent", "accept")]).await;
    assert_eq!(back.query("state").as_deref(), Some("a#b\r\nc\u{e4}\u{0}"), "{}", back.html);
}

#[tokio::test]
async fn a_request_that_no_url_can_hold_is_refused_on_a_page() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let fields = but(ordinary(&app), "state", &"s".repeat(100_000));
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let page = visitor.post(&format!("/{TENANT}/oauth2/v2.0/authorize"), encoded.into_bytes()).await;
    assert!(page.location.is_none() && page.html.contains("AADSTS90015"), "{}", page.html);
    let long = but(ordinary(&app), "state", &"s".repeat(20_000));
    let back = visitor.sign_in(&long, ADA).await;
    assert_eq!(back.query("state").map(|state| state.len()), Some(20_000));
}

#[tokio::test]
async fn a_hint_that_names_an_account_leads_to_its_password_and_another_to_the_picker() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let password = visitor.authorize(TENANT, &but(ordinary(&app), "login_hint", ADA)).await;
    assert_eq!(password.values("username"), [ADA]);
    assert!(password.html.contains("Enter password"), "{}", password.html);
    let wrong = visitor.answer(&password, "/login/password", &[("password", "no")]).await;
    assert!(wrong.html.contains("AADSTS50126"), "{}", wrong.html);
    // An account of another tenant could not sign in here.
    let stranger = visitor.authorize(TENANT, &but(ordinary(&app), "login_hint", "finn@fabrikam.example")).await;
    assert!(stranger.html.contains("Pick an account"), "{}", stranger.html);
}

#[tokio::test]
async fn a_form_that_is_not_accepted_answers_a_page() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    let picker = visitor.authorize(TENANT, &ordinary(&app)).await;
    let csrf = picker.values("csrf").pop().expect("a hidden field");
    let stale = visitor.post(&format!("/{TENANT}/login"), format!("interaction=gone&csrf={csrf}&username={ADA}").into_bytes()).await;
    assert_eq!(stale.status, 400);
    assert!(stale.html.contains("<h1>This sign-in is over</h1>"), "{}", stale.html);
    let foreign = visitor.post(&format!("/{TENANT}/login"), b"csrf=guessed".to_vec()).await;
    assert_eq!(foreign.status, 403);
    assert!(foreign.html.contains("<h1>This form was not accepted</h1>"), "{}", foreign.html);
    assert!(foreign.headers.get("content-security-policy").is_some());
}

#[tokio::test]
async fn the_picker_shows_twenty_of_many_and_counts_no_further_than_it_must() {
    let (idp, app) = mock_with_app().await;
    let picker = Visitor::new(&idp).authorize(TENANT, &ordinary(&app)).await;
    assert!(!picker.html.contains("not shown"), "{}", picker.html);
    idp.edit_directory(TENANT, |directory| {
        let many = (0..1_500).map(|number| User::member(format!("user-{number}"), format!("user{number}@abc-insurance.example"), "Many"));
        directory.users.extend(many);
    });
    let mut visitor = Visitor::new(&idp);
    let picker = visitor.authorize(TENANT, &ordinary(&app)).await;
    assert_eq!(picker.values("username").len(), 20);
    assert!(picker.html.contains("More than 1000 more accounts are not shown."), "{}", picker.html);
    let interaction = picker.values("interaction").pop().expect("a hidden field");
    let found = visitor.open(&format!("/{TENANT}/login?interaction={interaction}&search=user149")).await;
    assert_eq!(found.values("username").len(), 11);
    assert!(!found.html.contains("not shown"), "{}", found.html);
}
