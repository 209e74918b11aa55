//! People driven through the learner's policy, and what came of it in words.

use super::people::Persona;
use crate::{
    access_policy::{AccessPolicy, Decision, InsurancePolicy, Resource},
    verdict::{Failure, Outcome},
};

/// One visit, and the answer that ABC wants.
pub(super) struct Visit<'a> {
    who: &'a Persona,
    resource: Resource<'a>,
    /// `/insights`, or `policy POL-7731 of client B`
    what: String,
    wanted: Decision,
}

impl<'a> Visit<'a> {
    /// To a page.
    pub fn page(who: &'a Persona, resource: Resource<'a>, wanted: Decision) -> Self {
        let what = match resource {
            Resource::Me => "/me",
            Resource::MyPolicies => "/my/policies",
            Resource::Policy(_) => "/policies/{id}",
            Resource::Insights => "/insights",
            Resource::AdminRoles => "/admin/roles",
        };
        Self { who, resource, what: what.to_owned(), wanted }
    }

    /// To one policy; `whose` says of whom, and where it lies.
    pub fn policy(who: &'a Persona, policy: &'a InsurancePolicy, whose: &str, wanted: Decision) -> Self {
        Self { who, resource: Resource::Policy(policy), what: format!("policy {}, {whose}", policy.id), wanted }
    }

    fn told(&self, answer: Decision) -> String {
        let (who, what) = (&self.who.who, &self.what);
        match answer {
            Decision::Allow => format!("{who} opened {what}"),
            Decision::Deny => format!("{who} got 403 at {what}"),
            Decision::Login => format!("{who} was sent to the sign-in by {what}"),
            Decision::RefuseSignIn => format!("{who} was refused at the sign-in, before {what}"),
        }
    }
}

/// The pages that are not about one policy, with the answers that ABC wants.
pub(super) fn pages<'a>(who: &'a Persona, [me, my_policies, insights, admin_roles]: [Decision; 4]) -> Vec<Visit<'a>> {
    vec![
        Visit::page(who, Resource::Me, me),
        Visit::page(who, Resource::MyPolicies, my_policies),
        Visit::page(who, Resource::Insights, insights),
        Visit::page(who, Resource::AdminRoles, admin_roles),
    ]
}

/// Why the answers matter.
pub(super) struct Meaning<'a> {
    pub why: &'a str,
    /// What somebody gets who should not; told when a visit was allowed that should not be.
    pub attack: &'a str,
    pub misconception: Option<&'static str>,
}

/// Drives everybody through the policy. Fails with each answer that ABC does not want.
pub(super) fn drive(policy: &AccessPolicy, visits: &[Visit<'_>], meaning: &Meaning<'_>) -> Outcome {
    let answers = visits.iter().map(|visit| (visit, policy.decide(&visit.who.visitor, visit.resource)));
    let wrong: Vec<(&Visit<'_>, Decision)> = answers.filter(|(visit, answer)| *answer != visit.wanted).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    let mut people: Vec<&str> = visits.iter().map(|visit| visit.who.who.as_str()).collect();
    people.dedup();
    let lines = |told: &dyn Fn(&(&Visit<'_>, Decision)) -> String| wrong.iter().map(told).collect::<Vec<_>>().join("\n");
    let failure = Failure::new(
        format!("The grader took your policy.toml and visited ABC's pages as {}.", people.join("; ")),
        format!("With your policy:\n{}", lines(&|(visit, answer)| visit.told(*answer))),
        lines(&|(visit, _)| visit.told(visit.wanted)),
        meaning.why,
    );
    let leaks = wrong.iter().any(|(_, answer)| *answer == Decision::Allow);
    let failure = if leaks { failure.attack(meaning.attack) } else { failure };
    Err(failure.shows(meaning.misconception).into())
}
