//! U2-07: where the secret may not be.

use std::time::Duration;

use mock_idp::random::derived_guid;

use crate::{
    app_process::{Environment, StartFailure, environment::DotEnv},
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    checks::unit_04::confidentiality::holds,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
};

/// U2-07
pub const SECRET_STAYS_INSIDE: Check = Check {
    id: "U2-07",
    unit: Unit::WebApp,
    title: "the secret is never in the log, on a page or in a header",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M26"],
    hint: "Give the secret a type of its own whose Debug prints [redacted], so that no log line can hold it by accident. A message about a line of \
           .env must not quote the line.",
    page: "unit-2/configuration.html#secrets",
    app: AppUse::Fresh,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(secret_stays_inside(stage)),
};

async fn secret_stays_inside(stage: &Stage) -> Outcome {
    let secrets = [("CLIENT_SECRET", stage.world().registration().client_secret.as_str()), ("SESSION_KEY", stage.world().session_key())];
    let app = stage.start(&stage.environment()).await?;
    let mut browser = stage.browser_for(&app);
    for path in ["/", "/healthz", "/login", "/me", "/getAToken?error=access_denied", "/getAToken?code=x&state=y", "/no-such-page"] {
        browser.get(path).await?;
        browser.get_json(path).await?;
    }
    for (name, secret) in secrets {
        for hop in browser.hops() {
            let in_header = hop.headers.iter().find(|(_, value)| holds(value, secret));
            if let Some((header, _)) = in_header {
                return Err(leak(name, &format!("the header {header} of {} {}", hop.method, hop.url.path())));
            }
            if holds(&hop.body, secret) {
                return Err(leak(name, &format!("the answer of {} {}", hop.method, hop.url.path())));
            }
        }
        if holds(&app.output().text(), secret) {
            return Err(leak(name, "what the app printed while it ran"));
        }
    }
    drop(app);

    // A start that fails prints most.
    let broken = stage.launch(&stage.environment().without("AUTHORITY"))?;
    broken.wait_for_exit(Duration::from_secs(5)).await;
    if let Some((name, _)) = secrets.into_iter().find(|(_, secret)| holds(&broken.output().text(), secret)) {
        return Err(leak(name, "what the app printed when it was started without AUTHORITY"));
    }
    drop(broken);
    short_key(stage).await?;
    broken_line(stage).await
}

/// A key that is too short to be one.
async fn short_key(stage: &Stage) -> Outcome {
    let key = derived_guid(&[stage.world().session_key(), "too short"])[..13].to_owned();
    let environment = stage.environment().with_session_key(&key);
    stays_inside_at_a_bad_start(stage, &environment, ("SESSION_KEY", &key), "with a key of 13 letters").await
}

/// A line of `.env` that nobody can read, with the secret in it.
async fn broken_line(stage: &Stage) -> Outcome {
    let secret = derived_guid(&[&stage.world().registration().client_secret, "in a broken line"]);
    let file = DotEnv::Text(format!("# The value needs quotation marks, and has none.\nCLIENT_SECRET=one {secret}\n"));
    let environment = stage.environment().with_dot_env(file);
    stays_inside_at_a_bad_start(stage, &environment, ("CLIENT_SECRET", &secret), "with a line in .env that cannot be read").await
}

/// Whether the app starts all the same is left to it; what it prints must not hold the secret.
async fn stays_inside_at_a_bad_start(stage: &Stage, environment: &Environment, (name, secret): (&str, &str), how: &str) -> Outcome {
    stage.conceal(secret);
    let app = stage.launch(environment)?;
    let started = app.ready().await;
    if holds(&app.output().text(), secret) {
        return Err(leak(name, &format!("what the app printed when it was started {how}")));
    }
    match started {
        Err(failure @ StartFailure::Grader(_)) => Err(failure.into()),
        _ => Ok(()),
    }
}

fn leak(name: &str, place: &str) -> Problem {
    Failure::new(
        "The app was started, its pages were opened, and its output was read.",
        format!("The value of {name} is in {place}."),
        "the secret in the app's memory and nowhere else",
        "Logs are copied, stored and read by many people. A secret that was in one is no secret any more: it must be replaced.",
    )
    .attack("Whoever reads the log is the app, as far as the provider can tell.")
    .into()
}
