//! U5-14: Graph is busy.

use std::{collections::BTreeMap, time::Duration};

use mock_idp::{
    Fault,
    trace::{Event, event::Kind},
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::visiting::{events_of, is_friendly_refusal, open_profile, see_profile};
use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
};

/// U5-14
pub const BUSY: Check = Check {
    id: "U5-14",
    unit: Unit::CallGraph,
    title: "429 is waited out as Retry-After says, 503 is tried again a few times",
    points: 4,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M35"],
    hint: "Read Retry-After. Wait so long if a person can wait so long, else tell her. For 503, pauses that grow, and few attempts.",
    page: "unit-5/calling-graph.html#patience",
    app: AppUse::Shared,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(busy(stage)),
};

/// How long a person waits for a page, and the grader with her.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);
/// So many calls of Graph may one visit cost while Graph is down.
const MOST_CALLS: usize = 12;
/// Clocks are read at slightly different moments.
const TOLERANCE: time::Duration = time::Duration::milliseconds(80);

async fn busy(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.client(0));
    let mut browser = stage.browser().with_patience(PATIENCE);
    sign_in(&mut browser, &user).await?;
    see_profile(&mut browser, &user, "The user signed in.").await?;

    let why = "Graph counts calls. Who calls on during the wait is refused again, and the wait grows, for all users of the app.";
    let before = world.idp().trace().last_seq();
    world.idp().inject(Fault::GraphThrottled.once().for_user(&user.username));
    let circumstances = "Graph answered 429 with Retry-After: 1.";
    let page = open_profile(&mut browser, &user, circumstances).await?.page;
    let sent = format!("{circumstances} The user opened /profile.");
    if page.status() != 200 && !is_friendly_refusal(&page) {
        let expected = "the profile after the wait, or a page that says that Graph is busy (503 or 429)";
        return Err(Failure::new(sent, describe(&page), expected, why).into());
    }
    let calls = events_of(world, &user, Kind::Graph, before);
    if let Some(early) = called_too_early(&calls) {
        return Err(Failure::new(sent, early, "no further call of that address until Retry-After has passed", why).into());
    }
    wait_until_open(stage, &calls).await;
    see_profile(&mut browser, &user, "The wait is over.").await?;

    world.idp().inject(Fault::GraphUnavailable.once().for_user(&user.username));
    let sent = "Graph answered 503 once, and was well again: a second attempt helps.";
    see_profile(&mut browser, &user, sent).await?;

    let before = world.idp().trace().last_seq();
    let fault = world.idp().inject(Fault::GraphUnavailable.always().for_user(&user.username));
    let page = open_profile(&mut browser, &user, "Graph answered 503 to every call.").await?.page;
    let calls = events_of(world, &user, Kind::Graph, before).len();
    let sent = "Graph answered 503 to every call. The user opened /profile.";
    if !is_friendly_refusal(&page) || calls > MOST_CALLS {
        let received = format!("{} It cost {calls} calls of Graph.", describe(&page));
        let expected = format!("a page with a heading that says so (503 or 502, not 500), after at most {MOST_CALLS} calls");
        let why = "A service in trouble needs fewer calls, not more. A few attempts with growing pauses help over a short moment; a longer \
                   one the person must hear of.";
        return Err(Failure::new(sent, received, expected, why).into());
    }
    world.idp().faults().remove(fault);
    see_profile(&mut browser, &user, "Graph is well again.").await.map(|_| ())
}

/// A call that was repeated although its address had been told to wait.
fn called_too_early(calls: &[Event]) -> Option<String> {
    let mut closed_until: BTreeMap<&str, OffsetDateTime> = BTreeMap::new();
    for call in calls {
        let at = OffsetDateTime::parse(&call.at, &Rfc3339).ok()?;
        if let Some(until) = closed_until.get(call.url.as_str())
            && at + TOLERANCE < *until
        {
            return Some(format!("{} {} again, {} ms before the wait was over", call.method, call.url, (*until - at).whole_milliseconds()));
        }
        if call.status == 429 {
            let wait = call.response.headers.get("retry-after").and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
            closed_until.insert(call.url.as_str(), at + time::Duration::seconds(wait));
        }
    }
    None
}

/// Waits until Graph takes calls again: the last Retry-After that it sent has passed.
async fn wait_until_open(stage: &Stage, calls: &[Event]) {
    let until = calls.iter().filter(|call| call.status == 429).filter_map(|call| OffsetDateTime::parse(&call.at, &Rfc3339).ok()).max();
    let Some(until) = until.map(|at| at + time::Duration::seconds(1) + TOLERANCE) else { return };
    while stage.world().idp().now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
