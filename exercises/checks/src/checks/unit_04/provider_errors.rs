//! U4-16 and U4-17: the provider says no.

use mock_idp::{
    Fault,
    testing::browser::{Consent, Page, Request, SignIn},
};

use super::callback::shown;
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{authorize, begin_login, deliver, describe, has_heading, sign_in, who_is_signed_in},
    world::World,
    world::people::Casting,
};

/// Fabrikam's one user.
const STRANGER: &str = "finn@fabrikam.example";

/// U4-16
pub const OTHER_TENANT: Check = Check {
    id: "U4-16",
    unit: Unit::SignIn,
    title: "a user of another tenant, or a disabled one, gets no session",
    points: 2,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M23", "M42"],
    hint: "Use the tenant's own authority, as AUTHORITY says, and not `common`. The provider then refuses strangers, on its own page.",
    page: "unit-4/roles-and-ownership.html#other-tenant",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(other_tenant(stage)),
};

async fn other_tenant(stage: &Stage) -> Outcome {
    let disabled = stage.invite(1, Casting { enabled: false, ..Casting::employee(&[]) });
    for (who, username) in [("a user of another tenant", STRANGER), ("a disabled user", disabled.username.as_str())] {
        let mut browser = stage.browser();
        let login = begin_login(&mut browser, "/login").await?;
        let sent = format!("{who} ({username}) tried to sign in:\n{}", login.shown());
        let failed = |received: String| -> Problem {
            Failure::new(
                &*sent,
                received,
                "the provider refuses on a page of its own; back in the app nobody is signed in, and the front page works",
                "This app is for one tenant. With its own authority the provider does the refusing.",
            )
            .attack("a session in ABC's portal for anybody who has an account anywhere")
            .into()
        };
        if let SignIn::Returns(request) = browser.sign_in(login.request.clone(), username, Consent::Accept).await? {
            if request.parameter("error").is_none() {
                return Err(failed(format!("The provider sent the browser back with a code: {}", shown(&request))));
            }
            browser.go(request).await?;
        }
        // The user goes back to the app by hand.
        let front = browser.open("/").await?;
        if front.status() != 200 {
            return Err(failed(format!("Back at the front page: {}", describe(&front))));
        }
        if who_is_signed_in(&mut browser).await?.is_some() {
            return Err(failed("Afterwards somebody is signed in.".to_owned()));
        }
    }
    sign_in(&mut stage.browser(), &stage.client(0)).await.map(|_| ())
}

/// U4-17
pub const FRIENDLY_ERRORS: Check = Check {
    id: "U4-17",
    unit: Unit::SignIn,
    title: "an error from the provider gives a friendly page with escaped text",
    points: 4,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M23", "M34"],
    hint: "The callback may carry `error` and `error_description` instead of a code. Show a page with a heading and a way to try again; its \
           text goes through your template's escaping.",
    page: "unit-4/callback.html#errors",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(friendly_errors(stage)),
};

const MARKUP: &str = "<img src=x onerror=\"alert(1)\"><script>alert(2)</script>";

async fn friendly_errors(stage: &Stage) -> Outcome {
    let user = stage.client(0);
    let app_id = &stage.world().registration().app_id;
    for (fault, error) in
        [(Fault::AccessDenied, "access_denied"), (Fault::ConsentRequired, "consent_required"), (Fault::ServerError, "server_error")]
    {
        let mut browser = stage.browser();
        let login = begin_login(&mut browser, "/login").await?;
        let injected = stage.world().idp().inject(fault.once().for_app(app_id).for_user(&user.username));
        let callback = authorize(&mut browser, &login, &user).await;
        stage.world().idp().faults().remove(injected);
        let callback = callback?;
        if callback.parameter("error").as_deref() != Some(error) {
            return Err(Problem::Broken(format!("the provider was told to answer {error} and sent {}", shown(&callback))));
        }
        let page = deliver(&mut browser, callback.clone()).await?;
        judge_page(&callback, &page)?;
        if who_is_signed_in(&mut browser).await?.is_some() {
            return Err(failure(&callback, format!("{} Afterwards somebody is signed in.", describe(&page)), "no session after an error"));
        }

        // The same answer with the provider's text replaced: anybody can write into an address.
        let mut browser = stage.browser();
        let login = begin_login(&mut browser, "/login").await?;
        let state = login.state();
        let mut written: Request = callback.with_parameter("state", &state).with_parameter("error_description", MARKUP);
        if fault == Fault::ServerError {
            written = written.with_parameter("error", MARKUP);
        }
        let page = deliver(&mut browser, written.clone()).await?;
        judge_page(&written, &page)?;
        // The same person tries again, in the same browser.
        sign_in(&mut browser, &user).await?;
    }
    provider_in_trouble(stage).await?;
    declined_consent(stage).await
}

/// The browser came back with a code, and the provider cannot do its part now. In a world of its own: these faults strike everybody.
async fn provider_in_trouble(stage: &Stage) -> Outcome {
    let world = World::build(Unit::SignIn, stage.world().seed(), stage.command().authority).await;
    let stage = stage.in_world(world.map_err(|error| Problem::Broken(error.to_string()))?);
    let app = stage.start(&stage.environment()).await?;
    let user = stage.client(0);
    for (fault, trouble) in [(Fault::TokenError, "the token endpoint answered 503"), (Fault::KeysUnavailable, "the key set answered 503")] {
        let mut browser = stage.browser_for(&app);
        let login = begin_login(&mut browser, "/login").await?;
        let callback = authorize(&mut browser, &login, &user).await?;
        let fault = stage.world().idp().inject(fault.always());
        let page = deliver(&mut browser, callback).await;
        stage.world().idp().faults().remove(fault);
        let received = match page {
            Ok(page) if page.status() != 500 && has_heading(&page) => continue,
            Ok(page) => describe(&page),
            Err(error) => error.to_string(),
        };
        let why = "The provider has bad minutes. The person should learn that it is not her fault, and that she may try again.";
        let sent = format!("A callback with a good code; {trouble}.");
        return Err(Failure::new(sent, received, "a page with a heading, and a status other than 500", why).into());
    }
    // When the app asks the provider again is left to it: MSAL leaves a provider in trouble alone for a minute.
    Ok(())
}

/// A person presses "Cancel" on the consent page.
async fn declined_consent(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    let login = begin_login(&mut browser, "/login").await?;
    // A person who never consented before.
    let user = stage.client(2);
    if let SignIn::Returns(callback) = browser.sign_in(login.request, &user.username, Consent::Cancel).await?
        && callback.parameter("error").is_some()
    {
        let page = deliver(&mut browser, callback.clone()).await?;
        judge_page(&callback, &page)?;
        if who_is_signed_in(&mut browser).await?.is_some() {
            return Err(failure(&callback, "Afterwards somebody is signed in.".to_owned(), "no session after declined consent"));
        }
    }
    Ok(())
}

fn judge_page(callback: &Request, page: &Page) -> Outcome {
    let is_from_outside = callback.parameter("error").is_some_and(|error| error == "server_error");
    // An app may say with 502 or 503 that its provider is at fault; 500 says that the app itself broke.
    let status_is_fine = page.status() < 500 || (is_from_outside && matches!(page.status(), 502..=504));
    if !status_is_fine {
        return Err(failure(callback, describe(page), "a page with a status below 500"));
    }
    if !has_heading(page) {
        return Err(failure(callback, describe(page), "an HTML page with a heading (h1) that says what happened"));
    }
    let body = page.body();
    if body.contains("<img src=x") || body.contains("<script>alert(2)") {
        let received = format!("{} The page holds the markup of error_description as it came.", describe(page));
        return Err(failure(callback, received, "the provider's text escaped, or not shown at all"));
    }
    Ok(())
}

fn failure(callback: &Request, received: String, expected: &str) -> Problem {
    Failure::new(
        format!("The provider's answer was an error:\n{}", shown(callback)),
        received,
        expected,
        "Errors are ordinary: people press Cancel, administrators forbid, services have bad days (RFC 6749 §4.1.2.1). And the text arrives \
         through the browser, so anybody can have written it.",
    )
    .attack("A link with a script in error_description runs in your page, in the name of whoever opens it.")
    .into()
}
