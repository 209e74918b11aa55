//! U5-08 and U5-09: refresh tokens that are replaced, and wanted by many.

use std::time::Duration;

use mock_idp::{Fault, trace::event::Kind};
use tokio::task::JoinSet;

use super::{
    short_token::{POLL, sign_in_with_ended_token, wait_for_a_new_second, wait_until_ended},
    throttling::PATIENCE,
    visiting::{events_of, profile_json, refreshes},
};
use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::describe,
};

/// Some tokens must end meanwhile.
const LIMIT: Duration = Duration::from_secs(60);

/// U5-08
pub const ROTATION: Check = Check {
    id: "U5-08",
    unit: Unit::CallGraph,
    title: "a new refresh token replaces the old one, and none leaves it in use",
    points: 4,
    gate: None,
    depends_on: &["U5-07"],
    profile: Profile::Core,
    misconceptions: &["M30"],
    hint: "A refresh answers with a new refresh token. Keep that one; keep the old one only where the answer has none.",
    page: "unit-5/token-cache.html#refresh-token",
    app: AppUse::Shared,
    limit: LIMIT,
    run: |stage| Box::pin(rotation(stage)),
};

async fn rotation(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.client(0));
    let mut browser = stage.browser();
    world.idp().inject(Fault::OldRefreshTokenRevoked.always().for_user(&user.username));
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    // The first refresh gives a token that ends soon, so that a second one is needed.
    wait_for_a_new_second(world).await;
    world.idp().inject(Fault::ShortLivedToken.once().for_user(&user.username));
    browser.get_json("/profile").await?;
    wait_until_ended(world, &user).await?;
    let why = "A provider may finish a refresh token with its use (RFC 6749 §6, RFC 9700 §4.14.2). Then only the newest one works, and who \
               kept the first one is signed out after an hour.";
    let circumstances = "The token had ended twice. Each refresh brought a new refresh token, and the old one was refused from then on.";
    profile_json(&mut browser, circumstances, why).await?;

    // The honest half: where no new one comes, the old one is the newest.
    let user = stage.client(1);
    let mut browser = stage.browser();
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    wait_for_a_new_second(world).await;
    for fault in [Fault::NoRefreshToken, Fault::ShortLivedToken] {
        world.idp().inject(fault.once().for_user(&user.username));
    }
    browser.get_json("/profile").await?;
    wait_until_ended(world, &user).await?;
    let why = "A refresh may bring a new refresh token, and need not (RFC 6749 §6). Who forgets the old one then signs people out after an \
               hour, although it is still good.";
    let circumstances = "The token had ended twice. The first refresh brought an access token and no new refresh token.";
    profile_json(&mut browser, circumstances, why).await.map(|_| ())
}

/// U5-09
pub const STAMPEDE: Check = Check {
    id: "U5-09",
    unit: Unit::CallGraph,
    title: "many requests at the end of a token cause one refresh, and nobody else waits",
    points: 3,
    gate: None,
    depends_on: &["U5-07"],
    profile: Profile::Strict,
    misconceptions: &["M30"],
    hint: "One lock for each account. Who has waited for it looks into the cache again before refreshing.",
    page: "unit-5/silent.html#single-flight",
    app: AppUse::Shared,
    limit: LIMIT,
    run: |stage| Box::pin(stampede(stage)),
};

/// So many requests come at once.
const CROWD: usize = 20;

async fn stampede(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.client(0));
    let mut browser = stage.browser();
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    let before = world.idp().trace().last_seq();
    let mut crowd = JoinSet::new();
    for _ in 0..CROWD {
        let mut one = browser.clone();
        crowd.spawn(async move { one.get_json("/profile").await });
    }
    while let Some(answer) = crowd.join_next().await {
        let page = answer.map_err(|error| Problem::Broken(error.to_string()))??;
        if page.status() != 200 {
            return Err(stampeded(describe(&page)));
        }
    }
    let used = events_of(world, &user, Kind::Token, before);
    match refreshes(&used).len() {
        1 => holds_up_nobody_else(stage).await,
        times => Err(stampeded(format!("the refresh token was used {times} times"))),
    }
}

fn stampeded(received: String) -> Problem {
    Failure::new(
        format!("The access token had ended. {CROWD} requests for /profile came at the same moment, from one session."),
        received,
        format!("{CROWD} answers with 200, and one request to the token endpoint"),
        "Each of them finds the same old token. If each refreshes, most of the new tokens are thrown away at once; where a refresh token \
         works only once, all but one fail.",
    )
    .into()
}

/// While one person's refresh takes its time, another one's is done.
async fn holds_up_nobody_else(stage: &Stage) -> Outcome {
    let (world, slow, other) = (stage.world(), stage.client(1), stage.client(2));
    let (mut first, mut second) = (stage.browser().with_patience(PATIENCE), stage.browser().with_patience(PATIENCE));
    tokio::try_join!(sign_in_with_ended_token(world, &mut first, &slow), sign_in_with_ended_token(world, &mut second, &other))?;
    let before = world.idp().trace().last_seq();
    let fault = world.idp().inject(Fault::RefreshSlow.once().for_user(&slow.username));
    let waiting = tokio::spawn(async move { first.get_json("/profile").await });
    // A fault is used up when the request has arrived.
    while world.idp().faults().list().iter().any(|active| active.id == fault) && !waiting.is_finished() {
        tokio::time::sleep(POLL).await;
    }
    let page = second.get_json("/profile").await?;
    // The trace has a refresh when it is answered. The app may have lost its patience before.
    let is_over = waiting.is_finished() || !refreshes(&events_of(world, &slow, Kind::Token, before)).is_empty();
    // What becomes of the slow one is left to the app's patience.
    let _ = waiting.await;
    if page.status() == 200 && !is_over {
        return Ok(());
    }
    let received = match page.status() {
        200 => "the second one's answer came only after the first one's refresh was over".to_owned(),
        _ => describe(&page),
    };
    Err(Failure::new(
        "The access tokens of two users had ended. The token endpoint took its time for the first one's refresh. Meanwhile the second one \
         asked for /profile.",
        received,
        "the second one's profile, while the first one waits",
        "One lock for the whole app makes everybody wait for the slowest. Each account needs a lock of its own.",
    )
    .into())
}
