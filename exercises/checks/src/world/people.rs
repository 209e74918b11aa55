//! The people who sign in. Each check has its own, so that checks can run side by side.

use mock_idp::{
    Directory,
    directory::{
        group::Group,
        user::{User, UserType},
    },
    random::{Entropy, derived_bytes, derived_guid},
};
use serde_json::Map;

use super::{
    insurance::{Insurance, Policy},
    role,
};

const FIRST_NAMES: [&str; 12] = ["Zoë", "Amir", "Beatrix", "Chidi", "Dana", "Élodie", "Farid", "Greta", "Hiro", "Inés", "Jonas", "Katya"];
const LAST_NAMES: [&str; 12] =
    ["Abel", "Brandt", "Castillo", "D'Angelo", "Eriksson", "Fofana", "Grünwald", "Haddad", "Ito", "Jensen", "Kovač", "Lindqvist"];

/// More groups than a token can name. Entra's limit for a JWT is 200.
const TOO_MANY_GROUPS: usize = 249;

/// What no page may hold as it is.
pub const MARKUP: &str = "<img src=x onerror=alert(1)>";

/// What kind of person a check needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Casting<'a> {
    /// Roles assigned directly.
    pub roles: &'a [&'a str],
    /// Groups, and a role by them.
    pub groups: Groups,
    /// Member or guest.
    pub kind: UserType,
    /// Whether the account can sign in.
    pub enabled: bool,
    /// The name holds [`MARKUP`].
    pub has_markup: bool,
    /// Takes the name of the person with this number, as two people can share one.
    pub namesake_of: Option<usize>,
    /// Takes the user name and mail address that the person with this number had before.
    pub recycles: Option<usize>,
}

/// Which groups a person belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Groups {
    /// None.
    None,
    /// The analysts, who have their role by the group.
    Analysts,
    /// The analysts and 249 more.
    AnalystsAndManyMore,
}

impl<'a> Casting<'a> {
    /// An employee with these roles.
    pub const fn employee(roles: &'a [&'a str]) -> Self {
        Self { roles, groups: Groups::None, kind: UserType::Member, enabled: true, has_markup: false, namesake_of: None, recycles: None }
    }

    /// A client of ABC: a guest of the tenant.
    pub const fn client() -> Self {
        Self { kind: UserType::Guest, ..Self::employee(&[role::CLIENT]) }
    }

    /// An analyst, by a group.
    pub const fn analyst(groups: Groups) -> Self {
        Self { groups, ..Self::employee(&[]) }
    }
}

/// Where people of a run have their accounts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tenant<'a> {
    /// The id.
    pub(super) id: &'a str,
    /// What stands behind the @.
    pub(super) domain: &'a str,
}

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The object id, `oid` in tokens.
    pub object_id: String,
    /// The user principal name, `preferred_username` in tokens.
    pub username: String,
    /// The name.
    pub display_name: String,
    /// The mail address.
    pub mail: String,
    /// The values of the roles, direct or by group.
    pub roles: Vec<String>,
    /// What he or she owns, whatever the role.
    pub policies: Vec<Policy>,
    /// The regions that he or she works for, should the role be there.
    pub regions: Vec<String>,
    kind: UserType,
    enabled: bool,
    groups: Groups,
}

impl Person {
    /// Whether the account is a guest of the tenant.
    pub fn is_guest(&self) -> bool {
        self.kind == UserType::Guest
    }

    /// Whether a policy is this person's.
    pub fn owns(&self, policy: &Policy) -> bool {
        self.policies.iter().any(|own| own.id == policy.id)
    }

    pub(super) fn cast(seed: u64, check_id: &str, number: usize, tenant: Tenant<'_>, casting: Casting<'_>, insurance: &Insurance) -> Self {
        let Tenant { id: tenant_id, domain } = tenant;
        let object_id = object_id(seed, check_id, number);
        let address = mail(seed, check_id, casting.recycles.unwrap_or(number), domain);
        let username = match casting.kind {
            UserType::Member => address.clone(),
            UserType::Guest => format!("{}#EXT#@{domain}", address.replace('@', "_")),
        };
        let mut roles: Vec<String> = casting.roles.iter().map(|role| (*role).to_owned()).collect();
        if casting.groups != Groups::None {
            roles.push(role::ANALYST.to_owned());
        }
        Self {
            username,
            display_name: display_name(seed, check_id, casting.namesake_of.unwrap_or(number))
                + if casting.has_markup { MARKUP } else { "" },
            mail: address,
            roles,
            policies: insurance.owned_by(tenant_id, &object_id).into_iter().cloned().collect(),
            regions: insurance.regions_of(tenant_id, &object_id).to_vec(),
            kind: casting.kind,
            enabled: casting.enabled,
            groups: casting.groups,
            object_id,
        }
    }

    /// Adds the person to the tenant, in the place of whoever has the same object id or user name. A check that is repeated finds
    /// everything as it was the first time.
    pub(super) fn enter(&self, directory: &mut Directory, app_id: &str, analysts_group: &str) {
        let mut user = User::member(&self.object_id, &self.username, &self.display_name);
        user.mail = Some(self.mail.clone());
        user.user_type = self.kind;
        user.account_enabled = self.enabled;
        directory.users.retain(|other| other.id != self.object_id && other.user_principal_name != self.username);
        directory.unassign(&self.object_id, app_id);
        for id in directory.groups_of(&self.object_id).map(|group| group.id.clone()).collect::<Vec<_>>() {
            directory.groups.edit(&id, |group| group.members.retain(|member| *member != self.object_id));
        }
        directory.groups.retain(|group| group.id == analysts_group || !group.members.is_empty());
        directory.users.push(user);
        for role in self.roles.iter().filter(|role| self.groups == Groups::None || role.as_str() != role::ANALYST) {
            directory.assign(&self.object_id, app_id, role).expect("the world registers every role of the course");
        }
        if self.groups != Groups::None {
            directory.groups.edit(analysts_group, |group| group.members.push(self.object_id.clone()));
        }
        if self.groups == Groups::AnalystsAndManyMore {
            directory.groups.extend((0..TOO_MANY_GROUPS).map(|number| team_of(&self.object_id, number)));
        }
    }
}

fn team_of(object_id: &str, number: usize) -> Group {
    Group {
        id: derived_guid(&["world", object_id, "team", &number.to_string()]),
        display_name: format!("Team {number} of {object_id}"),
        members: vec![object_id.to_owned()],
        other_properties: Map::new(),
    }
}

/// The object id of a check's person.
pub(super) fn object_id(seed: u64, check_id: &str, number: usize) -> String {
    derived_guid(&["world", &seed.to_string(), "person", check_id, &number.to_string()])
}

fn chosen(seed: u64, check_id: &str, number: usize) -> (&'static str, &'static str, u16) {
    let bytes = derived_bytes(&["world", &seed.to_string(), "name", check_id, &number.to_string()]);
    let pick = |names: &[&'static str], byte: u8| names[usize::from(byte) % names.len()];
    (pick(&FIRST_NAMES, bytes[0]), pick(&LAST_NAMES, bytes[1]), u16::from_be_bytes([bytes[2], bytes[3]]))
}

fn display_name(seed: u64, check_id: &str, number: usize) -> String {
    let (first, last, _) = chosen(seed, check_id, number);
    format!("{first} {last}")
}

/// The mail address of a check's person: unique, in plain letters.
pub(super) fn mail(seed: u64, check_id: &str, number: usize, domain: &str) -> String {
    let (first, last, salt) = chosen(seed, check_id, number);
    let plain: String = format!("{first}.{last}").chars().filter(|letter| letter.is_ascii_alphabetic() || *letter == '.').collect();
    let check = check_id.to_ascii_lowercase();
    format!("{}.{check}-{number}-{salt:x}@{domain}", plain.to_ascii_lowercase())
}

/// The same items in an order that the seed decides.
pub(super) fn shuffled<'a>(items: &[&'a str], entropy: &Entropy) -> Vec<&'a str> {
    let mut keyed: Vec<([u8; 8], &str)> = items.iter().map(|item| (entropy.bytes(), *item)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, item)| item).collect()
}
