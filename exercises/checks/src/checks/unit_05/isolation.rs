//! U5-11: everybody has tokens of their own, as long as they are signed in.

use std::collections::BTreeSet;

use mock_idp::{testing::browser::Browser, trace::event::Kind};

use super::visiting::{events_of, see_profile};
use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, sign_in},
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
    see_profile(&mut first, &one, "After signing in.").await?;
    sign_in(&mut second, &other).await?;
    // In turn, so that a store for everybody holds the wrong one's token at some time.
    see_profile(&mut second, &other, "Two users are signed in, each in an own browser.").await?;
    see_profile(&mut first, &one, "Two users are signed in, each in an own browser; the other one was here last.").await?;

    let flows_before: BTreeSet<String> = events_of(world, &one, Kind::Token, 0).into_iter().filter_map(|event| event.flow_id).collect();
    sign_out(&mut first).await?;
    sign_in(&mut first, &one).await?;
    let before = world.idp().trace().last_seq();
    see_profile(&mut first, &one, "The user signed out and in again.").await?;
    let calls = events_of(world, &one, Kind::Graph, before);
    let old = calls.iter().find(|call| call.flow_id.as_ref().is_some_and(|flow| flows_before.contains(flow)));
    if old.is_some() {
        return Err(Failure::new(
            "A user signed out, signed in again and opened /profile.",
            "Graph was called with a token from before the sign-out.",
            "a token of the new sign-in: sign-out removes the old ones",
            "Who signs out wants nothing of the session to be left. A token that stays can be used by whoever comes to the server's memory \
             or store, for months with a refresh token.",
        )
        .attack("Access to the user's data after the user has left.")
        .into());
    }
    // The honest half: whoever did not sign out goes on.
    see_profile(&mut second, &other, "Another user signed out.").await.map(|_| ())
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
