//! The people of the role matrix, as data. Names, addresses and policy numbers follow from the seed.

use mock_idp::directory::user::UserType;

use crate::{
    access_policy::{Account, Identity, InsurancePolicy, Person, Visitor},
    stage::Stage,
    world::{
        people::{self, Casting, Groups},
        role,
    },
};

/// Somebody whom the grader drives through a policy.
#[derive(Debug, Clone)]
pub(super) struct Persona {
    /// `client A (Zoë Abel)`
    pub who: String,
    pub visitor: Visitor,
    /// A policy of this person's own, in a region where nobody works; none for who is not in ABC's data.
    pub own: Option<InsurancePolicy>,
}

impl Persona {
    fn identity(&self) -> Option<&Identity> {
        match &self.visitor {
            Visitor::Person(person) => Some(&person.identity),
            Visitor::Anonymous => None,
        }
    }

    /// A policy of this person's own that lies in the region of these adjusters.
    pub fn policy_in_the_region_of(&self, adjusters: &[&Self]) -> Option<InsurancePolicy> {
        let adjusters = adjusters.iter().filter_map(|it| it.identity()).cloned().collect();
        self.own.clone().map(|own| InsurancePolicy { adjusters, ..own })
    }

    /// The same person, some time later: with another role, or none.
    pub fn with_roles(mut self, roles: &[&str]) -> Self {
        if let Visitor::Person(person) = &mut self.visitor {
            person.roles = roles.iter().map(|role| (*role).to_owned()).collect();
        }
        self
    }

    /// The same person after a change of name: ABC's records keep the old one.
    pub fn renamed(mut self) -> Self {
        if let Visitor::Person(Person { identity, .. }) = &mut self.visitor {
            identity.preferred_username = format!("new.{}", identity.preferred_username);
            identity.email = format!("new.{}", identity.email);
            identity.name = format!("{}-Larsen", identity.name);
        }
        self
    }
}

pub(super) fn anonymous() -> Persona {
    Persona { who: "somebody who is not signed in".to_owned(), visitor: Visitor::Anonymous, own: None }
}

/// What a token says about somebody of the world.
pub(crate) fn identity(stage: &Stage, person: &people::Person) -> Identity {
    Identity {
        tenant_id: stage.world().tenant_id().to_owned(),
        object_id: person.object_id.clone(),
        preferred_username: person.username.clone(),
        email: person.mail.clone(),
        name: person.display_name.clone(),
    }
}

/// Number `number` of a check, called `what` in messages.
fn person(stage: &Stage, number: usize, what: &str, casting: Casting<'_>) -> Persona {
    let cast = stage.invite(number, casting);
    let identity = identity(stage, &cast);
    let own = cast.policies.first().map(|policy| InsurancePolicy { id: policy.id.clone(), owner: identity.clone(), adjusters: Vec::new() });
    let account = if casting.kind == UserType::Guest { Account::Guest } else { Account::Employee };
    let who = format!("{what} ({})", identity.name);
    Persona { who, visitor: Visitor::Person(Person { identity, account, is_enabled: casting.enabled, roles: cast.roles }), own }
}

pub(super) fn client_a(stage: &Stage) -> Persona {
    person(stage, 0, "client A", Casting::client())
}

/// Has the name of client A.
pub(super) fn client_b(stage: &Stage) -> Persona {
    person(stage, 1, "client B", Casting { namesake_of: Some(0), ..Casting::client() })
}

/// Was given the user name and the mail address that client A had before.
pub(super) fn client_with_the_old_address_of_a(stage: &Stage) -> Persona {
    person(stage, 2, "a new client with client A's old address", Casting { recycles: Some(0), ..Casting::client() })
}

pub(super) fn adjuster(stage: &Stage) -> Persona {
    person(stage, 3, "an adjuster", Casting::employee(&[role::ADJUSTER]))
}

pub(super) fn analyst(stage: &Stage) -> Persona {
    person(stage, 4, "an analyst", Casting::analyst(Groups::Analysts))
}

/// Of so many groups the token names none. The roles come through all the same, and a policy sees nothing but roles.
pub(super) fn analyst_of_many_groups(stage: &Stage) -> Persona {
    person(stage, 5, "an analyst in 250 groups", Casting::analyst(Groups::Analysts))
}

/// Roles in this order.
pub(super) fn adjuster_and_client(stage: &Stage, roles: &[&str]) -> Persona {
    let who = format!("an employee with the roles {}", roles.join(", "));
    person(stage, 6, &who, Casting::employee(roles))
}

pub(super) fn administrator(stage: &Stage) -> Persona {
    person(stage, 7, "an administrator", Casting::employee(&[role::ADMINISTRATOR]))
}

pub(super) fn without_role(stage: &Stage) -> Persona {
    person(stage, 8, "an employee without a role", Casting::employee(&[]))
}

/// The old address of another employee, and no role.
pub(super) fn newly_hired(stage: &Stage) -> Persona {
    person(stage, 9, "a new employee with somebody's old address", Casting { recycles: Some(3), ..Casting::employee(&[]) })
}

pub(super) fn disabled(stage: &Stage) -> Persona {
    person(stage, 10, "an adjuster whose account is disabled", Casting { enabled: false, ..Casting::employee(&[role::ADJUSTER]) })
}

/// The administrator of another company's directory can give any role of a multi-tenant app to himself.
pub(super) fn of_another_tenant(stage: &Stage) -> Persona {
    let mut persona = person(
        stage,
        11,
        "an employee of another company, who has the role Policy.Admin from there",
        Casting::employee(&[role::ADMINISTRATOR]),
    );
    if let Visitor::Person(person) = &mut persona.visitor {
        person.identity.tenant_id = mock_idp::Directory::fabrikam().tenant_id().to_owned();
        person.account = Account::OtherTenant;
    }
    persona
}
