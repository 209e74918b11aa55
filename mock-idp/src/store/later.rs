//! What is written a moment after it changed: sign-in sessions and refresh tokens.
//!
//! A sign-in must not wait for the disk, so these may lose their last moment when the process is killed.

use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::{Store, StoreError};
use crate::{directory::JournalError, write_later::Change};

/// What is kept so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// By the session's id.
    SignInSessions,
    /// By the SHA-256 of the token.
    RefreshTokens,
}

impl Kept {
    const ALL: [Self; 2] = [Self::SignInSessions, Self::RefreshTokens];

    const fn table(self) -> TableDefinition<'static, &'static str, &'static [u8]> {
        TableDefinition::new(match self {
            Self::SignInSessions => "sign-in-sessions",
            Self::RefreshTokens => "refresh-tokens",
        })
    }
}

impl Store {
    /// Everything of this sort, by its key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn kept(&self, kept: Kept) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.all_of(kept).map_err(|error| self.damaged(error))
    }

    fn all_of(&self, kept: Kept) -> Result<Vec<(String, Vec<u8>)>, redb::Error> {
        let mut all = Vec::new();
        for entry in self.begin_read()?.open_table(kept.table())?.iter()? {
            let (key, json) = entry?;
            all.push((key.value().to_owned(), json.value().to_vec()));
        }
        Ok(all)
    }

    /// Writes what changed, in one transaction.
    ///
    /// # Errors
    /// [`JournalError`]. Then nothing was written.
    pub fn keep_later(&self, changes: &[(Kept, Vec<Change>)]) -> Result<(), JournalError> {
        let written = self.write(|transaction| {
            for (kept, changes) in changes {
                let mut table = transaction.open_table(kept.table())?;
                for Change { key, json } in changes {
                    match json {
                        Some(json) => table.insert(key.as_str(), json.as_slice())?,
                        None => table.remove(key.as_str())?,
                    };
                }
            }
            Ok(())
        });
        written.map_err(|error| JournalError(error.to_string()))
    }
}

pub(super) fn make_tables(transaction: &WriteTransaction) -> Result<(), redb::Error> {
    Kept::ALL.into_iter().try_for_each(|kept| transaction.open_table(kept.table()).map(drop).map_err(redb::Error::from))
}

pub(super) fn forget(transaction: &WriteTransaction) -> Result<(), redb::Error> {
    Kept::ALL.into_iter().try_for_each(|kept| Ok(transaction.open_table(kept.table())?.retain(|_, _| false)?))
}
