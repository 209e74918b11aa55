//! U2-17: with what the app goes to the provider's door.

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{begin_login, follow_own_redirects},
};

/// U2-17
pub const NAMES_THE_APP: Check = Check {
    id: "U2-17",
    unit: Unit::WebApp,
    title: "the sign-in address says which app asks, for what, and where to come back",
    points: 3,
    gate: None,
    depends_on: &["U2-09"],
    profile: Profile::Core,
    misconceptions: &["M40"],
    hint: "Append client_id (CLIENT_ID), response_type=code, redirect_uri (REDIRECT_URI) and scope (with openid) to the authorization endpoint.",
    page: "unit-2/discovery.html#sign-in-address",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(names_the_app(stage)),
};

async fn names_the_app(stage: &Stage) -> Outcome {
    let login = begin_login(&mut stage.browser(), "/login").await?;
    let equal = |name: &str, expected: &str| Compared::equal(name, login.parameter(name), expected);
    let scope = login.parameter("scope");
    let has_openid = scope.split(' ').any(|scope| scope == "openid");
    let values = [
        (equal("client_id", &stage.world().registration().app_id), "The provider knows the app by this id, which CLIENT_ID holds."),
        (equal("response_type", "code"), "The app asks for a code, which it changes for tokens later, from server to server."),
        (
            equal("redirect_uri", &stage.app().redirect_uri()),
            "The provider sends the browser there and nowhere else, so it must be REDIRECT_URI, letter by letter.",
        ),
        (
            Compared::judged("scope", scope, "openid, perhaps among others", has_openid),
            "Without openid this is no sign-in: the provider gives no ID token, and nobody learns who is there (OIDC Core §3.1.2.1).",
        ),
    ];
    let location = follow_own_redirects(&mut stage.browser(), "/login").await?.header("location").unwrap_or_default().to_owned();
    if location.contains(' ') {
        let why =
            "An address holds no spaces (RFC 3986 §2). Browsers forgive it, other clients do not, and a & in a value would end the value.";
        let sent = "A browser opened /login.";
        let received = format!("Location: {location}");
        return Err(Failure::new(sent, received, "every value escaped; a space is + or %20", why).into());
    }
    let Some((wrong, why)) = values.iter().find(|(value, _)| value.offends).cloned() else { return Ok(()) };
    let sent = format!("A browser opened /login. The app redirected it to\n{}", login.shown());
    let received = if wrong.found.is_empty() { format!("no {}", wrong.name) } else { format!("{}={}", wrong.name, wrong.found) };
    let failure = Failure::new(sent, received, format!("{}: {}", wrong.name, wrong.expected), why);
    Err(failure.compares(values.into_iter().map(|(value, _)| value)).into())
}
