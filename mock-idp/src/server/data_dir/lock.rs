//! One process at a time: a locked file says that somebody uses the data directory, a second file who.
//!
//! The lock decides. The system takes it back when the process ends, however it ends, so a file that a killed process left behind
//! means nothing.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{DataDirError, file};

/// Who runs in a data directory: the content of `running.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningProcess {
    /// The process id.
    pub pid: u32,
    /// `http://localhost:8400`
    pub http: String,
    /// `https://localhost:8443`
    pub https: String,
}

/// The data directory is this process's while this lives.
#[derive(Debug)]
pub(super) struct Lock {
    running: PathBuf,
    locked: File,
}

impl Lock {
    /// Takes the data directory for this process.
    ///
    /// # Errors
    /// [`DataDirError::InUse`] while another one has it.
    pub(super) fn take(root: &Path) -> Result<Self, DataDirError> {
        let path = root.join("lock");
        let running = root.join("running.json");
        let opened = File::options().create(true).truncate(false).write(true).open(&path);
        let locked = opened.map_err(|source| DataDirError::Io { path: path.clone(), source })?;
        file::restrict(&path);
        match locked.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DataDirError::InUse { path: root.to_owned(), by: who(&running) }),
            Err(TryLockError::Error(source)) => return Err(DataDirError::Io { path, source }),
        }
        // Of a process that was killed. Until this one listens nobody can be told where it is.
        let _ = fs::remove_file(&running);
        Ok(Self { running, locked })
    }

    /// Tells others where this process can be reached.
    pub(super) fn announce(&self, process: &RunningProcess) -> Result<(), DataDirError> {
        let json = serde_json::to_string(process).expect("texts and a number can be written as JSON");
        file::write(&self.running, &format!("{json}\n"))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A file that stays behind is harmless.
        let _ = fs::remove_file(&self.running);
        // To close the file is not enough: a program that another thread is just starting has a copy of it for a moment, and with it
        // the lock. When this fails, the last copy that is closed gives it back.
        let _ = self.locked.unlock();
    }
}

fn who(running: &Path) -> Option<RunningProcess> {
    serde_json::from_str(&fs::read_to_string(running).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_dropped_is_free_at_once_even_if_a_copy_of_the_file_is_still_open() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let lock = Lock::take(folder.path()).expect("nobody has it");
        let copy = lock.locked.try_clone().expect("a copy");
        assert!(matches!(Lock::take(folder.path()), Err(DataDirError::InUse { .. })));
        drop(lock);
        assert!(Lock::take(folder.path()).is_ok());
        drop(copy);
    }
}
