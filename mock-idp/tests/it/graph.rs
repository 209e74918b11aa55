use mock_idp::{Fault, MockIdp, directory::Registration};
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, access_token, app_only, get, grant, tokens},
    visitor::{ADA, TENANT, claims, mock_with_app},
};

const BEN: &str = "ben.client_mail.example#EXT#@abc-insurance.example";
const OMAR: &str = "omar.overage@abc-insurance.example";

/// A mock and Ada's token with User.Read.
async fn ada() -> (MockIdp, Registration, String) {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, ADA, "openid profile User.Read").await;
    (idp, app, token)
}

#[tokio::test]
async fn me_is_the_signed_in_user_with_graphs_default_properties() {
    let (idp, _, token) = ada().await;
    let reply = get(&idp, "/v1.0/me", &token).await;
    assert_eq!(reply.status, 200);
    insta::assert_snapshot!(serde_json::to_string_pretty(&reply.body).expect("JSON"), @r#"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
      "businessPhones": [
        "+1 555 0100"
      ],
      "displayName": "Ada Adjuster",
      "givenName": "Ada",
      "id": "2e7abed5-658e-430d-8569-80bb0977e471",
      "jobTitle": "Claims adjuster",
      "mail": "ada.adjuster@abc-insurance.example",
      "mobilePhone": "+1 555 0101",
      "officeLocation": "North",
      "preferredLanguage": "en-US",
      "surname": "Adjuster",
      "userPrincipalName": "ada.adjuster@abc-insurance.example"
    }
    "#);
    let beta = get(&idp, "/beta/me", &token).await;
    assert_eq!(beta.body["@odata.context"], "https://graph.microsoft.com/beta/$metadata#users/$entity");
}

#[tokio::test]
async fn select_shows_what_it_names_and_refuses_what_a_user_does_not_have() {
    let (idp, _, token) = ada().await;
    let reply = get(&idp, "/v1.0/me?$select=displayName,accountEnabled,otherMails", &token).await;
    let context = "https://graph.microsoft.com/v1.0/$metadata#users(displayName,accountEnabled,otherMails)/$entity";
    let expected = json!({ "@odata.context": context, "displayName": "Ada Adjuster", "accountEnabled": true, "otherMails": [] });
    assert_eq!(reply.body, expected);
    for secret in ["passwordHash", "directoryRoles", "colour"] {
        let reply = get(&idp, &format!("/v1.0/me?$select={secret}"), &token).await;
        let (status, code, message) = reply.refusal();
        assert_eq!((status, code), (400, "BadRequest"));
        assert!(message.ends_with(&format!("Could not find a property named '{secret}' on type 'microsoft.graph.user'.")), "{message}");
    }
}

#[tokio::test]
async fn answers_carry_graphs_headers_and_echo_the_callers_id() {
    let (idp, _, token) = ada().await;
    let own = "4f2d7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6";
    let request = Client::new().get(format!("{}/graph/v1.0/me", idp.origin())).bearer_auth(&token);
    let reply = Reply::of(request.header("client-request-id", own).send().await.expect("an answer")).await;
    assert_eq!(
        reply.headers["content-type"],
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"
    );
    assert_eq!(
        (&reply.headers["odata-version"], &reply.headers["client-request-id"]),
        (&"4.0".parse().expect("a header"), &own.parse().expect("a header"))
    );
    assert!(reply.headers["x-ms-ags-diagnostic"].to_str().expect("text").starts_with(r#"{"ServerInfo":"#));
    assert_ne!(reply.headers["request-id"], own);
    let without = get(&idp, "/v1.0/me", &token).await;
    assert_eq!(without.headers["client-request-id"], without.headers["request-id"]);
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused_with_its_own_message() {
    let (idp, app, good) = ada().await;
    let body = tokens(&idp, &app, ADA, "openid profile").await;
    let id_token = body["id_token"].as_str().expect("an ID token");
    let (signed, _) = good.rsplit_once('.').expect("three parts");
    let (_, other_signature) = id_token.rsplit_once('.').expect("three parts");
    let cases = [
        ("", "Access token is empty."),
        ("0f6e2c8a-opaque", "IDX14100: JWT is not well formed, there are no dots (.)."),
        ("a.b.c", "CompactToken parsing failed with error code: 80049217"),
        (&format!("{signed}.{other_signature}"), "Access token validation failure. Invalid signature."),
        (id_token, "Access token validation failure. Invalid audience."),
    ];
    for (token, message) in cases {
        let reply = get(&idp, "/v1.0/me", token).await;
        assert_eq!(reply.refusal(), (401, "InvalidAuthenticationToken", message));
        assert_eq!(reply.headers["content-type"], "application/json");
        let challenge = reply.headers["www-authenticate"].to_str().expect("text");
        assert!(challenge.starts_with(r#"Bearer realm="", authorization_uri="http://localhost:"#), "{challenge}");
        let inner = &reply.body["error"]["innerError"];
        assert!(inner["request-id"].is_string() && inner["client-request-id"].is_string() && inner["date"].is_string(), "{inner}");
    }
    idp.clock().advance(time::Duration::minutes(59));
    assert_eq!(get(&idp, "/v1.0/me", &good).await.status, 200);
    idp.clock().advance(time::Duration::minutes(2));
    let expired = get(&idp, "/v1.0/me", &good).await;
    assert_eq!(expired.refusal(), (401, "InvalidAuthenticationToken", "Access token has expired or is not yet valid."));
}

#[tokio::test]
async fn a_token_issued_over_http_is_good_over_https() {
    let (idp, _, token) = ada().await;
    let authority = Certificate::from_pem(idp.ca_pem().as_bytes()).expect("a certificate");
    let client = Client::builder().add_root_certificate(authority).build().expect("a client");
    let url = format!("{}/graph/v1.0/me", idp.https_origin());
    assert_eq!(client.get(url).bearer_auth(token).send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn users_need_a_permission_beyond_the_own_profile() {
    let (idp, app, token) = ada().await;
    let refused = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    assert_eq!(get(&idp, "/v1.0/users", &token).await.refusal(), refused);
    assert_eq!(get(&idp, "/v1.0/users/nils.norole@abc-insurance.example", &token).await.refusal(), refused);
    // The own profile is open by either name.
    let me = get(&idp, "/v1.0/me", &token).await.body;
    for key in [me["id"].as_str().expect("an id"), ADA] {
        assert_eq!(get(&idp, &format!("/v1.0/users/{key}"), &token).await.body["id"], me["id"]);
    }
    // The failed check is in the trace, with what would have been enough.
    let event = idp.trace().events().into_iter().find(|event| event.url == "/graph/v1.0/users").expect("recorded");
    let failed = event.checks.iter().find(|check| check.id == "permission").expect("checked");
    assert_eq!(
        failed.expected.as_deref(),
        Some(
            "one of User.ReadBasic.All, User.Read.All, User.ReadWrite.All, Directory.Read.All, Directory.ReadWrite.All, Directory.AccessAsUser.All"
        )
    );
    assert_eq!(failed.received.as_deref(), Some("User.Read openid profile"));

    let basic = access_token(&idp, &app, ADA, "openid profile User.ReadBasic.All").await;
    let nils = get(&idp, "/v1.0/users/NILS.norole@abc-insurance.example", &basic).await;
    assert_eq!((&nils.body["displayName"], &nils.body["jobTitle"]), (&json!("Nils Norole"), &Value::Null));
    let unknown = get(&idp, "/v1.0/users/nobody@abc-insurance.example", &basic).await;
    let message =
        "Resource 'nobody@abc-insurance.example' does not exist or one of its queried reference-property objects are not present.";
    assert_eq!(unknown.refusal(), (404, "Request_ResourceNotFound", message));
    let guest = get(&idp, &format!("/v1.0/users/{}", BEN.replace('#', "%23")), &basic).await;
    assert_eq!(guest.body["displayName"], "Ben Carter");
}

#[tokio::test]
async fn the_list_of_users_comes_in_pages() {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, ADA, "openid User.ReadBasic.All").await;
    let mut next = Some("/v1.0/users?$top=5&$select=userPrincipalName".to_owned());
    let (mut names, mut sizes) = (Vec::new(), Vec::new());
    while let Some(path) = next {
        let reply = get(&idp, &path, &token).await;
        assert_eq!(reply.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#users(userPrincipalName)");
        let page = reply.body["value"].as_array().expect("a list").clone();
        sizes.push(page.len());
        names.extend(page.iter().map(|user| user["userPrincipalName"].as_str().expect("a name").to_owned()));
        next = reply.body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!((sizes, names.len()), (vec![5, 5, 2], 12));
    assert!(names.contains(&BEN.to_owned()));
    let too_many = get(&idp, "/v1.0/users?$top=1000", &token).await;
    assert_eq!(
        too_many.refusal(),
        (400, "Request_BadRequest", "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive.")
    );
    let skipped = get(&idp, "/v1.0/users?$skip=5", &token).await;
    assert_eq!(skipped.refusal(), (400, "Request_BadRequest", "'$skip' is not supported by the service."));
    assert_eq!(get(&idp, "/v1.0/users?$select=aboutMe", &token).await.status, 501);
}

#[tokio::test]
async fn a_filter_finds_a_user_by_name_and_the_next_link_keeps_it() {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, ADA, "openid User.ReadBasic.All").await;
    let found = get(&idp, "/v1.0/users?$filter=userPrincipalName eq 'ADA.Adjuster@abc-insurance.example'&$select=id", &token).await;
    assert_eq!(found.body["value"].as_array().map(Vec::len), Some(1), "{}", found.body);
    let first = get(&idp, "/v1.0/users?$filter=displayName ge 'A'&$top=3&$select=id", &token).await;
    let next = first.body["@odata.nextLink"].as_str().expect("more than three");
    assert!(next.contains("$filter=displayName%20ge%20%27A%27&$top=3&$select=id&$skiptoken="), "{next}");
    assert_eq!(get(&idp, next, &token).await.body["value"].as_array().map(Vec::len), Some(3));
    let other_list = next.replace("%27A%27", "%27B%27");
    assert_eq!(get(&idp, &other_list, &token).await.refusal(), (400, "BadRequest", "Skip token is not valid."));
}

#[tokio::test]
async fn a_count_needs_eventual_consistency() {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, ADA, "openid User.ReadBasic.All").await;
    let refused = get(&idp, "/v1.0/users/$count", &token).await;
    assert_eq!(refused.refusal(), (400, "Request_BadRequest", "$count is not currently supported."));
    let eventual = async |path: &str| {
        let request = Client::new().get(format!("{}/graph{path}", idp.origin())).bearer_auth(&token);
        Reply::of(request.header("consistencylevel", "eventual").send().await.expect("an answer")).await
    };
    let counted = eventual("/v1.0/users/$count").await;
    assert_eq!((&counted.headers["content-type"], counted.body), (&"text/plain".parse().expect("a header"), json!(12)));
    assert_eq!(eventual("/v1.0/users?$count=true&$top=1").await.body["@odata.count"], 12);
    assert_eq!(get(&idp, "/v1.0/users?$count=true&$top=1", &token).await.body.get("@odata.count"), None);
}

#[tokio::test]
async fn a_guest_may_not_list_users() {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, BEN, "openid User.Read User.ReadBasic.All").await;
    assert_eq!(get(&idp, "/v1.0/me", &token).await.body["userPrincipalName"], BEN);
    assert_eq!(get(&idp, "/v1.0/users", &token).await.refusal().1, "Authorization_RequestDenied");
}

#[tokio::test]
async fn memberships_have_no_names_with_user_read_alone() {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, "ines.analyst@abc-insurance.example", "openid User.Read").await;
    let reply = get(&idp, "/v1.0/me/memberOf", &token).await;
    assert_eq!(reply.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#directoryObjects");
    let [group] = reply.body["value"].as_array().expect("a list").as_slice() else { panic!("one group expected: {}", reply.body) };
    assert_eq!((&group["@odata.type"], group["id"].is_string()), (&json!("#microsoft.graph.group"), true));
    assert_eq!(group.get("displayName"), Some(&Value::Null));
    let known = group.as_object().expect("an object").values().filter(|value| !value.is_null()).count();
    assert_eq!(known, 2, "{group}");

    grant(&idp, &app, &["GroupMember.Read.All"]);
    let token = access_token(&idp, &app, "ines.analyst@abc-insurance.example", "openid User.Read GroupMember.Read.All").await;
    let reply = get(&idp, "/v1.0/me/memberOf?$select=id,displayName", &token).await;
    let expected = json!([{ "@odata.type": "#microsoft.graph.group", "id": group["id"], "displayName": "Insights Analysts" }]);
    assert_eq!(reply.body["value"], expected);
}

#[tokio::test]
async fn directory_roles_are_memberships_too() {
    let (idp, app) = mock_with_app().await;
    grant(&idp, &app, &["User.Read", "GroupMember.Read.All"]);
    let token = access_token(&idp, &app, "olga.admin@abc-insurance.example", "openid User.Read GroupMember.Read.All").await;
    let reply = get(&idp, "/v1.0/me/memberOf", &token).await;
    assert_eq!(reply.body["value"][0]["@odata.type"], "#microsoft.graph.directoryRole");
    assert_eq!(reply.body["value"][0]["displayName"], "Global Administrator");
}

#[tokio::test]
async fn two_hundred_and_fifty_groups_come_in_pages() {
    let (idp, app) = mock_with_app().await;
    let token = access_token(&idp, &app, OMAR, "openid User.Read").await;
    let (mut next, mut ids) = (Some("/v1.0/me/memberOf".to_owned()), std::collections::BTreeSet::new());
    while let Some(path) = next {
        let reply = get(&idp, &path, &token).await;
        ids.extend(reply.body["value"].as_array().expect("a list").iter().map(|it| it["id"].to_string()));
        next = reply.body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(ids.len(), 250);
}

#[tokio::test]
async fn the_organization_is_the_tenant_of_the_token() {
    let (idp, _, token) = ada().await;
    let reply = get(&idp, "/v1.0/organization", &token).await;
    assert_eq!(reply.body["value"].as_array().map(Vec::len), Some(1));
    let organization = &reply.body["value"][0];
    assert_eq!((&organization["id"], &organization["displayName"]), (&json!(TENANT), &json!("ABC Insurance")));
    assert_eq!(organization["verifiedDomains"][0]["name"], "abc-insurance.example");
}

#[tokio::test]
async fn the_organization_has_the_address_of_its_id_and_no_other_tenant_has_one() {
    let (idp, app, token) = ada().await;
    let listed = get(&idp, "/v1.0/organization", &token).await.body["value"][0].clone();
    let mut one = get(&idp, &format!("/beta/organization/{}", TENANT.to_uppercase()), &token).await.body;
    let context = one.as_object_mut().expect("an object").remove("@odata.context");
    assert_eq!(context, Some(json!("https://graph.microsoft.com/beta/$metadata#organization/$entity")));
    assert_eq!(one, listed);
    let selected = get(&idp, &format!("/v1.0/organization/{TENANT}?$select=id,displayName"), &token).await.body;
    insta::assert_snapshot!(serde_json::to_string_pretty(&selected).expect("JSON"), @r#"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#organization(id,displayName)/$entity",
      "displayName": "ABC Insurance",
      "id": "2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6"
    }
    "#);
    let fabrikam = mock_idp::directory::seed::FABRIKAM_TENANT_ID;
    let other = get(&idp, &format!("/v1.0/organization/{fabrikam}"), &token).await;
    assert_eq!((other.refusal().0, other.refusal().1), (404, "Request_ResourceNotFound"));
    let without = app_only(&idp, &app, &["User.Read.All"]).await;
    assert_eq!(get(&idp, &format!("/v1.0/organization/{TENANT}"), &without).await.refusal().1, "Authorization_RequestDenied");
    let event = idp.trace().events().pop().expect("recorded");
    let needed = event.checks.iter().find(|check| check.id == "permission").and_then(|check| check.expected.clone());
    assert!(needed.is_some_and(|needed| needed.contains("Organization.Read.All")));
}

#[tokio::test]
async fn userinfo_tells_the_subject_of_the_apps_own_id_token() {
    let (idp, app) = mock_with_app().await;
    let body = tokens(&idp, &app, ADA, "openid profile email").await;
    let access_token = body["access_token"].as_str().expect("an access token");
    let id_token = claims(body["id_token"].as_str().expect("an ID token"));
    for method in [Method::GET, Method::POST] {
        let url = format!("{}/graph/oidc/userinfo", idp.origin());
        let reply = Reply::of(Client::new().request(method, url).bearer_auth(access_token).send().await.expect("an answer")).await;
        assert_eq!(reply.body["sub"], id_token["sub"]);
        assert_eq!((&reply.body["name"], &reply.body["email"]), (&json!("Ada Adjuster"), &json!(ADA)));
    }
    assert_eq!(Reply::of(reqwest::get(format!("{}/graph/oidc/userinfo", idp.origin())).await.expect("an answer")).await.status, 401);
}

#[tokio::test]
async fn an_app_that_calls_for_itself_has_no_me_and_needs_application_permissions() {
    let (idp, app) = mock_with_app().await;
    let without = app_only(&idp, &app, &[]).await;
    let message = "/me request is only valid with delegated authentication flow.";
    assert_eq!(get(&idp, "/v1.0/me", &without).await.refusal(), (400, "Request_BadRequest", message));
    assert_eq!(get(&idp, "/v1.0/users", &without).await.status, 403);
    let with = app_only(&idp, &app, &["User.Read.All"]).await;
    let users = get(&idp, "/v1.0/users", &with).await;
    assert_eq!(users.body["value"].as_array().map(Vec::len), Some(12), "{}", users.body);
    assert_eq!(users.body["value"][2]["jobTitle"], "Claims adjuster");
}

#[tokio::test]
async fn what_the_mock_does_not_answer_is_never_an_empty_success() {
    let (idp, _, token) = ada().await;
    for path in ["/v1.0/me/messages", "/v1.0/users/x/manager", "/v1.0/$metadata", "/v1.0"] {
        let reply = get(&idp, path, &token).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (501, "NotImplemented"), "{path}");
    }
    assert_eq!(get(&idp, "/v1.0/mee", &token).await.refusal(), (400, "BadRequest", "Resource not found for the segment 'mee'."));
    assert_eq!(get(&idp, "/v2.0/me", &token).await.refusal(), (400, "BadRequest", "Invalid version: v2.0"));
    let client = Client::new();
    let delete = client.delete(format!("{}/graph/v1.0/me", idp.origin())).bearer_auth(&token).send().await.expect("an answer");
    assert_eq!(Reply::of(delete).await.refusal().0, 405);
    // The token comes first, as at Graph.
    assert_eq!(get(&idp, "/v1.0/mee", "").await.status, 401);
}

#[tokio::test]
async fn each_fault_answers_once_and_then_graph_is_itself_again() {
    let (idp, app, token) = ada().await;
    let cases = [
        (Fault::GraphWrongAudience, 401, "InvalidAuthenticationToken"),
        (Fault::GraphMissingScope, 403, "Authorization_RequestDenied"),
        (Fault::GraphThrottled, 429, "TooManyRequests"),
        (Fault::GraphUnavailable, 503, "serviceNotAvailable"),
        (Fault::GraphClaimsChallenge, 401, "InvalidAuthenticationToken"),
    ];
    for (fault, status, code) in cases {
        idp.inject(fault.once().for_app(&app.app_id).for_user(ADA));
        let reply = get(&idp, "/v1.0/me", &token).await;
        assert_eq!((reply.refusal().0, reply.refusal().1), (status, code));
        assert_eq!(reply.headers.contains_key("retry-after"), fault == Fault::GraphThrottled);
        // A throttled app has to wait, by the mock's clock.
        idp.clock().advance(time::Duration::seconds(1));
        assert_eq!(get(&idp, "/v1.0/me", &token).await.status, 200);
        let struck: Vec<Option<Fault>> = idp.trace().events().iter().rev().take(2).map(|event| event.fault).collect();
        assert_eq!(struck, [None, Some(fault)]);
    }
}

#[tokio::test]
async fn a_fault_for_another_user_does_not_strike() {
    let (idp, _, token) = ada().await;
    idp.inject(Fault::GraphUnavailable.always().for_user(OMAR));
    assert_eq!(get(&idp, "/v1.0/me", &token).await.status, 200);
    assert_eq!(get(&idp, "/v1.0/me", "").await.status, 401);
}

#[tokio::test]
async fn a_call_belongs_to_the_sign_in_from_which_its_token_comes() {
    let (idp, _, token) = ada().await;
    get(&idp, "/v1.0/me", &token).await;
    let flow = idp.trace().authorize_requests()[0].flow_id.clone();
    let event = idp.trace().events().pop().expect("recorded");
    assert!(flow.is_some() && event.flow_id == flow, "{:?} is not {flow:?}", event.flow_id);
    assert_eq!((event.url.as_str(), event.status), ("/graph/v1.0/me", 200));
}

#[tokio::test]
async fn a_deleted_user_is_not_found_and_a_script_of_any_page_may_call() {
    let (idp, _, token) = ada().await;
    let preflight = Client::new()
        .request(Method::OPTIONS, format!("{}/graph/v1.0/me", idp.origin()))
        .header("origin", "http://spa.example")
        .header("access-control-request-headers", "authorization,client-request-id");
    let preflight = preflight.send().await.expect("an answer");
    assert_eq!(preflight.status(), 200);
    assert_eq!(preflight.headers()["access-control-allow-headers"], "authorization,client-request-id");
    assert_eq!(get(&idp, "/v1.0/me", "").await.headers["access-control-allow-origin"], "*");

    idp.edit_directory(TENANT, |directory| directory.users.retain(|user| user.user_principal_name != ADA));
    assert_eq!(get(&idp, "/v1.0/me", &token).await.refusal().1, "Request_ResourceNotFound");
}
