//! U4-15: the provider's keys change.

use std::time::Duration;

use mock_idp::{Fault, trace::event::Kind};

use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{authorize, begin_login, sign_in, who_is_signed_in},
    world::{World, people::Casting},
};

/// U4-15
pub const ROTATION: Check = Check {
    id: "U4-15",
    unit: Unit::SignIn,
    title: "a new signing key works, and unknown keys do not cause a storm of requests",
    points: 3,
    gate: None,
    depends_on: &["U4-06", "U4-11"],
    profile: Profile::Strict,
    misconceptions: &["M18"],
    hint: "Keep the key set. When a token names an unknown kid, fetch it once more, and not again for some time.",
    page: "unit-4/validate-id-token.html#keys",
    app: AppUse::Fresh,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(rotation(stage)),
};

/// So many tokens with unknown keys arrive in a row.
const UNKNOWN: usize = 8;
/// So often the app may ask because of them. Entra's own libraries stay below this.
const FETCHES: usize = 4;

/// In a world of its own: a key that changes, changes for everybody.
async fn rotation(stage: &Stage) -> Outcome {
    let world = World::build(Unit::SignIn, stage.world().seed(), stage.command().authority).await;
    let world = world.map_err(|error| Problem::Broken(error.to_string()))?;
    let stage = stage.in_world(world);
    let world = stage.world();
    let app = stage.start(&stage.environment()).await?;
    let (before, after) = (world.invite("U4-15", 0, Casting::client()), world.invite("U4-15", 1, Casting::client()));
    sign_in(&mut world.browser(&app.origin()), &before).await?;

    world.idp().inject(Fault::KeyRollover.once().for_user(&after.username));
    if let Err(problem) = sign_in(&mut world.browser(&app.origin()), &after).await {
        return Err(with_new_key(problem));
    }

    let fetched = || world.idp().trace().events().iter().filter(|event| event.kind == Kind::Jwks).count();
    let at_first = fetched();
    for _ in 0..UNKNOWN {
        let mut browser = world.browser(&app.origin());
        let login = begin_login(&mut browser, "/login").await?;
        let callback = authorize(&mut browser, &login, &before).await?;
        world.idp().inject(Fault::UnknownKid.once().for_user(&before.username));
        // Refused, in whatever way; U4-11 looks at that.
        let _ = browser.go(callback).await;
        if who_is_signed_in(&mut browser).await?.is_some() {
            return Err(storm("The app accepted a token with an unknown key.".to_owned()));
        }
    }
    let more = fetched() - at_first;
    if more > FETCHES {
        return Err(storm(format!("The app asked for the key set {more} times.")));
    }
    // The honest half: whoever comes afterwards is let in.
    sign_in(&mut world.browser(&app.origin()), &after).await.map(|_| ())
}

fn with_new_key(problem: Problem) -> Problem {
    let Problem::Failed(failure) = problem else { return problem };
    Failure::new(
        "The provider began to sign with a new key, and published it. A user signed in.",
        failure.received,
        "a session: the app fetches the key set once more when it meets a kid that it does not know, although it fetched the set only a moment ago",
        "Entra changes its keys without notice. An app that fetches them only once works until that day, and then for nobody. \
         If the app limits how often it asks, the limit must not begin with the first fetch, which found nothing missing.",
    )
    .into()
}

fn storm(received: String) -> Problem {
    Failure::new(
        format!("{UNKNOWN} sign-ins in a row brought tokens whose kid is in no key set."),
        received,
        format!("no session, and at most {FETCHES} requests for the key set"),
        "A kid is a text that anybody can invent. If each unknown one makes the app ask the provider, a stranger decides how often it asks.",
    )
    .attack("With cheap requests to your app a stranger floods the provider, which then blocks your app.")
    .into()
}
