//! ABC's insurance data: the file that the app reads as `POLICY_DATA`.

use mock_idp::random::{Entropy, derived_guid};
use serde::Serialize;

use super::people;
use crate::{checks, unit::Unit};

/// So many people of each check own policies. People with higher numbers own nothing.
pub const OWNERS_PER_CHECK: usize = 9;

const REGIONS: [&str; 4] = ["north", "south", "east", "west"];

/// The file's content.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Insurance {
    /// All policies.
    pub policies: Vec<Policy>,
    /// Who works for which regions.
    pub adjusters: Vec<AdjusterRegions>,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// `POL-7731`
    pub id: String,
    /// The region.
    pub region: String,
    /// Euro a year.
    pub premium: f64,
    /// The owner's tenant.
    pub tenant_id: String,
    /// The owner's object id.
    pub owner_object_id: String,
    /// The owner's mail address when the policy was written. A trap: addresses change hands.
    pub owner_mail: String,
}

/// The regions of one person, should he or she be an adjuster.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdjusterRegions {
    /// The person's tenant.
    pub tenant_id: String,
    /// The person's object id.
    pub object_id: String,
    /// The regions.
    pub regions: Vec<String>,
}

impl Insurance {
    /// Policies and regions for the people of every check of a unit. Who they are follows from the seed, so the file can be
    /// written before they sign in.
    pub fn made_up(unit: Unit, seed: u64, tenant_id: &str, domain: &str, entropy: &Entropy) -> Self {
        let regions = people::shuffled(&REGIONS, entropy);
        let mut numbers = PolicyNumbers::new(entropy);
        let other_tenant = derived_guid(&[tenant_id, "partner"]);
        let mut made = Self { policies: Vec::new(), adjusters: Vec::new() };
        for check in checks::ALL.iter().filter(|check| check.unit == unit) {
            for number in 0..OWNERS_PER_CHECK {
                let object_id = people::object_id(seed, check.id, number);
                let (mine, next) = (regions[number % regions.len()], regions[(number + 1) % regions.len()]);
                // The last one is a trap: the same object id in another directory, which is another person.
                for (region, tenant) in [(mine, tenant_id), (next, tenant_id), (next, &other_tenant)] {
                    made.policies.push(Policy {
                        id: numbers.next(),
                        region: region.to_owned(),
                        premium: f64::from(u32::from(entropy.bytes::<1>()[0])) + 200.5,
                        tenant_id: tenant.to_owned(),
                        owner_object_id: object_id.clone(),
                        owner_mail: people::mail(seed, check.id, number, domain),
                    });
                }
                for (tenant, region) in [(other_tenant.as_str(), next), (tenant_id, mine)] {
                    made.adjusters.push(AdjusterRegions {
                        tenant_id: tenant.to_owned(),
                        object_id: object_id.clone(),
                        regions: vec![region.to_owned()],
                    });
                }
            }
        }
        made
    }

    /// The policies that this person of the tenant owns.
    pub fn owned_by(&self, tenant_id: &str, object_id: &str) -> Vec<&Policy> {
        self.policies.iter().filter(|policy| policy.tenant_id == tenant_id && policy.owner_object_id == object_id).collect()
    }

    /// The policies of whoever has the same object id in another tenant.
    pub fn of_the_double(&self, tenant_id: &str, object_id: &str) -> Vec<&Policy> {
        self.policies.iter().filter(|policy| policy.tenant_id != tenant_id && policy.owner_object_id == object_id).collect()
    }

    /// The regions that this person of the tenant would work for.
    pub fn regions_of(&self, tenant_id: &str, object_id: &str) -> &[String] {
        let person = |adjuster: &&AdjusterRegions| adjuster.tenant_id == tenant_id && adjuster.object_id == object_id;
        self.adjusters.iter().find(person).map_or(&[], |adjuster| &adjuster.regions)
    }

    /// The mean premium.
    pub fn average_premium(&self) -> f64 {
        let count = u32::try_from(self.policies.len()).map_or(1.0, f64::from);
        self.policies.iter().map(|policy| policy.premium).sum::<f64>() / count
    }

    /// As JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers")
    }
}

/// Numbers that do not follow one another, each once.
struct PolicyNumbers {
    next: u32,
    step: u32,
}

impl PolicyNumbers {
    const COUNT: u32 = 90_000;

    fn new(entropy: &Entropy) -> Self {
        let [first, second, third, fourth] = entropy.bytes::<4>();
        let start = u32::from(u16::from_be_bytes([first, second]));
        // A step without a common divisor with 90 000 (2, 3, 5) meets every number once.
        let wish = u32::from(u16::from_be_bytes([third, fourth]));
        let step = (wish..).find(|step| step % 2 != 0 && step % 3 != 0 && step % 5 != 0).unwrap_or(7);
        Self { next: start % Self::COUNT, step }
    }

    fn next(&mut self) -> String {
        self.next = (self.next + self.step) % Self::COUNT;
        format!("POL-{}", self.next + 10_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_makes_one_set_of_data_and_every_policy_has_its_own_number() {
        let made = |seed| Insurance::made_up(Unit::SignIn, seed, "t", "abc.example", &Entropy::seeded(seed));
        assert_eq!(made(7), made(7));
        assert_ne!(made(7).policies, made(8).policies);
        let ids: std::collections::HashSet<_> = made(7).policies.iter().map(|policy| policy.id.clone()).collect();
        assert_eq!(ids.len(), made(7).policies.len());
    }

    #[test]
    fn an_owner_has_one_policy_in_the_region_that_is_hers_and_one_elsewhere() {
        let insurance = Insurance::made_up(Unit::SignIn, 1, "t", "abc.example", &Entropy::seeded(1));
        let owner = people::object_id(1, "U4-22", 0);
        let regions: Vec<_> = insurance.owned_by("t", &owner).iter().map(|policy| policy.region.clone()).collect();
        assert_eq!(regions.len(), 2);
        assert_eq!(insurance.regions_of("t", &owner), &regions[..1]);
        assert_ne!(regions[0], regions[1]);
        assert_eq!(insurance.of_the_double("t", &owner).len(), 1);
    }

    #[test]
    fn the_file_has_the_names_of_the_contract() {
        let insurance = Insurance::made_up(Unit::WebApp, 1, "t", "abc.example", &Entropy::seeded(1));
        let json: serde_json::Value = serde_json::from_str(&insurance.to_json()).expect("our own JSON");
        for name in ["id", "region", "premium", "tenantId", "ownerObjectId", "ownerMail"] {
            assert!(!json["policies"][0][name].is_null(), "{name}");
        }
        assert!(json["adjusters"][0]["regions"].is_array());
    }
}
