//! Starting and stopping.

use std::future::Future;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;

/// How long requests that are under way may take after the signal to stop.
const FAREWELL: Duration = Duration::from_secs(3);

/// The whole `main` of an app: reads the configuration, builds the router, serves until it is told to stop.
pub fn run(router: fn(Config) -> Router) -> ExitCode {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(error) => {
            eprintln!("The app cannot start. {error}");
            return ExitCode::FAILURE;
        }
    };
    let port = config.port;
    let served = tokio::runtime::Runtime::new()
        .context("cannot start the async runtime")
        // The router is built inside the runtime, so that it can start work of its own.
        .and_then(|runtime| runtime.block_on(async { serve(port, router(config), stop_signal()).await }));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The app stopped. {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Listens on this machine only: 127.0.0.1 and, where there is IPv6, ::1. Both are what a browser may understand by
/// `localhost`. The app speaks plain http, so nobody on the network may reach it.
async fn serve(port: u16, app: Router, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("cannot listen on port {port}; is another app using it? Set PORT to a free one"))?;
    println!("Listening on http://localhost:{port}");

    let (stopper, stopped) = watch::channel(());
    let mut servers = tokio::task::JoinSet::new();
    let v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
    for listener in [Some(v4), v6].into_iter().flatten() {
        let mut stopped = stopped.clone();
        let server = axum::serve(listener, app.clone()).with_graceful_shutdown(async move {
            // An error means that the sender is gone: then it is time to stop, too.
            let _ = stopped.changed().await;
        });
        servers.spawn(server.into_future());
    }

    stop.await;
    stopper.send_replace(());
    // No new requests from here on. Whoever is not served in time is cut off.
    let _ = tokio::time::timeout(FAREWELL, async { while servers.join_next().await.is_some() {} }).await;
    Ok(())
}

/// Ends when somebody presses Ctrl-C or, on Unix, when the system sends SIGTERM.
async fn stop_signal() {
    let ctrl_c = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).expect("a signal handler can be installed at the start");
        tokio::select! {
            _ = ctrl_c => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = ctrl_c.await;
    }
}
