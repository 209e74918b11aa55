//! U6-11: the policy that was written before the app, and the app that was built from it.

use std::time::Duration;

use mock_idp::testing::browser::Browser;

use crate::{
    access_policy::{AccessPolicy, Account, Decision, InsurancePolicy, Person as PolicyPerson, Resource, Visitor},
    check::{AppUse, Check},
    checks::{
        unit_01::people::identity,
        unit_04::role_matrix::{Answer, MOST_SHOWN, look, people},
    },
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::sign_in,
    world::{insurance::Policy, people::Person},
};

/// U6-11
pub const POLICY_HOLDS: Check = Check {
    id: "U6-11",
    unit: Unit::Summary,
    title: "your policy of unit 1 holds in your app",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M01", "M37"],
    hint: "Where the two differ, one is wrong. `cargo test -p unit-01` judges the policy, U4-21 and U4-22 the pages of the app.",
    page: "unit-6/index.html#drill",
    app: AppUse::Shared,
    limit: Duration::from_secs(120),
    run: |stage| Box::pin(policy_holds(stage)),
};

async fn policy_holds(stage: &Stage) -> Outcome {
    let policy = policy_of_unit_1(stage)?;
    let people = people(stage);
    let mut wrong = Vec::new();
    for (resource, address) in Named::all(stage, &people) {
        compare(&mut stage.browser(), "anonymous", &address, policy.decide(&Visitor::Anonymous, resource.as_resource()), &mut wrong)
            .await?;
    }
    for (who, person) in &people {
        let visitor = visitor(stage, person);
        let mut browser = stage.browser();
        let signed_in = sign_in(&mut browser, person).await;
        if policy.decide(&visitor, Resource::Me) == Decision::RefuseSignIn {
            if signed_in.is_ok() {
                wrong.push(Compared::judged(format!("{who}: sign-in"), "accepted", "refused", false));
            }
            continue;
        }
        signed_in?;
        for (resource, address) in Named::all(stage, &people) {
            compare(&mut browser, who, &address, policy.decide(&visitor, resource.as_resource()), &mut wrong).await?;
        }
    }
    report(&wrong)
}

/// The learner's policy. Work without it is graded on the rest.
fn policy_of_unit_1(stage: &Stage) -> Result<AccessPolicy, Problem> {
    let none = |reason: &str| Problem::Inapplicable(reason.to_owned());
    let files = stage.files()?.of_unit(Unit::Introduction).ok_or_else(|| none("unit 1 was not handed in with it"))?;
    let text = files.text("policy.toml").map_err(|_| none("unit 1 has no src/policy.toml"))?;
    AccessPolicy::parse(&text)
        .map_err(|_| none("src/policy.toml of unit 1 cannot be read or is not filled in; `cargo test -p unit-01` tells more"))
}

/// What is asked for, with the data that the policy decides by.
enum Named {
    Page(Resource<'static>),
    Policy(InsurancePolicy),
}

impl Named {
    /// Every page, and a policy of everybody, with its address.
    fn all(stage: &Stage, people: &[(&str, Person)]) -> Vec<(Self, String)> {
        let pages = [
            (Resource::Me, "/me"),
            (Resource::MyPolicies, "/my/policies"),
            (Resource::Insights, "/insights"),
            (Resource::AdminRoles, "/admin/roles"),
        ];
        let pages = pages.into_iter().map(|(page, address)| (Self::Page(page), address.to_owned()));
        let policies = people.iter().filter_map(|(_, owner)| Some((owner, owner.policies.first()?)));
        let policies =
            policies.map(|(owner, policy)| (Self::Policy(record(stage, people, owner, policy)), format!("/policies/{}", policy.id)));
        pages.chain(policies).collect()
    }

    fn as_resource(&self) -> Resource<'_> {
        match self {
            Self::Page(page) => *page,
            Self::Policy(policy) => Resource::Policy(policy),
        }
    }
}

/// A policy as ABC's data has it.
fn record(stage: &Stage, people: &[(&str, Person)], owner: &Person, policy: &Policy) -> InsurancePolicy {
    let works_there = people.iter().filter(|(_, person)| person.regions.contains(&policy.region));
    InsurancePolicy {
        id: policy.id.clone(),
        owner: identity(stage, owner),
        adjusters: works_there.map(|(_, person)| identity(stage, person)).collect(),
    }
}

fn visitor(stage: &Stage, person: &Person) -> Visitor {
    let account = if person.is_guest() { Account::Guest } else { Account::Employee };
    Visitor::Person(PolicyPerson { identity: identity(stage, person), account, is_enabled: true, roles: person.roles.clone() })
}

async fn compare(browser: &mut Browser, who: &str, address: &str, decision: Decision, wrong: &mut Vec<Compared>) -> Result<(), Problem> {
    let expected = match decision {
        Decision::Allow => Answer::Allow,
        Decision::Deny => Answer::Deny,
        Decision::Login | Decision::RefuseSignIn => Answer::Login,
    };
    look(browser, who, address, expected, wrong).await
}

fn report(wrong: &[Compared]) -> Outcome {
    if wrong.is_empty() {
        return Ok(());
    }
    let more = wrong.len().saturating_sub(MOST_SHOWN);
    let rest = if more > 0 { format!(" {more} more are not shown.") } else { String::new() };
    let leaks = wrong.iter().any(|answer| answer.found == "200");
    let failure = Failure::new(
        "The people of the role matrix, and a visitor who is not signed in, opened every page and a policy of each other.",
        format!("{} answers of the app differ from your src/policy.toml of unit 1.{rest}", wrong.len()),
        "what your policy says",
        "The policy is what ABC ordered, the app is what you delivered. Where the two differ, one of them is wrong, and a person who asks why \
         gets two answers. First run `cargo test -p unit-01`: it says whether the policy is right.",
    )
    .compares(wrong.iter().take(MOST_SHOWN).cloned());
    Err(if leaks { failure.attack("Somebody opens a page that the policy keeps from this person.") } else { failure }.into())
}
