//! U1-07 to 10: no role, one role, two roles, a strange role.

use super::{
    USUAL,
    driven::{Meaning, Visit, drive, pages},
    files,
    ownership::policy,
    people::{Persona, adjuster_and_client, analyst, analyst_of_many_groups, client_a, client_b, newly_hired, without_role},
};
use crate::{
    access_policy::{
        Decision::{Allow, Deny},
        InsurancePolicy,
    },
    check::Check,
    stage::Stage,
    verdict::Outcome,
    world::role,
};

/// U1-07
pub const NO_ROLE: Check = Check {
    id: "U1-07",
    title: "an employee without a role signs in, and sees nothing but /me",
    misconceptions: &["M01"],
    hint: "The line without-role under [sign-in], and the row no-role. Signed in is not the same as allowed.",
    page: "unit-1/two-tokens.html#questions",
    run: |stage| Box::pin(async { no_role(stage) }),
    ..USUAL
};

/// U1-08
pub const ANALYST: Check = Check {
    id: "U1-08",
    title: "an analyst sees the figures, and no single policy",
    misconceptions: &["M09"],
    hint: "The row Insights.Analyst. The job is about totals, so the role opens totals. Refused at the sign-in: the table [sign-in].",
    page: "unit-1/role-matrix.html#roles",
    run: |stage| Box::pin(async { figures_only(stage) }),
    ..USUAL
};

/// U1-09
pub const SEVERAL_ROLES: Check = Check {
    id: "U1-09",
    title: "a person with two roles may do what either of them allows",
    depends_on: &["U1-05"],
    misconceptions: &["M38"],
    hint: "The rule several-roles. The roles of a token are a set: their order means nothing.",
    page: "unit-1/role-matrix.html#roles",
    run: |stage| Box::pin(async { several_roles(stage) }),
    ..USUAL
};

/// U1-10
pub const UNKNOWN_ROLE: Check = Check {
    id: "U1-10",
    title: "a role that the app does not know gives no right",
    misconceptions: &["M38"],
    hint: "The row unknown-role, and the rule role-match. A value that only resembles one of yours is another role. Refused at the sign-in: the table [sign-in].",
    page: "unit-1/role-matrix.html#roles",
    run: |stage| Box::pin(async { unknown_role(stage) }),
    ..USUAL
};

/// Every page: what a person sees who may see /me alone, even among policies that were the person's own, or in the region.
fn nothing_but_me<'a>(who: &'a Persona, own: &'a InsurancePolicy, whose: &str) -> Vec<Visit<'a>> {
    let mut visits = pages(who, [Allow, Deny, Deny, Deny]);
    visits.push(Visit::policy(who, own, whose, Deny));
    visits
}

const ONCE: &str = "which this person could open with an earlier role";

fn no_role(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let (trainee, hired, client) = (without_role(stage), newly_hired(stage), client_a(stage));
    let (once, of_client) = (policy(&trainee, &[&trainee])?, policy(&client, &[])?);
    let mut visits = nothing_but_me(&trainee, &once, ONCE);
    visits.extend(nothing_but_me(&hired, &of_client, "which is a client's"));
    drive(
        &learned,
        &visits,
        &Meaning {
            why: "Authentication says who somebody is. It does not say what this person may do: for that there are roles, and this person has none. \
                  Nils works for ABC, so he signs in and sees his own page; the app refuses the rest with 403.",
            attack: "Everybody with an account in the directory, trainees and all invited guests, sees what was meant for a few.",
            misconception: Some("M01"),
        },
    )
}

fn figures_only(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let (analyst, busy, client) = (analyst(stage), analyst_of_many_groups(stage), client_a(stage));
    let (of_client, once) = (policy(&client, &[])?, policy(&analyst, &[&analyst])?);
    let mut visits = Vec::new();
    for who in [&analyst, &busy] {
        visits.extend(pages(who, [Allow, Deny, Allow, Deny]));
        visits.push(Visit::policy(who, &of_client, "a single row behind the figures", Deny));
    }
    visits.push(Visit::policy(&analyst, &once, ONCE, Deny));
    drive(
        &learned,
        &visits,
        &Meaning {
            why: "A role is for a job. An analyst's job needs totals, so that nobody has to trust the analyst with the policies of single people. \
                  To open them to everybody \"who works with data\" would give a whole group what only owners and adjusters need.",
            attack: "An analyst, or a thief of the analyst's account, reads the policies of all clients one by one.",
            misconception: Some("M09"),
        },
    )
}

fn several_roles(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let mut roles = [role::CLIENT, role::ADJUSTER];
    // In both orders. Which comes first is the seed's decision.
    roles.rotate_left(usize::from(!stage.world().seed().is_multiple_of(2)));
    let one = adjuster_and_client(stage, &roles);
    roles.reverse();
    let other = adjuster_and_client(stage, &roles);
    let client = client_b(stage);
    let (own, in_region) = (policy(&one, &[])?, policy(&client, &[&one])?);
    let visits: Vec<Visit<'_>> = [&one, &other]
        .into_iter()
        .flat_map(|who| {
            let mut visits = pages(who, [Allow, Allow, Deny, Deny]);
            visits.push(Visit::policy(who, &own, "the employee's own", Allow));
            visits.push(Visit::policy(who, &in_region, "in the employee's region", Allow));
            visits
        })
        .collect();
    drive(
        &learned,
        &visits,
        &Meaning {
            why: "ABC gave this person both roles on purpose. The directory writes them into the token in any order, so \"the first one\" is chance; \
                  and a second role that takes rights away would be no role.",
            attack: "The person has a right that neither of the two roles gives.",
            misconception: Some("M38"),
        },
    )
}

fn unknown_role(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let client = client_b(stage);
    let somebody = client_a(stage);
    let strange = role::UNKNOWN.into_iter().chain(["Claims.Adjuster.Trainee", "Auditor"]);
    let people: Vec<Persona> = strange
        .map(|value| Persona { who: format!("somebody whose only role is {value}"), ..somebody.clone().with_roles(&[value]) })
        .collect();
    let policies = [policy(&somebody, &[&somebody])?, policy(&client, &[])?];
    let visits: Vec<Visit<'_>> = people
        .iter()
        .flat_map(|who| {
            let mut visits: Vec<Visit<'_>> = pages(who, [Allow, Deny, Deny, Deny]);
            visits.push(Visit::policy(who, &policies[0], ONCE, Deny));
            visits.push(Visit::policy(who, &policies[1], "which is another client's", Deny));
            visits
        })
        .collect();
    drive(
        &learned,
        &visits,
        &Meaning {
            why: "Roles are added to a registration for years, by people who never read the app's code. The app must not guess from a part of the \
                  name what a new one means: Client.Archive is no Client, and Admin is no Policy.Admin.",
            attack: "Somebody adds a harmless role with a similar name to the registration, and its holders have the rights of the role that it resembles.",
            misconception: Some("M38"),
        },
    )
}
