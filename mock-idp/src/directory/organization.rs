//! The tenant itself: Graph's `organization` resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Graph's `organization`. Its `id` is the tenant id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The tenant id, a GUID.
    pub id: String,
    /// The name that people see.
    pub display_name: String,
    /// The domains of the tenant; one is the default.
    #[serde(default)]
    pub verified_domains: Vec<VerifiedDomain>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

/// One domain of a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedDomain {
    /// The domain's name, for example `abc-insurance.example`.
    pub name: String,
    /// Whether new users get a name in this domain.
    #[serde(default)]
    pub is_default: bool,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

impl Organization {
    /// The domain in which new users get their names; the first one if none is marked.
    pub fn default_domain(&self) -> Option<&str> {
        let marked = self.verified_domains.iter().find(|domain| domain.is_default);
        marked.or(self.verified_domains.first()).map(|domain| domain.name.as_str())
    }
}
