//! What the mock begins with: what was kept, or a start state, and where it will be kept.

use std::sync::Arc;

use time::OffsetDateTime;

use super::{Provider, ServeError, ServeOptions, certificates::Certificates, data_dir::DataDir};
use crate::{
    clock::Clock,
    directory::{
        Directory, Tenants,
        seed::{CLAIMS_PORTAL_APP_ID, StartState, start_state},
    },
    random::Entropy,
    snapshots::{SnapshotName, Snapshots},
    store::{Kept, Store},
    tokens::{SigningKeys, signing_keys::Keeper},
};

/// A mock that is not served yet.
pub(super) struct Beginning {
    pub(super) provider: Provider,
    pub(super) certificates: Certificates,
    pub(super) client: Option<StartStateClient>,
    /// Names of tenants whose directory file was not loaded, because the tenant was there already.
    pub(super) already_there: Vec<String>,
    /// The snapshot of what was kept before a start state took its place.
    pub(super) saved: Option<SnapshotName>,
    pub(super) store: Option<Arc<Store>>,
}

/// The app that start states register, with the values that its owner notes.
#[derive(Debug, Clone)]
pub(super) struct StartStateClient {
    pub(super) app_id: String,
    pub(super) secret: String,
}

impl StartStateClient {
    /// The app, if it is registered and the secret still works.
    fn of(tenants: &Tenants, secret: String) -> Option<Self> {
        let home = tenants.home_of(CLAIMS_PORTAL_APP_ID)?;
        let mut credentials = home.application(CLAIMS_PORTAL_APP_ID)?.password_credentials.iter();
        credentials.any(|credential| credential.matches(&secret)).then(|| Self { app_id: CLAIMS_PORTAL_APP_ID.to_owned(), secret })
    }
}

/// In memory only: keys from the source tree, as in a test, and a certificate authority of this start.
pub(super) fn ephemeral(options: ServeOptions) -> Beginning {
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let secret = entropy.client_secret();
    let directories = fresh(options.start_state, options.directories, &secret);
    let certificates = Certificates::new(clock.now());
    let provider = Provider::new(directories, SigningKeys::test_pool(0), clock, entropy).with_start_state_secret(secret.clone());
    let client = StartStateClient::of(provider.tenants(), secret);
    Beginning { provider, certificates, client, already_there: Vec::new(), saved: None, store: None }
}

/// Kept in the data directory: as it was left there, unless a start state is asked for.
///
/// # Errors
/// [`ServeError`] if something there cannot be used.
pub(super) fn durable(options: ServeOptions, data_dir: &DataDir) -> Result<Beginning, ServeError> {
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let secret = data_dir.start_state_secret(&entropy)?;
    let certificates = data_dir.certificates(&clock)?;
    let store = Arc::new(data_dir.store()?);
    let stored = store.directories()?;
    let mut already_there = Vec::new();
    let mut saved = None;
    let directories = if options.start_state.is_none() && !stored.is_empty() {
        let (joining, known) = options.directories.into_iter().partition(|it| stored.iter().all(|old| old.tenant_id() != it.tenant_id()));
        already_there = Vec::into_iter(known).map(|directory: Directory| directory.organization.display_name).collect();
        join(stored, joining, &store)?
    } else {
        let fresh = fresh(options.start_state, options.directories, &secret);
        saved = save_before(&data_dir.snapshots(), options.start_state, &stored, &fresh, clock.now())?;
        store.start_over(&fresh)?;
        fresh
    };
    let tenants = Tenants::with_journal(directories, Arc::clone(&store) as _);
    let keeper = Keeper::new({
        let store = Arc::clone(&store);
        move |order| store.keep_key_order(order)
    });
    let keys = data_dir.signing_keys()?.kept_by(keeper, store.key_order()?.as_ref());
    let provider = Provider::with_tenants(tenants, keys, clock, entropy);
    let provider = provider.with_start_state_secret(secret.clone()).with_snapshots(data_dir.snapshots());
    restore(&provider, &store)?;
    let client = StartStateClient::of(provider.tenants(), secret);
    Ok(Beginning { provider, certificates, client, already_there, saved, store: Some(store) })
}

/// A start state, unit 1's unless another is asked for, in which tenants of files replace those of the same id.
fn fresh(state: Option<StartState>, files: Vec<Directory>, secret: &str) -> Vec<Directory> {
    let mut directories = start_state(state.unwrap_or(StartState::Unit1), secret);
    for directory in files {
        directories.retain(|it| it.tenant_id() != directory.tenant_id());
        directories.push(directory);
    }
    directories
}

/// Saves what is kept, unless nothing would be lost.
fn save_before(
    snapshots: &Snapshots,
    state: Option<StartState>,
    stored: &[Directory],
    fresh: &[Directory],
    now: OffsetDateTime,
) -> Result<Option<SnapshotName>, ServeError> {
    if stored.is_empty() || stored == fresh {
        return Ok(None);
    }
    let unit = state.map_or_else(|| "start".to_owned(), |state| format!("unit-{}", state.number()));
    let name = SnapshotName::before(&unit, now);
    let tenants: Vec<Arc<Directory>> = stored.iter().cloned().map(Arc::new).collect();
    snapshots.save(&name, &tenants, now)?;
    Ok(Some(name))
}

fn join(mut stored: Vec<Directory>, joining: Vec<Directory>, store: &Arc<Store>) -> Result<Vec<Directory>, ServeError> {
    let tenants = Tenants::with_journal(stored.iter().cloned(), Arc::clone(store) as _);
    for directory in joining {
        tenants.replace(directory.clone())?;
        stored.push(directory);
    }
    Ok(stored)
}

fn restore(provider: &Provider, store: &Store) -> Result<(), ServeError> {
    let sessions = provider.sessions().restore(store.kept(Kept::SignInSessions)?);
    sessions.map_err(|error| store.damaged(format!("a sign-in session: {error}")))?;
    let tokens = provider.refresh_tokens().restore(store.kept(Kept::RefreshTokens)?, provider.clock().now());
    tokens.map_err(|error| store.damaged(format!("a refresh token: {error}")))?;
    Ok(())
}
