//! U4-07 and U4-08: which answers of the provider the app accepts.

use mock_idp::testing::browser::{Browser, Request};

use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{authorize, begin_login, describe_error, sign_in, who_is_signed_in},
};

/// U4-07
pub const STATE: Check = Check {
    id: "U4-07",
    unit: Unit::SignIn,
    title: "a callback with a wrong, missing or foreign state is refused",
    points: 6,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M19"],
    hint: "Keep the state in a record that belongs to this browser (by a cookie), and compare it with the state of the callback before \
           anything else.",
    page: "unit-4/callback.html#state",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(state_is_compared(stage)),
};

const WRONG_SIGN_IN: &str = "An attacker begins a sign-in with his own account, keeps the last address, and gets you to open it. Your browser is then \
     signed in as the attacker, and what you enter lands in his account.";

async fn state_is_compared(stage: &Stage) -> Outcome {
    let user = stage.client(0);
    for tampering in ["changed", "missing", "empty"] {
        let mut browser = stage.browser();
        let login = begin_login(&mut browser, "/login").await?;
        let honest = authorize(&mut browser, &login, &user).await?;
        let callback = match tampering {
            "missing" => honest.without_parameter("state"),
            "empty" => honest.with_parameter("state", ""),
            _ => honest.with_parameter("state", &changed(&login.state())),
        };
        let sent = format!("The callback of an honest sign-in, with its state {tampering}:\n{}", shown(&callback));
        refuses(&mut browser, callback, sent).await?;
    }

    // The attacker's own, unused callback in browsers of other people: one that has a login under way, and one that has none.
    for victim_begins in [true, false] {
        let mut attacker = stage.browser();
        let login = begin_login(&mut attacker, "/login").await?;
        let callback = authorize(&mut attacker, &login, &user).await?;
        let mut victim = stage.browser();
        let circumstances = if victim_begins {
            begin_login(&mut victim, "/login").await?;
            "another browser, in which another login is under way"
        } else {
            "another browser, in which no login is under way"
        };
        let sent = format!("The callback of one browser's sign-in, opened in {circumstances}:\n{}", shown(&callback));
        refuses(&mut victim, callback, sent).await?;
    }
    sign_in(&mut stage.browser(), &user).await.map(|_| ())
}

async fn refuses(browser: &mut Browser, callback: Request, sent: String) -> Outcome {
    let answer = browser.go(callback).await;
    if who_is_signed_in(browser).await?.is_none() {
        return Ok(());
    }
    Err(Failure::new(
        sent,
        format!("{} Afterwards somebody is signed in.", describe_error(&answer)),
        "no session: /me as JSON answers 401",
        "state says whether this answer belongs to the login that this very browser began (RFC 6749 §10.12).",
    )
    .attack(WRONG_SIGN_IN)
    .into())
}

/// Another value of the same form.
fn changed(state: &str) -> String {
    let mut letters: Vec<char> = state.chars().collect();
    if let Some(first) = letters.first_mut() {
        *first = if *first == 'A' { 'B' } else { 'A' };
    }
    letters.into_iter().collect()
}

/// A callback as a message may show it.
pub(super) fn shown(callback: &Request) -> String {
    match &callback.form {
        Some(form) => format!("POST {} with {}", redact::url(&callback.url), redact::parameters(form)),
        None => format!("GET {}", redact::url(&callback.url)),
    }
}

/// U4-08
pub const REPLAY: Check = Check {
    id: "U4-08",
    unit: Unit::SignIn,
    title: "a callback that was used is refused and its code is not redeemed again",
    points: 4,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M22"],
    hint: "Remove the record of the pending login when its callback arrives. A second callback then finds nothing to compare with.",
    page: "unit-4/callback.html#replay",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(replay(stage)),
};

async fn replay(stage: &Stage) -> Outcome {
    let user = stage.client(0);
    let mut browser = stage.browser();
    let login = begin_login(&mut browser, "/login").await?;
    let callback = authorize(&mut browser, &login, &user).await?;
    // Whoever holds a copy of the cookies as they were before the callback: a thief, or a second tab.
    let mut copy = browser.clone();
    browser.go(callback.clone()).await?;
    if who_is_signed_in(&mut browser).await?.is_none() {
        // The honest half of this check. U4-06 explains it better than a replay could.
        return sign_in(&mut stage.browser(), &user).await.map(|_| ());
    }

    let replayed = browser.go(callback.clone()).await;
    let redemptions = stage.world().token_requests(&login.request).len();
    if redemptions > 1 {
        return Err(Failure::new(
            format!("The browser opened the callback of its finished sign-in once more:\n{}", shown(&callback)),
            format!("{} The code was redeemed {redemptions} times.", describe_error(&replayed)),
            "a refusal without asking the provider again: the code of one login is redeemed once",
            "A provider that sees a code twice must suspect theft, and may revoke every token that the first redemption gave \
             (RFC 6749 §4.1.2).",
        )
        .into());
    }
    let replayed = copy.go(callback.clone()).await;
    if who_is_signed_in(&mut copy).await?.is_some() {
        return Err(Failure::new(
            format!("A copy of the browser, as it was before the callback, opened the same callback a second time:\n{}", shown(&callback)),
            format!("{} Afterwards it is signed in.", describe_error(&replayed)),
            "no session: the answer of one login is good for one session",
            "An address with a code stays in the browser's history and in logs. It must be worthless after its first use.",
        )
        .attack("a session of the person whose used callback was found")
        .into());
    }
    Ok(())
}
