//! U2-05, U2-06 and U2-18: the app obeys its environment, and `.env` behind it.

use std::time::Duration;

use crate::{
    app_process::{AppProcess, StartFailure, environment::DotEnv},
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
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
pub const MISSING_VALUE: Check = Check {
    id: "U2-06",
    unit: Unit::WebApp,
    title: "without CLIENT_SECRET, or another value, the app ends within 5 seconds and names the variable",
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
    run: |stage| Box::pin(missing_value(stage)),
};

/// The values that no app can make up. For the others (`PORT`, `SCOPE`, `ENDPOINT`) an app may have a usual value.
const INDISPENSABLE: [&str; 5] = ["CLIENT_SECRET", "AUTHORITY", "CLIENT_ID", "REDIRECT_URI", "SESSION_KEY"];

async fn missing_value(stage: &Stage) -> Outcome {
    for name in INDISPENSABLE {
        refuses_to_start_without(stage, name).await?;
    }
    Ok(())
}

async fn refuses_to_start_without(stage: &Stage, name: &'static str) -> Outcome {
    let app = stage.launch(&stage.environment().without(name))?;
    let ended = app.wait_for_exit(Duration::from_secs(5)).await;
    let failed = |received: String, expected: &str, why: &str| -> Outcome {
        Err(Failure::new(format!("The app was started with {name} set to nothing."), received, expected, why).into())
    };
    let Some(status) = ended else {
        let why = "An app that starts without one of its values fails later, at the first sign-in, before the eyes of a user. Or it does not \
                   need the value, because one stands in the code: then it cannot be changed without a new program.";
        return failed("It still ran after 5 seconds.".to_owned(), "an end with an exit code that is not 0", why);
    };
    if status.success() {
        let why = "Whoever starts the app, often a program, sees from the exit code that it did not start.";
        return failed("It ended with exit code 0.".to_owned(), "another exit code than 0", why);
    }
    if !app.output().text().contains(name) {
        let why = "The operator should know which of the values is missing, without reading the code.";
        return failed(app.output().tail(), &format!("a message that names {name}"), why);
    }
    Ok(())
}

/// U2-18
pub const DOT_ENV: Check = Check {
    id: "U2-18",
    unit: Unit::WebApp,
    title: "the app reads .env, and the environment wins",
    points: 3,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M40"],
    hint: "Look for a value in the environment first. Only when it is not there at all, take the one of the file .env in the current folder.",
    page: "unit-2/configuration.html#dot-env",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(dot_env(stage)),
};

async fn dot_env(stage: &Stage) -> Outcome {
    if !stage.command().is_built_binary() {
        return Err(Problem::Inapplicable("a command line runs in its own folder, where the grader writes no .env".to_owned()));
    }
    let environment = stage.environment().with_dot_env(DotEnv::Everything);
    let app = stage.launch(&environment)?;
    let sent = "The app was started in a folder with a file .env that holds all nine variables. The environment holds none of them.";
    let why = "On your own machine the values are in .env, where you do not have to type them at every start.";
    listens(&app, sent, why).await?;
    let page = follow_own_redirects(&mut stage.browser_for(&app), "/login").await?;
    // Where the sign-in is not written yet, the start has shown enough.
    if let Some(client_id) = page.redirect()?.and_then(|next| next.parameter("client_id")) {
        let expected = &stage.world().registration().app_id;
        if client_id != *expected {
            let expected = format!("client_id={expected}, as in the file");
            return Err(Failure::new(sent, format!("/login says client_id={client_id}"), expected, why).into());
        }
    }
    drop(app);

    let other_port = stage.free_port().map_err(|error| Problem::Broken(error.to_string()))?;
    let app = stage.launch(&stage.environment().with_dot_env(DotEnv::OtherPort(other_port)))?;
    let sent = format!("The file .env says PORT={other_port}, the environment says PORT={}.", app.port());
    let why = "In tests and in production the values come from the environment, and a file that somebody forgot must not overrule them.";
    listens(&app, &sent, why).await
}

async fn listens(app: &AppProcess, sent: &str, why: &str) -> Outcome {
    match app.ready().await {
        Ok(()) => Ok(()),
        Err(failure @ (StartFailure::Exited { .. } | StartFailure::NeverListened { .. })) => {
            let expected = format!("an app that listens on port {}", app.port());
            Err(Failure::new(sent, failure.to_string(), expected, why).into())
        }
        Err(failure) => Err(failure.into()),
    }
}
