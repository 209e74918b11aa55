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

    /// What the policy answers.
    pub fn answer(&self, policy: &AccessPolicy) -> Decision {
        policy.decide(&self.who.visitor, self.resource)
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

/// So many answers are told.
const TOLD: usize = 5;

/// Drives everybody through the policy. Fails with the answers that ABC does not want, leaks before lock-outs.
pub(super) fn drive(policy: &AccessPolicy, visits: &[Visit<'_>], meaning: &Meaning<'_>) -> Outcome {
    let answers = visits.iter().map(|visit| (visit, visit.answer(policy)));
    let mut wrong: Vec<(&Visit<'_>, Decision)> = answers.filter(|(visit, answer)| *answer != visit.wanted).collect();
    wrong.sort_by_key(|(_, answer)| *answer != Decision::Allow);
    let Some((_, worst)) = wrong.first() else { return Ok(()) };
    let leaks = *worst == Decision::Allow;
    let mut received: Vec<String> = wrong.iter().take(TOLD).map(|(visit, answer)| visit.told(*answer)).collect();
    if wrong.len() > TOLD {
        received.push(format!("… and {} more wrong answers", wrong.len() - TOLD));
    }
    let failure = Failure::new(
        format!("The grader took your policy.toml and visited ABC's pages as {}.", people(visits).join("; ")),
        format!("With your policy:\n{}", received.join("\n")),
        expected(&wrong[..wrong.len().min(TOLD)]),
        meaning.why,
    );
    let failure = if leaks { failure.attack(meaning.attack) } else { failure };
    Err(failure.shows(meaning.misconception).into())
}

/// Everybody who came, once.
fn people<'a>(visits: &'a [Visit<'_>]) -> Vec<&'a str> {
    let mut people: Vec<&str> = Vec::new();
    for visit in visits {
        if !people.contains(&visit.who.who.as_str()) {
            people.push(&visit.who.who);
        }
    }
    people
}

/// What ABC wants in the place of each wrong answer; one word for all if it is the same.
fn expected(wrong: &[(&Visit<'_>, Decision)]) -> String {
    let word = |decision: Decision| match decision {
        Decision::Allow => "the page is shown",
        Decision::Deny => "403",
        Decision::Login => "the way to the sign-in (401 for a program)",
        Decision::RefuseSignIn => "refused at the sign-in, before any page",
    };
    match wrong {
        [(first, _), others @ ..] if others.iter().all(|(visit, _)| visit.wanted == first.wanted) => word(first.wanted).to_owned(),
        _ => wrong
            .iter()
            .map(|(visit, _)| format!("{} at {}: {}", visit.who.who, visit.what, word(visit.wanted)))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
