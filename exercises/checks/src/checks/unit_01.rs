//! The checks of unit 1: introduction. They read the access policy and the order of messages that were handed in, and drive people
//! through the policy, so that a wrong cell becomes the leak or the lock-out that it would be.

mod driven;
pub mod files;
mod flow;
pub mod ownership;
pub(crate) mod people;
pub mod refusals;
pub mod roles;
pub mod sign_in_flow;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    unit::{Profile, Unit},
};

/// What the checks of this unit have in common.
const USUAL: Check = Check {
    id: "",
    unit: Unit::Introduction,
    title: "",
    points: 2,
    gate: None,
    // Each of them needs one of the two files. While that one cannot be read, it says that U1-01 is in the way.
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "",
    page: "unit-1/role-matrix.html",
    app: AppUse::None,
    limit: USUAL_LIMIT,
    run: |_| Box::pin(async { Ok(()) }),
};

#[cfg(test)]
mod tests;
