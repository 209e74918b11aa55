//! `mock-idp`: flags in, server out.

use std::{net::IpAddr, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Parser, Subcommand};
use mock_idp::{
    directory::{Directory, seed::PRACTICE_PASSWORD},
    server::{self, Access, ServeOptions, Storage},
};

/// A local mock of the Microsoft identity platform and Microsoft Graph.
#[derive(Debug, Parser)]
#[command(version, after_help = "Example: mock-idp serve --directory my-tenant.json")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the mock until Ctrl-C.
    #[command(after_help = "Example: mock-idp serve --http localhost:8400 --https localhost:8443 --directory my-tenant.json")]
    Serve(Serve),
    /// Checks directory files and lists every mistake with its place.
    #[command(after_help = "Example: mock-idp check-directory my-tenant.json")]
    CheckDirectory {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct Serve {
    /// Where plain http listens.
    #[arg(long, value_name = "ADDR", default_value = "localhost:8400")]
    http: String,
    /// Where https listens.
    #[arg(long, value_name = "ADDR", default_value = "localhost:8443")]
    https: String,
    /// Where everything is kept.
    #[arg(long, value_name = "DIR", default_value = ".mock-idp")]
    data_dir: PathBuf,
    /// Keep nothing: all is in memory, and the data directory is neither read nor written.
    #[arg(long)]
    ephemeral: bool,
    /// A tenant to serve, in the directory file format; may be repeated.
    #[arg(long, value_name = "FILE")]
    directory: Vec<PathBuf>,
    /// Another interface to listen on; needs --allow-host.
    #[arg(long, value_name = "IP")]
    listen: Option<IpAddr>,
    /// A name under which the other interface is reached; may be repeated.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(flags) => serve(flags).await,
        Command::CheckDirectory { files } => return check(&files),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mock-idp: {error:#}");
            ExitCode::from(3)
        }
    }
}

fn read(file: &PathBuf) -> anyhow::Result<Directory> {
    let json = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Directory::from_json(&json).with_context(|| format!("{} is not a directory file", file.display()))
}

async fn serve(flags: Serve) -> anyhow::Result<()> {
    let directories = flags.directory.iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
    let running = server::start(ServeOptions {
        http: flags.http,
        https: flags.https,
        storage: if flags.ephemeral { Storage::Ephemeral } else { Storage::Durable },
        data_dir: flags.data_dir,
        directories,
        start_state: None,
        access: Access::new(flags.listen, flags.allow_host)?,
    })
    .await?;
    println!("http   {}", running.http_origin());
    println!("https  {}", running.https_origin());
    match running.ca_path() {
        Some(path) => println!("ca     {}", path.display()),
        None => println!("ca     until this process ends:\n{}", running.ca_pem().trim_end()),
    }
    for tenant in running.already_there() {
        println!("{tenant} is kept in the data directory already, so its file was not loaded.");
    }
    println!("Everybody in the built-in tenants has the password {PRACTICE_PASSWORD}.");
    println!("Stop with Ctrl-C.");
    asked_to_stop().await?;
    running.shutdown().await;
    Ok(())
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

fn check(files: &[PathBuf]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for file in files {
        match read(file) {
            Ok(directory) => println!("{}: {} users, {} applications", file.display(), directory.users.len(), directory.applications.len()),
            Err(error) => {
                eprintln!("{error:#}");
                code = ExitCode::from(1);
            }
        }
    }
    code
}
