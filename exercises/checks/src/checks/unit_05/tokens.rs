//! U5-05, U5-06 and U5-07: which tokens the app asks for, and how often.

use mock_idp::trace::event::Kind;

use super::{
    short_token::sign_in_with_ended_token,
    visiting::{events_of, profile_json, refreshes, see_profile},
};
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
    world::{people::Casting, role},
};

/// U5-05
pub const SCOPES: Check = Check {
    id: "U5-05",
    unit: Unit::CallGraph,
    title: "the scopes are User.Read and offline_access, for one API",
    points: 3,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M33"],
    hint: "Ask for the scopes of SCOPE, and for offline_access beside openid and profile. A token is for one API: never mix scopes of two.",
    page: "unit-5/graph-and-permissions.html#permissions",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(scopes(stage)),
};

async fn scopes(stage: &Stage) -> Outcome {
    let user = stage.client(0);
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    // An app may ask for Graph's scopes when they are needed, and not before.
    let _ = super::visiting::open_profile(&mut browser, &user, "The user signed in.").await?;
    let asked: Vec<String> = browser
        .hops()
        .iter()
        .filter(|hop| hop.url.path().ends_with("/oauth2/v2.0/authorize"))
        .filter_map(|hop| hop.url.query_pairs().find(|(name, _)| name == "scope").map(|(_, scope)| scope.into_owned()))
        .collect();
    let redeemed = events_of(stage.world(), &user, Kind::Token, 0);
    let redeemed = redeemed.iter().filter_map(|event| event.request.params.get("scope").cloned());
    let has = |wanted: &str| asked.iter().flat_map(|scope| scope.split(' ')).any(|scope| is_scope(scope, wanted));
    let failed = |expected: &str, why: &str| -> Outcome {
        let received = format!("scope={}", asked.join("\nscope="));
        let sent = "A user signed in and opened /profile. The app's authorize requests had";
        let scopes = ["User.Read", "offline_access"].map(|scope| Compared::equal(scope, if has(scope) { scope } else { "" }, scope));
        Err(Failure::new(sent, received, expected, why).compares(scopes).into())
    };
    if !has("User.Read") {
        return failed("User.Read, which is the value of SCOPE", "Graph shows the own profile to an app that was granted User.Read.");
    }
    if !has("offline_access") {
        return failed(
            "offline_access",
            "Without it there is no refresh token, and the app must send the person to the provider every hour.",
        );
    }
    for scope in asked.iter().cloned().chain(redeemed) {
        if let Some(foreign) = scope.split(' ').find(|scope| scope.contains("://") && !is_graph(scope)) {
            let why =
                "An access token has one audience. A request for the scopes of two APIs is refused, or gives a token for the first one.";
            return failed(&format!("scopes of Microsoft Graph only, without {foreign}"), why);
        }
    }
    Ok(())
}

fn is_graph(scope: &str) -> bool {
    scope.to_ascii_lowercase().starts_with("https://graph.microsoft.com/")
}

fn is_scope(scope: &str, wanted: &str) -> bool {
    scope.eq_ignore_ascii_case(wanted) || is_graph(scope) && scope.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(wanted))
}

/// U5-06
pub const CACHE: Check = Check {
    id: "U5-06",
    unit: Unit::CallGraph,
    title: "further visits use the cached token",
    points: 4,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M29"],
    hint: "Keep the token response on the server, under account and scopes, with the time at which it ends. Look there before anything else.",
    page: "unit-5/token-cache.html#why",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(cache(stage)),
};

async fn cache(stage: &Stage) -> Outcome {
    let user = stage.invite(0, Casting::employee(&[role::ADJUSTER]));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    see_profile(&mut browser, &user, "The user signed in.").await?;
    let before = stage.world().idp().trace().last_seq();
    let why = "A token is good for about an hour. Asking for a new one at each visit is slow, and providers refuse apps that do.";
    for _ in 0..3 {
        profile_json(&mut browser, "The user has seen the profile before.", why).await?;
    }
    let more = events_of(stage.world(), &user, Kind::Token, before).len();
    if more == 0 {
        return Ok(());
    }
    let received = format!("{more} requests to the token endpoint");
    Err(Failure::new("A user opened /profile three more times.", received, "no request to the token endpoint: the token is cached", why)
        .into())
}

/// U5-07
pub const SILENT: Check = Check {
    id: "U5-07",
    unit: Unit::CallGraph,
    title: "a token that has ended is renewed without the browser",
    points: 5,
    gate: None,
    depends_on: &["U5-01", "U5-06"],
    profile: Profile::Core,
    misconceptions: &["M29", "M31"],
    hint: "Compare the token's end with the time now, minus a few minutes. If it has ended, send the refresh token to the token endpoint.",
    page: "unit-5/silent.html#order",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(silent(stage)),
};

async fn silent(stage: &Stage) -> Outcome {
    let user = stage.invite(0, Casting::employee(&[role::ADJUSTER]));
    let mut browser = stage.browser();
    sign_in_with_ended_token(stage.world(), &mut browser, &user).await?;
    let page = browser.get("/profile").await?;
    let used = events_of(stage.world(), &user, Kind::Token, 0);
    if page.status() == 200 && page.field("id").as_deref() == Some(&user.object_id) && !refreshes(&used).is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The access token had ended (expires_in was 1), and there is a refresh token. The user opened /profile.",
        format!("{} The refresh token was used {} times.", describe(&page), refreshes(&used).len()),
        "200 and the profile: the app gets a new access token for the refresh token, without a redirect",
        "expires_in says how long the token is good. A redirect costs the person the page that she works on; a refresh costs nobody anything.",
    )
    .into())
}
