//! U4-25: signing out.

use mock_idp::testing::browser::{Browser, Consent, Page, Request, SignIn, Site};
use url::Url;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{begin_login, describe, sign_in, who_is_signed_in},
    world::{
        people::{Casting, Person},
        role,
    },
};

/// U4-25
pub const LOGOUT: Check = Check {
    id: "U4-25",
    unit: Unit::SignIn,
    title: "sign-out is a POST that ends the session here and at the provider",
    points: 4,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M28"],
    hint: "POST /logout removes the session, then redirects (303) to end_session_endpoint with post_logout_redirect_uri = the origin of \
           REDIRECT_URI and a slash.",
    page: "unit-4/session-and-logout.html#logout",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(logout(stage)),
};

async fn logout(stage: &Stage) -> Outcome {
    let user = stage.invite(0, Casting::employee(&role::ALL));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;

    // A GET is what an image on a stranger's page sends.
    let by_get = browser.get("/logout").await?;
    if who_is_signed_in(&mut browser).await?.is_none() {
        return Err(failure(
            "A signed-in browser opened GET /logout.",
            format!("{} Afterwards nobody is signed in.", describe(&by_get)),
            "405 or 404, and the session goes on: only POST /logout signs out",
            "A GET must change nothing (RFC 9110 §9.2.1). Browsers send it for images, and ahead of a click.",
        ));
    }

    let page = browser.open("/me").await?;
    let Some(form) = page.form_to("/logout").filter(mock_idp::testing::browser::Form::is_post) else {
        return Err(failure(
            "A signed-in user opened /me.",
            format!("{} There is no form with method=\"post\" and action=\"/logout\".", describe(&page)),
            "the sign-out form, with a button",
            "Signing out must be possible without a script, from the page that shows who is signed in.",
        ));
    };
    let kept = kept_by_the_browser(&mut browser, &user).await?;
    let mut copy = browser.clone();
    let answer = browser.send(form.submit(&page)).await?;
    let Some(next) = browser.next(&answer)? else {
        return Err(failure(
            "The user pressed the sign-out button.",
            describe(&answer),
            "a redirect to the provider's end_session_endpoint",
            "The provider has a session of its own. While it lives, the next person at this computer is signed in without a question.",
        ));
    };
    goes_to_the_provider(stage, &next.url)?;
    if who_is_signed_in(&mut browser).await?.is_some() {
        return Err(failure(
            "The user pressed the sign-out button, then asked for /me.",
            "/me still answers 200.".to_owned(),
            "401: the session is gone, on the server and in the browser",
            "Whoever signs out trusts that nobody can go on in that browser.",
        ));
    }
    if stage.profile() == Profile::Strict && who_is_signed_in(&mut copy).await?.is_some() {
        return Err(failure(
            "The user pressed the sign-out button. A copy of her browser, made before that, then asked for /me.",
            "/me answered 200: the old cookie still opens the session.".to_owned(),
            "401: the server has forgotten the session",
            "Deleting the cookie ends the session in one browser only. Whoever copied the cookie keeps it.",
        ));
    }
    if let Some(page) = kept {
        return Err(failure(
            &format!("A signed-in user opened {}.", page.url().path()),
            format!("Cache-Control is {}.", page.header("cache-control").unwrap_or("missing")),
            "Cache-Control: no-store on all pages of signed-in users",
            "After the sign-out, the Back button shows the page once more, from the browser's memory (RFC 9111 §5.2.2.5).",
        ));
    }
    comes_back(stage, &mut browser, next, &user.username).await
}

/// The first page of a signed-in user that the browser may keep, as a page or as JSON.
async fn kept_by_the_browser(browser: &mut Browser, user: &Person) -> Result<Option<Page>, Problem> {
    let policy = user.policies.first().map(|policy| format!("/policies/{}", policy.id));
    for address in ["/me", "/my/policies", "/insights", "/admin/roles"].into_iter().chain(policy.as_deref()) {
        for page in [browser.get(address).await?, browser.get_json(address).await?] {
            let is_kept = page.header("cache-control").is_none_or(|value| !value.to_ascii_lowercase().contains("no-store"));
            if page.status() == 200 && is_kept {
                return Ok(Some(page));
            }
        }
    }
    Ok(None)
}

/// Whether the sign-out leads to the end-session endpoint, and back to a registered address (OpenID Connect RP-Initiated Logout 1.0 §2).
pub(crate) fn goes_to_the_provider(stage: &Stage, url: &Url) -> Outcome {
    let home = format!("{}/", stage.app().origin());
    let mut address = url.clone();
    address.set_query(None);
    let expected = stage.world().endpoint("logout");
    let returns_to = url.query_pairs().find(|(name, _)| name == "post_logout_redirect_uri").map(|(_, value)| value.into_owned());
    let values = [
        Compared::equal("address", address.as_str(), &*expected),
        Compared::equal("post_logout_redirect_uri", returns_to.unwrap_or_default(), &*home),
    ];
    if !values.iter().any(|value| value.offends) {
        return Ok(());
    }
    Err(of_sign_out(
        "The user pressed the sign-out button.",
        format!("a redirect to {}", redact::url(url)),
        &format!("a redirect to {expected} with post_logout_redirect_uri={home}"),
        "Only an address that is registered brings the user back. The registration holds the origin of REDIRECT_URI with a slash.",
    )
    .compares(values)
    .into())
}

/// The provider ends its session and sends the browser home; the next login must ask who it is.
async fn comes_back(stage: &Stage, browser: &mut Browser, next: Request, username: &str) -> Outcome {
    let last = match browser.sign_in(next, username, Consent::Accept).await? {
        SignIn::Returns(request) => browser.go(request).await?,
        SignIn::Stays(page) => *page,
    };
    if browser.site(last.url()) != Some(Site::App) || last.status() != 200 {
        return Err(failure(
            "The browser followed the sign-out to the provider and back.",
            describe(&last),
            "the app's front page, with status 200",
            "The user should end where she can begin again.",
        ));
    }
    let login = begin_login(browser, "/login").await?;
    let page = browser.go(login.request).await?;
    if browser.site(page.url()) == Some(Site::App) {
        return Err(failure(
            "After the sign-out a user opened /login.",
            format!("The provider signed in {username} without a question. {}", describe(&page)),
            "the provider asks who signs in",
            "The session at the provider was not ended.",
        ));
    }
    // The way back in works.
    sign_in(&mut stage.browser(), &stage.client(0)).await.map(|_| ())
}

fn failure(sent: &str, received: String, expected: &str, why: &str) -> Problem {
    of_sign_out(sent, received, expected, why).into()
}

fn of_sign_out(sent: &str, received: String, expected: &str, why: &str) -> Failure {
    Failure::new(sent, received, expected, why)
        .attack("The next person at a shared computer goes on in this user's name, or a stranger's page signs users out at will.")
}
