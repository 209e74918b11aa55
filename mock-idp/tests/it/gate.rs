use crate::visitor::mock_with_app;

#[tokio::test]
async fn a_foreign_host_name_is_not_answered() {
    let (idp, _) = mock_with_app().await;
    let response = reqwest::Client::new().get(idp.origin()).header("host", "evil.example:8400").send().await.expect("an answer");
    assert_eq!(response.status(), 403);
    assert!(response.text().await.expect("a body").contains("evil.example:8400"));
}

#[tokio::test]
async fn an_oversized_form_is_refused_with_its_limit() {
    let (idp, _) = mock_with_app().await;
    let url = format!("{}/common/oauth2/v2.0/token", idp.origin());
    let response = reqwest::Client::new().post(url).body(vec![b'a'; 300_000]).send().await.expect("an answer");
    assert_eq!(response.status(), 413);
    assert!(response.text().await.expect("a body").contains("262144 bytes"));
}

#[tokio::test]
async fn both_loopback_addresses_answer_and_the_home_page_lists_the_tenants() {
    let (idp, app) = mock_with_app().await;
    let port = idp.origin().rsplit(':').next().expect("a port").to_owned();
    for host in ["127.0.0.1", "[::1]"] {
        let page = reqwest::get(format!("http://{host}:{port}/")).await.expect("an answer").text().await.expect("a body");
        assert!(page.contains("ABC Insurance") && page.contains(&app.app_id), "{host}: {page}");
    }
}
