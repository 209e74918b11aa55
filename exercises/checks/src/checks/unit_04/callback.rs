//! U4-07 and U4-08: which answers of the provider the app accepts.

use mock_idp::{
    Fault,
    testing::browser::{Browser, Page, Request},
};

use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{authorize, begin_login, deliver, describe, describe_error, has_heading, sign_in, who_is_signed_in},
    world::people::Person,
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
    for tampering in ["changed", "lengthened", "shortened", "in the other case", "missing", "empty"] {
        let mut browser = stage.browser();
        let login = begin_login(&mut browser, "/login").await?;
        let honest = authorize(&mut browser, &login, &user).await?;
        let callback = match tampering {
            "missing" => honest.without_parameter("state"),
            "empty" => honest.with_parameter("state", ""),
            "lengthened" => honest.with_parameter("state", &format!("{}A", login.state())),
            "shortened" => honest.with_parameter("state", login.state().split_at(login.state().len() / 2).0),
            "in the other case" => honest.with_parameter("state", &other_case(&login.state())),
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
    let answer = deliver(browser, callback).await?;
    if who_is_signed_in(browser).await?.is_none() {
        return judge_refusal(&answer, sent);
    }
    Err(Failure::new(
        sent,
        format!("{} Afterwards somebody is signed in.", describe(&answer)),
        "no session: /me as JSON answers 401",
        "state says whether this answer belongs to the login that this very browser began (RFC 6749 §10.12).",
    )
    .attack(WRONG_SIGN_IN)
    .into())
}

/// A refusal is an answer for a person, whose browser asked: a page, or the way to a new sign-in. 500 says that the app itself broke.
pub(super) fn judge_refusal(answer: &Page, sent: String) -> Outcome {
    if matches!(answer.status(), 500 | 501) || (answer.status() >= 400 && !has_heading(answer)) {
        let why = "The answer came through the browser, where anybody can have changed it. It is no fault of the app, and a person sees the page.";
        let expected = "a page with a heading and a status below 500, or a redirect to a new sign-in";
        return Err(Failure::new(sent, describe(answer), expected, why).into());
    }
    Ok(())
}

/// Another value of the same form.
fn changed(state: &str) -> String {
    let mut letters: Vec<char> = state.chars().collect();
    if let Some(first) = letters.first_mut() {
        *first = if *first == 'A' { 'B' } else { 'A' };
    }
    letters.into_iter().collect()
}

/// The same letters, small ones capital and the other way round.
fn other_case(state: &str) -> String {
    let other = |letter: char| if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() };
    let swapped: String = state.chars().map(other).collect();
    // A state of digits alone has no other case.
    if swapped == state { changed(state) } else { swapped }
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

    let replayed = deliver(&mut browser, callback.clone()).await;
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
    let replayed = deliver(&mut copy, callback.clone()).await;
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
    after_a_refused_token(stage, &user).await
}

/// An answer whose ID token was refused has been used, too.
async fn after_a_refused_token(stage: &Stage, user: &Person) -> Outcome {
    let mut browser = stage.browser();
    let login = begin_login(&mut browser, "/login").await?;
    let callback = authorize(&mut browser, &login, user).await?;
    let app_id = &stage.world().registration().app_id;
    stage.world().idp().inject(Fault::WrongNonce.once().for_app(app_id).for_user(&user.username));
    deliver(&mut browser, callback.clone()).await?;
    if who_is_signed_in(&mut browser).await?.is_some() {
        // An app that accepts such a token fails U4-09, which explains it.
        return Ok(());
    }
    let again = deliver(&mut browser, callback.clone()).await?;
    let redemptions = stage.world().token_requests(&login.request).len();
    if redemptions > 1 || who_is_signed_in(&mut browser).await?.is_some() {
        return Err(Failure::new(
            format!(
                "The ID token of a sign-in had a wrong nonce. Then the browser opened the same callback once more:\n{}",
                shown(&callback)
            ),
            format!("{} The code was redeemed {redemptions} times.", describe(&again)),
            "the pending login is taken away before the code is redeemed: a second try finds nothing",
            "Whoever may try again as often as he likes tries until something gives.",
        )
        .into());
    }
    Ok(())
}
