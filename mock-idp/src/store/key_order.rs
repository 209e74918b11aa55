//! Which signing keys are published and which of them signs. The keys themselves are files in the data directory.

use redb::WriteTransaction;

use super::{META, Store, StoreError};
use crate::{directory::JournalError, tokens::signing_keys::KeyOrder};

const KEY_ORDER: &str = "key-order";

impl Store {
    /// The order that the last rotation left; `None` if there was none.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn key_order(&self) -> Result<Option<KeyOrder>, StoreError> {
        let json = self.meta(KEY_ORDER).map_err(|error| self.damaged(error))?;
        json.map(|json| serde_json::from_slice(&json)).transpose().map_err(|error| self.damaged(error))
    }

    /// Keeps an order; it is on the disk when this returns.
    ///
    /// # Errors
    /// [`JournalError`]. Then the order before it is still kept.
    pub fn keep_key_order(&self, order: &KeyOrder) -> Result<(), JournalError> {
        let json = serde_json::to_vec(order).expect("a list of texts can be written as JSON");
        let kept = self.write(|transaction| {
            transaction.open_table(META)?.insert(KEY_ORDER, json.as_slice())?;
            Ok(())
        });
        kept.map_err(|error| JournalError(error.to_string()))
    }
}

/// Undoes every rotation.
pub(super) fn forget(transaction: &WriteTransaction) -> Result<(), redb::Error> {
    transaction.open_table(META)?.remove(KEY_ORDER)?;
    Ok(())
}
