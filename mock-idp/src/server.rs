//! The running server: routes of all modules, listeners, certificates, and what stands between a connection and a handler.

pub mod address;
pub mod certificates;
pub mod data_dir;
mod gate;
mod listeners;
mod observe;
pub mod provider;

use std::path::{Path, PathBuf};

pub use address::{Access, ListenAddress};
pub use provider::{ControlApi, Provider};

use self::{
    certificates::Certificates,
    data_dir::DataDir,
    listeners::{Listener, Listening},
};
use crate::{
    directory::{Directory, seed::StartState},
    random::Entropy,
    request_context::Scheme,
};

/// How the mock is started.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Where plain http listens: `localhost:8400`. Port 0 takes a free one.
    pub http: String,
    /// Where https listens: `localhost:8443`.
    pub https: String,
    /// Where keys and certificates are kept. Made if it is missing.
    pub data_dir: PathBuf,
    /// Tenants that replace or join those of the start state.
    pub directories: Vec<Directory>,
    /// The state in which the directory begins.
    pub start_state: StartState,
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
    /// Keys or certificates cannot be kept.
    #[error(transparent)]
    DataDir(#[from] data_dir::DataDirError),
}

/// A mock that runs until it is shut down or dropped.
#[derive(Debug)]
pub struct RunningServer {
    provider: Provider,
    http: Listening,
    https: Listening,
    ca_path: PathBuf,
    client: Option<StartStateClient>,
}

/// The app that the start state registers, with the values that its owner notes.
#[derive(Debug, Clone)]
struct StartStateClient {
    app_id: String,
    secret: String,
}

/// Starts the mock on both schemes.
///
/// # Errors
/// [`ServeError`]; its text tells what to do.
pub async fn start(options: ServeOptions) -> Result<RunningServer, ServeError> {
    let http = ListenAddress::parse(&options.http, "--http", &options.access)?;
    let https = ListenAddress::parse(&options.https, "--https", &options.access)?;
    // Ports first: keys take a while to make when the data directory is new.
    let http = Listener::bind(&http).await?;
    let https = Listener::bind(&https).await?;
    let data_dir = DataDir::open(&options.data_dir)?;
    let entropy = Entropy::system();
    let keys = data_dir.signing_keys()?;
    let certificates = data_dir.certificates(&crate::clock::Clock::system())?;
    let secret = data_dir.start_state_secret(&entropy)?;
    let client = options
        .start_state
        .has_claims_portal()
        .then(|| StartStateClient { app_id: crate::directory::seed::CLAIMS_PORTAL_APP_ID.to_owned(), secret: secret.clone() });
    let mut directories = crate::directory::seed::start_state(options.start_state, &secret, &entropy);
    for directory in options.directories {
        directories.retain(|it| it.tenant_id() != directory.tenant_id());
        directories.push(directory);
    }
    let provider = Provider::new(directories, keys, crate::clock::Clock::system(), entropy);
    let https_origin = https.origin(Scheme::Https);
    let router = provider.router(&options.access, ControlApi::On, Some(https_origin));
    Ok(RunningServer {
        http: http.serve(router.clone(), None),
        https: https.serve(router, Some(certificates.server_config())),
        ca_path: data_dir.ca_path(),
        provider,
        client,
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

    /// The certificate authority in PEM form, for whoever must trust the https origin.
    pub fn ca_path(&self) -> &Path {
        &self.ca_path
    }

    /// The client id of the app that the start state registers, if it registers one.
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

    /// Stops listening and closes all connections.
    pub async fn shutdown(self) {
        self.http.stop().await;
        self.https.stop().await;
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
