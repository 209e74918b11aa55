//! Tenants in the store.

use std::ops::RangeInclusive;

use redb::{ReadableTable, WriteTransaction};

use super::{ENTRIES, META, Store, StoreError, TENANTS, key_order, later};
use crate::directory::{
    Directory, Journal, JournalError, StoredEntry, TenantChanges, entries::Change, organization::Organization, tenants::whole,
};

/// The ids of all tenants, in their order.
const ORDER: &str = "tenant-order";

impl Store {
    /// All tenants that are kept, in their order. There are none in a new store.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn directories(&self) -> Result<Vec<Directory>, StoreError> {
        let order = self.meta(ORDER).map_err(|error| self.damaged(error))?;
        let order: Vec<String> = order.map_or(Ok(Vec::new()), |json| serde_json::from_slice(&json)).map_err(|error| self.damaged(error))?;
        order.iter().map(|tenant_id| self.directory(tenant_id)).collect()
    }

    fn directory(&self, tenant_id: &str) -> Result<Directory, StoreError> {
        let (organization, entries) = self.tenant(tenant_id).map_err(|error| self.damaged(error))?;
        let organization = organization.ok_or_else(|| self.damaged(format!("the tenant {tenant_id} is missing")))?;
        let organization: Organization = serde_json::from_slice(&organization).map_err(|error| self.damaged(error))?;
        Directory::restore(organization, entries).map_err(|error| self.damaged(format!("in tenant {tenant_id}, {error}")))
    }

    fn tenant(&self, tenant_id: &str) -> Result<(Option<Vec<u8>>, Vec<StoredEntry>), redb::Error> {
        let transaction = self.begin_read()?;
        let organization = transaction.open_table(TENANTS)?.get(tenant_id)?.map(|json| json.value().to_vec());
        let mut entries = Vec::new();
        for entry in transaction.open_table(ENTRIES)?.range(keys_of(tenant_id))? {
            let (key, json) = entry?;
            let (_, kind, position) = key.value();
            entries.push(StoredEntry { kind: kind.to_owned(), position, json: json.value().to_vec() });
        }
        Ok((organization, entries))
    }

    /// Puts these tenants in the place of all that is kept, sessions and tokens included.
    ///
    /// # Errors
    /// [`JournalError`]. Then nothing was changed.
    pub fn start_over(&self, directories: &[Directory]) -> Result<(), JournalError> {
        let tenants = directories.iter().map(whole);
        self.keep(&std::iter::once(TenantChanges::StartedOver).chain(tenants).collect::<Vec<_>>())
    }
}

impl Journal for Store {
    fn keep(&self, changes: &[TenantChanges<'_>]) -> Result<(), JournalError> {
        let kept = self.write(|transaction| changes.iter().try_for_each(|change| apply(transaction, change)));
        kept.map_err(|error| JournalError(error.to_string()))
    }
}

fn apply(transaction: &WriteTransaction, change: &TenantChanges<'_>) -> Result<(), redb::Error> {
    match change {
        TenantChanges::StartedOver => {
            transaction.open_table(TENANTS)?.retain(|_, _| false)?;
            transaction.open_table(ENTRIES)?.retain(|_, _| false)?;
            change_order(transaction, Vec::clear)?;
            key_order::forget(transaction)?;
            later::forget(transaction)
        }
        TenantChanges::Edited { organization, entries } => {
            put_organization(transaction, organization)?;
            put_entries(transaction, &organization.id, entries)
        }
        TenantChanges::Replaced { organization, entries } => {
            remove_entries(transaction, &organization.id)?;
            put_organization(transaction, organization)?;
            put_entries(transaction, &organization.id, entries)?;
            change_order(transaction, |order| {
                if !order.contains(&organization.id) {
                    order.push(organization.id.clone());
                }
            })
        }
        TenantChanges::Removed { tenant_id } => {
            remove_entries(transaction, tenant_id)?;
            transaction.open_table(TENANTS)?.remove(tenant_id.as_str())?;
            change_order(transaction, |order| order.retain(|it| it != tenant_id))
        }
    }
}

fn put_organization(transaction: &WriteTransaction, organization: &Organization) -> Result<(), redb::Error> {
    let json = serde_json::to_vec(organization).expect("texts and lists can be written as JSON");
    transaction.open_table(TENANTS)?.insert(organization.id.as_str(), json.as_slice())?;
    Ok(())
}

fn put_entries(transaction: &WriteTransaction, tenant_id: &str, entries: &[Change]) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(ENTRIES)?;
    for Change { kind, position, json } in entries {
        match json {
            Some(json) => table.insert((tenant_id, *kind, *position), json.as_slice())?,
            None => table.remove((tenant_id, *kind, *position))?,
        };
    }
    Ok(())
}

fn remove_entries(transaction: &WriteTransaction, tenant_id: &str) -> Result<(), redb::Error> {
    transaction.open_table(ENTRIES)?.retain_in(keys_of(tenant_id), |_, _| false)?;
    Ok(())
}

/// From the first to the last possible key of a tenant's entries.
fn keys_of(tenant_id: &str) -> RangeInclusive<(&str, &str, u64)> {
    (tenant_id, "", 0)..=(tenant_id, "\u{10FFFF}", u64::MAX)
}

fn change_order(transaction: &WriteTransaction, change: impl FnOnce(&mut Vec<String>)) -> Result<(), redb::Error> {
    let mut meta = transaction.open_table(META)?;
    let before = meta.get(ORDER)?.map(|json| serde_json::from_slice::<Vec<String>>(json.value()));
    let mut order = before.unwrap_or(Ok(Vec::new())).map_err(|error| redb::Error::Corrupted(error.to_string()))?;
    change(&mut order);
    let json = serde_json::to_vec(&order).expect("a list of texts can be written as JSON");
    meta.insert(ORDER, json.as_slice())?;
    Ok(())
}
