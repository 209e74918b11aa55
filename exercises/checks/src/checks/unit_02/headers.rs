//! U2-11 and U2-12: headers and cookies that protect.

use cookie::Cookie;
use mock_idp::testing::browser::{Page, Site};

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    checks::{unit_02::content_security_policy, unit_04::session::attributes},
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
};

/// U2-11
pub const HEADERS: Check = Check {
    id: "U2-11",
    unit: Unit::WebApp,
    title: "pages come with nosniff, without framing and foreign scripts, protected ones with no-store",
    points: 3,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "One middleware for all answers: X-Content-Type-Options: nosniff, X-Frame-Options: DENY, Cache-Control: no-store, and a \
           Content-Security-Policy that begins with default-src 'none'.",
    page: "unit-2/health-errors-headers.html#headers",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(headers(stage)),
};

async fn headers(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    for path in ["/", "/me", "/no-such-page"] {
        let page = browser.get(path).await?;
        let mut headers = vec![
            (
                is(&page, "X-Content-Type-Options", "nosniff", header_is(&page, "x-content-type-options", "nosniff")),
                "Without it a browser may take a text for a script because it looks like one.",
            ),
            (
                is(&page, "X-Frame-Options", "DENY, or frame-ancestors 'none' in the Content-Security-Policy", forbids_frames(&page)),
                "Another site could show your page inside its own, invisibly, and let the user click on it.",
            ),
        ];
        if page.is_html() {
            let expected = "default-src 'none' (or script-src 'none', 'self', a nonce), and styles from the app";
            let why = "style-src alone leaves every script free. A name that holds a script, shown on a page that forgets to escape it, would run.";
            headers.push((is(&page, "Content-Security-Policy", expected, content_security_policy::forbids_foreign_scripts(&page)), why));
        }
        if path == "/me" {
            let no_store = page.header("cache-control").is_some_and(|value| value.to_ascii_lowercase().contains("no-store"));
            let why = "A browser keeps pages and shows them again, also after the sign-out.";
            headers.push((is(&page, "Cache-Control", "no-store, because the page is protected", no_store), why));
        }
        let Some((wrong, why)) = headers.iter().find(|(header, _)| header.offends).cloned() else { continue };
        let received = format!("the answer ({}) came without the right {}", page.status(), wrong.name);
        let expected = format!("{}: {}", wrong.name, wrong.expected);
        let failure = Failure::new(format!("GET {path}"), received, expected, why);
        return Err(failure.compares(headers.into_iter().map(|(header, _)| header)).into());
    }
    nonce_is_new(&browser.get("/").await?, &browser.get("/").await?)?;
    judge_json(&browser.get_json("/me").await?)
}

/// A nonce is a number used once: "new for each answer" (CSP Level 3 §7.1).
fn nonce_is_new(first: &Page, second: &Page) -> Outcome {
    let known = content_security_policy::nonces(first);
    match content_security_policy::nonces(second).into_iter().find(|nonce| known.contains(nonce)) {
        None => Ok(()),
        Some(nonce) => Err(Failure::new(
            "A browser opened / twice.",
            format!("Both policies allow scripts with {nonce}."),
            "another nonce in each answer, from a random number generator; or a policy without a nonce",
            "Who smuggles a script into a page looks at the page first. A nonce that is already there lets the script run.",
        )
        .into()),
    }
}

/// Facts are as worth protecting as pages.
fn judge_json(answer: &Page) -> Outcome {
    let no_store = answer.header("cache-control").is_some_and(|value| value.to_ascii_lowercase().contains("no-store"));
    let headers = [
        is(answer, "X-Content-Type-Options", "nosniff", header_is(answer, "x-content-type-options", "nosniff")),
        is(answer, "Cache-Control", "no-store, because the facts are protected", no_store),
    ];
    let Some(wrong) = headers.iter().find(|header| header.offends) else { return Ok(()) };
    let received = format!("the answer ({}) came without the right {}", answer.status(), wrong.name);
    let why = "A browser and every proxy on the way keep JSON as they keep pages. One middleware for all answers forgets none.";
    let failure = Failure::new("GET /me, with Accept: application/json", received, format!("{}: {}", wrong.name, wrong.expected), why);
    Err(failure.compares(headers).into())
}

fn is(page: &Page, name: &str, expected: &str, is_right: bool) -> Compared {
    Compared::judged(name, page.header(&name.to_ascii_lowercase()).unwrap_or_default(), expected, is_right)
}

fn header_is(page: &Page, name: &str, value: &str) -> bool {
    page.header(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
}

fn forbids_frames(page: &Page) -> bool {
    let by_policy = |value: &str| {
        let lower = value.to_ascii_lowercase();
        let ancestors = lower.split(';').map(str::trim).find_map(|directive| directive.strip_prefix("frame-ancestors"));
        // Named places are the app's own choice; everywhere is not.
        ancestors.is_some_and(|sources| !sources.split_ascii_whitespace().any(content_security_policy::is_everywhere))
    };
    header_is(page, "x-frame-options", "deny")
        || header_is(page, "x-frame-options", "sameorigin")
        || page.hop().header_values("content-security-policy").any(by_policy)
}

/// U2-12
pub const COOKIE: Check = Check {
    id: "U2-12",
    unit: Unit::WebApp,
    title: "the first cookie has HttpOnly, SameSite and Path=/, and Secure on https",
    points: 3,
    gate: None,
    depends_on: &["U2-02"],
    profile: Profile::Core,
    misconceptions: &["M25"],
    hint: "Make all cookies in one function, which sets the attributes.",
    page: "unit-2/health-errors-headers.html#headers",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(cookie(stage)),
};

async fn cookie(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    for path in PLACES {
        let page = browser.get(path).await?;
        if let Some((cookie, reason)) = page.hop().refused_cookies.first() {
            let name = cookie.split('=').next().unwrap_or_default();
            return Err(wrong(path, format!("The browser refused the cookie {name}: {reason}.")).into());
        }
        for cookie in browser.cookies().of(Site::App) {
            let [http_only, same_site] = attributes(cookie);
            // Where the answer names no path, the browser makes one up, which for /login happens to be the right one.
            let path_named = named_path(&page, &cookie.name).unwrap_or_else(|| cookie.path.clone());
            // A cookie that only the callback needs may go there only.
            let reaches_callback = matches!(path_named.as_str(), "/" | "/getAToken");
            let path_named = Compared::judged("Path", path_named, "/", reaches_callback);
            let attributes = [http_only, same_site, path_named];
            if let Some(missing) = attributes.iter().find(|attribute| attribute.offends) {
                let received = format!("The cookie {} came without the right {}.", cookie.name, missing.name);
                return Err(wrong(path, received).compares(attributes).into());
            }
        }
    }
    if browser.cookies().of(Site::App).next().is_none() {
        return Err(Problem::Inapplicable("the app sets no cookie yet".to_owned()));
    }
    secure_where_https(stage).await
}
/// Where an app may set its first cookie.
const PLACES: [&str; 3] = ["/", "/me", "/login"];

/// Behind a server that speaks https: the redirect URI says so, and so do the headers that such a server adds.
async fn secure_where_https(stage: &Stage) -> Outcome {
    let app = stage.start(&stage.environment().with_redirect_uri(&format!("https://{HOST}/getAToken"))).await?;
    let broken = |error: reqwest::Error| Problem::Broken(error.to_string());
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().map_err(broken)?;
    for path in PLACES {
        let request = client.get(format!("http://127.0.0.1:{}{path}", app.port())).header("Host", HOST).header("Accept", "text/html");
        let request = request.header("X-Forwarded-Proto", "https").header("X-Forwarded-Host", HOST);
        // That it answers at all is for other checks.
        let Ok(answer) = request.send().await else { continue };
        let set = answer.headers().get_all("set-cookie").iter().filter_map(|value| Cookie::parse(value.to_str().ok()?).ok());
        if let Some(cookie) = set.into_iter().find(|cookie| cookie.secure() != Some(true)) {
            return Err(Failure::new(
                format!("The app was started with REDIRECT_URI=https://{HOST}/getAToken, and a browser opened {path}."),
                format!("The cookie {} came without Secure.", cookie.name()),
                "Secure, since people reach this app by https",
                "On https the cookie must never travel by http, not even when somebody types the address without the s. On your own machine, \
                 with http, it may.",
            )
            .attack("Whoever shares the network with the user reads the cookie from one request by http, and is the user.")
            .into());
        }
    }
    Ok(())
}

const HOST: &str = "portal.abc-insurance.example";

/// The path that this answer names for a cookie, empty where it names none; `None` if the cookie is from an earlier answer.
fn named_path(page: &Page, cookie: &str) -> Option<String> {
    let mut set = page.hop().header_values("set-cookie").filter_map(|value| Cookie::parse(value).ok());
    set.find(|set| set.name() == cookie).map(|set| set.path().unwrap_or_default().to_owned())
}

fn wrong(path: &str, received: String) -> Failure {
    Failure::new(
        format!("A browser without cookies opened {path}."),
        received,
        "HttpOnly, SameSite=Lax (or Strict, or None with Secure) and Path=/",
        "HttpOnly keeps scripts away; SameSite says with which requests of other sites the cookie goes along; without Path the cookie is \
         sent to a part of the app only.",
    )
    .attack("One injected script reads the cookie and sends it away.")
}
