//! What survives a restart: one file with tenants, sign-in sessions, refresh tokens and the order of the signing keys.
//!
//! The file is a redb database: each write is one transaction that is on the disk, as far as the disk keeps its promises, before it
//! returns; a process that is killed half-way leaves the transactions before it. While the server runs nothing is read from here: the
//! directory is in memory, and the store only hears of changes (it is a [`Journal`](crate::directory::Journal)).

mod format;
mod key_order;
mod later;
mod tenants;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use redb::{Database, ReadableDatabase, TableDefinition, WriteTransaction};

use crate::directory::turn::waiting;

pub use later::Kept;

/// What there is once: format version, order of the tenants, order of the signing keys. All values are JSON.
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

/// By tenant id, the tenant's `organization` as JSON.
const TENANTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("tenants");

/// By tenant id, kind of entry and place in the list, the entry as JSON.
const ENTRIES: TableDefinition<'_, (&str, &str, u64), &[u8]> = TableDefinition::new("entries");

/// All is in memory already, so that little needs to be kept of the file.
const CACHE_BYTES: usize = 8 * 1024 * 1024;

/// A store that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be read or written.
    #[error("{}: {reason}; choose another place with --data-dir, or mend its permissions", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file does not hold what it should.
    #[error(
        "{}: the store is damaged ({reason}). Nothing was changed. Put a copy of the file back, or move it away to begin anew",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A later version of this program wrote the file.
    #[error(
        "{}: the store has format {found}, and this mock-idp reads up to format {known}. Nothing was changed. \
         Start the newer mock-idp that wrote it, or choose another place with --data-dir",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The latest format that this program knows.
        known: u32,
    },
}

/// The open store. Only one process has it open at a time.
#[derive(Debug)]
pub struct Store {
    database: Database,
    path: PathBuf,
}

impl Store {
    /// Opens the store of this file; an empty one is made if there is no such file. An older format is brought up to date.
    ///
    /// # Errors
    /// [`StoreError`]. Then the file is as it was.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.try_exists().map_err(|error| Self::explain(path, redb::Error::Io(error)))? {
            Self::create(path).map_err(|error| Self::explain(path, error))?;
        }
        // The check reads the whole file. Without it a damaged page might be met much later.
        let opened = Database::builder().set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true).open(path);
        let store = Self { database: opened.map_err(|error| Self::explain(path, error.into()))?, path: path.to_owned() };
        store.bring_up_to_date(format::MIGRATIONS)?;
        Ok(store)
    }

    /// Makes an empty store beside its place and moves it there: whatever happens meanwhile, the file is whole or missing.
    fn create(path: &Path) -> Result<(), redb::Error> {
        let beside = path.with_extension("redb.new");
        if beside.try_exists()? {
            std::fs::remove_file(&beside)?;
        }
        let database = Database::create(&beside)?;
        let transaction = database.begin_write()?;
        format::write_version(&transaction, format::LATEST)?;
        transaction.open_table(TENANTS)?;
        transaction.open_table(ENTRIES)?;
        later::make_tables(&transaction)?;
        transaction.commit()?;
        database.close()?;
        std::fs::rename(&beside, path)?;
        Ok(())
    }

    /// One write: all of it or nothing, and on the disk when this returns.
    fn write<R>(&self, write: impl FnOnce(&WriteTransaction) -> Result<R, redb::Error>) -> Result<R, redb::Error> {
        waiting(|| {
            let transaction = self.database.begin_write()?;
            // An error drops the transaction, which takes back what it wrote so far.
            let result = write(&transaction)?;
            transaction.commit()?;
            Ok(result)
        })
    }

    fn begin_read(&self) -> Result<redb::ReadTransaction, redb::Error> {
        Ok(self.database.begin_read()?)
    }

    /// The store holds something that cannot be read.
    pub(crate) fn damaged(&self, reason: impl ToString) -> StoreError {
        StoreError::Damaged { path: self.path.clone(), reason: reason.to_string() }
    }

    /// What an error of the database means for the one who starts the mock.
    fn explain(path: &Path, error: redb::Error) -> StoreError {
        let path = path.to_owned();
        let is_content = |kind| matches!(kind, std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof);
        match error {
            redb::Error::Io(error) if !is_content(error.kind()) => StoreError::Io { path, reason: error.to_string() },
            redb::Error::DatabaseAlreadyOpen => StoreError::Io { path, reason: "another process has it open".to_owned() },
            other => StoreError::Damaged { path, reason: other.to_string() },
        }
    }
}
