//! Writes sign-in sessions and refresh tokens to the store, a moment after they changed.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::Provider;
use crate::{
    directory::JournalError,
    store::{Kept, Store},
};

/// So far may the disk be behind, and the time of one write.
const PAUSE: Duration = Duration::from_millis(250);

/// A task that writes until this is stopped or dropped, and once more then.
#[derive(Debug)]
pub struct Writer {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Writer {
    /// Begins to write what changes in `provider`.
    pub fn start(provider: Provider, store: Arc<Store>) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(write_until(stopped, provider, store)) }
    }

    /// Writes what is left.
    pub async fn stop(self) {
        drop(self.stop);
        // The task ends by itself; that it was cancelled with its runtime is no news.
        let _ = self.task.await;
    }
}

async fn write_until(mut stopped: oneshot::Receiver<()>, provider: Provider, store: Arc<Store>) {
    let mut ticks = interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut trouble = None;
    loop {
        // Both the message and the end of its sender mean: stop.
        let is_last = tokio::select! {
            _ = ticks.tick() => false,
            _ = &mut stopped => true,
        };
        let (provider, store) = (provider.clone(), Arc::clone(&store));
        let written = tokio::task::spawn_blocking(move || write(&provider, &store)).await;
        let error = written.expect("writing does not panic").err();
        if let Some(error) = error.as_ref().filter(|error| trouble.as_ref() != Some(*error)) {
            eprintln!("mock-idp: sign-in sessions and refresh tokens are not written at present: {error}");
        }
        trouble = error;
        if is_last {
            return;
        }
    }
}

/// Writes what changed since the last time, if anything did.
///
/// # Errors
/// [`JournalError`]. Then the next call writes it.
pub fn write(provider: &Provider, store: &Store) -> Result<(), JournalError> {
    let _writing = provider.writing_later();
    let (sessions, tokens) = (provider.sessions().take_changes(), provider.refresh_tokens().take_changes());
    if sessions.is_empty() && tokens.is_empty() {
        return Ok(());
    }
    let changes = [(Kept::SignInSessions, sessions), (Kept::RefreshTokens, tokens)];
    store.keep_later(&changes).inspect_err(|_| {
        provider.sessions().not_written(&changes[0].1);
        provider.refresh_tokens().not_written(&changes[1].1);
    })
}
