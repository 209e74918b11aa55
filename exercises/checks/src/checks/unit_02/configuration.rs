//! U2-05 and U2-06: the app obeys its environment.

use std::time::Duration;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, follow_own_redirects},
};

/// U2-05
pub const OBEYS_ENVIRONMENT: Check = Check {
    id: "U2-05",
    unit: Unit::WebApp,
    title: "a second start with another PORT and REDIRECT_URI is obeyed",
    points: 4,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M40"],
    hint: "Read every value from the environment at start, and write none of them into the code.",
    page: "unit-2/configuration.html#port",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(obeys_environment(stage)),
};

async fn obeys_environment(stage: &Stage) -> Outcome {
    for _ in 0..2 {
        // Each start has a port of its own.
        let app = stage.start(&stage.environment()).await?;
        let mut browser = stage.browser_for(&app);
        let page = follow_own_redirects(&mut browser, "/login").await?;
        let Ok(Some(next)) = page.redirect() else { continue };
        let Some(redirect_uri) = next.parameter("redirect_uri") else { continue };
        if redirect_uri != app.redirect_uri() {
            return Err(Failure::new(
                format!("The app was started with REDIRECT_URI={}, and a browser opened /login.", app.redirect_uri()),
                format!("{} It says redirect_uri={redirect_uri}.", describe(&page)),
                format!("redirect_uri={}", app.redirect_uri()),
                "The same program runs on your machine, in tests and in production. What differs lies in the environment.",
            )
            .into());
        }
    }
    Ok(())
}

/// U2-06
pub const MISSING_SECRET: Check = Check {
    id: "U2-06",
    unit: Unit::WebApp,
    title: "without CLIENT_SECRET the app ends within 5 seconds and names the variable",
    points: 4,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M40"],
    hint: "Read the configuration before anything else. An empty value counts as missing. Print the name, and end with an exit code that is \
           not 0.",
    page: "unit-2/configuration.html#missing-values",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(missing_secret(stage)),
};

const NAME: &str = "CLIENT_SECRET";

async fn missing_secret(stage: &Stage) -> Outcome {
    let app = stage.launch(&stage.environment().without(NAME))?;
    let ended = app.wait_for_exit(Duration::from_secs(5)).await;
    let failed = |received: String, expected: &str, why: &str| -> Outcome {
        Err(Failure::new("The app was started with CLIENT_SECRET set to nothing.", received, expected, why).into())
    };
    let Some(status) = ended else {
        let why = "An app that starts without its secret fails later, at the first sign-in, before the eyes of a user.";
        return failed("It still ran after 5 seconds.".to_owned(), "an end with an exit code that is not 0", why);
    };
    if status.success() {
        let why = "Whoever starts the app, often a program, sees from the exit code that it did not start.";
        return failed("It ended with exit code 0.".to_owned(), "another exit code than 0", why);
    }
    if !app.output().text().contains(NAME) {
        let why = "The operator should know which of the values is missing, without reading the code.";
        return failed(app.output().tail(), "a message that names CLIENT_SECRET", why);
    }
    Ok(())
}
