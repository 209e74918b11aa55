//! The web app of ABC Insurance, as far as unit 2 brings it: it starts, reads its configuration, finds the identity
//! provider, and knows how to refuse. Later units build on these parts.
//!
//! Read in this order: [`config`], [`discovery`], [`router`], [`refusal`], [`security_headers`]; then [`session`], which
//! unit 4 fills.

pub mod accepts;
pub mod account;
pub mod config;
pub mod discovery;
pub mod login;
pub mod pages;
pub mod policy_data;
pub mod random;
pub mod redirect;
pub mod refusal;
pub mod roles;
pub mod secret;
pub mod security_headers;
pub mod serve;
pub mod server_side_store;
pub mod session;
pub mod visitor;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::routing::get;
use axum::{Router, middleware};
use axum_extra::extract::cookie::Key;
use maud::Markup;

pub use accepts::Accepts;
pub use config::Config;
pub use discovery::{Provider, ProviderMetadata};
pub use refusal::{Reason, Refusal};
pub use roles::{Role, Roles};
pub use secret::Secret;
pub use session::{Account, CookieFlags, Session, Sessions, TokenResponse};
pub use visitor::Visitor;

/// What all requests share.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The configuration.
    pub config: Arc<Config>,
    /// The identity provider.
    pub provider: Arc<Provider>,
    /// The sessions of all signed-in browsers.
    pub sessions: Arc<Sessions>,
    /// How cookies are set.
    pub cookie_flags: CookieFlags,
    /// The key that signs them.
    pub cookie_key: Key,
}

impl AppState {
    /// A fresh start: nobody is signed in.
    pub fn new(config: Config) -> Self {
        Self {
            provider: Arc::new(Provider::new(&config)),
            sessions: Arc::new(Sessions::new(&config)),
            cookie_flags: CookieFlags::new(&config),
            cookie_key: Key::derive_from(config.session_key.expose().as_bytes()),
            config: Arc::new(config),
        }
    }
}

/// Lets axum's cookie jar find the key.
impl FromRef<AppState> for Key {
    fn from_ref(app: &AppState) -> Self {
        app.cookie_key.clone()
    }
}

/// The app: every address and what answers there.
pub fn router(config: Config) -> Router {
    let app = AppState::new(config);
    Router::new()
        .route("/healthz", get(health))
        .route("/", get(front_page))
        .route("/style.css", get(pages::style_sheet))
        .route("/login", get(login::login))
        .route("/getAToken", get(login::callback).post(login::callback))
        .route("/me", get(account::me))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(security_headers::security_headers))
        .with_state(app)
}

/// `GET /healthz`: is the process alive? It asks nobody else, so a provider that is down does not get the app restarted.
pub async fn health(accepts: Accepts) -> Refusal {
    // TODO: Step 4. Answer 200 with any short text or JSON, for example `Json(json!({ "status": "ok" }))`
    // of `axum::Json` and `serde_json::json`. The return type changes with it, here to `Json<Value>`; a text is `&'static str`.
    accepts.refuse(Reason::NotWrittenYet("Step 4 adds this part: the health check."))
}

/// `GET /`.
pub async fn front_page(visitor: Visitor) -> Markup {
    pages::front_page(visitor.session())
}

/// The answer for every address that the app does not have.
pub async fn not_found(accepts: Accepts) -> Refusal {
    accepts.refuse(Reason::NotFound)
}

/// The answer for an address that the app has, but not for this method.
pub async fn method_not_allowed(accepts: Accepts) -> Refusal {
    accepts.refuse(Reason::MethodNotAllowed)
}
