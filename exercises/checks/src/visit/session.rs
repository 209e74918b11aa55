//! A whole sign-in, and the question whether somebody is signed in.

use mock_idp::testing::browser::{Browser, Page, Request};
use serde_json::Value;

use super::{Login, authorize, begin_login, describe};
use crate::{
    verdict::{Failure, Problem},
    world::people::Person,
};

/// A sign-in that succeeded.
#[derive(Debug)]
pub struct SignedIn {
    /// The authorize request.
    pub login: Login,
    /// The request that brought the answer to the app.
    pub callback: Request,
    /// The app's answer to it, before any redirect was followed.
    pub answer: Page,
    /// The page on which the browser arrived.
    pub landing: Page,
    /// What `/me` says, as JSON.
    pub me: Value,
}

/// Signs `user` in, honestly.
///
/// # Errors
/// When the app does not let the user in, or takes her for somebody else.
pub async fn sign_in(browser: &mut Browser, user: &Person) -> Result<SignedIn, Problem> {
    sign_in_from(browser, user, "/login").await
}

/// The same, beginning at `path`.
///
/// # Errors
/// As [`sign_in`].
pub async fn sign_in_from(browser: &mut Browser, user: &Person, path: &str) -> Result<SignedIn, Problem> {
    let login = begin_login(browser, path).await?;
    let callback = authorize(browser, &login, user).await?;
    let answer = browser.send(callback.clone()).await?;
    let landing = match browser.next(&answer)? {
        Some(next) => browser.go(next).await?,
        None => answer.clone(),
    };
    let Some(me) = who_is_signed_in(browser).await? else {
        return Err(not_signed_in(&login, &callback, &answer, &landing).into());
    };
    if me["oid"] != user.object_id.as_str() {
        return Err(Failure::new(
            format!("{} (oid {}) signed in, then asked for /me as JSON.", user.username, user.object_id),
            format!("/me names the oid {}.", me["oid"]),
            format!("the oid {}", user.object_id),
            "A person who signs in must find herself in her own session, and in nobody else's.",
        )
        .attack("the pages and the data of another person")
        .into());
    }
    Ok(SignedIn { login, callback, answer, landing, me })
}

fn not_signed_in(login: &Login, callback: &Request, answer: &Page, landing: &Page) -> Failure {
    let mut received = describe(answer);
    if landing.url() != answer.url() {
        received += &format!("\n{}", describe(landing));
    }
    received += "\nAfterwards /me (JSON) did not answer 200: nobody is signed in.";
    let mode = match (callback.form.is_some(), callback.url.fragment().is_some()) {
        (true, _) => "form_post",
        (_, true) => "fragment",
        _ => "query",
    };
    let why = match mode {
        "fragment" => {
            "The part of an address behind # stays in the browser, so a web app on a server never sees it. Ask for \
             response_mode=query or form_post."
        }
        "form_post" => {
            "A form that the provider's page sends is a cross-site POST. Browsers send only cookies with SameSite=None; Secure with \
             it. Either set the cookie of the pending login so, or ask for response_mode=query, where SameSite=Lax is enough."
        }
        _ => "A person who proved who she is must get a session, or the app is of no use to her.",
    };
    Failure::new(
        format!("An honest sign-in (response mode {mode}) that began with\n{}", login.shown()),
        received,
        "a session: after the callback /me answers 200 with the user's facts",
        why,
    )
}

/// What `/me` says as JSON; `None` if it does not answer 200.
///
/// # Errors
/// When `/me` answers 5xx, or 200 without JSON.
pub async fn who_is_signed_in(browser: &mut Browser) -> Result<Option<Value>, Problem> {
    let page = browser.get_json("/me").await?;
    let expected = "200 with JSON for somebody who is signed in, 401 for anybody else";
    let why = "/me with Accept: application/json is how programs, and this grader, ask who is signed in.";
    match (page.status(), page.json()) {
        (200, Some(facts)) => Ok(Some(facts)),
        (200, None) | (500.., _) => Err(Failure::new("GET /me with Accept: application/json", describe(&page), expected, why).into()),
        _ => Ok(None),
    }
}
