//! U5-13: Graph wants a token with more claims.

use std::time::Duration;

use mock_idp::{Fault, testing::browser::Request};
use serde_json::Value;

use super::visiting::{Visit, is_friendly_refusal, open_profile, see_profile};
use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, login::open_login, sign_in},
};

/// U5-13
pub const CLAIMS: Check = Check {
    id: "U5-13",
    unit: Unit::CallGraph,
    title: "a claims challenge leads to one sign-in with these claims, of this user only",
    points: 4,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M31"],
    hint: "401 with error=\"insufficient_claims\": decode `claims` from base64, and send it as the parameter `claims` of a new authorize \
           request. If Graph challenges again afterwards, show a page.",
    page: "unit-5/interactive.html#claims-challenge",
    app: AppUse::Shared,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(claims(stage)),
};

async fn claims(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.client(0));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    see_profile(&mut browser, &user, "The user signed in.").await?;
    world.idp().inject(Fault::GraphClaimsChallenge.once().for_user(&user.username));
    let sent = "Graph answered 401 with WWW-Authenticate: Bearer … error=\"insufficient_claims\", claims=\"eyJ…\" (base64). After a \
                new sign-in with these claims it accepts the token.";
    let visit = see_profile(&mut browser, &user, sent).await?;
    if !visit.trips.iter().any(has_claims) {
        let received = match visit.trips.last() {
            None => "no trip to the identity provider".to_owned(),
            Some(trip) => format!("an authorize request with claims={}", trip.parameter("claims").unwrap_or_default()),
        };
        let expected = "one authorize request with the challenge's claims: {\"access_token\":{\"nbf\":{\"essential\":true,…}}}";
        let why = "Something changed since the token was issued: a password, a place, a rule. The claims tell the provider what the next token \
                   must prove. Without them it gives the same kind of token again.";
        return Err(Failure::new(format!("{sent} The user opened /profile."), received, expected, why).into());
    }

    let stubborn = stage.client(1);
    let mut browser = stage.browser();
    sign_in(&mut browser, &stubborn).await?;
    world.idp().inject(Fault::GraphClaimsChallenge.always().for_user(&stubborn.username));
    let Visit { page, .. } = open_profile(&mut browser, &stubborn, "Graph answered every call with a claims challenge.").await?;
    if is_friendly_refusal(&page) {
        return is_nobody_elses(stage).await;
    }
    Err(Failure::new(
        "Graph answered each call with a claims challenge, also after the new sign-in. The user opened /profile.",
        describe(&page),
        "one sign-in, then a page with a heading that says that there is no profile",
        "What one sign-in does not change, a second one does not change either.",
    )
    .into())
}

/// One user is challenged and does not come back from the provider. Another one signs in meanwhile, and is challenged later.
async fn is_nobody_elses(stage: &Stage) -> Outcome {
    let (world, challenged, other) = (stage.world(), stage.client(2), stage.client(3));
    // In an app of their own: whoever else succeeds could hide that the app counts for everybody.
    let app = stage.start(&stage.environment()).await?;
    let (mut first, mut second) = (stage.browser_for(&app), stage.browser_for(&app));
    sign_in(&mut first, &challenged).await?;
    see_profile(&mut first, &challenged, "The user signed in.").await?;
    world.idp().inject(Fault::GraphClaimsChallenge.once().for_user(&challenged.username));
    open_login(&mut first, "/profile").await?;

    let signed_in = sign_in(&mut second, &other).await?;
    if has_claims(&signed_in.login.request) {
        return Err(Failure::new(
            "A user was challenged and went to the provider, from which she has not come back. Now another user signed in.",
            "The other user's authorize request had the claims of the first one's challenge.",
            "an authorize request without them: nobody challenged this user",
            "A challenge is about one person's token. Claims that wait in a place for everybody go to whoever comes next, and that person is \
             asked for a second factor or a new password for nothing.",
        )
        .into());
    }
    world.idp().inject(Fault::GraphClaimsChallenge.once().for_user(&other.username));
    let circumstances = "Two users were challenged by Graph, each for the first time; the first one has not come back from the provider.";
    let Visit { page, trips } = open_profile(&mut second, &other, circumstances).await?;
    if trips.iter().any(has_claims) {
        return Ok(());
    }
    let received = format!("The second one was not sent to the provider with the claims. {}", describe(&page));
    let why = "That one person was sent to the provider says nothing about the next one.";
    Err(Failure::new(circumstances, received, "one authorize request with the challenge's claims, for each of them", why).into())
}

fn has_claims(trip: &Request) -> bool {
    let claims = trip.parameter("claims").and_then(|claims| serde_json::from_str::<Value>(&claims).ok()).unwrap_or_default();
    claims["access_token"]["nbf"]["essential"] == true
}
