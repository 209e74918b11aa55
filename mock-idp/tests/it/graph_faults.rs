//! Graph misbehaves on purpose.

use mock_idp::Fault;
use serde_json::Value;

use crate::{
    graph_client::{Reply, access_token, get, signed_in},
    visitor::{ADA, OLGA, TENANT},
};

const NILS: &str = "nils.norole@abc-insurance.example";

fn ids(reply: &Reply) -> Vec<String> {
    let entries = reply.body["value"].as_array().unwrap_or_else(|| panic!("no list: {}", reply.body));
    entries.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_throttled_app_is_refused_until_the_time_has_passed() {
    let (idp, app, token) = signed_in(ADA, &["User.Read"]).await;
    let other = access_token(&idp, &app, NILS, "openid User.Read").await;
    idp.clock().freeze();
    idp.inject(Fault::GraphThrottled.once().for_user(ADA));
    for _ in 0..3 {
        let reply = get(&idp, "/v1.0/me", &token).await;
        assert_eq!((reply.refusal().0, &reply.headers["retry-after"]), (429, &"1".parse().expect("a header")));
    }
    assert_eq!(get(&idp, "/v1.0/me", &other).await.status, 200, "another user is not in the way");
    idp.clock().advance(time::Duration::seconds(1));
    assert_eq!(get(&idp, "/v1.0/me", &token).await.status, 200);
}

#[tokio::test]
async fn a_claims_challenge_holds_the_claims_for_the_next_request() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    idp.inject(Fault::GraphClaimsChallenge.once());
    let reply = get(&idp, "/v1.0/me", &token).await;
    assert_eq!((reply.refusal().0, reply.refusal().1), (401, "InvalidAuthenticationToken"));
    let challenge = reply.headers["www-authenticate"].to_str().expect("ASCII");
    assert!(challenge.contains(r#"error="insufficient_claims""#), "{challenge}");
    let claims = challenge.split("claims=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("claims");
    let claims: Value = serde_json::from_slice(&STANDARD.decode(claims).expect("base64")).expect("JSON");
    assert_eq!(claims["access_token"]["nbf"]["essential"], true);
    assert_eq!(get(&idp, "/v1.0/me", &token).await.status, 200);
}

#[tokio::test]
async fn an_opaque_token_is_no_jwt_and_graph_takes_it() {
    let (idp, app, _) = signed_in(ADA, &["User.Read"]).await;
    idp.inject(Fault::OpaqueAccessToken.once().for_user(ADA));
    let opaque = access_token(&idp, &app, ADA, "openid User.Read").await;
    assert!(!opaque.contains('.'), "{opaque}");
    let reply = get(&idp, "/v1.0/me", &opaque).await;
    assert_eq!((reply.status.as_u16(), &reply.body["userPrincipalName"]), (200, &ADA.into()));
    let changed = format!("{}A", &opaque[..opaque.len() - 1]);
    assert_ne!(changed, opaque);
    assert_eq!(get(&idp, "/v1.0/me", &changed).await.refusal().0, 401);
    assert!(access_token(&idp, &app, ADA, "openid User.Read").await.contains('.'));
}

#[tokio::test]
async fn a_list_comes_in_short_pages_when_the_fault_asks_for_it() {
    let (idp, _, token) = signed_in(OLGA, &["User.Read.All"]).await;
    idp.inject(Fault::GraphNextPage.always());
    let (mut next, mut pages, mut seen) = (Some("/v1.0/users?$select=id".to_owned()), Vec::new(), Vec::new());
    while let Some(path) = next {
        let reply = get(&idp, &path, &token).await;
        let page = ids(&reply);
        pages.push(page.len());
        seen.extend(page);
        next = reply.body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(pages, [2; 6]);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 12);
}

#[tokio::test]
async fn a_slow_answer_is_an_answer_all_the_same() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    idp.inject(Fault::GraphSlow.once());
    // With nothing else to do, tokio's paused time jumps to the end of the wait.
    tokio::time::pause();
    let before = tokio::time::Instant::now();
    assert_eq!(get(&idp, "/v1.0/me", &token).await.status, 200);
    assert!(before.elapsed() >= std::time::Duration::from_secs(5), "{:?}", before.elapsed());
    let event = idp.trace().events().pop().expect("recorded");
    assert_eq!(event.fault, Some(Fault::GraphSlow));
}

#[tokio::test]
async fn a_photo_that_is_there_is_missing_when_the_fault_strikes() {
    /// A PNG of one pixel.
    const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
        \0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("a persona").id.clone();
        directory.put_photo(&ada, PIXEL).expect("a photo");
    });
    idp.inject(Fault::PhotoMissing.once());
    let missing = get(&idp, "/v1.0/me/photo", &token).await;
    assert_eq!((missing.refusal().0, missing.refusal().1), (404, "ImageNotFound"));
    assert_eq!(get(&idp, "/v1.0/me/photo", &token).await.status, 200);
}
