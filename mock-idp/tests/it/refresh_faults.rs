//! The token endpoint misbehaves on purpose when a refresh token is used.

use mock_idp::{Fault, MockIdp};
use serde_json::Value;

use crate::{
    graph_client::{signed_in, tokens},
    visitor::{self, ADA, OLGA, TENANT},
};

type Form = [(&'static str, String); 4];

/// Ada is signed in; the form is a refresh of hers.
async fn ada_refreshes() -> (MockIdp, Form) {
    let (idp, app, _) = signed_in(ADA, &["User.Read"]).await;
    let first = tokens(&idp, &app, ADA, "openid offline_access User.Read").await;
    let form = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", app.app_id),
        ("client_secret", app.client_secret),
        ("refresh_token", first["refresh_token"].as_str().expect("a refresh token").to_owned()),
    ];
    (idp, form)
}

async fn refresh(idp: &MockIdp, form: &Form) -> (u16, Value) {
    let (status, body) = visitor::token(idp, TENANT, form).await;
    (status.as_u16(), body)
}

#[tokio::test]
async fn each_refusal_has_its_answer_and_tells_the_trace_whose_token_it_was() {
    let (idp, form) = ada_refreshes().await;
    for (fault, status, error, number) in [
        (Fault::RefreshTokenRevoked, 400, "invalid_grant", 50173),
        (Fault::SecondFactorRequired, 400, "interaction_required", 50076),
        (Fault::ConsentWithdrawn, 400, "consent_required", 65001),
        (Fault::RefreshUnavailable, 503, "temporarily_unavailable", 90024),
    ] {
        idp.inject(fault.once().for_user(OLGA));
        assert_eq!(refresh(&idp, &form).await.0, 200, "{fault:?} is for somebody else");
        idp.faults().clear();
        idp.inject(fault.once().for_user(ADA));
        let (answered, body) = refresh(&idp, &form).await;
        assert_eq!((answered, &body["error"], &body["error_codes"][0]), (status, &error.into(), &number.into()), "{fault:?}");
        let event = idp.trace().events().pop().expect("recorded");
        assert!(event.fault == Some(fault) && event.user_id.is_some() && event.flow_id.is_some(), "{event:?}");
        assert_eq!(refresh(&idp, &form).await.0, 200, "{fault:?} leaves the token as it was");
    }
}

#[tokio::test]
async fn an_answer_without_a_refresh_token_leaves_the_old_one_valid() {
    let (idp, form) = ada_refreshes().await;
    idp.inject(Fault::NoRefreshToken.once().for_user(ADA));
    let (status, body) = refresh(&idp, &form).await;
    assert!(status == 200 && body["access_token"].is_string() && body.get("refresh_token").is_none(), "{body}");
    assert!(refresh(&idp, &form).await.1["refresh_token"].is_string());
}

#[tokio::test]
async fn a_used_refresh_token_is_worth_nothing_when_the_fault_asks_for_it() {
    let (idp, form) = ada_refreshes().await;
    idp.inject(Fault::OldRefreshTokenRevoked.once().for_user(ADA));
    assert_eq!(refresh(&idp, &form).await.0, 200);
    assert_eq!(refresh(&idp, &form).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_slow_refresh_is_a_refresh_all_the_same() {
    let (idp, form) = ada_refreshes().await;
    idp.inject(Fault::RefreshSlow.once().for_user(ADA));
    // With nothing else to do, tokio's paused time jumps to the end of the wait.
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    assert_eq!(refresh(&idp, &form).await.0, 200);
    assert!(before.elapsed() >= std::time::Duration::from_secs(5), "{:?}", before.elapsed());
    assert_eq!(idp.trace().events().pop().expect("recorded").fault, Some(Fault::RefreshSlow));
}
