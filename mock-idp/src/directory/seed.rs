//! The built-in tenants: ABC Insurance, whose portal the course builds, and Fabrikam, a stranger.

mod claims_portal;

use serde_json::{Map, Value};

use super::{Directory, group::Group};
use crate::random::{Entropy, derived_guid};

pub use super::file::PRACTICE_PASSWORD;
pub use claims_portal::{CLAIMS_PORTAL_APP_ID, CLAIMS_PORTAL_SECRET_ID};

/// The tenant id of ABC Insurance.
pub const ABC_INSURANCE_TENANT_ID: &str = "2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6";

/// The tenant id of Fabrikam.
pub const FABRIKAM_TENANT_ID: &str = "7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48";

/// The member of so many groups that no token can hold them all. Entra's limit for a JWT is 200.
/// Microsoft identity platform: "Configure group claims for applications", groups overage claim.
const MEMBER_OF_MANY: &str = "omar.overage@abc-insurance.example";

/// Groups of [`MEMBER_OF_MANY`] besides *Insights Analysts*.
const PROJECT_TEAMS: usize = 249;

impl Directory {
    /// ABC Insurance with its people and groups. No app is registered.
    pub fn abc_insurance() -> Self {
        let mut directory = built_in(include_str!("seed/abc-insurance.json"));
        let member = directory.user_by_principal_name(MEMBER_OF_MANY).expect("the seed holds this user").id.clone();
        let teams = (1..=PROJECT_TEAMS).map(|number| project_team(number, &member));
        directory.groups.extend(teams);
        directory
    }

    /// Fabrikam, with one user, for what must not work across tenants.
    pub fn fabrikam() -> Self {
        built_in(include_str!("seed/fabrikam.json"))
    }
}

fn built_in(json: &str) -> Directory {
    Directory::from_json(json).expect("the built-in directory files are tested")
}

fn project_team(number: usize, member: &str) -> Group {
    let display_name = format!("Project Team {number:03}");
    let other_properties = [("securityEnabled", true), ("mailEnabled", false)].map(|(key, value)| (key.to_owned(), Value::Bool(value)));
    Group {
        id: derived_guid(&[ABC_INSURANCE_TENANT_ID, "group", &display_name, "0"]),
        display_name,
        members: vec![member.to_owned()],
        other_properties: Map::from_iter(other_properties),
    }
}

/// The state in which a unit of the course begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StartState {
    /// Introduction: no app is registered.
    Unit1,
    /// Create a web app: no app is registered.
    Unit2,
    /// Register your application: no app is registered, that is the exercise.
    Unit3,
    /// Sign-in: `claims-portal` is registered and its roles are assigned.
    Unit4,
    /// Call Microsoft Graph: as unit 4.
    Unit5,
    /// Summary: as unit 4.
    Unit6,
}

impl StartState {
    /// All start states, in order.
    pub const ALL: [Self; 6] = [Self::Unit1, Self::Unit2, Self::Unit3, Self::Unit4, Self::Unit5, Self::Unit6];

    /// The state in which the unit of this number begins, 1 to 6.
    pub fn unit(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// The unit's number.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Whether `claims-portal` is registered already.
    pub fn has_claims_portal(self) -> bool {
        self >= Self::Unit4
    }
}

/// The tenants of a start state. From unit 4 on, ABC Insurance holds `claims-portal` with `secret` as its only client secret.
/// One secret gives one state, salts included, so that two of them can be compared.
pub fn start_state(state: StartState, secret: &str) -> Vec<Directory> {
    let mut abc_insurance = Directory::abc_insurance();
    if state.has_claims_portal() {
        claims_portal::register(&mut abc_insurance, secret, &Entropy::derived(&["start state", secret]));
    }
    vec![abc_insurance, Directory::fabrikam()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(directory: &Directory, local_part: &str) -> Vec<String> {
        let application = directory.application(CLAIMS_PORTAL_APP_ID).expect("registered");
        let user = directory.users.iter().find(|user| user.user_principal_name.starts_with(local_part)).expect("a persona");
        directory.role_values(&user.id, application)
    }

    #[test]
    fn before_unit_four_no_app_is_registered() {
        for state in [StartState::Unit1, StartState::Unit2, StartState::Unit3] {
            let tenants = start_state(state, "secret");
            assert!(tenants.iter().all(|tenant| tenant.applications.is_empty() && tenant.app_role_assignments.is_empty()));
        }
    }

    #[test]
    fn every_persona_holds_exactly_the_roles_of_the_matrix() {
        let abc = &start_state(StartState::Unit4, "secret")[0];
        let expected: [(&str, &[&str]); 12] = [
            ("olga.admin@", &[]),
            ("paul.policy@", &["Policy.Admin"]),
            ("ada.adjuster@", &["Claims.Adjuster"]),
            ("ines.analyst@", &["Insights.Analyst"]),
            ("omar.overage@", &["Insights.Analyst"]),
            ("dana.both@", &["Client", "Claims.Adjuster"]),
            ("nils.norole@", &[]),
            ("rita.weiss@", &["Claims.Adjuster"]),
            ("rita.holm@", &[]),
            ("dora.disabled@", &[]),
            ("ben.client_mail.example#EXT#@", &["Client"]),
            ("bea.client_post.example#EXT#@", &["Client"]),
        ];
        for (persona, expected) in expected {
            assert_eq!(roles(abc, persona), expected, "{persona}");
        }
        assert_eq!(abc.users.len(), expected.len());
    }

    #[test]
    fn claims_portal_takes_the_given_secret_and_no_other() {
        let abc = &start_state(StartState::Unit6, "the-secret")[0];
        let application = abc.application(CLAIMS_PORTAL_APP_ID).expect("registered");
        assert_eq!(application.password_credentials.len(), 1);
        assert!(application.password_credentials[0].matches("the-secret") && !application.password_credentials[0].matches("another"));
        assert!(abc.service_principal(CLAIMS_PORTAL_APP_ID).is_some());
        let json = abc.to_json();
        assert!(!json.contains("the-secret"));
        assert_eq!(Directory::from_json(&json).as_ref(), Ok(abc));
    }

    #[test]
    fn omar_is_in_more_groups_than_a_token_holds() {
        let abc = Directory::abc_insurance();
        let omar = abc.user_by_principal_name(MEMBER_OF_MANY).expect("a persona");
        assert_eq!(abc.groups_of(&omar.id).count(), 250);
    }

    #[test]
    fn everybody_signs_in_with_the_practice_password() {
        for directory in [Directory::abc_insurance(), Directory::fabrikam()] {
            // All share one hash, so that checking one checks all.
            let hashes: std::collections::BTreeSet<_> = directory.users.iter().map(|user| user.password_hash.as_deref()).collect();
            let [Some(hash)] = hashes.into_iter().collect::<Vec<_>>()[..] else { panic!("one hash for everybody") };
            assert!(crate::directory::password::verify(PRACTICE_PASSWORD, hash));
        }
    }

    #[test]
    fn the_built_in_tenants_read_back_as_they_were_written() {
        for directory in [Directory::abc_insurance(), Directory::fabrikam()] {
            let json = directory.to_json();
            let read = Directory::from_json(&json).expect("our own export");
            assert_eq!(read, directory);
            assert_eq!(read.to_json(), json);
        }
    }

    #[test]
    fn the_tenants_are_those_that_the_design_names() {
        let (abc, fabrikam) = (Directory::abc_insurance(), Directory::fabrikam());
        assert!(abc.tenant_id() == ABC_INSURANCE_TENANT_ID && abc.is_named("abc-insurance.example"));
        assert!(fabrikam.tenant_id() == FABRIKAM_TENANT_ID && fabrikam.is_named("fabrikam.example"));
    }

    #[test]
    fn units_have_the_numbers_one_to_six() {
        assert_eq!(StartState::ALL.map(StartState::number), [1, 2, 3, 4, 5, 6]);
        assert_eq!(StartState::unit(4), Some(StartState::Unit4));
        assert_eq!((StartState::unit(0), StartState::unit(7)), (None, None));
    }
}
