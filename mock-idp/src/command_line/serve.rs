//! `mock-idp serve`

use std::{net::IpAddr, path::PathBuf};

use mock_idp::{
    directory::seed::PRACTICE_PASSWORD,
    server::{self, Access, ServeOptions, Storage},
};

use super::{DataDirFlag, Outcome, files, terminal::say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: mock-idp serve --http localhost:8400 --https localhost:8443 --directory my-tenant.json\n\n\
    What is changed is kept in the data directory and is there again at the next start.")]
pub struct Serve {
    /// Where plain http listens
    #[arg(long, value_name = "ADDR", default_value = "localhost:8400")]
    http: String,
    /// Where https listens
    #[arg(long, value_name = "ADDR", default_value = "localhost:8443")]
    https: String,
    #[command(flatten)]
    data_dir: DataDirFlag,
    /// Keep nothing: all is in memory, and the data directory is neither read nor written
    #[arg(long)]
    ephemeral: bool,
    /// A tenant to serve, in the directory file format; may be repeated
    ///
    /// It joins the tenants that are kept. For a tenant that is kept already see `mock-idp import`.
    #[arg(long, value_name = "FILE")]
    directory: Vec<PathBuf>,
    /// Another interface to listen on; needs --allow-host
    #[arg(long, value_name = "IP")]
    listen: Option<IpAddr>,
    /// A name under which the other interface is reached; may be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

pub async fn run(flags: Serve) -> anyhow::Result<Outcome> {
    let Some(directories) = files::all_without_mistakes(&flags.directory)? else { return Ok(Outcome::Mistakes) };
    let running = server::start(ServeOptions {
        http: flags.http,
        https: flags.https,
        storage: if flags.ephemeral { Storage::Ephemeral } else { Storage::Durable },
        data_dir: flags.data_dir.data_dir,
        directories,
        start_state: None,
        access: Access::new(flags.listen, flags.allow_host)?,
    })
    .await?;
    let ca = match running.ca_path() {
        Some(path) => path.display().to_string(),
        None => format!("until this process ends:\n{}", running.ca_pem().trim_end()),
    };
    say(&format!("http   {}\nhttps  {}\nca     {ca}\n", running.http_origin(), running.https_origin()));
    for tenant in running.already_there() {
        say(&format!("{tenant} is kept in the data directory already, so its file was not loaded. `mock-idp import` loads it.\n"));
    }
    say(&format!("Everybody in the built-in tenants has the password {PRACTICE_PASSWORD}.\nStop with Ctrl-C.\n"));
    asked_to_stop().await?;
    running.shutdown().await;
    Ok(Outcome::Done)
}

/// Waits for Ctrl-C, and on Unix for SIGTERM too.
async fn asked_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
