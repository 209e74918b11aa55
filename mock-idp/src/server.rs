//! The running server: routes of all modules, listeners, certificates, and what stands between a connection and a handler.

pub mod address;
mod beginning;
pub mod certificates;
pub mod data_dir;
mod gate;
mod listeners;
mod observe;
pub mod provider;
mod write_later;

use std::path::PathBuf;

pub use address::{Access, ListenAddress};
pub use provider::{ControlApi, Provider};

use self::{
    beginning::{Beginning, StartStateClient},
    certificates::Certificates,
    data_dir::DataDir,
    listeners::{Listener, Listening},
    write_later::Writer,
};
use crate::{
    directory::{Directory, JournalError, seed::StartState},
    request_context::Scheme,
    snapshots::{SnapshotError, SnapshotName},
    store::StoreError,
};

/// Whether what is changed outlives the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// Everything is kept in the data directory.
    Durable,
    /// Nothing is read from the data directory or written to it; keys and certificates last as long as the process.
    Ephemeral,
}

/// How the mock is started.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where plain http listens: `localhost:8400`. Port 0 takes a free one.
    pub http: String,
    /// Where https listens: `localhost:8443`.
    pub https: String,
    /// Whether the data directory is used.
    pub storage: Storage,
    /// Where everything is kept. Made if it is missing.
    pub data_dir: PathBuf,
    /// Tenants that replace or join those of a start state. Where tenants are kept already they only join.
    pub directories: Vec<Directory>,
    /// The state to begin with, in the place of whatever is kept. `None` goes on with what is kept, and begins as unit 1 where
    /// there is nothing.
    pub start_state: Option<StartState>,
    /// Who may connect.
    pub access: Access,
}

/// Why the mock does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Somebody else listens there.
    #[error("port {port} is in use; use {option} with another one, for example {option} localhost:{suggestion}")]
    PortInUse {
        /// The port.
        port: u16,
        /// The option that moves it.
        option: &'static str,
        /// A port that is probably free.
        suggestion: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}; use {option} with another address")]
    Listen {
        /// The address.
        address: String,
        /// The option that moves it.
        option: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The address is not one that the mock listens on.
    #[error(transparent)]
    Address(#[from] address::AddressError),
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] data_dir::DataDirError),
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state to begin with cannot be kept.
    #[error(transparent)]
    NotKept(#[from] JournalError),
    /// What was kept cannot be saved before a start state takes its place.
    #[error("the present state cannot be saved before another takes its place: {0}")]
    NotSaved(#[from] SnapshotError),
}

/// A mock that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct RunningServer {
    provider: Provider,
    http: Listening,
    https: Listening,
    writer: Option<Writer>,
    ca_pem: String,
    client: Option<StartStateClient>,
    already_there: Vec<String>,
    saved: Option<SnapshotName>,
    // Given back last, when nothing is written any more.
    data_dir: Option<DataDir>,
}

/// Starts the mock on both schemes.
///
/// # Errors
/// [`ServeError`]; its text tells what to do.
pub async fn start(options: ServeOptions) -> Result<RunningServer, ServeError> {
    let http = ListenAddress::parse(&options.http, "--http", &options.access)?;
    let https = ListenAddress::parse(&options.https, "--https", &options.access)?;
    // Who is told that the data directory is in use need not look for another port.
    let data_dir = match options.storage {
        Storage::Durable => Some(DataDir::open(&options.data_dir)?),
        Storage::Ephemeral => None,
    };
    // Ports next: keys take a while to make when the data directory is new.
    let http = Listener::bind(&http).await?;
    let https = Listener::bind(&https).await?;
    let access = options.access.clone();
    let Beginning { provider, certificates, client, already_there, saved, store } = match &data_dir {
        Some(data_dir) => beginning::durable(options, data_dir)?,
        None => beginning::ephemeral(options),
    };
    let router = provider.router(&access, ControlApi::On, Some(https.origin(Scheme::Https)));
    if let Some(data_dir) = &data_dir {
        data_dir.announce(http.origin(Scheme::Http), https.origin(Scheme::Https))?;
    }
    Ok(RunningServer {
        http: http.serve(router.clone(), None),
        https: https.serve(router, Some(certificates.server_config())),
        writer: store.map(|store| Writer::start(provider.clone(), store)),
        ca_pem: certificates.authority,
        provider,
        client,
        already_there,
        saved,
        data_dir,
    })
}

impl RunningServer {
    /// `http://localhost:8400`
    pub fn http_origin(&self) -> String {
        self.http.origin(Scheme::Http)
    }

    /// `https://localhost:8443`
    pub fn https_origin(&self) -> String {
        self.https.origin(Scheme::Https)
    }

    /// Where the certificate authority is, for whoever must trust the https origin; `None` where nothing is kept.
    pub fn ca_path(&self) -> Option<PathBuf> {
        self.data_dir.as_ref().map(DataDir::ca_path)
    }

    /// The certificate authority in PEM form.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// Names of tenants whose directory file was not loaded, because the tenant is kept already.
    pub fn already_there(&self) -> &[String] {
        &self.already_there
    }

    /// The snapshot in which what was kept before this start was saved, because a start state took its place.
    pub fn saved_snapshot(&self) -> Option<&SnapshotName> {
        self.saved.as_ref()
    }

    /// The client id of the app that start states register, if it is registered with the secret of this data directory.
    pub fn app_id(&self) -> Option<&str> {
        self.client.as_ref().map(|client| client.app_id.as_str())
    }

    /// The secret of that app. It is the same each time in one data directory.
    pub fn client_secret(&self) -> Option<&str> {
        self.client.as_ref().map(|client| client.secret.as_str())
    }

    /// The state behind the endpoints.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Stops listening, closes all connections, and writes what is not written yet.
    pub async fn shutdown(self) {
        self.http.stop().await;
        self.https.stop().await;
        if let Some(writer) = self.writer {
            writer.stop().await;
        }
    }
}

/// A mock for tests: free ports, certificates of its own, nothing on disk.
///
/// # Errors
/// [`ServeError`] if no port can be had.
pub(crate) async fn start_in_memory(
    provider: &Provider,
    certificates: &Certificates,
    control_api: ControlApi,
) -> Result<(Listening, Listening), ServeError> {
    let access = Access::loopback();
    let http = Listener::bind(&ListenAddress::parse("localhost:0", "--http", &access)?).await?;
    let https = Listener::bind(&ListenAddress::parse("localhost:0", "--https", &access)?).await?;
    let router = provider.router(&access, control_api, Some(https.origin(Scheme::Https)));
    Ok((http.serve(router.clone(), None), https.serve(router, Some(certificates.server_config()))))
}

pub(crate) use listeners::Listening as RunningListener;
