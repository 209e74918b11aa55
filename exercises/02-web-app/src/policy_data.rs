//! The insurance data: who owns which policy, and which adjuster works in which region.
//!
//! In a real company this would be a database. Here it is a JSON file, named by the variable `POLICY_DATA`.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// Everything in the file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct PolicyData {
    /// All policies of the company.
    pub policies: Vec<Policy>,
    /// The regions of each claims adjuster.
    pub adjusters: Vec<Adjuster>,
}

/// One insurance policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// For example `POL-7731`.
    pub id: String,
    /// For example `north`.
    pub region: String,
    /// What the client pays in a year.
    pub premium: f64,
    /// The tenant (directory) of the owner.
    pub tenant_id: String,
    /// The owner's object id in that tenant: with the tenant id, the only safe key of a person.
    pub owner_object_id: String,
    /// The owner's mail address, to write to. Never a key: addresses are renamed, and used again by another person.
    #[serde(default)]
    pub owner_mail: String,
}

/// The regions in which an employee settles claims.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Adjuster {
    /// The tenant of the employee.
    pub tenant_id: String,
    /// The employee's object id in that tenant.
    pub object_id: String,
    /// For example `["north"]`.
    pub regions: Vec<String>,
}

impl PolicyData {
    /// Reads the file.
    ///
    /// # Errors
    /// When the file cannot be read, or is not what this module describes. The message names the file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not policy data", path.display()))
    }

    /// The policy with this id.
    pub fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// Does this person settle claims in this region?
    pub fn is_adjuster_of(&self, tenant_id: &str, object_id: &str, region: &str) -> bool {
        self.adjusters.iter().any(|adjuster| {
            adjuster.tenant_id == tenant_id && adjuster.object_id == object_id && adjuster.regions.iter().any(|own| own == region)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PolicyData;

    #[test]
    fn policy_data_is_read_from_its_published_form() {
        let data: PolicyData = serde_json::from_str(
            r#"{"policies":[{"id":"POL-7731","region":"north","premium":412.5,"tenantId":"t","ownerObjectId":"o","ownerMail":"a@b"}],
                "adjusters":[{"tenantId":"t","objectId":"a","regions":["north"]}]}"#,
        )
        .unwrap();
        assert_eq!(data.policy("POL-7731").unwrap().owner_object_id, "o");
        assert!(data.policy("POL-1").is_none());
        assert!(data.is_adjuster_of("t", "a", "north"));
        assert!(!data.is_adjuster_of("t", "a", "south"));
        assert!(!data.is_adjuster_of("other", "a", "north"));
    }
}
