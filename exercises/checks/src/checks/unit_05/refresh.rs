//! U5-08, U5-09 and U5-10: refresh tokens that are replaced, wanted by many, and revoked.

use mock_idp::{Fault, trace::event::Kind};
use tokio::task::JoinSet;

use super::{
    short_token::{sign_in_with_ended_token, wait_for_a_new_second, wait_until_ended},
    visiting::{events_of, profile_json, refreshes, see_profile},
};
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::describe,
    world::people::Casting,
};

/// U5-08
pub const ROTATION: Check = Check {
    id: "U5-08",
    unit: Unit::CallGraph,
    title: "a new refresh token replaces the old one",
    points: 4,
    gate: None,
    depends_on: &["U5-07"],
    profile: Profile::Core,
    misconceptions: &["M30"],
    hint: "A refresh answers with a new refresh token. Keep that one; keep the old one only where the answer has none.",
    page: "unit-5/token-cache.html#refresh-token",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
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
    profile_json(&mut browser, circumstances, why).await.map(|_| ())
}

/// U5-09
pub const STAMPEDE: Check = Check {
    id: "U5-09",
    unit: Unit::CallGraph,
    title: "many requests at the end of a token cause one refresh",
    points: 3,
    gate: None,
    depends_on: &["U5-07"],
    profile: Profile::Strict,
    misconceptions: &["M30"],
    hint: "One lock for each account. Who has waited for it looks into the cache again before refreshing.",
    page: "unit-5/silent.html#single-flight",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
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
        1 => Ok(()),
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

/// U5-10
pub const REVOKED: Check = Check {
    id: "U5-10",
    unit: Unit::CallGraph,
    title: "a revoked refresh token leads to a sign-in and back to the page",
    points: 4,
    gate: None,
    depends_on: &["U5-07"],
    profile: Profile::Core,
    misconceptions: &["M32"],
    hint: "`invalid_grant` means: this token will never work again. Forget it and begin a sign-in whose return_to is the page.",
    page: "unit-5/silent.html#invalid-grant",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(revoked(stage)),
};

/// A library may hold two refresh tokens, and try both.
const MOST_ATTEMPTS: usize = 2;

async fn revoked(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.invite(0, Casting::employee(&[])));
    let mut browser = stage.browser();
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    let before = world.idp().trace().last_seq();
    world.idp().inject(Fault::RefreshTokenRevoked.always().for_user(&user.username));
    let circumstances = "The refresh token was revoked: the token endpoint answers invalid_grant. The provider still knows the person.";
    let visit = see_profile(&mut browser, &user, circumstances).await?;
    let why = "Refresh tokens end: a password changes, an administrator revokes them, ninety days pass. That is no error of the server. \
               The person signs in again, mostly without a question, and goes on where she was.";
    if visit.page.url().path() != "/profile" {
        let received = format!("the browser arrived at {}", visit.page.url().path());
        return Err(Failure::new(circumstances, received, "back to /profile after the sign-in", why).into());
    }
    let used = refreshes(&events_of(world, &user, Kind::Token, before)).len();
    if used > MOST_ATTEMPTS {
        let received = format!("the revoked refresh token was sent {used} times");
        return Err(Failure::new(circumstances, received, "one attempt: the answer will not change", why).into());
    }
    Ok(())
}
