//! U5-02 and U5-03: where the app calls, and with what.

use super::{
    graph_stand_in::GraphStandIn,
    visiting::{events_of, see_profile},
};
use crate::{
    app_process::AppProcess,
    check::{AppUse, Check, Gate},
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::sign_in,
    world::{people::Casting, people::Person, role},
};
use mock_idp::trace::event::Kind;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(40);

/// U5-02
pub const CONFIGURED: Check = Check {
    id: "U5-02",
    unit: Unit::CallGraph,
    title: "host, path and version of Graph come from ENDPOINT",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M36"],
    hint: "ENDPOINT is the full address of the profile call. Other calls replace its last part: …/me becomes …/me/memberOf. The code \
           itself holds no host and no version.",
    page: "unit-5/graph-and-permissions.html#endpoint",
    app: AppUse::Fresh,
    limit: LIMIT,
    run: |stage| Box::pin(configured(stage)),
};

/// The app with the stand-in for Graph, and a user who has signed in.
async fn with_stand_in(stage: &Stage) -> Result<(GraphStandIn, AppProcess, Person), Problem> {
    let graph = GraphStandIn::start(stage.world()).await;
    let app = stage.start(&stage.environment().with_endpoint(graph.endpoint())).await?;
    let user = stage.invite(0, Casting::employee(&[role::ADJUSTER]));
    graph.publish_profile(&user, &known_as(&user)).await;
    graph.publish_no_memberships().await;
    Ok((graph, app, user))
}

/// A name that only the stand-in knows.
fn known_as(user: &Person) -> String {
    format!("{} of the other Graph", user.display_name)
}

async fn configured(stage: &Stage) -> Outcome {
    let (graph, app, user) = with_stand_in(stage).await?;
    let mut browser = stage.browser_for(&app);
    sign_in(&mut browser, &user).await?;
    let circumstances = format!("ENDPOINT is {}: another host, path and version than usual.", graph.endpoint());
    let page = see_profile(&mut browser, &user, &circumstances).await?.page;
    let name = page.field("displayName").unwrap_or_default();
    if name == known_as(&user) {
        return Ok(());
    }
    Err(Failure::new(
        circumstances,
        format!("/profile says displayName \"{name}\""),
        format!("displayName \"{}\", which is what the service at ENDPOINT answers", known_as(&user)),
        "National clouds have other hosts, tests have stand-ins, and v1.0 and beta differ. What is configured needs no new program.",
    )
    .into())
}

/// U5-03
pub const BEARER: Check = Check {
    id: "U5-03",
    unit: Unit::CallGraph,
    title: "Graph gets the access token, not the ID token",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M12"],
    hint: "The token response has both. `access_token` is for the API; `id_token` is for your app and goes nowhere.",
    page: "unit-5/graph-and-permissions.html#audience",
    app: AppUse::Fresh,
    limit: LIMIT,
    run: |stage| Box::pin(bearer(stage)),
};

async fn bearer(stage: &Stage) -> Outcome {
    let (graph, app, user) = with_stand_in(stage).await?;
    let mut browser = stage.browser_for(&app);
    sign_in(&mut browser, &user).await?;
    // What the page shows is the subject of others; here the call counts.
    let _ = super::visiting::open_profile(&mut browser, &user, "The user signed in.").await?;
    let issued = events_of(stage.world(), &user, Kind::Token, 0);
    let is_issued = |member: &str, token: &str| issued.iter().any(|event| event.response.body[member] == token);
    let failed = |received: String| -> Outcome {
        Err(Failure::new(
            "A user signed in and opened /profile. The app called the service at ENDPOINT.",
            received,
            "Authorization: Bearer, and the access token of this user",
            "Each token has one reader. The ID token tells your app who signed in, and its audience is your app; the access token is for \
             Graph. An API that took ID tokens could be called by everybody whom a user ever signed in to.",
        )
        .attack("The ID token of one service, used at another one in the user's name.")
        .into())
    };
    let calls = graph.requests().await;
    if calls.is_empty() {
        return Err(Failure::new(
            "A user signed in and opened /profile.",
            "no request arrived at ENDPOINT",
            "a call of ENDPOINT, with Authorization: Bearer and the access token of this user",
            "Before the app calls Graph, nobody can see which token it sends. The call comes first: U5-01 is about it.",
        )
        .into());
    }
    for call in &calls {
        let header = call.headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        match token {
            None => return failed(format!("{} {} without Authorization: Bearer", call.method, call.url.path())),
            Some(token) if is_issued("id_token", token) => return failed(format!("{} with the ID token", call.url.path())),
            Some(token) if !is_issued("access_token", token) => {
                return failed(format!("{} with {}, which is not this user's access token", call.url.path(), redact::secret(token)));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
