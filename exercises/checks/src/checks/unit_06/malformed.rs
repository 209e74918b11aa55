//! U6-14: what scanners, broken proxies and attackers send to the callback.

mod made_up;

use std::time::Duration;

use mock_idp::{
    random::Entropy,
    testing::browser::{Accept, Browser, BrowserError, Page, Site},
};

use self::made_up::{Dice, FLAWS, Malformed};
use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{begin_login, describe, sign_in, who_is_signed_in},
};

/// U6-14
pub const MALFORMED: Check = Check {
    id: "U6-14",
    unit: Unit::Summary,
    title: "200 malformed callbacks give no session and no 5xx",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M19", "M23"],
    hint: "Every parameter of the callback may be missing, doubled or nonsense. Read them as optional, compare the state first, and answer 4xx \
           with a page. No unwrap(), no expect() on what a browser sent.",
    page: "unit-6/index.html#drill",
    app: AppUse::Shared,
    limit: Duration::from_secs(180),
    run: |stage| Box::pin(malformed(stage)),
};

/// Each browser sends a few only: an app may keep a cookie for each sign-in, and browsers keep 50.
const BROWSERS: usize = 10;
const CALLBACKS_EACH: usize = 20;
/// The app's own redirects, to a page that tells the error.
const MOST_REDIRECTS: usize = 5;
/// A message shows so much of a callback.
const LONGEST_SHOWN: usize = 240;

async fn malformed(stage: &Stage) -> Outcome {
    let dice = Dice::new(Entropy::derived(&["malformed callbacks", &stage.world().seed().to_string()]));
    let user = stage.client(0);
    for round in 0..BROWSERS {
        let foreign_state = begin_login(&mut stage.browser(), "/login").await?.state();
        let mut browser = stage.browser();
        for number in round * CALLBACKS_EACH..(round + 1) * CALLBACKS_EACH {
            let login = begin_login(&mut browser, "/login").await?;
            let address = browser.request("/getAToken", Accept::Html)?;
            let callback = made_up::callback(&dice, FLAWS[number % FLAWS.len()], address, &login, &foreign_state);
            refuses(&mut browser, number + 1, callback).await?;
        }
        // The honest half: whoever was on this machine before, the next person signs in.
        sign_in(&mut browser, &user).await?;
    }
    Ok(())
}

async fn refuses(browser: &mut Browser, number: usize, callback: Malformed) -> Outcome {
    let body = callback.request.body.as_ref().map(|body| {
        let content_type = body.content_type.as_deref().unwrap_or("none");
        format!(" with Content-Type {content_type} and {}", shortened(&String::from_utf8_lossy(&body.bytes)))
    });
    let shown = format!("{} {}{}", callback.request.method, shortened(callback.request.url.as_str()), body.unwrap_or_default());
    let sent = format!("Malformed callback {number} of {}, {}:\n{shown}", BROWSERS * CALLBACKS_EACH, callback.flaw);
    let failed = |received: String, why: &str| {
        let expected = "an answer below 500, best a page with status 400 that offers a new sign-in; and nobody is signed in";
        Failure::new(&*sent, received, expected, why)
    };
    let answer = deliver(browser, callback).await;
    let received = match answer {
        Ok(page) if page.status() < 500 => None,
        Ok(page) => Some(describe(&page)),
        Err(error @ (BrowserError::NoAnswer { .. } | BrowserError::TooSlow { .. })) => {
            Some(format!("{error}. A handler that panics drops the connection."))
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(received) = received {
        let why = "Anybody can send anything to this address, and scanners do so day and night. 5xx says that the app is broken: it wakes the \
                   operator for nothing, and hides the night on which the app really breaks.";
        return Err(failed(received, why).shows(Some("M23")).into());
    }
    if who_is_signed_in(browser).await?.is_some() {
        let received = "Afterwards somebody is signed in: /me (JSON) answered 200.".to_owned();
        let why = "A session begins with the provider's answer to the request that this very browser sent: the right state, and a code for \
                   which the provider gives tokens. Nothing else begins one.";
        let failure = failed(received, why).shows(Some("M19"));
        return Err(failure.attack("a session without the identity provider, or in an account of the attacker's choice").into());
    }
    Ok(())
}

/// Sends the callback. A redirect to a page of the app is followed; one that begins a new sign-in at the provider is not.
async fn deliver(browser: &mut Browser, callback: Malformed) -> Result<Page, BrowserError> {
    let mut page = browser.send(callback.request).await?;
    for _ in 0..MOST_REDIRECTS {
        match page.redirect()? {
            Some(next) if browser.site(&next.url) == Some(Site::App) => page = browser.send(next).await?,
            _ => break,
        }
    }
    Ok(page)
}

/// The beginning, in letters that a terminal can show.
fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(LONGEST_SHOWN).collect::<String>().escape_debug().to_string();
    let rest = text.chars().count().saturating_sub(LONGEST_SHOWN);
    if rest > 0 {
        shown += &format!("… and {rest} more letters");
    }
    shown
}
