//! U5-15: Graph is down, or takes a call and never answers.

use std::time::Duration;

use tokio::net::TcpListener;

use super::{
    throttling::PATIENCE,
    visiting::{Visit, is_friendly_refusal, open_profile},
};
use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, sign_in},
    world::people::Casting,
};

/// U5-15
pub const DOWN: Check = Check {
    id: "U5-15",
    unit: Unit::CallGraph,
    title: "a Graph that is down or silent costs a page, not the app",
    points: 4,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M35"],
    hint: "Give the HTTP client a time limit of a few seconds. HTTP libraries often wait for ever unless they are told.",
    page: "unit-5/calling-graph.html#patience",
    app: AppUse::Fresh,
    limit: Duration::from_secs(90),
    run: |stage| Box::pin(down(stage)),
};

/// How long `/healthz` may take meanwhile.
const HEALTHY: Duration = Duration::from_secs(3);

async fn down(stage: &Stage) -> Outcome {
    let broken = |error: std::io::Error| Problem::Broken(error.to_string());
    // Takes connections, as the system does for every listener, and never reads.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(broken)?;
    let silent = listener.local_addr().map_err(broken)?.port();
    no_profile(stage, 0, silent, "takes connections and never answers").await?;
    drop(listener);
    no_profile(stage, 1, silent, "refuses connections").await
}

async fn no_profile(stage: &Stage, number: usize, port: u16, trouble: &str) -> Outcome {
    let app = stage.start(&stage.environment().with_endpoint(format!("http://localhost:{port}/v1.0/me"))).await?;
    let user = stage.invite(number, Casting::employee(&[]));
    let mut browser = stage.browser_for(&app).with_patience(PATIENCE);
    sign_in(&mut browser, &user).await?;
    let mut guardian = stage.browser_for(&app).with_patience(HEALTHY);
    let circumstances = format!("The service at ENDPOINT {trouble}.");
    let (visit, health) = tokio::join!(open_profile(&mut browser, &user, &circumstances), guardian.get("/healthz"));
    let sent = format!("{circumstances} A user opened /profile.");
    let why =
        "Every service is down or slow at some time. An app that waits for ever fills with waiting requests until it is down as well.";
    let health = health?;
    if health.status() != 200 {
        return Err(Failure::new(format!("{sent} Meanwhile GET /healthz"), describe(&health), "200: the app itself is well", why).into());
    }
    let page = match visit {
        Ok(Visit { page, .. }) => page,
        Err(Problem::Failed(failure)) => {
            let expected = format!("within {} seconds a page with a heading that says so (503, 502 or 504, not 500)", PATIENCE.as_secs());
            return Err(Failure::new(sent, failure.received, expected, why).into());
        }
        Err(other) => return Err(other),
    };
    if is_friendly_refusal(&page) {
        return Ok(());
    }
    let expected = format!("within {} seconds a page with a heading that says so (503, 502 or 504, not 500)", PATIENCE.as_secs());
    Err(Failure::new(sent, describe(&page), expected, why).into())
}
