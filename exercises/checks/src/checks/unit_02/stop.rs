//! U2-14: the app ends when it is asked to.

use std::time::Duration;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
};

/// U2-14
pub const STOPS: Check = Check {
    id: "U2-14",
    unit: Unit::WebApp,
    title: "the app ends within 5 seconds of SIGTERM",
    points: 2,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "Wait for SIGTERM beside the server, and limit the time that open requests may take.",
    page: "unit-2/health-errors-headers.html#healthz",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(stops(stage)),
};

async fn stops(stage: &Stage) -> Outcome {
    if !cfg!(unix) {
        return Err(Problem::Inapplicable("this system has no SIGTERM".to_owned()));
    }
    let app = stage.start(&stage.environment()).await?;
    stage.browser_for(&app).get("/healthz").await?;
    if !app.ask_to_end() {
        return Err(Problem::Broken("the signal could not be sent; is there a command `kill`?".to_owned()));
    }
    let failed = |received: String| -> Outcome {
        Err(Failure::new(
            "SIGTERM was sent to the running app.",
            received,
            "an end within 5 seconds, with exit code 0 or by the signal itself",
            "Platforms ask politely, wait a little, and then kill. Whoever is killed loses the requests that are under way.",
        )
        .into())
    };
    match app.wait_for_exit(Duration::from_secs(5)).await {
        // No code: the signal ended it. 143 is what some runtimes answer for the same.
        Some(status) if matches!(status.code(), None | Some(0 | 143)) => Ok(()),
        Some(status) => failed(format!("It ended with {status}. {}", app.output().tail())),
        None => failed("It still ran after 5 seconds.".to_owned()),
    }
}
