//! U6-05: the provider changes its signing keys in the middle of the day.

use std::time::Duration;

use mock_idp::tokens::signing_keys::Rotation;

use super::own_stage;
use crate::{
    check::{AppUse, Check},
    checks::unit_05::visiting::see_profile,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{sign_in, who_is_signed_in},
};

/// U6-05
pub const ROTATED: Check = Check {
    id: "U6-05",
    unit: Unit::Summary,
    title: "new signing keys disturb neither who is signed in nor who comes",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M18"],
    hint: "A session is yours, and the provider's keys have no part in it. For a new sign-in, fetch the key set once more when a token names an \
           unknown kid.",
    page: "unit-4/validate-id-token.html#keys",
    app: AppUse::Fresh,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(rotated(stage)),
};

async fn rotated(stage: &Stage) -> Outcome {
    let stage = own_stage(stage, 1).await?;
    let app = stage.start(&stage.environment()).await?;
    let (before, after) = (stage.client(0), stage.client(1));
    let mut browser = stage.browser_for(&app);
    sign_in(&mut browser, &before).await?;
    see_profile(&mut browser, &before, "A client signed in.").await?;

    // Without grace: what the old keys signed is worth nothing from now on.
    stage.world().idp().keys().rotate(Rotation::WithoutGrace).map_err(|error| Problem::Broken(error.to_string()))?;
    if who_is_signed_in(&mut browser).await?.is_none() {
        return Err(after_rotation(
            "The client who was signed in is not signed in any more.",
            "the session goes on: the ID token was checked at the sign-in, and is not needed again",
        ));
    }
    see_profile(&mut browser, &before, "The provider changed its signing keys while the client was signed in.").await?;
    for (person, which) in [(&after, "A client who came afterwards"), (&before, "The client who was there before, signing in once more,")] {
        if let Err(problem) = sign_in(&mut stage.browser_for(&app), person).await {
            let Problem::Failed(failure) = problem else { return Err(problem) };
            return Err(after_rotation(
                &format!("{which} was not let in.\n{}", failure.received),
                "a session: the app fetches the key set once more when it meets a kid that it does not know",
            ));
        }
    }
    Ok(())
}

fn after_rotation(received: &str, expected: &str) -> Problem {
    Failure::new(
        "A client was signed in. The provider withdrew its signing keys and signed with a new one, as the key set says.",
        received,
        expected,
        "Providers change their keys without notice, at once if one was stolen. An app that copes only at its start needs an operator each time.",
    )
    .into()
}
