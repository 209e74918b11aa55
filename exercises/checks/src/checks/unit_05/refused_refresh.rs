//! U5-10: the token endpoint gives no new tokens. What the person can help with, and what passes by itself.

use std::time::Duration;

use mock_idp::{Fault, trace::event::Kind};

use super::{
    short_token::sign_in_with_ended_token,
    visiting::{Visit, events_of, is_friendly_refusal, open_profile, refreshes, see_profile},
};
use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, who_is_signed_in},
    world::people::Casting,
};

/// U5-10
pub const REFUSED: Check = Check {
    id: "U5-10",
    unit: Unit::CallGraph,
    title: "a refused refresh token leads to a sign-in and back, a provider in trouble does not",
    points: 4,
    gate: None,
    depends_on: &["U5-07"],
    profile: Profile::Core,
    misconceptions: &["M32"],
    hint: "`invalid_grant`, `interaction_required` and `consent_required` mean: this token will not do any more. Begin a sign-in whose \
           return_to is the page. After 503 the token is as good as before: keep it, and show a page.",
    page: "unit-5/silent.html#invalid-grant",
    app: AppUse::Shared,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(refused(stage)),
};

/// A library may hold two refresh tokens, and try both. It may also keep a token that was refused, for another API.
const MOST_ATTEMPTS: usize = 2;

/// The answers that only the person can change.
const REFUSALS: [(Fault, &str); 3] = [
    (Fault::RefreshTokenRevoked, "The refresh token was revoked: the token endpoint answers invalid_grant."),
    (Fault::MfaRequired, "A second factor is needed from now on: the token endpoint answers interaction_required."),
    (Fault::ConsentWithdrawn, "The consent was taken back: the token endpoint answers consent_required."),
];

async fn refused(stage: &Stage) -> Outcome {
    for (number, refusal) in REFUSALS.into_iter().enumerate() {
        needs_the_person(stage, number, refusal).await?;
    }
    passes_by_itself(stage, REFUSALS.len()).await
}

async fn needs_the_person(stage: &Stage, number: usize, (fault, circumstances): (Fault, &str)) -> Outcome {
    let (world, user) = (stage.world(), stage.invite(number, Casting::employee(&[])));
    let mut browser = stage.browser();
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    world.idp().inject(fault.always().for_user(&user.username));
    let circumstances = format!("{circumstances} The provider still knows the person.");
    let json = browser.get_json("/profile").await?;
    if json.status() != 401 {
        return Err(Failure::new(
            format!("{circumstances} A program asked for /profile with Accept: application/json."),
            describe(&json),
            "401: somebody has to sign in, and a program cannot",
            "This refusal does not pass by itself: the person must sign in again. A program cannot, and a redirect to the sign-in page brings it \
             HTML in the place of its data. 401 tells it to ask its user.",
        )
        .into());
    }

    let before = world.idp().trace().last_seq();
    let visit = see_profile(&mut browser, &user, &format!("{circumstances} A new sign-in helps, and must lead back to /profile.")).await?;
    let why = "Refresh tokens end: a password changes, a rule asks for more, an administrator or the person takes something back. That is no \
               error of the server. The person signs in again, mostly without a question, and goes on where she was.";
    if visit.page.url().path() != "/profile" {
        let received = format!("the browser arrived at {}", visit.page.url().path());
        return Err(Failure::new(circumstances, received, "back to /profile after the sign-in", why).into());
    }
    let used = refreshes(&events_of(world, &user, Kind::Token, before)).len();
    if used > MOST_ATTEMPTS {
        let sent = format!("{circumstances} The user opened /profile once.");
        let received = format!("the same refresh token was sent {used} times");
        let why = "The answer will not change. A provider that sees the same request again and again takes the app for broken.";
        return Err(Failure::new(sent, received, "one attempt, then the sign-in", why).into());
    }
    Ok(())
}

/// When the app asks a provider in trouble again is left to it.
async fn passes_by_itself(stage: &Stage, number: usize) -> Outcome {
    let (world, user) = (stage.world(), stage.invite(number, Casting::employee(&[])));
    let mut browser = stage.browser();
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    let fault = world.idp().inject(Fault::RefreshUnavailable.always().for_user(&user.username));
    let sent = "The access token had ended, and the token endpoint answered each refresh with 503, temporarily_unavailable.";
    let why = "The refresh token is as good as before: only the answer is missing. A sign-in would need the same token endpoint. Who throws \
               the token or the session away sends everybody to the sign-in, all at the same moment.";
    let Visit { page, trips } = open_profile(&mut browser, &user, sent).await?;
    if !trips.is_empty() || !is_friendly_refusal(&page) {
        let received = match trips.len() {
            0 => describe(&page),
            _ => format!("the browser was sent to the identity provider. {}", describe(&page)),
        };
        let expected = "a page with a heading that says so (503 or 502, not 500), without a sign-in";
        return Err(Failure::new(format!("{sent} The user opened /profile."), received, expected, why).into());
    }
    if who_is_signed_in(&mut browser).await?.is_none_or(|me| me["oid"] != user.object_id.as_str()) {
        let sent = format!("{sent} Afterwards the user asked for /me as JSON.");
        return Err(Failure::new(sent, "/me does not name the user any more", "the same session as before", why).into());
    }
    world.idp().faults().remove(fault);
    let json = browser.get_json("/profile").await?;
    if json.status() == 200 || json.status() > 500 {
        return Ok(());
    }
    let sent = format!("{sent} Then it was well again. A program asked for /profile as JSON.");
    let expected = "200 and the profile by the same refresh token; or 503 as before, where the app leaves the provider alone for a while";
    Err(Failure::new(sent, describe(&json), expected, why).into())
}
