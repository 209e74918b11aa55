//! U1-05, 06: which policies somebody sees.

use super::{
    USUAL,
    driven::{Meaning, Visit, drive},
    files,
    people::{Persona, adjuster, client_a, client_b, client_with_the_old_address_of_a},
};
use crate::{
    access_policy::{Decision, InsurancePolicy, Resource, SamePerson},
    check::{Check, Gate},
    stage::Stage,
    verdict::{Outcome, Problem},
};

/// U1-05
pub const OWN_POLICIES: Check = Check {
    id: "U1-05",
    title: "a client sees the own policies, an adjuster those of the region",
    misconceptions: &["M37"],
    hint: "The rows Client and Claims.Adjuster: what do these people need for their work? Who was refused at the sign-in never comes to a page: then look at the table [sign-in].",
    page: "unit-1/role-matrix.html#policies",
    run: |stage| Box::pin(async { own_policies(stage) }),
    ..USUAL
};

/// U1-06
pub const OTHERS_POLICIES: Check = Check {
    id: "U1-06",
    title: "nobody sees a policy that is somebody else's",
    points: 4,
    gate: Some(Gate::Security),
    depends_on: &["U1-05"],
    misconceptions: &["M37", "M11"],
    hint: "A role says what kind of page somebody sees; ownership says which one. Look at the column /policies/{id}, and at the rule same-person.",
    page: "unit-1/role-matrix.html#policies",
    run: |stage| Box::pin(async { others_policies(stage) }),
    ..USUAL
};

/// A policy of this client in the region of these people.
pub(super) fn policy(client: &Persona, adjusters: &[&Persona]) -> Result<InsurancePolicy, Problem> {
    let policy = client.policy_in_the_region_of(adjusters);
    policy.ok_or_else(|| Problem::Broken(format!("{} owns no policy in the grader's data", client.who)))
}

fn own_policies(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let (client, adjuster) = (client_a(stage), adjuster(stage));
    let (own, in_region) = (policy(&client, &[])?, policy(&client_b(stage), &[&adjuster])?);
    drive(
        &learned,
        &[
            Visit::page(&client, Resource::Me, Decision::Allow),
            Visit::page(&client, Resource::MyPolicies, Decision::Allow),
            Visit::policy(&client, &own, "the client's own", Decision::Allow),
            Visit::page(&adjuster, Resource::Me, Decision::Allow),
            Visit::policy(&adjuster, &in_region, "in the adjuster's region", Decision::Allow),
        ],
        &Meaning {
            why: "To refuse everybody is safe, and useless: clients want to read what they pay for, and an adjuster cannot settle a claim unseen.",
            attack: "",
            misconception: None,
        },
    )
}

fn others_policies(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let (a, b, late, adjuster) = (client_a(stage), client_b(stage), client_with_the_old_address_of_a(stage), adjuster(stage));
    // ABC's data have known her since before the wedding.
    let renamed = Persona { who: format!("{}, after a change of name", adjuster.who), ..adjuster.clone().renamed() };
    let (of_a, of_b, in_region) = (policy(&a, &[])?, policy(&b, &[])?, policy(&b, &[&adjuster])?);
    let by_ownership = [
        Visit::policy(&a, &of_b, "which is client B's", Decision::Deny),
        Visit::policy(&b, &of_a, "which is client A's", Decision::Deny),
        Visit::policy(&adjuster, &of_a, "which lies in another region", Decision::Deny),
    ];
    let by_identity = [
        Visit::policy(&late, &of_a, "which is client A's", Decision::Deny),
        Visit::policy(&renamed, &in_region, "in the adjuster's region", Decision::Allow),
    ];
    let clients_leak = by_ownership[..2].iter().any(|visit| visit.answer(&learned) == Decision::Allow);
    let is_mistaken = learned.same_person() != SamePerson::TenantAndObjectId;
    let meaning = if is_mistaken {
        Meaning {
            why: "Names are shared, and addresses change hands: people marry, leave, and somebody new gets the address. Only tid and oid together stay with one person for ever.",
            attack: "Whoever is given an old address, or happens to have the same name, reads what was written for somebody else.",
            misconception: Some("M11"),
        }
    } else {
        Meaning {
            why: "A role says what kind of page somebody may open: a policy. It does not say which one. That is for ownership to say: whose policy it is, or who \
                  works for its region.",
            attack: if clients_leak {
                "A client counts the number in the address up by one, and reads the policies of all other clients."
            } else {
                "An adjuster, or a thief of the adjuster's account, reads the policies of the whole country."
            },
            misconception: Some("M37"),
        }
    };
    drive(&learned, &by_ownership.into_iter().chain(by_identity).collect::<Vec<_>>(), &meaning)
}
