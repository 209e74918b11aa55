//! The insurance data, arranged by owner when it is read.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

/// A person, as no other person ever will be: tenant and object id.
pub type Key = (String, String);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    pub id: String,
    pub region: String,
    pub premium: f64,
    tenant_id: String,
    owner_object_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Adjuster {
    tenant_id: String,
    object_id: String,
    regions: HashSet<String>,
}

#[derive(Deserialize)]
struct File {
    policies: Vec<Policy>,
    adjusters: Vec<Adjuster>,
}

pub struct Insurance {
    policies: Vec<Policy>,
    regions: HashMap<Key, HashSet<String>>,
}

impl Insurance {
    pub fn read(path: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("POLICY_DATA: {path}: {error}"))?;
        let file: File = serde_json::from_str(&text).map_err(|error| format!("POLICY_DATA: {path}: {error}"))?;
        let regions = file.adjusters.into_iter().map(|it| ((it.tenant_id, it.object_id), it.regions)).collect();
        Ok(Self { policies: file.policies, regions })
    }

    pub fn of_owner(&self, owner: &Key) -> Vec<&Policy> {
        self.policies.iter().filter(|policy| policy.is_of(owner)).collect()
    }

    /// The policy, for a client who owns it or for an adjuster of its region.
    pub fn visible(&self, id: &str, person: &Key, is_client: bool, is_adjuster: bool) -> Option<&Policy> {
        let works_in = |region: &String| self.regions.get(person).is_some_and(|regions| regions.contains(region));
        let may_see = |policy: &Policy| (is_client && policy.is_of(person)) || (is_adjuster && works_in(&policy.region));
        self.policies.iter().find(|policy| policy.id == id && may_see(policy))
    }

    pub fn figures(&self) -> (usize, f64) {
        let sum: f64 = self.policies.iter().map(|policy| policy.premium).sum();
        (self.policies.len(), if self.policies.is_empty() { 0.0 } else { sum / self.policies.len() as f64 })
    }
}

impl Policy {
    fn is_of(&self, (tenant_id, object_id): &Key) -> bool {
        self.tenant_id == *tenant_id && self.owner_object_id == *object_id
    }
}
