//! `cargo run -p vulnerable-app`: serves the portal on this machine only.

use std::net::Ipv4Addr;

use anyhow::Context;
use tokio::net::TcpListener;
use vulnerable_app::{WARNING, config::Config, router, rules::Rules};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    println!("{WARNING}");
    let config = Config::from_env()?;
    // Never on another address than loopback, whatever the configuration says.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))
        .await
        .with_context(|| format!("cannot listen on port {}; is another app using it? Stop that one, or set PORT", config.port))?;
    println!("Listening on http://localhost:{}", config.port);
    axum::serve(listener, router(config, Rules::OF_THE_APP)).await.context("the app stopped")
}
