//! U1-11, 12: the three ways to say no.

use super::{
    USUAL,
    driven::{Meaning, Visit, drive, pages},
    files,
    ownership::policy,
    people::{adjuster, administrator, anonymous, client_a, client_b, disabled, of_another_tenant},
};
use crate::{
    access_policy::{
        Decision::{Allow, Deny, Login, RefuseSignIn},
        Resource,
    },
    check::Check,
    stage::Stage,
    verdict::Outcome,
};

/// U1-11
pub const LOGIN_OR_403: Check = Check {
    id: "U1-11",
    title: "nobody signed in: to the sign-in; signed in without the right: 403",
    misconceptions: &["M02"],
    hint: "`login` belongs in the row anonymous and nowhere else. A person who is signed in and may not gets `deny`. Refused at the sign-in: the table [sign-in].",
    page: "unit-1/two-tokens.html#questions",
    run: |stage| Box::pin(async { login_or_403(stage) }),
    ..USUAL
};

/// U1-12
pub const SIGN_IN: Check = Check {
    id: "U1-12",
    title: "people of another company are refused at the sign-in, ABC's own are not",
    misconceptions: &["M42"],
    hint: "The table [sign-in]: who is in ABC's directory, with an account that works?",
    page: "unit-1/role-matrix.html#difficult-people",
    run: |stage| Box::pin(async { sign_in(stage) }),
    ..USUAL
};

fn login_or_403(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let (nobody, client, adjuster, administrator) = (anonymous(), client_a(stage), adjuster(stage), administrator(stage));
    let of_b = policy(&client_b(stage), &[])?;
    let mut visits = pages(&nobody, [Login; 4]);
    visits.push(Visit::policy(&nobody, &of_b, "a client's", Login));
    // What these two may see is the matter of U1-05.
    visits.extend([Visit::page(&client, Resource::Insights, Deny), Visit::page(&client, Resource::AdminRoles, Deny)]);
    visits.extend([Resource::MyPolicies, Resource::Insights, Resource::AdminRoles].map(|page| Visit::page(&adjuster, page, Deny)));
    let once = policy(&administrator, &[&administrator])?;
    visits.extend(pages(&administrator, [Allow, Deny, Deny, Allow]));
    visits.push(Visit::policy(&administrator, &of_b, "a client's", Deny));
    visits.push(Visit::policy(&administrator, &once, "which this person could open with an earlier role", Deny));
    drive(
        &learned,
        &visits,
        &Meaning {
            why: "The two refusals say different things. The sign-in helps who is not signed in yet. Whoever is signed in and may not comes back from \
                  there as the same person, and is sent away again, for ever; 403 says what is the matter.",
            attack: "A page that should be closed stands open to this person.",
            misconception: None,
        },
    )
}

fn sign_in(stage: &Stage) -> Outcome {
    let learned = files::policy(stage)?;
    let (stranger, disabled) = (of_another_tenant(stage), disabled(stage));
    let (client, administrator) = (client_a(stage), administrator(stage));
    let mut visits = pages(&stranger, [RefuseSignIn; 4]);
    visits.push(Visit::page(&disabled, Resource::Me, RefuseSignIn));
    // The honest twins: a guest and an employee.
    visits.extend([&client, &administrator].map(|who| Visit::page(who, Resource::Me, Allow)));
    drive(
        &learned,
        &visits,
        &Meaning {
            why: "ABC's portal is for people in ABC's directory; invited clients are in it, too. To let everybody in and to refuse at each page means \
                  that each page must remember to. The door is the place: single tenant, so that Entra ID itself says no.",
            attack: "Somebody gets in who should not: a person whose account ABC has disabled, or the administrator of another company, who can give himself \
                     the role Policy.Admin in his own directory.",
            misconception: Some("M42"),
        },
    )
}
