//! Writers take turns, and whoever waits for a turn or for the disk does not hold up the requests of others.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::runtime::{Handle, RuntimeFlavor};

/// Whose turn it is to write.
#[derive(Debug, Default)]
pub struct Turn {
    turn: Mutex<()>,
}

impl Turn {
    /// Waits for the turn. It ends when what this returns is dropped.
    pub fn take(&self) -> MutexGuard<'_, ()> {
        match self.turn.try_lock() {
            Ok(turn) => turn,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => waiting(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    /// Whether somebody has the turn right now.
    #[cfg(test)]
    pub(crate) fn is_taken(&self) -> bool {
        self.turn.try_lock().is_err()
    }
}

/// Does work that waits. A runtime with several threads gives the other requests of this thread to another one meanwhile; one with
/// a single thread, as in most tests, has none to give them to.
pub fn waiting<R>(work: impl FnOnce() -> R) -> R {
    match Handle::try_current() {
        Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => tokio::task::block_in_place(work),
        _ => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, mpsc};

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn others_go_on_while_one_waits() {
        let (tell, told) = mpsc::channel();
        // With one thread this could never end if waiting kept the thread for itself.
        let waits = tokio::spawn(async move { waiting(|| told.recv()) });
        let tells = tokio::spawn(async move { tell.send(7) });
        assert_eq!((waits.await.expect("no panic"), tells.await.expect("no panic")), (Ok(7), Ok(())));
    }

    #[test]
    fn a_turn_outside_of_a_runtime_is_taken_one_after_the_other() {
        let turn = Arc::new(Turn::default());
        let held = turn.take();
        let second = std::thread::spawn({
            let turn = Arc::clone(&turn);
            move || drop(turn.take())
        });
        assert!(turn.is_taken());
        drop(held);
        second.join().expect("it gets its turn");
    }
}
