//! The app under test: a process of its own, started in an empty folder, that listens on a port of our choice.

pub mod command;
pub mod environment;
pub mod output;
pub mod ports;

use std::{
    process::{ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::TcpStream, process::Child};

pub use command::{AppCommand, AuthorityScheme};
pub use environment::Environment;
use output::Output;
use ports::Ports;

use crate::{
    stopwatch::Stopwatch,
    verdict::{Failure, Problem},
};

/// How long an app may take until it listens.
pub const READY_LIMIT: Duration = Duration::from_secs(10);

/// How often a port that was lost to somebody else is replaced.
const PORT_ATTEMPTS: usize = 3;

const POLL: Duration = Duration::from_millis(15);

/// A running app. It ends, with its children, when this is dropped.
#[derive(Debug)]
pub struct AppProcess {
    child: Mutex<Child>,
    process_id: Option<u32>,
    port: u16,
    output: Output,
    _folder: TempDir,
}

/// Why there is no running app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartFailure {
    /// The program could not be started at all.
    #[error("{program} cannot be started: {cause}")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system said.
        cause: String,
    },
    /// It ended before it listened.
    #[error("the app ended ({status}) before it listened on port {port}\n{output}")]
    Exited {
        /// How it ended.
        status: String,
        /// The port.
        port: u16,
        /// What it printed.
        output: String,
    },
    /// It runs but does not listen.
    #[error("the app runs, but nothing listened on 127.0.0.1:{port} within {} seconds\n{output}", READY_LIMIT.as_secs())]
    NeverListened {
        /// The port.
        port: u16,
        /// What it printed.
        output: String,
    },
    /// The grader could not make what the app needs.
    #[error("the app's folder or port cannot be made: {0}")]
    Grader(String),
}

impl From<StartFailure> for Problem {
    fn from(failure: StartFailure) -> Self {
        let expected = "an app that listens on 127.0.0.1, on the port that PORT names, within 10 seconds";
        let why = "Every other check visits the running app. All variables of the exercise were set. An app in Rust runs in an empty \
                   folder, without a `.env` file; the command of `--cmd` runs in the folder in which you typed it.";
        match failure {
            StartFailure::Grader(message) => Self::Broken(message),
            other => Failure::new("The grader started the app and waited for it to listen.", other.to_string(), expected, why).into(),
        }
    }
}

impl AppProcess {
    /// Starts the app and waits until it listens.
    ///
    /// # Errors
    /// [`StartFailure`].
    pub async fn start(command: &AppCommand, environment: &Environment, ports: &Ports) -> Result<Self, StartFailure> {
        let mut attempt = 1;
        loop {
            let app = Self::launch(command, environment, ports)?;
            match app.ready().await {
                Ok(()) => return Ok(app),
                Err(StartFailure::Exited { port, .. }) if attempt < PORT_ATTEMPTS && ports::is_taken(port).await => attempt += 1,
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Starts the app without waiting for it.
    ///
    /// # Errors
    /// [`StartFailure::NotStarted`], [`StartFailure::Grader`].
    pub fn launch(command: &AppCommand, environment: &Environment, ports: &Ports) -> Result<Self, StartFailure> {
        let grader = |error: std::io::Error| StartFailure::Grader(error.to_string());
        let port = ports.next().map_err(grader)?;
        let folder = tempfile::Builder::new().prefix("app-").tempdir().map_err(grader)?;
        let policy_data = folder.path().join("policies.json");
        std::fs::write(&policy_data, environment.policy_data()).map_err(grader)?;

        let mut process = tokio::process::Command::new(&command.program);
        process.args(&command.args).current_dir(command.current_dir.as_deref().unwrap_or(folder.path()));
        let variables = environment.variables(port, &policy_data.to_string_lossy(), folder.path()).map_err(grader)?;
        process.envs(variables.set);
        for name in variables.absent {
            process.env_remove(name);
        }
        process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // A group of its own, so that the app's children end with it.
        #[cfg(unix)]
        process.process_group(0);
        let mut child = process
            .spawn()
            .map_err(|error| StartFailure::NotStarted { program: command.program.display().to_string(), cause: error.to_string() })?;
        let output = Output::default();
        output.drain(child.stdout.take());
        output.drain(child.stderr.take());
        Ok(Self { process_id: child.id(), child: Mutex::new(child), port, output, _folder: folder })
    }

    /// Waits until the app listens.
    ///
    /// # Errors
    /// [`StartFailure::Exited`], [`StartFailure::NeverListened`].
    pub async fn ready(&self) -> Result<(), StartFailure> {
        let waited = Stopwatch::start();
        while waited.elapsed() < READY_LIMIT {
            if let Some(status) = self.exit_status() {
                self.output.settle().await;
                return Err(StartFailure::Exited { status: status.to_string(), port: self.port, output: self.output.tail() });
            }
            let somebody_listens = TcpStream::connect(("127.0.0.1", self.port)).await.is_ok();
            // An app that has ended is not the one that listens.
            if somebody_listens && self.exit_status().is_none() {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
        Err(StartFailure::NeverListened { port: self.port, output: self.output.tail() })
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The port that it was given.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http://localhost:43117`
    pub fn origin(&self) -> String {
        environment::origin(self.port)
    }

    /// The `REDIRECT_URI` that it was given.
    pub fn redirect_uri(&self) -> String {
        environment::redirect_uri(self.port)
    }

    /// What it printed.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// How it ended; `None` while it runs.
    pub fn exit_status(&self) -> Option<ExitStatus> {
        self.child().try_wait().ok().flatten()
    }

    /// Waits for its end, at most `limit`.
    pub async fn wait_for_exit(&self, limit: Duration) -> Option<ExitStatus> {
        let waited = Stopwatch::start();
        loop {
            if let Some(status) = self.exit_status() {
                self.output.settle().await;
                return Some(status);
            }
            if waited.elapsed() >= limit {
                return None;
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Asks it to end (SIGTERM). False where that cannot be asked.
    pub fn ask_to_end(&self) -> bool {
        cfg!(unix) && self.process_id.is_some_and(|id| signal("-TERM", &id.to_string()))
    }
}

impl Drop for AppProcess {
    fn drop(&mut self) {
        if self.exit_status().is_none() && cfg!(unix) {
            // Its whole group; `kill_on_drop` ends only the process itself.
            if let Some(id) = self.process_id {
                signal("-KILL", &format!("-{id}"));
            }
        }
        let _ = self.child().start_kill();
    }
}

/// Sends a signal by the system's own command: the standard library has no call for it.
fn signal(name: &str, target: &str) -> bool {
    let sent = std::process::Command::new("kill").args([name, "--", target]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    sent.is_ok_and(|status| status.success())
}
