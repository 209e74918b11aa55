//! The one app process that most checks share. It starts when the first of them needs it and ends after the last.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::app_process::{AppProcess, StartFailure};

/// How often a shared app that ended is started again. Beyond this, each check runs alone.
const MOST_STARTS: usize = 3;

pub(super) struct SharedApp {
    state: Mutex<State>,
    left: AtomicUsize,
}

enum State {
    NotStarted { starts: usize },
    Running { app: Arc<AppProcess>, starts: usize, _permit: OwnedSemaphorePermit },
    Failed(StartFailure),
}

impl SharedApp {
    pub(super) fn for_sharers(sharers: AtomicUsize) -> Self {
        Self { state: Mutex::new(State::NotStarted { starts: 0 }), left: sharers }
    }

    /// The running app; started if it does not run, or ended.
    pub(super) async fn running<F>(&self, processes: &Arc<Semaphore>, start: impl FnOnce() -> F) -> Result<Arc<AppProcess>, StartFailure>
    where
        F: Future<Output = Result<AppProcess, StartFailure>>,
    {
        let mut state = self.state.lock().await;
        let starts = match &*state {
            State::Failed(failure) => return Err(failure.clone()),
            State::Running { app, starts, .. } if app.exit_status().is_none() || *starts >= MOST_STARTS => return Ok(Arc::clone(app)),
            State::Running { starts, .. } | State::NotStarted { starts } => *starts,
        };
        // The permit of an app that ended goes back first.
        *state = State::NotStarted { starts };
        let permit = Arc::clone(processes).acquire_owned().await.expect("the semaphores of a run are never closed");
        match start().await {
            Ok(app) => {
                let app = Arc::new(app);
                *state = State::Running { app: Arc::clone(&app), starts: starts + 1, _permit: permit };
                Ok(app)
            }
            Err(failure) => {
                *state = State::Failed(failure.clone());
                Err(failure)
            }
        }
    }

    /// One sharer has its verdict. The last one ends the app.
    pub(super) async fn leave(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            *self.state.lock().await = State::NotStarted { starts: MOST_STARTS };
        }
    }
}
