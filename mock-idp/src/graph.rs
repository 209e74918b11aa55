//! A stub of Microsoft Graph: `/graph/v1.0`, `/graph/beta` and the userinfo endpoint.
//!
//! A call passes `call::Call`, where the token is checked and faults strike, then the permission check of its handler. What the
//! stub does not answer it refuses by name ([`unmodelled`]).

mod applications;
mod assignments;
pub mod batch;
pub mod bearer;
mod body;
mod call;
mod change;
mod cors;
mod deleted_items;
mod directory_object;
mod directory_roles;
pub mod entity;
pub mod entity_types;
pub mod error;
mod grants;
mod groups;
pub mod ids;
mod key;
mod member_of;
pub mod odata;
mod organization;
pub mod permissions;
mod person;
mod photo;
pub mod query;
mod service_principals;
mod sign_ins;
pub mod throttling;
pub mod unmodelled;
pub mod userinfo;
pub mod users;
mod value_types;

use axum::{
    Extension, Router,
    extract::{OriginalUri, Path},
    http::{HeaderMap, Method},
    middleware,
    response::Response,
    routing::{any, delete, get, post},
};

use crate::{
    directory::Tenants, faults::Faults, random::Entropy, request_context::RequestContext, sign_in_log::SignInLog, tokens::SigningKeys,
    trace::Trace,
};
use batch::Calls;
use call::{Answer, Call};
use error::GraphError;
use ids::RequestIds;
use throttling::Throttling;

/// What Graph needs of the mock.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each member is the only one of its type")]
pub struct GraphState {
    pub tenants: Tenants,
    pub keys: SigningKeys,
    pub faults: Faults,
    pub trace: Trace,
    pub entropy: Entropy,
    pub throttling: Throttling,
    pub sign_in_log: SignInLog,
}

/// The version in the path. Departs from Graph: `beta` answers as `v1.0` does; the real one shows more properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V1,
    Beta,
}

impl Version {
    const fn segment(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

/// The routes of Graph, all under `/graph`. The items of a `$batch` go to `items`, which are [`calls`] with whatever the server puts
/// around each request.
pub fn routes(state: GraphState, items: Router) -> Router {
    let batch = [Version::V1, Version::Beta].map(|version| {
        let path = format!("/graph/{}/$batch", version.segment());
        Router::new().route(&path, post(batch::batch).fallback(unanswered)).layer(Extension(version))
    });
    let batch = batch.into_iter().fold(Router::new(), Router::merge).layer(Extension(Calls(items)));
    calls(state.clone()).merge(batch.layer(middleware::from_fn(cors::open_to_scripts)).with_state(state))
}

/// Every call but `$batch`.
pub fn calls(state: GraphState) -> Router {
    Router::new()
        .merge(of_version(Version::V1, &state))
        .merge(of_version(Version::Beta, &state))
        .route("/graph/oidc/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
        .route("/graph/{version}", any(unknown_version))
        .route("/graph/{version}/{*rest}", any(unknown_version))
        .layer(middleware::from_fn(cors::open_to_scripts))
        .with_state(state)
}

fn of_version(version: Version, state: &GraphState) -> Router<GraphState> {
    let at = |path: &str| format!("/graph/{}{path}", version.segment());
    let by_object_id = resources(version).with_state(state.clone());
    let other_keys = middleware::from_fn_with_state(by_object_id, key::follow);
    let rest = Router::new().route(&at(""), any(unanswered)).route(&at("/{*rest}"), any(unanswered).layer(other_keys));
    resources(version).merge(rest.layer(Extension(version)))
}

fn resources(version: Version) -> Router<GraphState> {
    let at = |path: &str| format!("/graph/{}{path}", version.segment());
    Router::new()
        .route(&at("/me"), get(users::user).patch(users::update).fallback(unanswered))
        .route(&at("/users"), get(users::users).post(users::create).fallback(unanswered))
        .route(&at("/users/$count"), get(users::count).fallback(unanswered))
        .route(&at("/users/{key}"), get(users::user).patch(users::update).delete(users::delete).fallback(unanswered))
        .merge(of_person(&at("/me")))
        .merge(of_person(&at("/users/{key}")))
        .route(&at("/organization"), get(organization::list).fallback(unanswered))
        .route(&at("/organization/{id}"), get(organization::one).fallback(unanswered))
        .merge(groups::routes(at))
        .merge(directory_roles::routes(at))
        .merge(directory_object::routes(at))
        .merge(member_of::routes(&at("/me")))
        .merge(member_of::routes(&at("/users/{key}")))
        .merge(member_of::routes(&at("/groups/{group}")))
        .merge(member_of::ids(&at("/directoryObjects/{object}")))
        .merge(of_applications(at))
        .layer(Extension(version))
}

/// What follows `/me` and `/users/{key}` alike.
fn of_person(person: &str) -> Router<GraphState> {
    let at = |path: &str| format!("{person}{path}");
    Router::new()
        .route(&at("/photo"), get(photo::metadata).fallback(unanswered))
        .route(&at("/photo/$value"), get(photo::value).put(photo::put).patch(photo::put).delete(photo::delete).fallback(unanswered))
        .route(&at("/photos"), get(photo::sizes).fallback(unanswered))
        .route(&at("/photos/{size}"), get(photo::of_size).fallback(unanswered))
        .route(&at("/photos/{size}/$value"), get(photo::value_of_size).fallback(unanswered))
}

/// The routes of applications and of what hangs on them.
fn of_applications(at: impl Fn(&str) -> String + Copy) -> Router<GraphState> {
    let owners = "/applications/{id}/owners";
    Router::new()
        .route(&at("/applications"), get(applications::list).post(applications::create).fallback(unanswered))
        .route(&at("/applications/$count"), get(applications::count).fallback(unanswered))
        .route(
            &at("/applications/{id}"),
            get(applications::get).patch(applications::update).delete(applications::delete).fallback(unanswered),
        )
        .route(&at("/applications/{id}/addPassword"), post(applications::add_password).fallback(unanswered))
        .route(&at("/applications/{id}/removePassword"), post(applications::remove_password).fallback(unanswered))
        .route(&at(owners), get(applications::owners).fallback(unanswered))
        .route(&at(&format!("{owners}/$ref")), post(applications::add_owner).fallback(unanswered))
        .route(&at(&format!("{owners}/{{owner}}/$ref")), delete(applications::remove_owner).fallback(unanswered))
        .route(&at("/servicePrincipals"), get(service_principals::list).post(service_principals::create).fallback(unanswered))
        .route(&at("/servicePrincipals/$count"), get(service_principals::count).fallback(unanswered))
        .route(
            &at("/servicePrincipals/{id}"),
            get(service_principals::get).patch(service_principals::update).delete(service_principals::delete).fallback(unanswered),
        )
        .merge(assignments::routes(at))
        .merge(grants::routes(at))
        .merge(deleted_items::routes(at))
        .merge(sign_ins::routes(at))
}

/// Whatever no other route took, from a caller whose token is good: Graph asks for the token first.
async fn unanswered(call: Call, Extension(version): Extension<Version>, method: Method, OriginalUri(uri): OriginalUri) -> Response {
    let prefix = format!("/graph/{}", version.segment());
    let path = uri.path().strip_prefix(&prefix).unwrap_or_default();
    call.reply(Err::<Answer, _>(unmodelled::refusal(&method, path)))
}

async fn unknown_version(context: RequestContext, headers: HeaderMap, Path(parts): Path<Vec<(String, String)>>) -> Response {
    let version = parts.into_iter().next().map(|(_, segment)| segment).unwrap_or_default();
    GraphError::UnknownVersion(version).response(&RequestIds::of(&context, &headers))
}
