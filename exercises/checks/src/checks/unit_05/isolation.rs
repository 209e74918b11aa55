//! U5-11: everybody has tokens of their own, as long as they are signed in.

use std::collections::BTreeSet;

use mock_idp::{
    Fault,
    testing::browser::Browser,
    trace::{Event, event::Kind},
};

use super::{
    short_token::sign_in_with_ended_token,
    visiting::{events_of, open_profile, see_profile},
};
use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, sign_in},
    world::{World, people::Person},
};

/// U5-11
pub const ISOLATION: Check = Check {
    id: "U5-11",
    unit: Unit::CallGraph,
    title: "each user has own tokens, and sign-out removes them",
    points: 6,
    gate: Some(Gate::Security),
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M27"],
    hint: "The key of the cache is the account (tid and oid) with the scopes. POST /logout removes the account's tokens.",
    page: "unit-5/token-cache.html#key",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(isolation(stage)),
};

async fn isolation(stage: &Stage) -> Outcome {
    let (world, one, other) = (stage.world(), stage.client(0), stage.client(1));
    let (mut first, mut second) = (stage.browser(), stage.browser());
    sign_in(&mut first, &one).await?;
    see_profile(&mut first, &one, "The user signed in.").await?;
    sign_in(&mut second, &other).await?;
    // In turn, so that a store for everybody holds the wrong one's token at some time.
    see_profile(&mut second, &other, "Two users are signed in, each in an own browser.").await?;
    see_profile(&mut first, &one, "Two users are signed in, each in an own browser; the other one was here last.").await?;

    let flows_before = flows(world, &one);
    sign_out(&mut first).await?;
    sign_in(&mut first, &one).await?;
    let before = world.idp().trace().last_seq();
    see_profile(&mut first, &one, "The user signed out and in again.").await?;
    if events_of(world, &one, Kind::Graph, before).iter().any(|call| is_of(&flows_before, call)) {
        let sent = "A user signed out, signed in again and opened /profile.";
        return Err(left_behind(sent, "Graph was called with an access token from before the sign-out."));
    }
    nothing_is_left(world, &mut first, &one).await?;
    // The honest half: whoever did not sign out goes on.
    see_profile(&mut second, &other, "Another user signed out.").await.map(|_| ())
}

/// The new sign-in brings a token that has ended, and no refresh token: now only one that was left behind can be of use.
async fn nothing_is_left(world: &World, browser: &mut Browser, user: &Person) -> Outcome {
    let flows_before = flows(world, user);
    sign_out(browser).await?;
    let before = world.idp().trace().last_seq();
    let fault = world.idp().inject(Fault::NoRefreshToken.always().for_user(&user.username));
    sign_in_with_ended_token(world, browser, user).await?;
    // Whether there is a profile in the end, other checks ask.
    let _ = open_profile(browser, user, "The user signed in.").await;
    world.idp().faults().remove(fault);
    let calls = [Kind::Token, Kind::Graph].map(|kind| events_of(world, user, kind, before));
    let received = match calls.map(|calls| calls.iter().any(|call| is_of(&flows_before, call))) {
        [true, _] => "The refresh token from before the sign-out was sent to the token endpoint.",
        [_, true] => "Graph was called with an access token from before the sign-out.",
        _ => return Ok(()),
    };
    let sent = "A user signed out and signed in again. The new access token ended at once, and no refresh token came with it. The user opened \
                /profile.";
    Err(left_behind(sent, received))
}

/// The sign-ins that this user's tokens come from.
fn flows(world: &World, user: &Person) -> BTreeSet<String> {
    events_of(world, user, Kind::Token, 0).into_iter().filter_map(|event| event.flow_id).collect()
}

fn is_of(flows: &BTreeSet<String>, call: &Event) -> bool {
    call.flow_id.as_ref().is_some_and(|flow| flows.contains(flow))
}

fn left_behind(sent: &str, received: &str) -> Problem {
    Failure::new(
        sent,
        received,
        "tokens of the new sign-in only: sign-out removes the old ones",
        "Who signs out wants nothing of the session to be left. A token that stays can be used by whoever comes to the server's memory or \
         store, for months with a refresh token.",
    )
    .attack("Access to the user's data after the user has left.")
    .into()
}

async fn sign_out(browser: &mut Browser) -> Result<(), Problem> {
    let page = browser.open("/me").await?;
    let Some(form) = page.form_to("/logout") else {
        let why = "Sign-out is the form of unit 4.";
        return Err(Failure::new("A signed-in user opened /me.", describe(&page), "a form with action=\"/logout\"", why).into());
    };
    browser.send(form.submit(&page)).await?;
    Ok(())
}
