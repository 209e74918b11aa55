//! The state behind all endpoints, and the router that serves it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};

use super::{
    address::Access,
    gate::{self, Gate},
    observe,
};
use crate::{
    clock::Clock,
    control::{self, ControlState},
    directory::{
        Directory, JournalError, Tenants,
        seed::{StartState, start_state},
        turn::waiting,
    },
    endpoints::{self, ProtocolState},
    faults::Faults,
    graph::{self, GraphState, throttling::Throttling},
    html,
    portal::{self, PortalSessions, PortalState},
    random::Entropy,
    request_context::RequestContext,
    sign_in::{
        self, FormAction, Interactions, SignInSessions, SignInState, page,
        pages::home::{self, HomeApplication, HomePage, HomeTenant},
    },
    sign_in_log::SignInLog,
    snapshots::Snapshots,
    tokens::{SigningKeys, authorization_codes::AuthorizationCodes, refresh_tokens::RefreshTokens},
    trace::Trace,
};

/// Whether the `/mock` API is served. Off while an app is graded: it must not turn its own faults off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlApi {
    /// Served, for tests in any language.
    On,
    /// Not served; faults are set through a handle in this process.
    Off,
}

/// Everything that the endpoints share. Cloning gives another handle to the same state.
#[derive(Debug, Clone)]
pub struct Provider {
    protocol: ProtocolState,
    portal_sessions: PortalSessions,
    trace: Trace,
    throttling: Throttling,
    initial: Arc<Vec<Arc<Directory>>>,
    writing_later: Arc<Mutex<()>>,
    start_state_secret: Option<String>,
    snapshots: Option<Snapshots>,
}

impl Provider {
    /// A provider for these tenants, in memory only.
    pub fn new(directories: Vec<Directory>, keys: SigningKeys, clock: Clock, entropy: Entropy) -> Self {
        Self::with_tenants(Tenants::new(directories), keys, clock, entropy)
    }

    /// A provider for these tenants, which may be kept.
    pub fn with_tenants(tenants: Tenants, keys: SigningKeys, clock: Clock, entropy: Entropy) -> Self {
        Self {
            initial: Arc::new(tenants.all()),
            writing_later: Arc::default(),
            start_state_secret: None,
            snapshots: None,
            trace: Trace::default(),
            throttling: Throttling::default(),
            portal_sessions: PortalSessions::default(),
            protocol: ProtocolState {
                clock,
                entropy,
                faults: Faults::default(),
                tenants,
                keys,
                codes: AuthorizationCodes::default(),
                refresh_tokens: RefreshTokens::default(),
                sessions: SignInSessions::default(),
                interactions: Interactions::default(),
                sign_in_log: SignInLog::default(),
            },
        }
    }

    /// The same provider, whose start states register their app with this secret. Without one it has a secret that nobody knows.
    pub fn with_start_state_secret(self, secret: String) -> Self {
        Self { start_state_secret: Some(secret), ..self }
    }

    /// The same provider, which keeps named snapshots.
    pub fn with_snapshots(self, snapshots: Snapshots) -> Self {
        Self { snapshots: Some(snapshots), ..self }
    }

    /// The clock that every answer reads.
    pub fn clock(&self) -> &Clock {
        &self.protocol.clock
    }

    /// The source of ids and secrets.
    pub fn entropy(&self) -> &Entropy {
        &self.protocol.entropy
    }

    /// The faults in force.
    pub fn faults(&self) -> &Faults {
        &self.protocol.faults
    }

    /// All tenants.
    pub fn tenants(&self) -> &Tenants {
        &self.protocol.tenants
    }

    /// The signing keys.
    pub fn keys(&self) -> &SigningKeys {
        &self.protocol.keys
    }

    /// The sign-in sessions.
    pub fn sessions(&self) -> &SignInSessions {
        &self.protocol.sessions
    }

    /// The refresh tokens.
    pub fn refresh_tokens(&self) -> &RefreshTokens {
        &self.protocol.refresh_tokens
    }

    /// Held by whoever writes sessions and refresh tokens, so that none of them reaches the disk after a reset.
    pub(super) fn writing_later(&self) -> MutexGuard<'_, ()> {
        self.writing_later.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What happened so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Back to the state right after the start: tenants as loaded, no sessions, codes, consents or faults, the
    /// first keys, the real time.
    ///
    /// # Errors
    /// [`JournalError`] if the store cannot keep it. Then nothing was reset.
    pub fn reset(&self) -> Result<(), JournalError> {
        self.start_over(self.initial.iter().cloned())
    }

    /// The tenants with which a unit begins.
    pub fn start_state(&self, state: StartState) -> Vec<Directory> {
        let secret = self.start_state_secret.clone().unwrap_or_else(|| self.protocol.entropy.client_secret());
        start_state(state, &secret)
    }

    /// As right after a start with these tenants.
    ///
    /// # Errors
    /// [`JournalError`] if the store cannot keep it. Then nothing was changed.
    pub fn start_over(&self, directories: impl IntoIterator<Item = Arc<Directory>>) -> Result<(), JournalError> {
        let ProtocolState { clock, faults, tenants, keys, codes, refresh_tokens, sessions, interactions, sign_in_log, .. } = &self.protocol;
        let _nothing_is_written_meanwhile = waiting(|| self.writing_later());
        // With the tenants the store forgets the order of the keys.
        keys.start_over(|| tenants.start_over(directories))?;
        clock.follow_system();
        faults.clear();
        codes.clear();
        refresh_tokens.clear();
        sessions.clear();
        interactions.clear();
        self.portal_sessions.clear();
        self.trace.clear();
        sign_in_log.clear();
        self.throttling.clear();
        Ok(())
    }

    /// All routes. `https_origin` is named on the home page.
    pub fn router(&self, access: &Access, control_api: ControlApi, https_origin: Option<String>) -> Router {
        let ProtocolState { clock, entropy, faults, tenants, keys, sessions, interactions, sign_in_log, .. } = self.protocol.clone();
        let graph = GraphState {
            tenants: tenants.clone(),
            keys: keys.clone(),
            faults: faults.clone(),
            trace: self.trace.clone(),
            entropy: entropy.clone(),
            throttling: self.throttling.clone(),
            sign_in_log: sign_in_log.clone(),
        };
        let control = ControlState {
            tenants: tenants.clone(),
            keys,
            faults,
            clock: clock.clone(),
            trace: self.trace.clone(),
            reset: Arc::new({
                let provider = self.clone();
                move || provider.reset()
            }),
            start_over: Arc::new({
                let provider = self.clone();
                move |directories| provider.start_over(directories.into_iter().map(Arc::new))
            }),
            start_state: Arc::new({
                let provider = self.clone();
                move |state| provider.start_state(state)
            }),
            snapshots: self.snapshots.clone(),
        };
        let faults_of_portal = match control_api {
            ControlApi::On => Some(self.protocol.faults.clone()),
            ControlApi::Off => None,
        };
        let control = match control_api {
            ControlApi::On => control::routes(control),
            ControlApi::Off => Router::new(),
        };
        let sessions_of_portal = self.portal_sessions.clone();
        let portal = PortalState {
            clock: clock.clone(),
            entropy: entropy.clone(),
            tenants: tenants.clone(),
            sessions: sessions_of_portal,
            faults: faults_of_portal,
        };
        let sign_in = SignInState { clock: clock.clone(), entropy: entropy.clone(), tenants, sessions, interactions, sign_in_log };
        // Each item of a batch has an event of its own, as if it had come alone.
        let batch_items = graph::calls(graph.clone()).layer(middleware::from_fn_with_state(self.trace.clone(), observe::record));
        let gate = Gate { access: access.clone(), clock, entropy };
        Router::new()
            .merge(endpoints::routes(self.protocol.clone()))
            .merge(sign_in::routes(sign_in))
            .merge(graph::routes(graph, batch_items))
            .merge(portal::routes(portal))
            .merge(control)
            .merge(pages(self.clone(), https_origin))
            .fallback(nothing_here)
            .layer(middleware::from_fn_with_state(self.trace.clone(), observe::record))
            .layer(middleware::from_fn_with_state(gate, gate::pass))
    }
}

/// The home page and what all pages load.
fn pages(provider: Provider, https_origin: Option<String>) -> Router {
    let css = || async { ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")], html::STYLESHEET) };
    let icon = || async { ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "max-age=3600")], html::ICON) };
    Router::new()
        .route("/", get(home_page))
        .route(html::STYLESHEET_PATH, get(css))
        .route(html::ICON_PATH, get(icon))
        .with_state((provider, https_origin))
}

async fn home_page(State((provider, https_origin)): State<(Provider, Option<String>)>, context: RequestContext) -> Response {
    let all = provider.tenants().all();
    let tenant = |directory: &Arc<Directory>| HomeTenant {
        name: directory.organization.display_name.clone(),
        id: directory.tenant_id().to_owned(),
        domain: directory.organization.default_domain().unwrap_or_default().to_owned(),
        discovery_url: format!("{}/{}/v2.0/.well-known/openid-configuration", context.origin, directory.tenant_id()),
    };
    let applications = |directory: &Arc<Directory>| {
        let tenant = directory.organization.display_name.clone();
        let of = |name: &str, app_id: &str| HomeApplication { name: name.to_owned(), app_id: app_id.to_owned(), tenant: tenant.clone() };
        directory.applications.iter().map(|it| of(&it.display_name, &it.app_id)).collect::<Vec<_>>()
    };
    let markup = home::render(&HomePage {
        origin: context.origin.clone(),
        https_origin,
        tenants: all.iter().map(tenant).collect(),
        applications: all.iter().flat_map(applications).collect(),
    });
    page(markup, FormAction::SelfAnd(None), None)
}

async fn nothing_here(uri: Uri) -> impl IntoResponse {
    let text = format!("There is nothing at {}. The home page, /, lists what this server answers to.\n", uri.path());
    (StatusCode::NOT_FOUND, text)
}
