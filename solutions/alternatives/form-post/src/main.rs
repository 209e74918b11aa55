//! The app of unit 4 in another style: the provider's answer arrives as a form (`response_mode=form_post`), what the server
//! knows of a browser travels in signed cookies, and a sign-in passes through pages of its own at its start and its end.

mod access;
mod callback;
mod cookies;
mod id_token;
mod pages;

use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use axum_extra::extract::cookie::Key;
use solution_02::{Config, Provider};

use cookies::EndedSessions;
use id_token::SigningKeys;

/// What all requests share.
#[derive(Clone)]
pub struct App {
    config: Arc<Config>,
    provider: Arc<Provider>,
    keys: Arc<SigningKeys>,
    ended: Arc<EndedSessions>,
    cookie_key: Key,
}

impl FromRef<App> for Key {
    fn from_ref(app: &App) -> Self {
        app.cookie_key.clone()
    }
}

fn main() -> ExitCode {
    solution_02::serve::run(router)
}

fn router(config: Config) -> Router {
    let app = App {
        provider: Arc::new(Provider::new(&config)),
        keys: Arc::default(),
        ended: Arc::default(),
        cookie_key: Key::derive_from(config.session_key.expose().as_bytes()),
        config: Arc::new(config),
    };
    Router::new()
        .route("/", get(pages::front_page))
        .route("/healthz", get(async || StatusCode::OK))
        .route("/login", get(callback::choose))
        .route("/login/start", get(callback::start))
        .route("/getAToken", post(callback::callback))
        .route("/welcome", get(callback::welcome))
        .route("/welcome/in", get(callback::welcome_in))
        .route("/sign-in-failed", get(pages::sign_in_failed))
        .route("/logout", post(callback::logout))
        .route("/me", get(pages::me))
        .route("/my/policies", get(pages::my_policies))
        .route("/policies/{id}", get(pages::policy))
        .route("/insights", get(pages::insights))
        .route("/admin/roles", get(pages::admin_roles))
        .layer(map_response(protect))
        .with_state(app)
}

async fn protect(mut response: Response) -> Response {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("content-security-policy", "default-src 'self'"),
        ("cache-control", "private, no-store"),
    ] {
        response.headers_mut().insert(name, value.parse().expect("these values are plain text"));
    }
    response
}
