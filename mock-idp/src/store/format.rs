//! The format of the store has a version. Each change of the format adds one migration, and nothing else knows of older formats.

use redb::WriteTransaction;

use super::{META, Store, StoreError};

/// Brings a store from one format to the next, within the transaction that also notes the new version.
pub(super) type Migration = fn(&WriteTransaction) -> Result<(), redb::Error>;

/// The first leads from format 1 to format 2, and so on.
pub(super) const MIGRATIONS: &[Migration] = &[];

/// The format that this program writes.
pub(super) const LATEST: u32 = latest(MIGRATIONS);

const VERSION: &str = "format-version";

const fn latest(migrations: &[Migration]) -> u32 {
    // There will never be so many.
    #[expect(clippy::cast_possible_truncation, reason = "a constant list of a few functions")]
    let count = migrations.len() as u32;
    count + 1
}

pub(super) fn write_version(transaction: &WriteTransaction, version: u32) -> Result<(), redb::Error> {
    transaction.open_table(META)?.insert(VERSION, version.to_string().as_bytes())?;
    Ok(())
}

impl Store {
    /// Runs the migrations that the store has not seen, all in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Newer`] if there is none that leads from its format; [`StoreError::Damaged`] if it tells no format.
    pub(super) fn bring_up_to_date(&self, migrations: &[Migration]) -> Result<(), StoreError> {
        let (found, known) = (self.version()?, latest(migrations));
        if found > known {
            return Err(StoreError::Newer { path: self.path.clone(), found, known });
        }
        if found == known {
            return Ok(());
        }
        let migrated = self.write(|transaction| {
            for migrate in &migrations[found as usize - 1..] {
                migrate(transaction)?;
            }
            write_version(transaction, known)
        });
        migrated.map_err(|error| Self::explain(&self.path, error))
    }

    fn version(&self) -> Result<u32, StoreError> {
        let text = self.meta(VERSION).map_err(|error| self.damaged(error))?;
        let version = text.as_deref().and_then(|text| std::str::from_utf8(text).ok()).and_then(|text| text.parse().ok());
        version.filter(|version| *version >= 1).ok_or_else(|| self.damaged("it does not tell its format"))
    }

    /// What there is once, by its name.
    pub(super) fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, redb::Error> {
        let value = self.begin_read()?.open_table(META)?.get(name)?;
        Ok(value.map(|value| value.value().to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use redb::ReadableTable;

    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("store.redb")).expect("an empty store");
        (folder, store)
    }

    fn note(transaction: &WriteTransaction, name: &str, after: &str) -> Result<(), redb::Error> {
        let mut meta = transaction.open_table(META)?;
        assert!(after.is_empty() || meta.get(after)?.is_some(), "{name} must come after {after}");
        meta.insert(name, b"done".as_slice())?;
        Ok(())
    }

    #[test]
    fn an_older_store_goes_through_the_migrations_that_it_has_not_seen() {
        let (_folder, store) = store();
        let second: Migration = |transaction| note(transaction, "second", "");
        let third: Migration = |transaction| note(transaction, "third", "second");
        let fourth: Migration = |transaction| note(transaction, "fourth", "third");
        store.bring_up_to_date(&[second]).expect("format 2");
        assert_eq!((store.version().ok(), store.meta("third").expect("readable")), (Some(2), None));
        store.bring_up_to_date(&[|_| panic!("was run already"), third, fourth]).expect("format 4");
        assert_eq!(store.version().ok(), Some(4));
        assert!(store.meta("fourth").expect("readable").is_some());
    }

    #[test]
    fn a_migration_that_fails_leaves_the_store_as_it_was() {
        let (_folder, store) = store();
        let second: Migration = |transaction| note(transaction, "second", "");
        let fails: Migration = |_| Err(redb::Error::Corrupted("on purpose".to_owned()));
        assert!(store.bring_up_to_date(&[second, fails]).is_err());
        assert_eq!((store.version().ok(), store.meta("second").expect("readable")), (Some(1), None));
    }

    #[test]
    fn a_newer_store_is_refused_with_the_remedy_and_stays_as_it_is() {
        let (folder, store) = store();
        store.write(|transaction| write_version(transaction, LATEST + 1)).expect("writable");
        drop(store);
        let refusal = Store::open(&folder.path().join("store.redb")).expect_err("it is newer");
        assert!(matches!(refusal, StoreError::Newer { found, known, .. } if (found, known) == (LATEST + 1, LATEST)));
        assert!(refusal.to_string().contains("Start the newer mock-idp"), "{refusal}");
    }
}
