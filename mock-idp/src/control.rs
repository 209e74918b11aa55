//! `/mock`: how tests in any language control the mock: faults, clock, trace, directory, keys, reset.
//!
//! JSON in and out. Every request needs the header `Mock-Control: 1`. No web page can send it to another origin: the browser would
//! ask first (a CORS preflight), and nothing here answers that.

mod body;
mod clock;
mod directory;
mod error;
mod faults;
mod reset;
mod snapshots;
mod trace;

use std::{fmt, sync::Arc};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, Method, Uri},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};

use crate::{
    clock::Clock,
    directory::{Directory, JournalError, Tenants, seed::StartState},
    faults::Faults,
    snapshots::Snapshots,
    tokens::{SigningKeys, signing_keys::Rotation},
    trace::Trace,
};
use error::ControlError;

/// What the control API needs of the mock.
#[derive(Clone)]
#[expect(missing_docs, reason = "each member is the only one of its type")]
pub struct ControlState {
    pub tenants: Tenants,
    pub keys: SigningKeys,
    pub faults: Faults,
    pub clock: Clock,
    pub trace: Trace,
    /// Brings the mock back to its state right after the start.
    pub reset: Arc<dyn Fn() -> Result<(), JournalError> + Send + Sync>,
    /// As `reset`, with these tenants in the place of all there are.
    pub start_over: Arc<dyn Fn(Vec<Directory>) -> Result<(), JournalError> + Send + Sync>,
    /// The tenants with which a unit begins.
    pub start_state: Arc<dyn Fn(StartState) -> Vec<Directory> + Send + Sync>,
    /// The named snapshots; `None` where nothing is kept.
    pub snapshots: Option<Snapshots>,
}

impl fmt::Debug for ControlState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ControlState").finish_non_exhaustive()
    }
}

/// The routes of the control API, all under `/mock`.
pub fn routes(state: ControlState) -> Router {
    Router::new()
        .route("/mock/health", get(health).fallback(wrong_method))
        .route("/mock/reset", post(reset::reset).fallback(wrong_method))
        .route("/mock/directory", get(directory::export).put(directory::replace).fallback(wrong_method))
        .route("/mock/snapshots", get(snapshots::list).post(snapshots::save).fallback(wrong_method))
        .route("/mock/snapshots/{name}", delete(snapshots::delete).fallback(wrong_method))
        .route("/mock/faults", get(faults::list).post(faults::inject).delete(faults::clear).fallback(wrong_method))
        .route("/mock/faults/{id}", delete(faults::remove).fallback(wrong_method))
        .route("/mock/clock", get(clock::read).post(clock::change).fallback(wrong_method))
        .route("/mock/trace", get(trace::since).fallback(wrong_method))
        .route("/mock/keys/rotate", post(rotate).fallback(wrong_method))
        .route("/mock", axum::routing::any(nothing_here))
        .route("/mock/{*rest}", axum::routing::any(nothing_here))
        .layer(middleware::from_fn(require_header))
        .with_state(state)
}

/// Refuses what a web page could have sent.
async fn require_header(request: Request, next: Next) -> Response {
    if has_header(request.headers()) { next.run(request).await } else { ControlError::HeaderMissing.into_response() }
}

fn has_header(headers: &HeaderMap) -> bool {
    headers.get("mock-control").is_some_and(|value| value == "1")
}

async fn health(State(state): State<ControlState>) -> Json<Value> {
    let tenant = |directory: &Arc<crate::Directory>| json!({ "id": directory.tenant_id(), "displayName": directory.organization.display_name, "applications": directory.applications.len() });
    let tenants: Vec<Value> = state.tenants.all().iter().map(tenant).collect();
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "tenants": tenants }))
}

async fn rotate(State(state): State<ControlState>) -> Result<Json<Value>, ControlError> {
    let kid = state.keys.rotate(Rotation::WithGrace)?;
    let published: Vec<String> = state.keys.published().iter().map(|key| key.kid.clone()).collect();
    Ok(Json(json!({ "kid": kid, "published": published })))
}

async fn wrong_method(method: Method, uri: Uri) -> ControlError {
    ControlError::WrongMethod { method: method.to_string(), path: uri.path().to_owned() }
}

async fn nothing_here(uri: Uri) -> ControlError {
    ControlError::NothingHere(uri.path().to_owned())
}
