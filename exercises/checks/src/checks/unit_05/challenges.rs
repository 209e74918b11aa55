//! U5-13: Graph wants a token with more claims.

use mock_idp::{Fault, testing::browser::Request};
use serde_json::Value;

use super::visiting::{Visit, is_friendly_refusal, open_profile, see_profile};
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
};

/// U5-13
pub const CLAIMS: Check = Check {
    id: "U5-13",
    unit: Unit::CallGraph,
    title: "a claims challenge leads to one sign-in with these claims",
    points: 4,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M31"],
    hint: "401 with error=\"insufficient_claims\": decode `claims` from base64, and send it as the parameter `claims` of a new authorize \
           request. If Graph challenges again afterwards, show a page.",
    page: "unit-5/interactive.html#claims-challenge",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(claims(stage)),
};

async fn claims(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.client(0));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    see_profile(&mut browser, &user, "After signing in.").await?;
    world.idp().inject(Fault::GraphClaimsChallenge.once().for_user(&user.username));
    let sent = "Graph answered 401 with WWW-Authenticate: Bearer … error=\"insufficient_claims\", claims=\"eyJ…\" (base64).";
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
    let Visit { page, .. } = open_profile(&mut browser, &stubborn).await?;
    if is_friendly_refusal(&page) {
        return Ok(());
    }
    Err(Failure::new(
        "Graph answered each call with a claims challenge, also after the new sign-in. The user opened /profile.",
        describe(&page),
        "one sign-in, then a page with a heading that says that there is no profile",
        "What one sign-in does not change, a second one does not change either.",
    )
    .into())
}

fn has_claims(trip: &Request) -> bool {
    let claims = trip.parameter("claims").and_then(|claims| serde_json::from_str::<Value>(&claims).ok()).unwrap_or_default();
    claims["access_token"]["nbf"]["essential"] == true
}
