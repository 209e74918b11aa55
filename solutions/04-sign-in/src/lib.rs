//! The web app of ABC Insurance, as far as unit 4 brings it: people sign in, and see what their role allows.
//!
//! A sign-in goes through these modules in this order:
//! [`authorize_request`] sends the browser to the identity provider and keeps a [`pending_login`]; [`callback`] receives
//! the browser and checks that it is the one that left; [`redeem`] trades the code for tokens; [`id_token`] finds out
//! what the ID token is worth, with the provider's [`signing_keys`]; [`session`] remembers who signed in.
//! After that [`access`] decides what the person may see, and [`sign_out`] ends it all.

pub mod access;
pub mod admin_roles;
pub mod authorize_request;
pub mod callback;
pub mod constant_time;
pub mod id_token;
pub mod insights;
pub mod me;
pub mod oauth_client;
pub mod pending_login;
pub mod policies;
pub mod redeem;
pub mod return_to;
pub mod session;
pub mod sign_in_error;
pub mod sign_out;
pub mod signing_keys;

/// Unit 2, on which this unit builds. Unit 5 takes it from here, so that all units mean the same one.
pub use web_app;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::routing::{get, post};
use axum::{Router, middleware};
use axum_extra::extract::cookie::Key;
use web_app::{Config, pages, security_headers};

use pending_login::PendingLogins;
use signing_keys::SigningKeys;

/// What all requests share: the state of unit 2, and what sign-in adds to it.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Configuration, provider, sessions.
    pub web: web_app::AppState,
    /// The sign-ins that have begun and not ended.
    pub pending_logins: Arc<PendingLogins>,
    /// The provider's public keys.
    pub signing_keys: Arc<SigningKeys>,
}

impl AppState {
    /// A fresh start: nobody is signed in.
    pub fn new(config: Config) -> Self {
        Self { pending_logins: Arc::new(PendingLogins::new(&config)), signing_keys: Arc::default(), web: web_app::AppState::new(config) }
    }
}

/// Lets the parts of unit 2 find their state inside ours.
impl FromRef<AppState> for web_app::AppState {
    fn from_ref(app: &AppState) -> Self {
        app.web.clone()
    }
}

/// Lets axum's cookie jar find the key.
impl FromRef<AppState> for Key {
    fn from_ref(app: &AppState) -> Self {
        app.web.cookie_key.clone()
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
        .route("/my/policies", get(policies::my_policies))
        .route("/policies/{id}", get(policies::policy))
        .route("/insights", get(insights::insights))
        .route("/admin/roles", get(admin_roles::admin_roles))
        .fallback(web_app::not_found)
        .method_not_allowed_fallback(web_app::method_not_allowed)
        .layer(middleware::from_fn(security_headers::security_headers))
        .with_state(AppState::new(config))
}
