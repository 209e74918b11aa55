//! Nothing that a client sends breaks a handler.

use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, header},
};
use mock_idp::{
    Clock, Directory,
    directory::{EditError, application::Application},
    random::Entropy,
    server::{Access, ControlApi, Provider},
    tokens::SigningKeys,
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use tower::ServiceExt;

use crate::visitor::{CHALLENGE, REDIRECT_URI, TENANT};

const PATHS: [&str; 14] = [
    "/oauth2/v2.0/authorize",
    "/oauth2/v2.0/token",
    "/oauth2/v2.0/logout",
    "/oauth2/v2.0/devicecode",
    "/login",
    "/login/username",
    "/login/password",
    "/consent",
    "/v2.0/.well-known/openid-configuration",
    "/discovery/v2.0/keys",
    "/discovery/instance",
    "/graph/v1.0/users",
    "/graph/oidc/userinfo",
    "/error",
];

const NAMES: [&str; 18] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "prompt",
    "login_hint",
    "code_challenge",
    "grant_type",
    "code",
    "refresh_token",
    "client_secret",
    "authorization_endpoint",
    "post_logout_redirect_uri",
    "interaction",
    "username",
];

fn value(app_id: String) -> impl Strategy<Value = String> {
    let known = [
        app_id,
        REDIRECT_URI.to_owned(),
        CHALLENGE.to_owned(),
        "code".to_owned(),
        "code id_token token".to_owned(),
        "form_post".to_owned(),
        "openid .default".to_owned(),
        "none".to_owned(),
        "O.\u{e4}".to_owned(),
        "0.A\u{20ac}aaaaaaaaaaaaaaaaaaaaaa".to_owned(),
        "http://[::1/".to_owned(),
        "authorization_code".to_owned(),
        "refresh_token".to_owned(),
        "client_credentials".to_owned(),
        "\u{0}\r\n\u{202e}".to_owned(),
    ];
    prop_oneof![select(known.to_vec()), any::<String>()]
}

#[test]
fn nothing_that_a_client_sends_is_a_server_error() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let entropy = Entropy::seeded(7);
    let provider = Provider::new(vec![Directory::abc_insurance()], SigningKeys::test_pool(7), Clock::system(), entropy.clone());
    let register = |it: &mut Directory| Ok::<_, EditError>(it.register(Application::web("claims-portal", REDIRECT_URI), &entropy));
    let app = provider.tenants().edit(TENANT, register);
    let app_id = app.expect("the tenant is there").app_id;
    let router = provider.router(&Access::loopback(), ControlApi::On, None);
    let tenant = prop_oneof![Just(TENANT.to_owned()), Just("common".to_owned()), any::<String>()];
    let name = prop_oneof![4 => select(NAMES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    let parameters = proptest::collection::vec((name, value(app_id)), 0..8);
    let methods = select(vec![Method::GET, Method::POST, Method::HEAD, Method::OPTIONS, Method::PUT]);
    let request = (methods, tenant, select(PATHS.to_vec()), parameters, any::<Vec<u8>>(), any::<Vec<u8>>());
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(400) });
    let run = runner.run(&request, |(method, tenant, path, parameters, header_bytes, body)| {
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&parameters).finish();
        let uri = if path.starts_with("/graph") || path == "/error" {
            format!("{path}?{query}")
        } else {
            format!("/{}{path}?{query}", encode(&tenant))
        };
        let body = if body.len() % 2 == 0 { query.into_bytes() } else { body };
        let mut request = Request::builder().method(method).uri(uri).header(header::HOST, "localhost:8400");
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Ok(hostile) = HeaderValue::from_bytes(&header_bytes) {
            for name in [header::COOKIE, header::AUTHORIZATION, header::ORIGIN, header::ACCESS_CONTROL_REQUEST_HEADERS] {
                request = request.header(name, hostile.clone());
            }
        }
        let request = request.body(Body::from(body)).expect("a valid request");
        let response = runtime.block_on(router.clone().oneshot(request)).expect("the router answers everything");
        prop_assert_ne!(response.status().as_u16(), 500);
        Ok(())
    });
    run.expect("no request breaks the server");
}
