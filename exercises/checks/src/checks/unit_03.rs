//! The checks of unit 3: register your application. They read the directory file and the notes that were handed in, and sign ABC's
//! people in to see what the tokens say.

pub mod app_roles;
pub mod assignments;
mod handed_in;
pub mod notes;
pub mod redirect_uris;
pub mod registration;
pub mod token_roles;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    unit::{Profile, Unit},
};

/// The app's name in the exercise.
const APP_NAME: &str = "claims-portal";

/// What the checks of this unit have in common.
const USUAL: Check = Check {
    id: "",
    unit: Unit::Registration,
    title: "",
    points: 2,
    gate: None,
    depends_on: &["U3-01"],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "",
    page: "unit-3/index.html",
    app: AppUse::None,
    limit: USUAL_LIMIT,
    run: |_| Box::pin(async { Ok(()) }),
};
