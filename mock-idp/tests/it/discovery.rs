use mock_idp::Fault;
use serde_json::Value;

use crate::visitor::{TENANT, mock_with_app};

async fn get(url: String) -> (reqwest::Response, u16) {
    let response = reqwest::get(url).await.expect("an answer");
    let status = response.status().as_u16();
    (response, status)
}

#[tokio::test]
async fn the_document_of_a_tenant_is_complete_and_in_entras_order() {
    let (idp, _) = mock_with_app().await;
    let (response, _) = get(format!("{}/abc-insurance.example/v2.0/.well-known/openid-configuration", idp.origin())).await;
    assert_eq!(response.headers()["cache-control"], "max-age=86400, private");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let text = response.text().await.expect("a body").replace(idp.origin(), "{origin}");
    insta::assert_snapshot!(text.replace(",\"", ",\n\""));
}

#[tokio::test]
async fn common_publishes_an_issuer_with_literal_braces() {
    let (idp, _) = mock_with_app().await;
    let (response, _) = get(format!("{}/common/v2.0/.well-known/openid-configuration?appid=x", idp.origin())).await;
    let document: Value = response.json().await.expect("JSON");
    assert_eq!(document["issuer"], format!("{}/{{tenantid}}/v2.0", idp.origin()));
    assert_eq!(document["tenant_region_scope"], Value::Null);
}

#[tokio::test]
async fn issuer_and_endpoints_follow_the_origin_that_was_asked() {
    let (idp, _) = mock_with_app().await;
    let authority = reqwest::Certificate::from_pem(idp.ca_pem().as_bytes()).expect("a certificate");
    let client = reqwest::Client::builder().add_root_certificate(authority).build().expect("a client");
    let url = format!("{}/{TENANT}//v2.0/.well-known/openid-configuration", idp.https_origin());
    let document: Value = client.get(url).send().await.expect("TLS with the local authority").json().await.expect("JSON");
    assert_eq!(document["issuer"], format!("{}/{TENANT}/v2.0", idp.https_origin()));
    assert_eq!(document["jwks_uri"], format!("{}/{TENANT}/discovery/v2.0/keys", idp.https_origin()));
}

#[tokio::test]
async fn an_unknown_tenant_is_invalid_tenant_in_metadata_and_at_the_keys() {
    let (idp, _) = mock_with_app().await;
    for tenant in ["nowhere.example", "00000000-1111-2222-3333-444444444444", "test"] {
        for path in ["v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"] {
            let (response, status) = get(format!("{}/{tenant}/{path}", idp.origin())).await;
            let body: Value = response.json().await.expect("JSON");
            let said = (status, &body["error"], &body["error_codes"][0]);
            assert_eq!(said, (400, &"invalid_tenant".into(), &90002.into()), "{tenant}/{path}");
        }
    }
}

#[tokio::test]
async fn the_key_set_holds_several_keys_and_no_alg() {
    let (idp, _) = mock_with_app().await;
    let (response, _) = get(format!("{}/{TENANT}/discovery/v2.0/keys", idp.origin())).await;
    let set: Value = response.json().await.expect("JSON");
    let keys = set["keys"].as_array().expect("a list");
    assert!(keys.len() >= 2);
    for key in keys {
        assert_eq!((&key["kty"], &key["use"], &key["e"]), (&"RSA".into(), &"sig".into(), &"AQAB".into()));
        assert_eq!(key["kid"], key["x5t"]);
        assert_eq!(key["issuer"], format!("{}/{TENANT}/v2.0", idp.origin()));
        assert!(key.get("alg").is_none() && key["x5c"].as_array().is_some_and(|chain| chain.len() == 1));
    }
}

#[tokio::test]
async fn faults_of_discovery_and_keys_strike_once() {
    let (idp, _) = mock_with_app().await;
    idp.inject(Fault::ForeignIssuerInDiscovery.once());
    idp.inject(Fault::KeysUnavailable.once());
    let document = format!("{}/{TENANT}/v2.0/.well-known/openid-configuration", idp.origin());
    let foreign: Value = get(document.clone()).await.0.json().await.expect("JSON");
    let own: Value = get(document).await.0.json().await.expect("JSON");
    assert_ne!(foreign["issuer"], own["issuer"]);
    let keys = format!("{}/{TENANT}/discovery/v2.0/keys", idp.origin());
    assert_eq!((get(keys.clone()).await.1, get(keys).await.1), (503, 200));
}

#[tokio::test]
async fn instance_discovery_knows_its_own_host_only() {
    let (idp, _) = mock_with_app().await;
    let here = idp.origin();
    let ask =
        |host: &str| format!("{here}/common/discovery/instance?api-version=1.1&authorization_endpoint={host}/common/oauth2/v2.0/authorize");
    let known: Value = get(ask(here)).await.0.json().await.expect("JSON");
    assert_eq!(known["metadata"][0]["aliases"][0], here.trim_start_matches("http://"));
    let without_port: Value = get(ask("https://localhost")).await.0.json().await.expect("JSON");
    assert_eq!(without_port["metadata"], known["metadata"]);
    for malformed in [ask("nonsense"), format!("{here}/common/discovery/instance?authorization_endpoint={here}")] {
        let (response, status) = get(malformed).await;
        let body: Value = response.json().await.expect("JSON");
        assert_eq!((status, &body["error_codes"][0]), (400, &50050.into()), "{body}");
    }
    let (response, status) = get(ask("https://login.evil.example")).await;
    let unknown: Value = response.json().await.expect("JSON");
    assert_eq!((status, &unknown["error"], &unknown["error_codes"][0]), (400, &"invalid_instance".into(), &50049.into()));
}

#[tokio::test]
async fn what_single_page_apps_need_is_open_to_scripts_errors_too() {
    let (idp, _) = mock_with_app().await;
    let client = reqwest::Client::new();
    let paths = [
        format!("/{TENANT}/v2.0/.well-known/openid-configuration"),
        "/nowhere.example/v2.0/.well-known/openid-configuration".to_owned(),
        format!("/{TENANT}/discovery/v2.0/keys"),
        "/common/discovery/instance".to_owned(),
        format!("/{TENANT}/oauth2/v2.0/token"),
        format!("/{TENANT}/oauth2/v2.0/devicecode"),
    ];
    for path in paths {
        let url = format!("{}{path}", idp.origin());
        let answer = client.get(&url).header("origin", "http://spa.example").send().await.expect("an answer");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{path}");
        let preflight = client
            .request(reqwest::Method::OPTIONS, &url)
            .header("origin", "http://spa.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "client-request-id");
        let preflight = preflight.send().await.expect("an answer");
        assert_eq!(preflight.status(), 204, "{path}");
        let allowed = |name: &str| preflight.headers()[name].to_str().expect("text").to_owned();
        assert!(allowed("access-control-allow-origin") == "*" && allowed("access-control-allow-methods").contains("POST"));
        assert_eq!(allowed("access-control-allow-headers"), "client-request-id");
    }
    // Pages and what a cookie opens are not.
    for path in [format!("/{TENANT}/oauth2/v2.0/authorize"), format!("/{TENANT}/oauth2/v2.0/logout"), "/".to_owned()] {
        let answer = client.get(format!("{}{path}", idp.origin())).header("origin", "http://spa.example").send().await.expect("an answer");
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{path}");
    }
}

#[tokio::test]
async fn the_advertised_device_code_endpoint_says_that_it_is_not_implemented() {
    let (idp, app) = mock_with_app().await;
    let (response, _) = get(format!("{}/{TENANT}/v2.0/.well-known/openid-configuration", idp.origin())).await;
    let document: Value = response.json().await.expect("JSON");
    let ask = async |url: &str| {
        let form = [("client_id", app.app_id.as_str()), ("scope", "openid")];
        let response = reqwest::Client::new().post(url).form(&form).send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.expect("JSON"))
    };
    let (status, body) = ask(document["device_authorization_endpoint"].as_str().expect("a URL")).await;
    assert_eq!((status, &body["error"], &body["error_codes"][0]), (400, &"unsupported_grant_type".into(), &70003.into()));
    assert!(body["error_description"].as_str().is_some_and(|text| text.contains("does not implement it yet")), "{body}");
    let (status, body) = ask(document["kerberos_endpoint"].as_str().expect("a URL")).await;
    assert_eq!((status, &body["error"]), (400, &"invalid_request".into()));
    let (status, body) = ask(&format!("{}/nowhere.example/oauth2/v2.0/devicecode", idp.origin())).await;
    assert_eq!((status, &body["error_codes"][0]), (400, &90002.into()));
}

#[tokio::test]
async fn the_page_of_an_error_uri_explains_its_number() {
    let (idp, _) = mock_with_app().await;
    let (response, status) = get(format!("{}/error?code=7000215", idp.origin())).await;
    let page = response.text().await.expect("a page");
    assert!(status == 200 && page.contains("AADSTS7000215") && page.contains("invalid_client") && page.contains("{client id}"), "{page}");
    let (response, status) = get(format!("{}/error?code=%3Cscript%3E123456789012345", idp.origin())).await;
    let page = response.text().await.expect("a page");
    assert!(status == 404 && !page.contains("<script") && page.contains("AADSTS1234567890"), "{page}");
    assert_eq!(get(format!("{}/error", idp.origin())).await.1, 404);
}
