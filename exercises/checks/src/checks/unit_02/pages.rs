//! U2-04, U2-08 and U2-13: what the app answers to whom.

use mock_idp::testing::browser::{Accept, Browser, Page};
use reqwest::Method;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    checks::unit_04::role_matrix::leads_to_login,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::describe,
};

/// U2-04
pub const FRONT_PAGE: Check = Check {
    id: "U2-04",
    unit: Unit::WebApp,
    title: "the front page has a language, a title, one heading and a way to sign in",
    points: 4,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "<html lang=\"en\">, <title>, one <h1>, and <a href=\"/login\"> with words in it.",
    page: "unit-2/health-errors-headers.html#pages",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(front_page(stage)),
};

async fn front_page(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    let page = browser.get("/").await?;
    let failed = |received: &str, expected: &str, why: &str| -> Outcome {
        Err(Failure::new("A visitor who is not signed in opened /.", format!("{} {received}", describe(&page)), expected, why).into())
    };
    if page.status() != 200 || !page.is_html() {
        return failed("", "200 and an HTML page", "The front page is for everybody, also for those who have not signed in.");
    }
    if page.attributes("html", "lang").iter().all(String::is_empty) {
        let why = "Screen readers choose the voice by it (WCAG 3.1.1).";
        return failed("The html element has no lang.", "<html lang=\"en\">, or another language", why);
    }
    if page.texts("head > title").iter().all(String::is_empty) {
        return failed(
            "There is no title.",
            "a title in the head",
            "It names the tab, the bookmark and the page for screen readers (WCAG 2.4.2).",
        );
    }
    let headings = page.texts("h1");
    if headings.len() != 1 || headings[0].is_empty() {
        let received = format!("There are {} h1 elements with the texts {headings:?}.", headings.len());
        return failed(&received, "one h1 with words in it", "The heading says where one is.");
    }
    let leads_there = |url: &url::Url| url.origin() == page.url().origin() && url.path() == "/login";
    // A form with a button is a way, too.
    let has_way = page.links().iter().any(leads_there) || page.forms().iter().any(|form| leads_there(form.action()));
    if !has_way {
        return failed("No link leads to /login.", "a link to /login", "Signing in must be possible without knowing an address.");
    }
    let login = browser.get("/login").await?;
    // 503 is right while the provider is down; only a missing page, or a broken one, is wrong.
    if matches!(login.status(), 404 | 405 | 500 | 501) {
        let why = "The link must lead somewhere.";
        let expected = if login.status() == 501 {
            "the way to the sign-in. 501 says that this part is not written yet: the page itself is right, and the sign-in comes next"
        } else {
            "the way to the sign-in"
        };
        return Err(Failure::new("The visitor followed the link to /login.", describe(&login), expected, why).into());
    }
    Ok(())
}

/// U2-08
pub const ANONYMOUS: Check = Check {
    id: "U2-08",
    unit: Unit::WebApp,
    title: "a protected page sends a visitor to /login, and a program 401",
    points: 5,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M02"],
    hint: "Without a session, /me redirects (302) to /login?return_to=/me. With Accept: application/json it answers 401.",
    page: "unit-2/health-errors-headers.html#refusals",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(anonymous(stage)),
};

async fn anonymous(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    let why = "A person needs the way to the sign-in; a program cannot follow it and needs a plain no. 403 would be wrong for both: it is for \
               those whom the app knows.";
    let html = browser.get("/me").await?;
    if !leads_to_login(&browser, &html) {
        return Err(Failure::new("A visitor who is not signed in opened /me.", describe(&html), "a redirect (302) to /login", why).into());
    }
    keeps_the_way_back(&mut browser).await?;
    let json = browser.get_json("/me").await?;
    if json.status() != 401 {
        let sent = "A program without a session asked for /me with Accept: application/json.";
        return Err(Failure::new(sent, describe(&json), "401", why).into());
    }
    Ok(())
}

/// An app may remember the way back elsewhere, in a cookie say. Where the address holds it, it must hold all of it.
async fn keeps_the_way_back(browser: &mut Browser) -> Outcome {
    let page = browser.get(WITH_TWO_PARAMETERS).await?;
    let Some(way_back) = page.redirect()?.and_then(|next| next.parameter("return_to")) else { return Ok(()) };
    let arrives = page.url().join(&way_back).is_ok_and(|url| url.path() == "/me" && url.query() == Some("from=mail&year=2026"));
    if arrives {
        return Ok(());
    }
    let why = "An & inside the value must be escaped (%26), else it ends the value, and the rest becomes a parameter of /login. A function \
               that builds queries does it.";
    let sent = format!("A visitor who is not signed in opened {WITH_TWO_PARAMETERS}.");
    let received = format!("{} There, return_to is {way_back}.", describe(&page));
    Err(Failure::new(sent, received, format!("return_to that means {WITH_TWO_PARAMETERS}"), why).into())
}

const WITH_TWO_PARAMETERS: &str = "/me?from=mail&year=2026";

/// U2-13
pub const REFUSALS: Check = Check {
    id: "U2-13",
    unit: Unit::WebApp,
    title: "an unknown address is 404, a wrong method 405, and nothing is 500",
    points: 3,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M02"],
    hint: "The router answers 404 and 405 by itself, unless a catch-all route or an unwrap() stands in the way.",
    page: "unit-2/health-errors-headers.html#refusals",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(refusals(stage)),
};

/// Addresses that real visitors and scanners send.
const ODD: [&str; 6] = ["/%00", "/%ff%fe", "/../../etc/passwd", "/login?return_to=%ff", "/getAToken?code=%00&code=%ff", "/me?%"];

async fn refusals(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    for accept in [Accept::Html, Accept::Json] {
        let request = browser.request("/there-is-no-such-page", accept)?;
        let page = browser.send(request).await?;
        expect(&page, "An address that does not exist was opened.", 404)?;
    }
    let request = browser.request("/healthz", Accept::Html)?.with_method(Method::DELETE);
    let page = browser.send(request).await?;
    expect(&page, "DELETE was sent to an address that has no such method.", 405)?;
    for odd in ODD {
        let page = browser.get(odd).await?;
        if page.status() >= 500 && page.status() != 501 && page.status() != 503 {
            let why = "5xx says that the app is broken. An odd address is the visitor's doing: 4xx.";
            return Err(Failure::new(format!("GET {odd}"), describe(&page), "a status below 500", why).into());
        }
    }
    Ok(())
}

fn expect(page: &Page, sent: &str, status: u16) -> Result<(), Problem> {
    if page.status() == status {
        return Ok(());
    }
    let why = "Browsers, caches, search engines and monitors read the status, not the page.";
    Err(Failure::new(sent, describe(page), status.to_string(), why).into())
}
