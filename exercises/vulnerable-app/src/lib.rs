//! The client portal of ABC Insurance, as a colleague wrote it in a hurry. **It is unsafe on purpose.** Do not copy from it.
//!
//! Unit 6 asks you to find its holes and to use them. In reading order: [`config`] is what it is told, [`sign_in`] the way of a
//! person through the identity provider, [`provider`] the calls to it, [`id_token`] what a token must pass, [`session`] what is kept,
//! [`pages`] what is shown. Every yes or no is said in [`rules`].

pub mod config;
pub mod id_token;
pub mod pages;
pub mod policy_data;
pub mod provider;
pub mod rules;
pub mod session;
pub mod sign_in;

use std::sync::Arc;

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use axum_extra::extract::cookie::Key;

use config::Config;
use provider::Provider;
use rules::Rules;
use session::{PendingLogin, Session, Store};

/// What the app says at its start and on each of its pages.
pub const WARNING: &str = "Unsafe on purpose: this app is for the exercise of unit 6. Give it no real data.";

/// Everything that the handlers share.
pub struct Portal {
    /// What the app was told.
    pub config: Config,
    /// Every yes or no.
    pub rules: Rules,
    /// The identity provider.
    pub provider: Provider,
    /// Sign-ins under way.
    pub pending_logins: Store<PendingLogin>,
    /// People who are signed in.
    pub sessions: Store<Session>,
}

/// The state of the router.
#[derive(Clone)]
pub struct AppState {
    portal: Arc<Portal>,
    cookie_key: Key,
}

impl FromRef<AppState> for Arc<Portal> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.portal)
    }
}

impl FromRef<AppState> for Key {
    fn from_ref(state: &AppState) -> Self {
        state.cookie_key.clone()
    }
}

/// The app with these rules. The program uses [`Rules::OF_THE_APP`].
pub fn router(config: Config, rules: Rules) -> Router {
    let cookie_key = Key::derive_from(config.session_key.as_bytes());
    let provider = Provider::new(&config);
    let portal = Portal { config, rules, provider, pending_logins: Store::default(), sessions: Store::default() };
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/", get(pages::front_page))
        .route("/login", get(sign_in::login))
        .route("/getAToken", get(sign_in::callback))
        .route("/logout", post(sign_in::logout))
        .route("/me", get(pages::me))
        .route("/my/policies", get(pages::my_policies))
        .route("/policies/{id}", get(pages::policy))
        .route("/admin/roles", get(pages::roles))
        .with_state(AppState { portal: Arc::new(portal), cookie_key })
}
