//! U5-12 and U5-21: Graph says no.

use mock_idp::{Fault, testing::browser::Consent, testing::browser::SignIn};

use super::visiting::{Visit, is_friendly_refusal, open_profile, see_profile};
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{begin_login, describe, sign_in, who_is_signed_in},
    world::{people::Casting, role},
};

/// U5-12
pub const CONSENT: Check = Check {
    id: "U5-12",
    unit: Unit::CallGraph,
    title: "without consent for Graph the rest of the app works",
    points: 3,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M34"],
    hint: "403 from Graph, and `access_denied` at the callback, are answers. Show a page that says so, and leave the session alone.",
    page: "unit-5/graph-and-permissions.html#consent",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(consent(stage)),
};

async fn consent(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.invite(0, Casting::employee(&[role::ANALYST])));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    see_profile(&mut browser, &user, "The user signed in.").await?;
    let faults = [Fault::GraphMissingScope, Fault::AccessDenied].map(|fault| world.idp().inject(fault.always().for_user(&user.username)));
    let sent = "Graph answered 403: the consent for User.Read was taken back. If the app asks for it again, the user declines.";
    let why =
        "A person may say no to one thing and want the others. Consent can be withdrawn at any time, by the person or an administrator.";
    let Visit { page, .. } = open_profile(&mut browser, &user, sent).await?;
    if !is_friendly_refusal(&page) {
        let expected = "a page with a heading that says so, with a status such as 403 and not 500";
        return Err(Failure::new(format!("{sent} The user opened /profile."), describe(&page), expected, why).into());
    }
    let me = who_is_signed_in(&mut browser).await?;
    let insights = browser.get_json("/insights").await?;
    if me.as_ref().is_none_or(|me| me["oid"] != user.object_id.as_str()) || insights.status() != 200 {
        let received = match me {
            None => "/me does not answer 200: the user is signed out".to_owned(),
            Some(_) => describe(&insights),
        };
        let expected = "/me and /insights as before: they need nothing of Graph";
        return Err(Failure::new(format!("{sent} Afterwards the user went on."), received, expected, why).into());
    }
    faults.into_iter().for_each(|fault| {
        world.idp().faults().remove(fault);
    });
    see_profile(&mut browser, &user, "The user has consented after all.").await?;

    // Who says no at the very first sign-in comes to a page, and may come again.
    let user = stage.invite(1, Casting::employee(&[]));
    let mut browser = stage.browser();
    let login = begin_login(&mut browser, "/login").await?;
    if let SignIn::Returns(callback) = browser.sign_in(login.request, &user.username, Consent::Cancel).await? {
        let page = browser.go(callback).await?;
        if page.status() >= 500 {
            let sent = "A user declined the consent at the first sign-in.";
            return Err(Failure::new(sent, describe(&page), "a page that says what happened, without 5xx", why).into());
        }
    }
    sign_in(&mut browser, &user).await?;
    see_profile(&mut browser, &user, "The user declined at first, and then signed in with consent.").await.map(|_| ())
}

/// U5-21
pub const WRONG_AUDIENCE: Check = Check {
    id: "U5-21",
    unit: Unit::CallGraph,
    title: "a token that Graph does not accept ends in an explanation",
    points: 2,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M33"],
    hint: "A 401 without a claims challenge is a mistake of the app (wrong audience) or a revoked token. Say so; at most one new sign-in helps.",
    page: "unit-5/calling-graph.html#answers",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(wrong_audience(stage)),
};

async fn wrong_audience(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.client(0));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    let fault = world.idp().inject(Fault::GraphWrongAudience.always().for_user(&user.username));
    let sent = "Graph answered 401, InvalidAuthenticationToken, \"Access token validation failure. Invalid audience.\", as for a token of another API.";
    let why = "A token for another API never becomes one for Graph, however often it is sent. The person needs words, the operator a line in \
               the log.";
    let Visit { page, .. } = open_profile(&mut browser, &user, sent).await?;
    if !is_friendly_refusal(&page) {
        let expected = "a page with a heading that says so, with a status such as 502 or 401 and not 500";
        return Err(Failure::new(format!("{sent} The user opened /profile."), describe(&page), expected, why).into());
    }
    let json = browser.get_json("/profile").await?;
    if json.status() == 200 || json.status() == 500 {
        let sent = format!("{sent} A program asked for /profile as JSON.");
        return Err(Failure::new(sent, describe(&json), "a status that tells of a failure, and not 500", why).into());
    }
    world.idp().faults().remove(fault);
    see_profile(&mut browser, &user, "Graph accepts the token again.").await.map(|_| ())
}
