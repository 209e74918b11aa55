//! The wish to stop: Ctrl-C, or the polite `kill` that `cargo xtask` sends.

use anyhow::{Context, Result};

/// Waits for the wish to stop.
///
/// # Errors
/// When the system does not let us listen for it.
#[cfg(unix)]
pub async fn received() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for Ctrl-C"),
        _ = terminate.recv() => Ok(()),
    }
}

/// Waits for the wish to stop.
///
/// # Errors
/// When the system does not let us listen for it.
#[cfg(not(unix))]
pub async fn received() -> Result<()> {
    tokio::signal::ctrl_c().await.context("cannot listen for Ctrl-C")
}
