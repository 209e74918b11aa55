//! A mock that runs inside a test.

use time::OffsetDateTime;

use crate::{
    clock::Clock,
    directory::{Directory, EditError, Registration, application::Application},
    faults::{FaultId, Faults, Injection},
    random::Entropy,
    request_context::Scheme,
    server::{ControlApi, Provider, RunningListener, ServeError, certificates::Certificates, start_in_memory},
    tokens::SigningKeys,
    trace::Trace,
};

/// A mock identity provider on free ports. Many can run in one process; each ends when it is dropped.
#[derive(Debug)]
pub struct MockIdp {
    provider: Provider,
    http_origin: String,
    https_origin: String,
    ca_pem: String,
    _listeners: (RunningListener, RunningListener),
}

/// How a [`MockIdp`] shall be.
#[derive(Debug)]
pub struct MockIdpBuilder {
    directories: Vec<Directory>,
    seed: Option<u64>,
    clock: Option<Clock>,
    control_api: ControlApi,
}

impl MockIdpBuilder {
    /// Adds a tenant. Without one there is ABC Insurance.
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directories.push(directory);
        self
    }

    /// Makes ids, codes and secrets repeatable, and picks the signing keys. Whoever knows the seed knows every secret.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Gives the mock a clock of the test's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Serves the `/mock` API too. Without this a process that only has the URL cannot change anything.
    pub fn with_control_api(mut self) -> Self {
        self.control_api = ControlApi::On;
        self
    }

    /// Starts the mock.
    ///
    /// # Errors
    /// [`ServeError`] if no free port can be had on loopback.
    pub async fn start(mut self) -> Result<MockIdp, ServeError> {
        if self.directories.is_empty() {
            self.directories.push(Directory::abc_insurance());
        }
        let clock = self.clock.unwrap_or_else(Clock::system);
        let entropy = self.seed.map_or_else(Entropy::system, Entropy::seeded);
        let keys = SigningKeys::test_pool(self.seed.unwrap_or_default());
        // Certificates are judged by the clients' clocks, not by the mock's.
        let certificates = Certificates::new(Clock::system().now());
        let provider = Provider::new(self.directories, keys, clock, entropy);
        let listeners = start_in_memory(&provider, &certificates, self.control_api).await?;
        Ok(MockIdp {
            http_origin: listeners.0.origin(Scheme::Http),
            https_origin: listeners.1.origin(Scheme::Https),
            ca_pem: certificates.authority,
            provider,
            _listeners: listeners,
        })
    }
}

impl MockIdp {
    /// Begins to describe a mock.
    pub fn builder() -> MockIdpBuilder {
        MockIdpBuilder { directories: Vec::new(), seed: None, clock: None, control_api: ControlApi::Off }
    }

    /// `http://localhost:41233`
    pub fn origin(&self) -> &str {
        &self.http_origin
    }

    /// `https://localhost:41234`
    pub fn https_origin(&self) -> &str {
        &self.https_origin
    }

    /// The authority that vouches for the https origin, in PEM form.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// `{origin}/{tenant id}`, the `AUTHORITY` of an app.
    pub fn authority(&self, tenant_id: &str) -> String {
        format!("{}/{tenant_id}", self.http_origin)
    }

    /// Registers an application in the first tenant, with a secret and a service principal.
    pub async fn register(&self, application: Application) -> Registration {
        let tenant = self.provider.tenants().all().first().map(|directory| directory.tenant_id().to_owned());
        let entropy = self.provider.entropy();
        tenant
            .map(|tenant| self.edit_directory(&tenant, |directory| directory.register(application, entropy)))
            .expect("a mock is started with at least one tenant")
    }

    /// Puts a fault in force: `idp.inject(Fault::WrongNonce.once())`.
    pub fn inject(&self, injection: Injection) -> FaultId {
        self.provider.faults().inject(injection)
    }

    /// The faults in force.
    pub fn faults(&self) -> &Faults {
        self.provider.faults()
    }

    /// The clock that every answer reads.
    pub fn clock(&self) -> &Clock {
        self.provider.clock()
    }

    /// The present instant of the mock.
    pub fn now(&self) -> OffsetDateTime {
        self.clock().now()
    }

    /// What happened so far.
    pub fn trace(&self) -> &Trace {
        self.provider.trace()
    }

    /// The signing keys.
    pub fn keys(&self) -> &SigningKeys {
        self.provider.keys()
    }

    /// The state behind the endpoints.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Changes the tenant with this id or domain while the mock runs.
    ///
    /// # Panics
    /// If there is no such tenant: a test that names one is wrong.
    pub fn edit_directory<R>(&self, tenant: &str, change: impl FnOnce(&mut Directory) -> R) -> R {
        let edited = self.provider.tenants().edit(tenant, |directory| Ok::<R, EditError>(change(directory)));
        edited.unwrap_or_else(|error| panic!("the mock cannot be edited: {error}"))
    }
}
