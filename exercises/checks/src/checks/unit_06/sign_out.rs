//! U6-13: sign-out ends everything of one browser, and nothing of anybody else.
//!
//! What becomes of the same person's session in another browser the course leaves open: an app that ends all of them is right, and so is
//! one that ends the one where the button was pressed. Only a session that is half ended is wrong.

use std::time::Duration;

use mock_idp::testing::browser::{Browser, Consent, Request, SignIn, Site};

use crate::{
    check::{AppUse, Check},
    checks::{
        unit_04::logout::goes_to_the_provider,
        unit_05::visiting::{profile_json, see_profile},
    },
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{begin_login, describe, sign_in, who_is_signed_in},
    world::people::Person,
};

/// U6-13
pub const SIGN_OUT: Check = Check {
    id: "U6-13",
    unit: Unit::Summary,
    title: "sign-out leaves nothing behind, and takes nothing from others",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M27", "M28"],
    hint: "POST /logout forgets the session on the server, with its tokens, takes the cookie away and goes to end_session_endpoint. It touches \
           this one session only. Protected pages are sent with no-store.",
    page: "unit-4/session-and-logout.html#logout",
    app: AppUse::Shared,
    limit: Duration::from_secs(90),
    run: |stage| Box::pin(sign_out(stage)),
};

/// What a client looks at.
const PAGES: [&str; 3] = ["/me", "/my/policies", "/profile"];

async fn sign_out(stage: &Stage) -> Outcome {
    let (user, colleague) = (stage.client(0), stage.client(1));
    let (mut at_work, mut at_home, mut of_colleague) = (stage.browser(), stage.browser(), stage.browser());
    for (browser, person) in [(&mut at_work, &user), (&mut at_home, &user), (&mut of_colleague, &colleague)] {
        sign_in(browser, person).await?;
        see_profile(browser, person, "One person is signed in in two browsers, a colleague in a third.").await?;
    }
    no_page_is_kept(&mut at_work, &user).await?;
    let copy = at_work.clone();

    let old_form = press_sign_out(stage, &mut at_work, &user).await?;
    is_signed_out(&mut at_work, "The user pressed the sign-out button. In the same browser she").await?;
    the_provider_asks_again(&mut at_work).await?;
    a_copied_cookie_is_worthless(stage, copy).await?;
    // A double click, or a page that was open in a second tab.
    let again = at_work.send(old_form).await?;
    if again.status() >= 500 {
        let expected = "a status below 500: nobody is signed in here, and so it stays";
        return Err(failure("The sign-out form was sent a second time.", describe(&again), expected, "People click twice.").into());
    }
    the_colleague_goes_on(&mut of_colleague, &colleague).await?;
    the_other_browser_is_whole(&mut at_home, &user).await?;

    press_sign_out(stage, &mut at_home, &user).await?;
    is_signed_out(&mut at_home, "The user had signed out in one browser, and then pressed the sign-out button in her other one. There she")
        .await?;
    the_colleague_goes_on(&mut of_colleague, &colleague).await?;
    // The next person at the same computer.
    sign_in(&mut at_work, &stage.client(2)).await.map(|_| ())
}

/// The Back button shows what the browser has kept (RFC 9111 §5.2.2.5).
async fn no_page_is_kept(browser: &mut Browser, user: &Person) -> Outcome {
    for address in PAGES {
        let page = browser.get(address).await?;
        let cache_control = page.header("cache-control").unwrap_or("missing").to_ascii_lowercase();
        if page.status() == 200 && cache_control.contains("no-store") {
            continue;
        }
        return Err(failure(
            &format!("The signed-in user {} opened {address}.", user.username),
            format!("{} Cache-Control is {cache_control}.", describe(&page)),
            "200, with Cache-Control: no-store",
            "After the sign-out the Back button shows the page once more, from the browser's memory, to whoever sits there now.",
        )
        .into());
    }
    Ok(())
}

/// Presses the button on `/me` and goes all the way, to the provider and home. Returns the request that the button sent.
async fn press_sign_out(stage: &Stage, browser: &mut Browser, user: &Person) -> Result<Request, Problem> {
    let page = browser.open("/me").await?;
    let Some(form) = page.form_to("/logout") else {
        let why = "Sign-out is the form of unit 4.";
        return Err(failure("A signed-in user opened /me.", describe(&page), "a form with action=\"/logout\"", why).into());
    };
    let request = form.submit(&page);
    let answer = browser.send(request.clone()).await?;
    let Some(next) = browser.next(&answer)? else {
        return Err(failure(
            "The user pressed the sign-out button.",
            describe(&answer),
            "a redirect to the provider's end_session_endpoint",
            "The provider has a session of its own. While it lives, the next person at this computer is signed in without a question.",
        )
        .into());
    };
    goes_to_the_provider(stage, &next.url)?;
    let last = match browser.sign_in(next, &user.username, Consent::Accept).await? {
        SignIn::Returns(request) => browser.go(request).await?,
        SignIn::Stays(page) => *page,
    };
    if browser.site(last.url()) != Some(Site::App) || last.status() != 200 {
        let sent = "The browser followed the sign-out to the provider and back.";
        let why = "The user should end where she can begin again.";
        return Err(failure(sent, describe(&last), "the app's front page, with status 200", why).into());
    }
    Ok(request)
}

async fn is_signed_out(browser: &mut Browser, circumstances: &str) -> Outcome {
    for address in PAGES {
        let json = browser.get_json(address).await?;
        let html = browser.get(address).await?;
        if json.status() == 401 && html.status() != 200 {
            continue;
        }
        return Err(failure(
            &format!("{circumstances} opened {address}, as JSON and as a page."),
            format!("{}\n{}", describe(&json), describe(&html)),
            "401 for JSON, and the way to the sign-in for a page",
            "Whoever signs out trusts that nobody can go on in that browser.",
        )
        .into());
    }
    Ok(())
}

async fn the_provider_asks_again(browser: &mut Browser) -> Outcome {
    let login = begin_login(browser, "/login").await?;
    let page = browser.go(login.request).await?;
    if browser.site(page.url()) == Some(Site::Provider) {
        return Ok(());
    }
    Err(failure(
        "After the sign-out somebody opened /login in the same browser.",
        format!("The provider signed the user in again without a question. {}", describe(&page)),
        "the provider asks who signs in",
        "The session at the provider was not ended.",
    )
    .into())
}

/// In the profile `core` an app may keep its sessions in signed cookies, which no server can take back by itself.
async fn a_copied_cookie_is_worthless(stage: &Stage, mut copy: Browser) -> Outcome {
    if stage.profile() == Profile::Core {
        return Ok(());
    }
    for address in PAGES {
        let page = copy.get_json(address).await?;
        if page.status() == 401 {
            continue;
        }
        return Err(failure(
            &format!("The user signed out. A copy of her cookies, made before that, was used to open {address} as JSON."),
            describe(&page),
            "401: the server has forgotten the session",
            "Deleting the cookie ends the session in one browser only. Whoever copied the cookie keeps it.",
        )
        .into());
    }
    Ok(())
}

/// Who did not sign out notices nothing: the session is there, and so are its tokens.
async fn the_colleague_goes_on(browser: &mut Browser, colleague: &Person) -> Outcome {
    let circumstances = "Another user signed out, in another browser.";
    let why = "One person's sign-out is nobody else's business. A store that is emptied as a whole throws everybody out, at every sign-out \
               of anybody.";
    let me = who_is_signed_in(browser).await?;
    let oid = me.as_ref().and_then(|me| me["oid"].as_str()).unwrap_or("nobody");
    let profile = match oid == colleague.object_id {
        true => profile_json(browser, circumstances, why).await?,
        false => {
            let sent = format!("{circumstances} Her colleague {} asked for /me as JSON.", colleague.username);
            let expected = format!("the oid {}, as before", colleague.object_id);
            return Err(Failure::new(sent, format!("/me names {oid}."), expected, why).shows(Some("M27")).into());
        }
    };
    if profile["id"] == colleague.object_id.as_str() {
        return Ok(());
    }
    let sent = format!("{circumstances} Her colleague {} opened /profile as JSON.", colleague.username);
    let failure = Failure::new(sent, format!("It names the id {}.", profile["id"]), format!("the id {}", colleague.object_id), why);
    Err(failure.shows(Some("M27")).attack("the profile of another person").into())
}

/// In her other browser the user is still signed in, or no longer. Either way she sees her own, in the end.
async fn the_other_browser_is_whole(browser: &mut Browser, user: &Person) -> Outcome {
    let circumstances = "The user signed out in one browser, and was signed in in another one as well.";
    if let Some(me) = who_is_signed_in(browser).await?
        && me["oid"] != user.object_id.as_str()
    {
        let sent = format!("{circumstances} There she asked for /me as JSON.");
        let expected = format!("the oid {}, or 401 if this app ends all of a person's sessions", user.object_id);
        let why = "A session belongs to one person, or it is gone.";
        return Err(Failure::new(sent, format!("/me names the oid {}.", me["oid"]), expected, why).shows(Some("M27")).into());
    }
    see_profile(browser, user, circumstances).await.map(|_| ())
}

fn failure(sent: &str, received: String, expected: &str, why: &str) -> Failure {
    Failure::new(sent, received, expected, why)
        .shows(Some("M28"))
        .attack("The next person at a shared computer, or whoever copied the cookie, goes on in this user's name.")
}
