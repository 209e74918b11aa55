//! U4-18: the session and its cookie.

use mock_idp::testing::browser::{Browser, Site, StoredCookie};

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{
        authorize, begin_login, deliver,
        login::{Door, open_login},
        sign_in, who_is_signed_in,
    },
};

/// U4-18
pub const SESSION: Check = Check {
    id: "U4-18",
    unit: Unit::SignIn,
    title: "the session gets a new id at sign-in, in a cookie with the right attributes",
    points: 4,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M25"],
    hint: "At sign-in, make a session under a new random id and set its cookie with HttpOnly and SameSite. Never go on with an id that the \
           browser brought.",
    page: "unit-4/session-and-logout.html#session",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(session(stage)),
};

async fn session(stage: &Stage) -> Outcome {
    cookies_from_before_are_worthless(stage).await?;
    another_persons_session_is_not_taken_over(stage).await?;
    the_cookie_has_its_attributes(stage).await
}

async fn cookies_from_before_are_worthless(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    browser.open("/").await?;
    let login = begin_login(&mut browser, "/login").await?;
    let callback = authorize(&mut browser, &login, &stage.client(0)).await?;
    let mut before = browser.clone();
    browser.go(callback).await?;
    if who_is_signed_in(&mut before).await?.is_some() {
        return Err(fixation(
            "A browser signed in. A second browser held the cookies that the first one had just before the callback.",
            "The second browser is signed in as well: the sign-in gave rights to an id that existed before it.",
        ));
    }
    Ok(())
}

/// The attacker plants the id of his own session in the victim's browser.
async fn another_persons_session_is_not_taken_over(stage: &Stage) -> Outcome {
    let (attacker, victim) = (stage.client(1), stage.client(2));
    let mut attackers_browser = stage.browser();
    sign_in(&mut attackers_browser, &attacker).await?;
    let mut victims_browser = attackers_browser.clone();
    victims_browser.cookies_mut().forget(Site::Provider);
    // An app that sends whoever is signed in away from /login takes nothing over.
    let Door::Provider(login) = open_login(&mut victims_browser, "/login").await? else { return Ok(()) };
    let callback = authorize(&mut victims_browser, &login, &victim).await?;
    deliver(&mut victims_browser, callback).await?;
    match who_is_signed_in(&mut attackers_browser).await? {
        Some(facts) if facts["oid"] == victim.object_id.as_str() => Err(fixation(
            "A browser with the cookies of one person's session signed in as another person.",
            "The first person's browser is now signed in as the second: both share one session.",
        )),
        _ => Ok(()),
    }
}

fn fixation(sent: &str, received: &str) -> Problem {
    Failure::new(
        sent,
        received,
        "a new session id at each sign-in; whoever holds an older cookie is not signed in",
        "An id that was there before the sign-in may be known to somebody: planted by a link, by another page of the same host, or left \
         on a shared computer.",
    )
    .attack("Session fixation: the attacker knows the id beforehand, waits for the sign-in, and uses the session at the same time.")
    .into()
}

async fn the_cookie_has_its_attributes(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    sign_in(&mut browser, &stage.client(0)).await?;
    for cookie in session_cookies(&mut browser).await? {
        let missing = match (cookie.http_only, cookie.same_site) {
            (false, _) => "HttpOnly",
            (_, None) => "SameSite",
            _ => continue,
        };
        return Err(Failure::new(
            "A user signed in. Without one of the app's cookies the browser is signed out, so this cookie carries the session.",
            format!("The cookie {} has no {missing}.", cookie.name),
            "HttpOnly, and SameSite=Lax (or Strict, or None with Secure)",
            "HttpOnly keeps scripts away from the session. SameSite says with which requests of other sites the cookie goes along; browsers \
             differ where it is left out.",
        )
        .compares(attributes(&cookie))
        .attack(if missing == "HttpOnly" { "One injected script reads the session id and sends it away." } else { "Another site's form acts in the user's name." })
        .into());
    }
    Ok(())
}

/// The cookies without which the browser is signed out.
pub(super) async fn session_cookies(browser: &mut Browser) -> Result<Vec<StoredCookie>, Problem> {
    let cookies: Vec<StoredCookie> = browser.cookies().of(Site::App).cloned().collect();
    let mut of_session = Vec::new();
    for cookie in cookies {
        let mut without = browser.clone();
        without.cookies_mut().remove(Site::App, &cookie.name);
        if who_is_signed_in(&mut without).await?.is_none() {
            of_session.push(cookie);
        }
    }
    Ok(of_session)
}

/// The attributes that keep a cookie where it belongs.
pub(crate) fn attributes(cookie: &StoredCookie) -> [Compared; 2] {
    let same_site = cookie.same_site.map(|value| format!("{value:?}"));
    let is_there = same_site.is_some();
    [
        Compared::equal("HttpOnly", if cookie.http_only { "HttpOnly" } else { "" }, "HttpOnly"),
        Compared::judged("SameSite", same_site.unwrap_or_default(), "Lax, Strict, or None with Secure", is_there),
    ]
}
