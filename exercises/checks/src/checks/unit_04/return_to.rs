//! U4-19: where the browser lands after the sign-in.

use std::time::Duration;

use mock_idp::testing::browser::{Browser, Page};
use url::form_urlencoded;

use crate::{
    check::{AppUse, Check, Gate},
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{
        authorize, describe,
        login::{Door, open_login},
        session::sign_in_from,
    },
    world::people::Person,
};

/// U4-19
pub const LOCAL_ONLY: Check = Check {
    id: "U4-19",
    unit: Unit::SignIn,
    title: "return_to leads to pages of the app only",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M24"],
    hint: "Accept return_to only if it begins with one / and not with // or /\\, and holds no control characters. Everything else becomes /.",
    page: "unit-4/session-and-logout.html#return-to",
    app: AppUse::Shared,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(local_only(stage)),
};

/// What no `Location` header can hold. An app that lets it through fails after the sign-in, when it writes the header.
const UNWRITABLE: [&str; 3] = ["/a\nb", "/a\r\nSet-Cookie: gift=1", "/a\u{7f}b"];

const HOST: &str = "evil.example";

/// What a browser reads as an address of another host, or as a script.
const HOSTILE: [&str; 9] = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "https:evil.example/",
    "http://localhost@evil.example/",
    "javascript:alert(document.domain)",
];

async fn local_only(stage: &Stage) -> Outcome {
    let user = stage.client(0);
    // The honest half: a page of the app, query included, is where the browser lands.
    let wanted = "/my/policies?order=region&limit=5";
    // By /login itself, and by the page, which sends the browser to /login.
    for start in [login_path(wanted), wanted.to_owned()] {
        arrives(stage, &user, &start, wanted).await?;
    }
    for hostile in HOSTILE.into_iter().chain(UNWRITABLE) {
        stays_at_home(stage, &user, hostile).await?;
    }
    // Addresses that begin as the app's own, and lead elsewhere: to another host, and to another program on this one.
    let (home, port) = (stage.app().origin(), stage.app().port());
    for hostile in [format!("{home}@evil.example/"), format!("http://localhost:{}/", port ^ 1), format!("//localhost:{}/", port ^ 1)] {
        stays_at_home(stage, &user, &hostile).await?;
    }
    Ok(())
}

async fn arrives(stage: &Stage, user: &Person, start: &str, wanted: &str) -> Outcome {
    let mut browser = stage.browser();
    let signed_in = sign_in_from(&mut browser, user, start).await?;
    let landed = signed_in.landing.url();
    let found = format!("{}{}", landed.path(), landed.query().map(|query| format!("?{query}")).unwrap_or_default());
    if found == wanted {
        return Ok(());
    }
    Err(Failure::new(
        format!("A user opened {start} and signed in."),
        describe(&signed_in.landing),
        format!("the browser arrives at {wanted}"),
        "Who followed a link to a page, and had to sign in first, wants to see that page afterwards, with all that stands after the ?.",
    )
    .into())
}

async fn stays_at_home(stage: &Stage, user: &Person, hostile: &str) -> Outcome {
    let mut browser = stage.browser();
    let home = browser.app_origin();
    let sent = format!("A user opened {} and signed in.", login_path(hostile));
    let login = match open_login(&mut browser, &login_path(hostile)).await {
        Ok(Door::Provider(login)) => login,
        // Refused at the door: just as good.
        Ok(Door::Elsewhere(_)) => return Ok(()),
        Err(problem) => return leads_away(problem, sent),
    };
    let callback = authorize(&mut browser, &login, user).await?;
    let answer = browser.send(callback).await?;
    if answer.status() >= 500 {
        let why = "A header holds no line breaks and no control characters, so the app could not write Location. The user signed in, and sees an \
                   error that is nobody's fault but the address's.";
        return Err(Failure::new(sent, describe(&answer), "a page of the app, or a refusal of /login", why).into());
    }
    match leaves(&browser, &answer, &home) {
        Some(destination) => Err(open_redirect(sent, &format!("After the sign-in the app redirected to {destination}")).into()),
        None => Ok(()),
    }
}

/// Where a redirect, or a page that goes on by itself, leads, if it leads away from the app.
fn leaves(browser: &Browser, answer: &Page, home: &str) -> Option<String> {
    match browser.next(answer) {
        Ok(next) => next.filter(|next| next.url.origin().ascii_serialization() != home).map(|next| redact::url(&next.url)),
        // No browser understands it, so it leads nowhere.
        Err(_) => None,
    }
}

fn leads_away(problem: Problem, sent: String) -> Outcome {
    match problem {
        Problem::Failed(failure) if failure.received.contains(HOST) => Err(open_redirect(sent, &failure.received).into()),
        other => Err(other),
    }
}

fn open_redirect(sent: String, received: &str) -> Failure {
    Failure::new(
        sent,
        received,
        "a page of the app, or a refusal of /login",
        "The link begins with your own, well-known address, and everything up to the end is honest. Browsers read \\ as /, and leave out \
         tabs and line breaks (WHATWG URL Standard).",
    )
    .attack(
        "The user signs in at the right place and lands on a copy of your page, which asks once more for the password (RFC 9700 §4.11).",
    )
}

fn login_path(return_to: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", return_to).finish();
    format!("/login?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mock_idp::testing::browser::address::resolve;
    use url::Url;

    #[test]
    fn every_hostile_value_leads_a_browser_away() {
        let page = Url::parse("http://localhost:5000/getAToken").expect("an address");
        for hostile in HOSTILE {
            let target = resolve(&page, hostile).unwrap_or_else(|error| panic!("{hostile:?}: {error}"));
            assert_ne!(target.origin(), page.origin(), "{hostile}");
        }
    }
}
