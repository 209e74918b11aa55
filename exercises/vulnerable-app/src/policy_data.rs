//! Who owns which policy: the file that `POLICY_DATA` names.

use std::{fs, path::Path};

use anyhow::Context;
use serde::Deserialize;

/// The file.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PolicyData {
    /// All policies of the company.
    pub policies: Vec<Policy>,
}

/// One policy.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// For example `POL-7731`.
    pub id: String,
    /// For example `north`.
    pub region: String,
    /// What the client pays in a year.
    pub premium: f64,
    /// The owner's tenant.
    pub tenant_id: String,
    /// The owner's object id in that tenant.
    pub owner_object_id: String,
}

impl PolicyData {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or is something else.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("POLICY_DATA: cannot read {}", path.display()))?;
        Self::from_json(&text).with_context(|| format!("POLICY_DATA: {} is no policy data", path.display()))
    }

    /// Reads its text.
    ///
    /// # Errors
    /// When it is something else.
    pub fn from_json(text: &str) -> anyhow::Result<Self> {
        Ok(serde_json::from_str(text)?)
    }
}
