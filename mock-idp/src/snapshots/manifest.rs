//! What a snapshot says of itself.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{directory::Directory, random::is_guid};

/// The version of the form in which snapshots are kept.
const VERSION: u32 = 1;

/// The manifest of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of the form.
    pub version: u32,
    /// When it was saved.
    #[serde(with = "time::serde::rfc3339")]
    pub saved_date_time: OffsetDateTime,
    /// The version of the program that saved it.
    pub saved_by: String,
    /// The tenants, in their order.
    pub tenants: Vec<SavedTenant>,
}

/// A tenant of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedTenant {
    /// The tenant id, which is also the name of its file.
    pub id: String,
    /// The name that people see.
    pub display_name: String,
    /// How many users it has.
    pub users: usize,
    /// How many apps are registered in it.
    pub applications: usize,
}

impl Manifest {
    pub(super) fn of(tenants: &[Arc<Directory>], now: OffsetDateTime) -> Self {
        let tenant = |directory: &Arc<Directory>| SavedTenant {
            id: directory.tenant_id().to_owned(),
            display_name: directory.organization.display_name.clone(),
            users: directory.users.len(),
            applications: directory.applications.len(),
        };
        let saved_by = concat!("mock-idp ", env!("CARGO_PKG_VERSION")).to_owned();
        Self { version: VERSION, saved_date_time: now, saved_by, tenants: tenants.iter().map(tenant).collect() }
    }

    /// Reads a manifest; refuses one of another version, and ids that are no names of files.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if manifest.version != VERSION {
            return Err(format!("the snapshot has version {}, and this program knows version {VERSION}", manifest.version));
        }
        match manifest.tenants.iter().find(|tenant| !is_guid(&tenant.id)) {
            Some(tenant) => Err(format!("'{}' is not a tenant id", tenant.id)),
            None => Ok(manifest),
        }
    }
}

impl SavedTenant {
    pub(super) fn file(&self) -> String {
        format!("{}.json", self.id)
    }

    pub(super) fn file_beside(&self) -> String {
        format!("{}.beside.json", self.id)
    }
}
