//! The solution of unit 5, started against a mock that nobody else uses.

use std::{net::TcpListener, path::Path, process::Stdio, time::Duration};

use anyhow::{Context, Result, ensure};
use mock_idp::{
    MockIdp,
    directory::seed::{ABC_INSURANCE_TENANT_ID, CLAIMS_PORTAL_APP_ID},
};
use tokio::{net::TcpStream, process::Command};

use crate::{child_group::ChildGroup, start::policies};

/// How long it may take until it listens.
const READY_WITHIN: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

pub struct App {
    group: ChildGroup,
    origin: String,
    _folder: tempfile::TempDir,
}

impl App {
    /// Starts the program with this client secret and waits until it listens.
    pub async fn start(program: &Path, idp: &MockIdp, secret: &str) -> Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a folder for the app")?;
        let policy_data = policies::write(folder.path())?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).context("no free port")?.port();
        let origin = format!("http://localhost:{port}");
        let mut command = Command::new(program);
        command.current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.envs([
            ("AUTHORITY", idp.authority(ABC_INSURANCE_TENANT_ID)),
            ("CLIENT_ID", CLAIMS_PORTAL_APP_ID.to_owned()),
            ("CLIENT_SECRET", secret.to_owned()),
            ("REDIRECT_URI", format!("{origin}/getAToken")),
            ("SCOPE", "User.Read".to_owned()),
            ("ENDPOINT", format!("{}/graph/v1.0/me", idp.origin())),
            ("PORT", port.to_string()),
            ("SESSION_KEY", "a key for one run of a recording, 32 bytes and more".to_owned()),
            ("POLICY_DATA", policy_data.to_string_lossy().into_owned()),
        ]);
        let mut app = Self { group: ChildGroup::spawn(command)?, origin, _folder: folder };
        let listens = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(POLL).await
            }
        };
        let ended = tokio::select! {
            ended = app.group.child().wait() => Some(ended.context("cannot wait for the app")?),
            () = listens => None,
            () = tokio::time::sleep(READY_WITHIN) => anyhow::bail!("{} does not listen", program.display()),
        };
        ensure!(ended.is_none(), "{} ended ({ended:?}) before it listened", program.display());
        Ok(app)
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub async fn stop(mut self) {
        self.group.stop().await;
    }
}
