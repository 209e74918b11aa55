//! `policies.json`, the insurance data of the practice company, with policies that belong to the people of the directory.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use mock_idp::Directory;
use serde::Serialize;

#[derive(Debug, Serialize)]
struct PolicyData {
    policies: Vec<Policy>,
    adjusters: Vec<Adjuster>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    id: &'static str,
    region: &'static str,
    premium: f64,
    tenant_id: String,
    owner_object_id: String,
    /// A trap: mail addresses are renamed and reused. Who owns a policy is told by tenant and object id.
    owner_mail: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Adjuster {
    tenant_id: String,
    object_id: String,
    regions: &'static [&'static str],
}

/// Policy, region, premium, owner.
const POLICIES: [(&str, &str, f64, &str); 5] = [
    ("POL-7731", "north", 412.5, "ben.client_mail.example#EXT#@abc-insurance.example"),
    ("POL-7732", "south", 198.0, "ben.client_mail.example#EXT#@abc-insurance.example"),
    ("POL-8842", "north", 655.25, "bea.client_post.example#EXT#@abc-insurance.example"),
    ("POL-9053", "south", 287.4, "dana.both@abc-insurance.example"),
    ("POL-9164", "north", 530.0, "rita.weiss@abc-insurance.example"),
];

/// Rita Weiss had this address when her policy was written; today it belongs to somebody else.
const OLD_ADDRESS: (&str, &str) = ("rita.weiss@abc-insurance.example", "rita.holm@abc-insurance.example");

const ADJUSTERS: [(&str, &[&str]); 3] = [
    ("ada.adjuster@abc-insurance.example", &["north"]),
    ("dana.both@abc-insurance.example", &["south"]),
    ("rita.weiss@abc-insurance.example", &["north"]),
];

/// Writes the file into the data directory and gives its path.
pub fn write(data_dir: &Path) -> Result<PathBuf> {
    let path = data_dir.join("policies.json");
    let mut json = serde_json::to_string_pretty(&policy_data(&Directory::abc_insurance())?).context("the insurance data is no JSON")?;
    json.push('\n');
    fs::write(&path, json).with_context(|| format!("cannot write {}; choose another place with --data-dir", path.display()))?;
    Ok(path)
}

fn policy_data(directory: &Directory) -> Result<PolicyData> {
    let tenant_id = || directory.tenant_id().to_owned();
    let object_id = |name: &str| {
        directory.user_by_principal_name(name).map(|user| user.id.clone()).with_context(|| format!("the directory has no user {name}"))
    };
    let policy = |(id, region, premium, owner): (&'static str, &'static str, f64, &str)| {
        let user = directory.user_by_principal_name(owner);
        let mail = user.and_then(|user| user.mail.clone()).unwrap_or_else(|| owner.to_owned());
        let owner_mail = if owner == OLD_ADDRESS.0 { OLD_ADDRESS.1.to_owned() } else { mail };
        Ok(Policy { id, region, premium, tenant_id: tenant_id(), owner_object_id: object_id(owner)?, owner_mail })
    };
    let adjuster = |(name, regions): (&str, _)| Ok(Adjuster { tenant_id: tenant_id(), object_id: object_id(name)?, regions });
    Ok(PolicyData {
        policies: POLICIES.into_iter().map(policy).collect::<Result<_>>()?,
        adjusters: ADJUSTERS.into_iter().map(adjuster).collect::<Result<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_owner_and_adjuster_is_a_person_of_the_directory() {
        let directory = Directory::abc_insurance();
        let data = policy_data(&directory).unwrap();
        let known = |id: &str| directory.user(id).is_some();
        assert!(data.policies.iter().all(|policy| known(&policy.owner_object_id)));
        assert!(data.adjusters.iter().all(|adjuster| known(&adjuster.object_id)));
    }

    #[test]
    fn one_mail_address_belongs_to_somebody_else_today() {
        let directory = Directory::abc_insurance();
        let data = policy_data(&directory).unwrap();
        let trap = data.policies.iter().find(|policy| policy.id == "POL-9164").expect("the policy of Rita Weiss");
        let holder = directory.user_by_principal_name(&trap.owner_mail).expect("the recycled name");
        assert_ne!(holder.id, trap.owner_object_id);
    }

    #[test]
    fn the_file_has_the_keys_of_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(write(folder.path()).unwrap()).unwrap();
        let data: serde_json::Value = serde_json::from_str(&text).unwrap();
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&data["policies"][0]), ["id", "ownerMail", "ownerObjectId", "premium", "region", "tenantId"]);
        assert_eq!(keys(&data["adjusters"][0]), ["objectId", "regions", "tenantId"]);
    }
}
