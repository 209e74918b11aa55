use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use mock_idp::{Fault, MockIdp, directory::Registration};
use serde_json::{Value, json};

use crate::visitor::{ADA, REDIRECT_URI, TENANT, VERIFIER, Visitor, but, claims, mock_with_app, ordinary, redeeming, token};

pub async fn code(idp: &MockIdp, app: &Registration) -> String {
    Visitor::new(idp).sign_in(&ordinary(app), ADA).await.query("code").expect("a code")
}

pub fn refused(answer: &(reqwest::StatusCode, Value)) -> (u16, &str, i64) {
    (answer.0.as_u16(), answer.1["error"].as_str().unwrap_or_default(), answer.1["error_codes"][0].as_i64().unwrap_or_default())
}

#[tokio::test]
async fn a_code_is_exchanged_for_tokens_that_the_published_keys_verify() {
    let (idp, app) = mock_with_app().await;
    let code = code(&idp, &app).await;
    let (status, body) = token(&idp, TENANT, &redeeming(&app, &code)).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&body["token_type"], &body["expires_in"], &body["scope"]),
        (&"Bearer".into(), &3599.into(), &"openid profile User.Read".into())
    );
    assert!(body["refresh_token"].is_string() && body.get("client_info").is_none());

    let keys: JwkSet =
        reqwest::get(format!("{}/{TENANT}/discovery/v2.0/keys", idp.origin())).await.expect("keys").json().await.expect("a key set");
    let id_token = body["id_token"].as_str().expect("an ID token");
    let header = jsonwebtoken::decode_header(id_token).expect("a header");
    let key = keys.find(header.kid.as_deref().expect("a kid")).expect("the published key");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[&app.app_id]);
    validation.set_issuer(&[format!("{}/{TENANT}/v2.0", idp.origin())]);
    let verified = jsonwebtoken::decode::<Value>(id_token, &DecodingKey::from_jwk(key).expect("an RSA key"), &validation)
        .expect("a valid ID token")
        .claims;
    assert_eq!(
        (&verified["roles"], &verified["nonce"], &verified["ver"]),
        (&json!(["Claims.Adjuster"]), &"n-0S6_WzA2Mj".into(), &"2.0".into())
    );
    assert_eq!(verified["exp"].as_i64().zip(verified["iat"].as_i64()).map(|(exp, iat)| exp - iat), Some(3900));
    assert_eq!((&verified["tid"], verified["sub"].as_str().map(str::len)), (&TENANT.into(), Some(43)));
}

#[tokio::test]
async fn the_claims_of_both_tokens_keep_their_shape() {
    let (idp, app) = mock_with_app().await;
    let code = code(&idp, &app).await;
    let (_, body) = token(&idp, TENANT, &redeeming(&app, &code)).await;
    let shape = |token: &Value| {
        let claims = claims(token.as_str().expect("a token"));
        let members = claims.as_object().expect("an object").iter();
        let kept = ["acr", "amr", "appidacr", "idtyp", "name", "preferred_username", "roles", "scp", "unique_name", "upn", "ver", "aud"];
        let line = |(name, value): (&String, &Value)| match kept.contains(&name.as_str()) {
            true => format!("{name}: {}", value.to_string().replace(&app.app_id, "{client id}")),
            false => format!(
                "{name}: ({})",
                match value {
                    Value::String(_) => "text",
                    Value::Number(_) => "number",
                    _ => "other",
                }
            ),
        };
        members.map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(format!("ID token\n{}\n\nAccess token\n{}", shape(&body["id_token"]), shape(&body["access_token"])));
}

#[tokio::test]
async fn a_code_redeemed_twice_is_invalid_grant() {
    let (idp, app) = mock_with_app().await;
    let form = redeeming(&app, &code(&idp, &app).await);
    assert_eq!(token(&idp, TENANT, &form).await.0, 200);
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", 54005));
}

#[tokio::test]
async fn every_parameter_of_the_code_grant_is_checked() {
    let (idp, app) = mock_with_app().await;
    let form = redeeming(&app, &code(&idp, &app).await);
    let cases = [
        ("grant_type", "", (400, "invalid_request", 900144)),
        ("grant_type", "magic", (400, "unsupported_grant_type", 70003)),
        ("grant_type", "password", (400, "unsupported_grant_type", 70003)),
        ("grant_type", "magic\r\nX: \"1\\", (400, "unsupported_grant_type", 70003)),
        ("client_id", "", (400, "invalid_request", 900144)),
        ("client_id", "11111111-2222-4333-8444-555555555555", (400, "unauthorized_client", 700016)),
        ("code", "", (400, "invalid_request", 900144)),
        ("code", "not-a-code", (400, "invalid_grant", 9002313)),
        ("code", "0.Aabcdefghijklmnopqrstuvwxyz", (400, "invalid_grant", 70000)),
        ("redirect_uri", "", (400, "invalid_request", 900144)),
        ("redirect_uri", "http://localhost:5001/getAToken", (401, "invalid_client", 500112)),
        ("client_secret", "", (401, "invalid_client", 7000218)),
        ("client_secret", &app.secret_id, (401, "invalid_client", 7000215)),
        ("code_verifier", "", (400, "invalid_grant", 501481)),
        ("code_verifier", &VERIFIER.replace('d', "e"), (400, "invalid_grant", 501481)),
        ("scope", "openid User.Read api://other/Files.Read", (400, "invalid_scope", 28000)),
        // Last: this one uses the code up.
        ("scope", "openid Nonsense.Read", (400, "invalid_client", 650053)),
    ];
    for (name, value, expected) in cases {
        let answer = token(&idp, TENANT, &but(form.clone(), name, value)).await;
        assert_eq!(refused(&answer), expected, "{name}={value}: {}", answer.1);
    }
    let repeated = [form.clone(), vec![("code", "0.Aother".to_owned())]].concat();
    assert_eq!(refused(&token(&idp, TENANT, &repeated).await), (400, "invalid_request", 9002313));
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", 54005));
    assert_eq!(refused(&token(&idp, "nowhere.example", &form).await), (400, "invalid_request", 90002));
    assert_eq!(refused(&token(&idp, "fabrikam.example", &form).await), (400, "unauthorized_client", 700016));
}

#[tokio::test]
async fn an_error_has_the_members_and_types_that_sdks_read() {
    let (idp, app) = mock_with_app().await;
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", idp.origin());
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &app.app_id),
        ("client_secret", "wrong"),
        ("scope", "https://graph.microsoft.com/.default"),
    ];
    let caller = "7fcf4c70-4c68-4a2d-8d08-3d0f8c2a9e11";
    let response = reqwest::Client::new().post(url).header("client-request-id", caller).form(&form).send().await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["cache-control"]),
        (401, &reqwest::header::HeaderValue::from_static("no-store, no-cache"))
    );
    let body: Value = response.json().await.expect("JSON");
    let description = body["error_description"].as_str().expect("text");
    assert!(
        description.starts_with("AADSTS7000215: Invalid client secret provided.") && !description.contains(['\r', '\n']),
        "{description}"
    );
    assert!(description.contains(&format!(" Correlation ID: {caller} Timestamp: ")));
    assert_eq!(
        (&body["error"], &body["error_codes"], &body["correlation_id"]),
        (&"invalid_client".into(), &json!([7000215]), &caller.into())
    );
    assert_eq!(body["error_uri"], format!("{}/error?code=7000215", idp.origin()));
    assert_eq!(body["timestamp"].as_str().map(str::len), Some("2016-01-09 02:02:12Z".len()));
}

#[tokio::test]
async fn a_refresh_token_gives_new_tokens_and_stays_valid() {
    let (idp, app) = mock_with_app().await;
    let code = code(&idp, &app).await;
    let (_, first) = token(&idp, TENANT, &redeeming(&app, &code)).await;
    let form = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("refresh_token", first["refresh_token"].as_str().expect("a refresh token").to_owned()),
    ];
    let (status, second) = token(&idp, TENANT, &form).await;
    assert_eq!(status, 200, "{second}");
    assert!(second["refresh_token"].is_string() && second["refresh_token"] != first["refresh_token"]);
    assert!(claims(second["id_token"].as_str().expect("an ID token")).get("nonce").is_none());
    assert_eq!(token(&idp, TENANT, &form).await.0, 200);

    assert_eq!(refused(&token(&idp, TENANT, &but(form.clone(), "refresh_token", "junk")).await), (400, "invalid_grant", 9002313));
    assert_eq!(refused(&token(&idp, TENANT, &but(form.clone(), "scope", "openid email User.Read")).await), (400, "invalid_grant", 65001));
    let consent = token(&idp, TENANT, &but(form.clone(), "scope", "Mail.Read")).await;
    assert_eq!((refused(&consent), &consent.1["suberror"]), ((400, "invalid_grant", 65001), &"consent_required".into()));
    idp.clock().advance(time::Duration::days(91));
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", 700082));
}

#[tokio::test]
async fn an_app_that_acts_for_itself_gets_a_token_without_a_user() {
    let (idp, app) = mock_with_app().await;
    let form = vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("scope", "https://graph.microsoft.com/.default".to_owned()),
    ];
    let (status, body) = token(&idp, TENANT, &form).await;
    assert_eq!(status, 200, "{body}");
    let names: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, ["access_token", "expires_in", "ext_expires_in", "token_type"]);
    let token_claims = claims(body["access_token"].as_str().expect("a token"));
    assert_eq!((&token_claims["idtyp"], token_claims["sub"] == token_claims["oid"], token_claims.get("scp")), (&"app".into(), true, None));
    assert_eq!(refused(&token(&idp, TENANT, &but(form.clone(), "scope", "User.Read")).await), (400, "invalid_scope", 1002012));
    assert_eq!(refused(&token(&idp, "common", &form).await).0, 400);
}

#[tokio::test]
async fn an_old_code_and_an_old_secret_are_expired() {
    let (idp, app) = mock_with_app().await;
    let form = redeeming(&app, &code(&idp, &app).await);
    idp.clock().advance(time::Duration::minutes(11));
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", 70008));
    let now = idp.now();
    idp.edit_directory(TENANT, |directory| directory.applications.edit_each(|it| it.password_credentials[0].end_date_time = Some(now)));
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (401, "invalid_client", 7000222));
}

#[tokio::test]
async fn a_public_client_redeems_without_a_secret_and_a_page_only_across_origins() {
    let (idp, app) = mock_with_app().await;
    idp.edit_directory(TENANT, |directory| {
        directory.applications.edit_each(|it| it.public_client.redirect_uris.push("http://localhost/native".to_owned()));
        directory.applications.edit_each(|it| it.spa.redirect_uris.push("http://localhost/spa".to_owned()));
    });
    let native = Visitor::new(&idp).sign_in(&but(ordinary(&app), "redirect_uri", "http://localhost/native"), ADA).await;
    let form = but(redeeming(&app, &native.query("code").expect("a code")), "redirect_uri", "http://localhost/native");
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (401, "invalid_client", 700025));
    assert_eq!(token(&idp, TENANT, &but(form, "client_secret", "")).await.0, 200);
    let spa = Visitor::new(&idp).sign_in(&but(ordinary(&app), "redirect_uri", "http://localhost/spa"), ADA).await;
    let form = but(but(redeeming(&app, &spa.query("code").expect("a code")), "redirect_uri", "http://localhost/spa"), "client_secret", "");
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_request", 9002327));
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", idp.origin());
    let answer = reqwest::Client::new().post(url).header("origin", "http://localhost:3001").form(&form).send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["access-control-allow-origin"]),
        (200, &reqwest::header::HeaderValue::from_static("*"))
    );
}

#[tokio::test]
async fn each_fault_spoils_the_id_token_in_its_own_way_and_only_once() {
    let (idp, app) = mock_with_app().await;
    let id_token = async |fault: Option<Fault>| {
        if let Some(fault) = fault {
            idp.inject(fault.once().for_user(ADA).for_app(&app.app_id));
        }
        let code = code(&idp, &app).await;
        token(&idp, TENANT, &redeeming(&app, &code)).await.1["id_token"].as_str().expect("an ID token").to_owned()
    };
    let honest = claims(&id_token(None).await);
    let header = |token: &str| claims(&format!(".{token}"));
    assert_ne!(claims(&id_token(Some(Fault::WrongNonce)).await)["nonce"], honest["nonce"]);
    assert!(claims(&id_token(Some(Fault::MissingNonce)).await).get("nonce").is_none());
    assert_ne!(claims(&id_token(Some(Fault::WrongAudience)).await)["aud"], honest["aud"]);
    assert!(claims(&id_token(Some(Fault::AudienceList)).await)["aud"].is_array());
    for fault in [Fault::WrongIssuer, Fault::IssuerLookAlike, Fault::IssuerTemplate, Fault::OtherTenant] {
        assert_ne!(claims(&id_token(Some(fault)).await)["iss"], honest["iss"], "{fault:?}");
    }
    assert!(claims(&id_token(Some(Fault::Expired)).await)["exp"].as_i64() < honest["exp"].as_i64().map(|exp| exp - 2 * 3600));
    assert!(claims(&id_token(Some(Fault::NotYetValid)).await)["nbf"].as_i64() > honest["nbf"].as_i64().map(|nbf| nbf + 3600));
    assert!(claims(&id_token(Some(Fault::RolesRemoved)).await).get("roles").is_none());
    let none = id_token(Some(Fault::AlgNone)).await;
    assert!(header(&none)["alg"] == "none" && none.ends_with('.'));
    assert_eq!(header(&id_token(Some(Fault::Hs256PublicKey)).await)["alg"], "HS256");
    let published: Vec<String> = idp.keys().published().iter().map(|key| key.kid.clone()).collect();
    let knows = |token: &str| header(token)["kid"].as_str().is_some_and(|kid| published.iter().any(|known| known == kid));
    assert!(!knows(&id_token(Some(Fault::UnknownKid)).await) && knows(&id_token(Some(Fault::ForeignKey)).await));
    assert_eq!(claims(&id_token(None).await)["nonce"], honest["nonce"]);
    assert!(idp.faults().list().is_empty());
}

#[tokio::test]
async fn the_trace_tells_a_sign_in_by_its_flow_and_masks_what_is_secret() {
    let (idp, app) = mock_with_app().await;
    let code = code(&idp, &app).await;
    token(&idp, TENANT, &redeeming(&app, &code)).await;
    let asked = idp.trace().authorize_requests();
    let redeemed = idp.trace().token_requests().pop().expect("a token request");
    assert!(redeemed.flow_id.is_some() && asked.iter().all(|event| event.flow_id == redeemed.flow_id));
    assert_eq!(redeemed.request.params["redirect_uri"], REDIRECT_URI);
    let ids: Vec<&str> = redeemed.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "grant_type",
            "tenant",
            "client",
            "parameters",
            "code_shape",
            "client_authentication",
            "code",
            "redirect_uri",
            "code_verifier",
            "admission",
            "scope"
        ]
    );
    let stored = serde_json::to_string(&idp.trace().events()).expect("events are plain data");
    for secret in [&code, &app.client_secret, &VERIFIER.to_owned()] {
        assert!(!stored.contains(secret.as_str()), "the trace holds {secret}");
    }
}

#[tokio::test]
async fn the_token_endpoint_takes_only_forms_by_post() {
    let (idp, _) = mock_with_app().await;
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", idp.origin());
    let client = reqwest::Client::new();
    let got = client.get(&url).send().await.expect("an answer");
    assert_eq!((got.status().as_u16(), &got.json::<Value>().await.expect("JSON")["error_codes"]), (405, &json!([900561])));
    let sent: Value =
        client.post(&url).json(&json!({"grant_type": "password"})).send().await.expect("an answer").json().await.expect("JSON");
    assert!(sent["error_description"].as_str().is_some_and(|text| text.contains("application/x-www-form-urlencoded")), "{sent}");
    let broken: Value = client
        .post(&url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(vec![0xff, 0xfe, b'=', 0x80])
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(broken["error_codes"], json!([900144]));
}

#[tokio::test]
async fn of_two_redemptions_at_once_exactly_one_gets_tokens() {
    let (idp, app) = mock_with_app().await;
    for _ in 0..10 {
        let form = redeeming(&app, &code(&idp, &app).await);
        let answers = tokio::join!(token(&idp, TENANT, &form), token(&idp, TENANT, &form), token(&idp, TENANT, &form));
        let mut statuses = [answers.0.0.as_u16(), answers.1.0.as_u16(), answers.2.0.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400, 400]);
    }
}

#[tokio::test]
async fn whoever_is_shut_out_after_the_sign_in_gets_no_more_tokens() {
    let (idp, app) = mock_with_app().await;
    let (_, first) = token(&idp, TENANT, &redeeming(&app, &code(&idp, &app).await)).await;
    let form = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("refresh_token", first["refresh_token"].as_str().expect("a refresh token").to_owned()),
    ];
    let principal = |change: fn(&mut mock_idp::directory::service_principal::ServicePrincipal)| {
        idp.edit_directory(TENANT, |directory| {
            let id = directory.service_principal(&app.app_id).expect("registered").id.clone();
            directory.service_principals.edit(&id, change)
        });
    };
    principal(|it| it.app_role_assignment_required = true);
    assert_eq!(token(&idp, TENANT, &form).await.0, 200);
    idp.edit_directory(TENANT, |directory| {
        let ada = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        directory.unassign(&ada, &app.app_id);
    });
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", 50105));
    principal(|it| it.account_enabled = false);
    assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "unauthorized_client", 7000112));
    let own = vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.client_secret.clone()),
        ("scope", "https://graph.microsoft.com/.default".to_owned()),
    ];
    assert_eq!(refused(&token(&idp, TENANT, &own).await), (400, "unauthorized_client", 7000112));
    idp.edit_directory(TENANT, |directory| directory.service_principals.retain(|it| it.app_id != app.app_id));
    assert_eq!(refused(&token(&idp, TENANT, &own).await), (401, "invalid_client", 7000229));
}

#[tokio::test]
async fn a_single_page_apps_refresh_token_ends_a_day_after_the_sign_in() {
    let (idp, app) = mock_with_app().await;
    idp.edit_directory(TENANT, |directory| {
        directory.applications.edit_each(|it| it.spa.redirect_uris.push("http://localhost/spa".to_owned()))
    });
    let back = Visitor::new(&idp).sign_in(&but(ordinary(&app), "redirect_uri", "http://localhost/spa"), ADA).await;
    let url = format!("{}/{TENANT}/oauth2/v2.0/token", idp.origin());
    let send = async |form: &[(&str, String)]| {
        let answer =
            reqwest::Client::new().post(&url).header("origin", "http://localhost:3001").form(form).send().await.expect("an answer");
        (answer.status(), answer.json::<Value>().await.expect("JSON"))
    };
    let code = back.query("code").expect("a code");
    let (_, first) = send(&but(but(redeeming(&app, &code), "redirect_uri", "http://localhost/spa"), "client_secret", "")).await;
    assert_eq!(claims(first["access_token"].as_str().expect("a token"))["appidacr"], "0");
    let refreshing = |body: &Value| {
        let text = body["refresh_token"].as_str().expect("a refresh token").to_owned();
        vec![("grant_type", "refresh_token".to_owned()), ("client_id", app.app_id.clone()), ("refresh_token", text)]
    };
    idp.clock().advance(time::Duration::hours(23));
    let (status, second) = send(&refreshing(&first)).await;
    assert_eq!(status, 200, "{second}");
    idp.clock().advance(time::Duration::hours(2));
    assert_eq!(refused(&send(&refreshing(&second)).await), (400, "invalid_grant", 700084));
}

#[tokio::test]
async fn a_secret_id_in_the_place_of_the_secret_is_recognized_in_the_trace() {
    let (idp, app) = mock_with_app().await;
    let fields = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", app.app_id.clone()),
        ("client_secret", app.secret_id.clone()),
        ("scope", "https://graph.microsoft.com/.default".to_owned()),
    ];
    let (status, body) = token(&idp, TENANT, &fields).await;
    assert_eq!((status.as_u16(), &body["error_codes"][0]), (401, &serde_json::json!(7_000_215)));
    let event = idp.trace().since(0).pop().expect("the request");
    let failed = event.checks.last().and_then(|check| check.received.clone()).unwrap_or_default();
    assert_eq!(failed, "this is the Secret ID of '(no description)', not its value");
}
