//! GET|POST /portal/faults

use mock_idp::{Directory, Fault, MockIdp};
use reqwest::StatusCode;

use crate::{
    portal_guest::PortalGuest,
    visitor::{ADA, OLGA},
};

async fn mock() -> MockIdp {
    MockIdp::builder().directory(Directory::abc_insurance()).with_control_api().start().await.expect("a mock")
}

#[tokio::test]
async fn a_fault_is_put_in_force_for_a_person_and_cleared() {
    let idp = mock().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let page = guest.open("/portal/faults").await;
    assert!(page.text("section[aria-labelledby='in-force']").contains("the provider is honest"), "{}", page.html);
    assert_eq!(page.texts("select[name='fault'] option").len(), Fault::ALL.len());
    let page = guest.send(&page, "/portal/faults", &[("fault", "missingNonce"), ("username", ADA), ("times", "always")]).await;
    assert!(page.text(".notice").contains(&format!("In force: missingNonce, until it is cleared, for {ADA}.")), "{}", page.html);
    assert!(page.text("section[aria-labelledby='in-force']").contains("no nonce although the app sent one"));
    let active = idp.faults().list();
    assert_eq!((active.len(), &active[0].injection), (1, &Fault::MissingNonce.always().for_user(ADA)));
    let page = guest.send(&page, "/portal/faults/clear", &[]).await;
    assert!(page.text("section[aria-labelledby='in-force']").contains("the provider is honest") && idp.faults().list().is_empty());
}

#[tokio::test]
async fn a_person_whom_nobody_knows_and_a_fault_that_does_not_exist_are_refused() {
    let idp = mock().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let page = guest.open("/portal/faults").await;
    for (name, value, reason) in [("username", "nobody@abc.example", "would never strike"), ("fault", "nonsense", "Choose one")] {
        let again = guest.send(&page, "/portal/faults", &[(name, value)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text(".summary").contains(reason) && idp.faults().list().is_empty(), "{}", again.html);
    }
}

#[tokio::test]
async fn a_link_chooses_a_fault_and_changes_nothing() {
    let idp = mock().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let page = guest.open("/portal/faults?fault=graphThrottled&times=always").await;
    assert_eq!(page.values("select[name='fault'] option[selected]"), ["graphThrottled"]);
    assert_eq!(page.values("input[name='times'][checked]"), ["always"]);
    assert!(idp.faults().list().is_empty());
    // One click is left.
    guest.send(&page, "/portal/faults", &[]).await;
    assert_eq!(idp.faults().list()[0].injection, Fault::GraphThrottled.always());

    let page = guest.open("/portal/faults?fault=%3Cb%3Enonsense").await;
    assert!(page.text(".summary").contains("There is no fault '<b>nonsense'"), "{}", page.html);
}

#[tokio::test]
async fn while_an_app_is_graded_there_is_no_such_page() {
    let idp = MockIdp::builder().directory(Directory::abc_insurance()).start().await.expect("a mock");
    idp.inject(Fault::Expired.always());
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    assert_eq!(guest.open("/portal/faults").await.status, StatusCode::NOT_FOUND);
    let help = guest.open("/portal/help").await;
    assert!(!help.html.contains("/portal/faults"));
    // The token of a form that there is, sent to this page.
    let csrf = help.values("input[name='csrf']").remove(0);
    for path in ["/portal/faults/clear", "/portal/faults"] {
        let answer = reqwest::Client::new()
            .post(format!("{}{path}", idp.origin()))
            .header("Origin", idp.origin())
            .header("Cookie", guest.cookie())
            .form(&[("csrf", csrf.as_str()), ("fault", "wrongNonce")])
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(idp.faults().list().len(), 1);
}
