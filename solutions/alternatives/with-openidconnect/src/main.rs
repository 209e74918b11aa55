//! The app of unit 4 with the crate `openidconnect`, which knows discovery, the authorization request, the token request and
//! the checks of an ID token. Roles are guarded by layers of the router, so no handler asks who is there.

mod guard;
mod pages;
mod provider;
mod sign_in;
mod sign_in_records;

use std::process::ExitCode;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use solution_02::Config;

use provider::Provider;
use sign_in_records::{Logins, Sessions};

/// What all requests share.
#[derive(Clone)]
pub struct App {
    config: Arc<Config>,
    provider: Arc<Provider>,
    logins: Arc<Logins>,
    sessions: Arc<Sessions>,
}

fn main() -> ExitCode {
    solution_02::serve::run(router)
}

fn router(config: Config) -> Router {
    let config = Arc::new(config);
    let app = App { provider: Arc::new(Provider::new(Arc::clone(&config))), logins: Arc::default(), sessions: Arc::default(), config };
    let only_for =
        |role: &'static str| from_fn(move |request: Request, next: Next| async move { guard::only_for(role, request, next).await });
    let pages = Router::new()
        .route("/my/policies", get(pages::my_policies).route_layer(only_for("Client")))
        .route("/insights", get(pages::insights).route_layer(only_for("Insights.Analyst")))
        .route("/admin/roles", get(pages::admin_roles).route_layer(only_for("Policy.Admin")))
        .route("/policies/{id}", get(pages::policy))
        .route("/me", get(pages::me))
        .route_layer(from_fn_with_state(app.clone(), guard::only_signed_in));
    Router::new()
        .merge(pages)
        .route("/", get(pages::front_page))
        .route("/healthz", get(async || Json("alive")))
        .route("/login", get(sign_in::login))
        .route("/getAToken", get(sign_in::callback))
        .route("/logout", post(sign_in::logout))
        .layer(from_fn(protective_headers))
        .with_state(app)
}

/// The intranet may show the app in a frame, which `X-Frame-Options` cannot say.
async fn protective_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'self' https://intranet.abc-insurance.example"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
