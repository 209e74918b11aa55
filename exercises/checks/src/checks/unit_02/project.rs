//! U2-01: the project builds.

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Outcome, Problem},
};

/// U2-01
pub const BUILDS: Check = Check {
    id: "U2-01",
    unit: Unit::WebApp,
    title: "the project builds with --locked --offline",
    points: 2,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "Read the first error of the compiler; the ones after it often follow from it.",
    page: "unit-2/project.html#build",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(builds(stage)),
};

/// Judged by whoever calls the grader: where the build fails there is nothing to run, and `build_failed` makes the report. So a
/// program that came out of a build passes by the fact that it is here, and a command line has no build to judge.
async fn builds(stage: &Stage) -> Outcome {
    if stage.command().is_built_binary() {
        Ok(())
    } else {
        Err(Problem::Inapplicable("the app is started by a command, so there is no build to judge".to_owned()))
    }
}
