//! Which checks run.

use std::collections::HashSet;

use anyhow::bail;

use super::CheckResult;
use crate::{
    check::Check,
    unit::{Profile, Unit},
};

/// The checks of one run, in the order of the unit, with everything that they depend on.
#[derive(Debug)]
pub(super) struct Plan {
    checks: Vec<&'static Check>,
    reported: HashSet<&'static str>,
    profile: Profile,
}

impl Plan {
    pub(super) fn new(registry: &'static [Check], unit: Unit, profile: Profile, only: &[String]) -> anyhow::Result<Self> {
        let of_unit: Vec<&'static Check> = registry.iter().filter(|check| check.unit == unit).collect();
        let is_known = |id: &&String| of_unit.iter().any(|check| check.id == id.as_str());
        if let Some(unknown) = only.iter().find(|id| !is_known(id)) {
            bail!("{unit} has no check '{unknown}'; it has {}", of_unit.iter().map(|check| check.id).collect::<Vec<_>>().join(", "));
        }
        let reported: HashSet<&'static str> =
            of_unit.iter().map(|check| check.id).filter(|id| only.is_empty() || only.iter().any(|wanted| wanted == id)).collect();
        let mut needed = reported.clone();
        // A check depends only on earlier ones, so one walk backwards finds all.
        for check in of_unit.iter().rev().filter(|check| check.profile <= profile) {
            if needed.contains(check.id) {
                needed.extend(check.depends_on);
            }
        }
        Ok(Self { checks: of_unit.into_iter().filter(|check| needed.contains(check.id)).collect(), reported, profile })
    }

    pub(super) fn checks(&self) -> &[&'static Check] {
        &self.checks
    }

    pub(super) fn reason_to_skip(&self, check: &Check) -> Option<String> {
        (check.profile > self.profile).then(|| only_in_strict(self.profile))
    }

    /// Only what is reported, in the order of the unit.
    pub(super) fn in_order(&self, mut results: Vec<CheckResult>) -> Vec<CheckResult> {
        results.retain(|result| self.reported.contains(result.check.id));
        results.sort_by_key(|result| self.checks.iter().position(|check| check.id == result.check.id));
        results
    }
}

pub(super) fn only_in_strict(profile: Profile) -> String {
    format!("counts only in the profile strict; this run is {profile}")
}
