//! The portal's frame and its security layer: who gets in, and which forms count.

use reqwest::{Client, RequestBuilder, Response, StatusCode, header, redirect::Policy};

use crate::{
    portal_guest::PortalGuest,
    visitor::{ADA, OLGA, mock_with_app},
};

fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().expect("a client")
}

async fn send(request: RequestBuilder) -> Response {
    request.send().await.expect("an answer")
}

fn location(response: &Response) -> &str {
    response.headers().get(header::LOCATION).expect("a redirect").to_str().expect("text")
}

async fn is_signed_in(guest: &mut PortalGuest) -> bool {
    !guest.open("/portal").await.url.contains("/portal/sign-in")
}

#[tokio::test]
async fn nobody_sees_a_page_without_signing_in_and_afterwards_is_taken_where_he_wanted_to_go() {
    let (idp, _) = mock_with_app().await;
    let response = send(client().get(format!("{}/portal/help?x=1", idp.origin()))).await;
    assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/portal/sign-in?return=%2Fportal%2Fhelp%3Fx%3D1"));
    let mut guest = PortalGuest::new(&idp);
    let page = guest.open("/portal/help").await;
    let page = guest.send(&page, "/portal/sign-in", &[("username", OLGA)]).await;
    assert!(page.url.ends_with("/portal/help") && page.html.contains("<title>Help - ABC Insurance practice directory</title>"));
}

#[tokio::test]
async fn the_account_page_offers_an_administrator_and_somebody_who_is_none() {
    let (idp, _) = mock_with_app().await;
    let page = PortalGuest::new(&idp).open("/portal/sign-in").await;
    let offered = page.values("button[name='username']");
    assert!(offered.contains(&OLGA.to_owned()) && offered.contains(&ADA.to_owned()), "{offered:?}");
    assert_eq!(offered.first().map(String::as_str), Some(OLGA));
}

#[tokio::test]
async fn an_unknown_or_disabled_account_is_refused_with_what_was_typed() {
    let (idp, _) = mock_with_app().await;
    for (typed, reason) in
        [("nobody@abc-insurance.example", "No tenant has an account"), ("dora.disabled@abc-insurance.example", "is disabled")]
    {
        let mut guest = PortalGuest::new(&idp);
        let page = guest.open("/portal/sign-in").await;
        let page = guest.send(&page, "/portal/sign-in", &[("username", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.html.contains(reason) && page.values("input[name='username']") == [typed], "{typed}: {}", page.html);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let (idp, _) = mock_with_app().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let (cookie, page) = (guest.cookie().to_owned(), guest.open("/portal").await);
    guest.send(&page, "/portal/sign-out", &[]).await;
    let response = send(client().get(format!("{}/portal", idp.origin())).header(header::COOKIE, cookie)).await;
    assert!(location(&response).starts_with("/portal/sign-in"));
}

#[tokio::test]
async fn forms_from_elsewhere_are_refused_and_change_nothing() {
    let (idp, _) = mock_with_app().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let page = guest.open("/portal").await;
    let csrf = page.values("form[action='/portal/sign-out'] input[name='csrf']").remove(0);
    let url = format!("{}/portal/sign-out", idp.origin());
    let cookie = guest.cookie();
    let post = || client().post(&url).header(header::COOKIE, &cookie);
    let port = idp.origin().rsplit(':').next().expect("a port").to_owned();
    let with_token = [("csrf", csrf.as_str())];
    // The right cookie and token, but another page's: a learner's app on another port is the same site to a browser.
    for origin in [
        "http://localhost:5000",
        "http://evil.example",
        "null",
        "",
        &format!("http://127.0.0.1:{port}"),
        &format!("https://localhost:{port}"),
    ] {
        assert_eq!(send(post().header(header::ORIGIN, origin).form(&with_token)).await.status(), 403, "origin '{origin}'");
    }
    assert_eq!(send(post().form(&with_token)).await.status(), 403, "no origin");
    let ours = || post().header(header::ORIGIN, idp.origin());
    for token in ["", "guessed"] {
        assert_eq!(send(ours().form(&[("csrf", token)])).await.status(), 403, "token '{token}'");
    }
    assert_eq!(send(ours().form(&[("other", "field")])).await.status(), 403, "no token");
    assert_eq!(send(ours().json(&with_token)).await.status(), 415);
    let without_cookie = client().post(&url).header(header::ORIGIN, idp.origin()).form(&with_token);
    assert_eq!(send(without_cookie).await.status(), 403, "no cookie");
    assert!(is_signed_in(&mut guest).await, "still signed in");
    assert_eq!(send(ours().form(&with_token)).await.status(), StatusCode::SEE_OTHER, "the same with origin and token");
    assert!(!is_signed_in(&mut guest).await, "signed out at last");
}

#[tokio::test]
async fn a_form_address_is_not_read_and_a_foreign_host_is_not_answered() {
    let (idp, _) = mock_with_app().await;
    let guest = PortalGuest::signed_in(&idp, OLGA).await;
    let get = |path: &str| client().get(format!("{}{path}", idp.origin())).header(header::COOKIE, guest.cookie());
    assert_eq!(send(get("/portal/sign-out")).await.status(), 405);
    assert_eq!(send(get("/portal/theme")).await.status(), 405);
    for path in ["/portal", "/portal/sign-in"] {
        let response = send(get(path).header(header::HOST, "evil.example:8400")).await;
        assert_eq!(response.status(), 421);
        assert!(!response.text().await.expect("a body").contains("evil"));
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let (idp, _) = mock_with_app().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    for path in ["/portal", "/portal/sign-in", "/portal/nothing/here", "/portal/sign-out"] {
        let response = guest.get(path).await;
        let header = |name: &str| response.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(header("cache-control"), "no-store", "{path}");
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'") && policy.contains("base-uri 'none'"));
        assert_eq!((header("referrer-policy").as_str(), header("x-content-type-options").as_str()), ("strict-origin", "nosniff"), "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
    }
    assert_eq!(guest.get("/portal/nothing/here").await.status, 404);
}

#[tokio::test]
async fn stylesheet_and_script_are_found_under_the_names_that_the_page_gives() {
    let (idp, _) = mock_with_app().await;
    let page = PortalGuest::new(&idp).open("/portal/sign-in").await;
    for (selector, attribute, content_type) in [("link[rel='stylesheet']", "href", "text/css"), ("script", "src", "text/javascript")] {
        let path = page.attributes(selector, attribute).remove(0);
        let response = send(client().get(format!("{}{path}", idp.origin()))).await;
        assert_eq!(response.status(), 200, "{path}");
        assert!(response.headers()["content-type"].to_str().expect("text").starts_with(content_type));
        assert!(response.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    }
    assert_eq!(send(client().get(format!("{}/portal/assets/portal.0000000000000000.css", idp.origin()))).await.status(), 404);
}

#[tokio::test]
async fn the_theme_is_kept_and_the_page_comes_back() {
    let (idp, _) = mock_with_app().await;
    let mut guest = PortalGuest::signed_in(&idp, OLGA).await;
    let page = guest.open("/portal/help").await;
    assert!(!page.html.contains("data-theme"));
    let page = guest.send(&page, "/portal/theme", &[("theme", "dark")]).await;
    assert!(page.url.ends_with("/portal/help") && page.html.contains("data-theme=\"dark\""));
    let away = guest.send(&page, "/portal/theme", &[("theme", "light"), ("return", "https://evil.example/")]).await;
    assert_eq!(away.url, format!("{}/portal", idp.origin()));
}
