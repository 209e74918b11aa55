use crate::visitor::{ADA, OLGA, TENANT, Visitor, but, mock_with_app, ordinary};

fn logout(query: &str) -> String {
    format!("/{TENANT}/oauth2/v2.0/logout?{query}")
}

#[tokio::test]
async fn sign_out_ends_the_session_and_returns_to_a_registered_address() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    visitor.sign_in(&ordinary(&app), ADA).await;
    let back = visitor.open(&logout("post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A5000%2F&state=s1")).await;
    assert_eq!(back.location.as_ref().map(url::Url::as_str), Some("http://localhost:5000/?state=s1"));
    let next = visitor.authorize(TENANT, &but(ordinary(&app), "prompt", "none")).await;
    assert_eq!(next.query("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn an_unregistered_address_is_not_returned_to() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    visitor.sign_in(&ordinary(&app), ADA).await;
    let page = visitor.open(&logout("post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F")).await;
    assert!(page.location.is_none() && page.html.contains(ADA), "{}", page.html);
}

#[tokio::test]
async fn of_several_accounts_the_user_says_which_one_leaves() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    visitor.sign_in(&ordinary(&app), ADA).await;
    let picker = visitor.authorize(TENANT, &but(ordinary(&app), "prompt", "select_account")).await;
    let consent = visitor.answer(&picker, "/login", &[("username", OLGA)]).await;
    visitor.answer(&consent, "/consent", &[("consent", "accept")]).await;
    let which = visitor.open(&logout("")).await;
    assert_eq!(which.values("username"), [ADA, OLGA]);
    visitor.answer(&which, "/logout", &[("username", ADA)]).await;
    // One is left: no picker.
    assert!(visitor.authorize(TENANT, &ordinary(&app)).await.query("code").is_some());
}

#[tokio::test]
async fn a_hint_that_fits_nobody_leaves_the_choice_to_the_user() {
    let (idp, app) = mock_with_app().await;
    let mut visitor = Visitor::new(&idp);
    visitor.sign_in(&ordinary(&app), ADA).await;
    let picker = visitor.authorize(TENANT, &but(ordinary(&app), "prompt", "select_account")).await;
    let consent = visitor.answer(&picker, "/login", &[("username", OLGA)]).await;
    visitor.answer(&consent, "/consent", &[("consent", "accept")]).await;
    let which = visitor.open(&logout("logout_hint=nobody%40abc-insurance.example&state=%22%3E")).await;
    // An answer that names nobody either brings the page again, without the fields of the first answer in its address.
    let again = visitor.answer(&which, "/logout", &[("username", "somebody")]).await;
    assert!(again.values("username") == [ADA, OLGA] && !again.html.contains("csrf="), "{}", again.html);
    let left = visitor.answer(&again, "/logout", &[("username", OLGA)]).await;
    assert!(left.html.contains(OLGA) && left.html.contains("You signed out"), "{}", left.html);
}
