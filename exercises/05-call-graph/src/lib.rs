//! The web app of ABC Insurance, as far as unit 5 brings it: the signed-in person's profile, from Microsoft Graph.
//!
//! A visit of [`profile`] goes through these modules in this order: [`acquire`] finds an access token without asking the
//! person, in the [`token_cache`] or by a [`refresh`]; where that is not possible, [`interactive`] sends the browser to
//! the identity provider. With the token [`graph`] calls Microsoft Graph; [`retry`] says when a call is worth another
//! attempt, [`member_of`] collects the pages of a list, and [`graph_error`] puts failures into words.
//! [`callback`] and [`sign_out`] are unit 4's, and also fill and empty the cache.

pub mod acquire;
pub mod callback;
pub mod graph;
pub mod graph_error;
pub mod interactive;
pub mod member_of;
pub mod profile;
pub mod refresh;
pub mod retry;
pub mod sign_out;
pub mod token_cache;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::routing::{get, post};
use axum::{Router, middleware};
use axum_extra::extract::cookie::Key;
/// Unit 2, whose configuration and pages the app keeps.
pub use sign_in::web_app;
use sign_in::web_app::{Config, pages, security_headers};
use sign_in::{admin_roles, authorize_request, insights, me, policies};

use graph::Graph;
use interactive::ClaimsChallenges;
use token_cache::TokenCache;

/// What all requests share: the state of unit 4, and what calling an API adds to it.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Configuration, provider, sessions, sign-ins.
    pub sign_in: sign_in::AppState,
    /// The tokens of everybody who is signed in.
    pub tokens: Arc<TokenCache>,
    /// Who was sent to the provider because of a claims challenge.
    pub challenges: Arc<ClaimsChallenges>,
    /// Microsoft Graph.
    pub graph: Arc<Graph>,
}

impl AppState {
    /// A fresh start: nobody is signed in.
    pub fn new(config: Config) -> Self {
        Self {
            tokens: Arc::default(),
            challenges: Arc::default(),
            graph: Arc::new(Graph::new(&config)),
            sign_in: sign_in::AppState::new(config),
        }
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.sign_in.web.config
    }
}

/// Lets the parts of unit 4 find their state inside ours.
impl FromRef<AppState> for sign_in::AppState {
    fn from_ref(app: &AppState) -> Self {
        app.sign_in.clone()
    }
}

/// Lets the parts of unit 2 find their state inside ours.
impl FromRef<AppState> for web_app::AppState {
    fn from_ref(app: &AppState) -> Self {
        app.sign_in.web.clone()
    }
}

/// Lets axum's cookie jar find the key.
impl FromRef<AppState> for Key {
    fn from_ref(app: &AppState) -> Self {
        app.sign_in.web.cookie_key.clone()
    }
}

/// The app: every address and what answers there.
pub fn router(config: Config) -> Router {
    Router::new()
        .route("/healthz", get(web_app::health))
        .route("/", get(web_app::front_page))
        .route("/style.css", get(pages::style_sheet))
        .route("/login", get(authorize_request::login))
        .route("/getAToken", get(callback::callback).post(callback::callback))
        .route("/logout", post(sign_out::logout))
        .route("/me", get(me::me))
        .route("/profile", get(profile::profile))
        .route("/my/policies", get(policies::my_policies))
        .route("/policies/{id}", get(policies::policy))
        .route("/insights", get(insights::insights))
        .route("/admin/roles", get(admin_roles::admin_roles))
        .fallback(web_app::not_found)
        .method_not_allowed_fallback(web_app::method_not_allowed)
        .layer(middleware::from_fn(security_headers::security_headers))
        .with_state(AppState::new(config))
}
