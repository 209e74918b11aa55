//! The app of unit 5 by hand: no crate for OAuth, for cookies or for HTML, and nothing of the course's own solutions.

mod graph;
mod insurance;
mod oidc;
mod purse;
mod records;
mod web;

use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use url::Url;

/// What the environment and the file `.env` say.
pub struct Settings {
    authority: String,
    client_id: String,
    client_secret: String,
    redirect_uri: Url,
    scope: String,
    endpoint: Url,
    port: u16,
    insurance: insurance::Insurance,
}

impl Settings {
    /// `SESSION_KEY`, which the app does not use, is demanded as well: whoever forgot it has probably forgotten the file.
    fn from_environment() -> Result<Self, String> {
        let file = std::fs::read_to_string(".env").unwrap_or_default();
        let value = |name: &str| {
            let found = std::env::var(name).ok().or_else(|| line_of(&file, name));
            found.filter(|value| !value.is_empty()).ok_or_else(|| format!("{name} is not set"))
        };
        value("SESSION_KEY")?;
        Ok(Self {
            authority: value("AUTHORITY")?.trim_end_matches('/').to_owned(),
            client_id: value("CLIENT_ID")?,
            client_secret: value("CLIENT_SECRET")?,
            redirect_uri: value("REDIRECT_URI")?.parse().map_err(|error| format!("REDIRECT_URI: {error}"))?,
            scope: value("SCOPE")?,
            endpoint: value("ENDPOINT")?.parse().map_err(|error| format!("ENDPOINT: {error}"))?,
            port: value("PORT")?.parse().map_err(|_| "PORT is no number".to_owned())?,
            insurance: insurance::Insurance::read(&value("POLICY_DATA")?)?,
        })
    }

    fn tenant(&self) -> &str {
        self.authority.rsplit('/').next().unwrap_or_default()
    }

    /// `{origin}/`.
    fn home(&self) -> Url {
        self.redirect_uri.join("/").expect("every web address has a root")
    }
}

/// The value of `NAME=value` in the file of the current folder. Lines that are not of this form are nobody's business here.
fn line_of(file: &str, name: &str) -> Option<String> {
    let value = file.lines().find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix('='))?;
    Some(value.trim().trim_matches(['"', '\'']).to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    let settings = match Settings::from_environment() {
        Ok(settings) => settings,
        Err(problem) => {
            eprintln!("cannot start: {problem}");
            return ExitCode::from(2);
        }
    };
    let listener = match TcpListener::bind(("127.0.0.1", settings.port)).await {
        Ok(listener) => listener,
        Err(error) => {
            eprintln!("cannot listen on port {}: {error}", settings.port);
            return ExitCode::FAILURE;
        }
    };
    let app = web::router(Arc::new(web::App::new(settings)));
    let mut terminate = signal(SignalKind::terminate()).expect("a signal handler can be installed at the start");
    tokio::select! {
        served = async { axum::serve(listener, app).await } => {
            eprintln!("stopped: {served:?}");
            ExitCode::FAILURE
        }
        // Requests under way are cut off: this app keeps nothing that could be half written.
        _ = terminate.recv() => ExitCode::SUCCESS,
        _ = tokio::signal::ctrl_c() => ExitCode::SUCCESS,
    }
}
