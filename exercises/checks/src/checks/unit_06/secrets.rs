//! U6-06 and U6-07: the app's secret is exchanged, and a secret expires.

use std::time::Duration;

use mock_idp::{
    Directory,
    random::{Entropy, derived_guid},
    testing::browser::{Browser, Page},
};

use super::own_stage;
use crate::{
    app_process::AppProcess,
    check::{AppUse, Check},
    checks::{
        unit_04::confidentiality::leak,
        unit_05::{confidentiality::in_called_address, short_token::sign_in_with_ended_token, visiting::see_profile},
    },
    stage::Stage,
    stopwatch::Stopwatch,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{
        authorize, describe, has_heading,
        login::{Door, open_login},
        sign_in, who_is_signed_in,
    },
    world::{World, people::Person},
};

/// U6-06
pub const EXCHANGED: Check = Check {
    id: "U6-06",
    unit: Unit::Summary,
    title: "the secret is exchanged by a restart, while two are valid",
    points: 3,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M06", "M40"],
    hint: "The app reads CLIENT_SECRET at each start and keeps no copy anywhere else.",
    page: "unit-6/index.html#drill",
    app: AppUse::Fresh,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(exchanged(stage)),
};

async fn exchanged(stage: &Stage) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| Problem::Broken(error.to_string()))?;
    let stage = own_stage(stage, 1).await?;
    let app = stage.start_in(folder.path(), &stage.environment()).await?;
    sign_in(&mut stage.browser_for(&app), &stage.client(0)).await?;
    drop(app);

    let new = add_secret(stage.world())?;
    stage.conceal(&new);
    let app = stage.start_in(folder.path(), &stage.environment().with_client_secret(&new)).await.map_err(with_new_secret)?;
    let (user, mut browser) = (stage.client(0), stage.browser_for(&app));
    sign_in_with_ended_token(stage.world(), &mut browser, &user).await.map_err(with_new_secret)?;
    remove_first_secret(stage.world());
    // Who is at work notices nothing: the refresh goes with the new secret as well.
    see_profile(&mut browser, &user, "Her access token had ended meanwhile.").await.map_err(with_new_secret)?;
    sign_in(&mut stage.browser_for(&app), &stage.client(1)).await.map_err(with_new_secret)?;
    Ok(())
}

fn with_new_secret(problem: Problem) -> Problem {
    let Problem::Failed(failure) = problem else { return problem };
    Failure {
        sent: format!(
            "The app registration was given a second secret, and the app was started with it, in the same folder. Then the first secret was removed.\n{}",
            failure.sent
        ),
        why: "A secret has to be exchanged before it ends, and at once when somebody has seen it. Two are valid for a while so that nobody notices: this \
              works only if the app uses the one that it is given."
            .to_owned(),
        ..*failure
    }
    .into()
}

/// U6-07
pub const EXPIRED: Check = Check {
    id: "U6-07",
    title: "an expired secret is told to the operator, and nothing leaks",
    points: 5,
    misconceptions: &["M06", "M26"],
    hint: "The token endpoint answers invalid_client with the number 7000222. Print which setting has expired, and never its value; show the visitor a \
           friendly page.",
    page: "unit-6/exercise.html#operator-message",
    limit: Duration::from_secs(90),
    run: |stage| Box::pin(expired(stage)),
    ..EXCHANGED
};

/// So long an app may take to print what it has found out.
const PRINTED_WITHIN: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

async fn expired(stage: &Stage) -> Outcome {
    let stage = own_stage(stage, 1).await?;
    let user = stage.client(0);
    // The honest half: whoever says "expired" every time says nothing.
    let app = stage.start(&stage.environment()).await?;
    sign_in(&mut stage.browser_for(&app), &user).await?;
    if tells_of_expiry(&app) {
        let text = "With a secret that was good the app printed that it had expired.";
        return Err(failed(text, "no word about an expired secret while it is good"));
    }
    drop(app);

    wrong_secret_is_not_called_expired(&stage, &user).await?;

    expire_secrets(stage.world());
    let app = stage.start(&stage.environment()).await.map_err(with_expired_secret)?;
    let mut browser = stage.browser_for(&app);
    let page = try_to_sign_in(&mut browser, &user).await.map_err(|problem| with_end_of(&app, problem))?;
    if who_is_signed_in(&mut browser).await?.is_some() {
        return Err(failed(
            &format!("{} Afterwards somebody is signed in.", describe(&page)),
            "no session: the code could not be redeemed",
        ));
    }
    // 502 to 504 say that the provider is at fault, 500 that the app itself broke.
    if !has_heading(&page) || !matches!(page.status(), 200..500 | 502..=504) {
        return Err(failed(
            &format!("The person who tried to sign in got: {}", describe(&page)),
            "an HTML page with a heading (h1) that says that signing in is not possible; its status is not 500",
        ));
    }
    let waited = Stopwatch::start();
    while !tells_of_expiry(&app) && waited.elapsed() < PRINTED_WITHIN {
        tokio::time::sleep(POLL).await;
    }
    needs_no_secret(&mut browser).await.map_err(|problem| with_end_of(&app, problem))?;
    nothing_leaks(stage.world(), &app, &browser, &page)?;
    if tells_of_expiry(&app) {
        return Ok(());
    }
    let half = match app.output().text().contains("7000222") {
        true => "The log has the provider's words, and nothing beside them that names the setting.",
        false => "After the start and a sign-in that failed, the log does not say what is wrong.",
    };
    Err(failed(
        &format!("{half} {}", app.output().tail()),
        "a message that names CLIENT_SECRET and says that it has expired (the word, or the number 7000222), on standard output or standard error",
    ))
}

/// A sign-in, as far as it gets. An app that knows of its secret may say so at `/login`, and send nobody to the provider in vain.
async fn try_to_sign_in(browser: &mut Browser, user: &Person) -> Result<Page, Problem> {
    needs_no_secret(browser).await?;
    match open_login(browser, "/login").await? {
        Door::Elsewhere(page) => Ok(*page),
        Door::Provider(login) => {
            let callback = authorize(browser, &login, user).await?;
            Ok(browser.go(callback).await?)
        }
    }
}

async fn needs_no_secret(browser: &mut Browser) -> Outcome {
    for path in ["/healthz", "/"] {
        let page = browser.open(path).await?;
        if page.status() != 200 {
            return Err(failed(&describe(&page), "200: whoever needs no sign-in is not concerned"));
        }
    }
    Ok(())
}

/// An app that has ended explains why it does not answer.
fn with_end_of(app: &AppProcess, problem: Problem) -> Problem {
    match (problem, app.exit_status()) {
        (Problem::Failed(failure), Some(status)) => failed(
            &format!("{}\nThe app has ended ({status}). {}", failure.received, app.output().tail()),
            "an app that goes on: people who are signed in, and pages that need no sign-in, are not concerned",
        ),
        (problem, _) => problem,
    }
}

/// A message that says the same of every refusal sends the operator to the wrong place.
async fn wrong_secret_is_not_called_expired(stage: &Stage, user: &Person) -> Outcome {
    let wrong = derived_guid(&[stage.check_id(), "a secret of nobody"]);
    let app = stage.start(&stage.environment().with_client_secret(&wrong)).await?;
    let mut browser = stage.browser_for(&app);
    try_to_sign_in(&mut browser, user).await.map_err(|problem| with_end_of(&app, problem))?;
    let waited = Stopwatch::start();
    while !app.output().text().contains("CLIENT_SECRET") && waited.elapsed() < Duration::from_secs(2) {
        tokio::time::sleep(POLL).await;
    }
    if !tells_of_expiry(&app) {
        return Ok(());
    }
    Err(Failure::new(
        "The app was started with a secret that was never one of the registration (AADSTS7000215).",
        "It printed that the secret has expired.",
        "expired only where the provider says so (AADSTS7000222)",
        "The operator makes a new secret in the night, and it does not help: the value was copied wrongly.",
    )
    .into())
}

/// The secret is nowhere, and what the provider told the app is not told to the visitor.
fn nothing_leaks(world: &World, app: &AppProcess, browser: &Browser, page: &Page) -> Outcome {
    let secret = ("The value of CLIENT_SECRET", world.registration().client_secret.clone());
    let secrets = [secret];
    if let Some(place) = leak(browser, &app.output().text(), &secrets).or_else(|| in_called_address(world, &secrets)) {
        let attack = "Whoever reads along is the app, as far as the provider can tell. The next secret goes the same way.";
        return Err(leaked(&place, "the name of the setting, and never its value", attack));
    }
    let text = page.texts("body").join(" ");
    for answer in world.idp().trace().token_requests().iter().filter(|request| request.status >= 400) {
        for name in ["error_description", "trace_id", "correlation_id"] {
            let value = answer.response.body[name].as_str().unwrap_or_default();
            // A description goes on with ids and the time: its first sentence is enough.
            let value = value.split(". ").next().unwrap_or_default();
            if !value.is_empty() && (text.contains(value) || page.body().contains(value)) {
                return Err(leaked(
                    &format!("{} It shows the {name} of the token endpoint's answer: {value}", describe(page)),
                    "a page in words of your own, and the provider's words in the log",
                    "A stranger learns which app has lost its secret, and calls its users in the name of the operator.",
                ));
            }
        }
    }
    Ok(())
}

fn leaked(received: &str, expected: &str, attack: &str) -> Problem {
    let Problem::Failed(failure) = failed(received, expected) else { unreachable!("it is a failure") };
    failure.attack(attack).shows(Some("M26")).into()
}

fn tells_of_expiry(app: &AppProcess) -> bool {
    names_setting_and_expiry(&app.output().text())
}

/// Whether a line that names the setting, or the one after it, says that it has expired.
fn names_setting_and_expiry(output: &str) -> bool {
    let lines: Vec<String> = output.lines().map(str::to_ascii_lowercase).collect();
    let says_expired = |line: &String| line.contains("expire") || line.contains("7000222");
    let neighbours = lines.iter().zip(lines.iter().skip(1).map(Some).chain([None]));
    neighbours.filter(|(line, _)| line.contains("client_secret")).any(|(line, next)| says_expired(line) || next.is_some_and(says_expired))
}

fn with_expired_secret(problem: Problem) -> Problem {
    let Problem::Failed(failure) = problem else { return problem };
    failed(&failure.received, "an app that starts: people who are signed in, and pages that need no sign-in, are not concerned")
}

fn failed(received: &str, expected: &str) -> Problem {
    Failure::new(
        "The app's secret expired (the token endpoint answers invalid_client, AADSTS7000222). The app was started; somebody opened the front page and \
         tried to sign in.",
        received,
        expected,
        "Every secret ends, often at night. The visitor can do nothing about it, so the visitor needs no details. The operator can, and needs to \
         know which of nine settings it is.",
    )
    .into()
}

/// Changes the app's registration.
fn edit(world: &World, change: impl FnOnce(&mut Directory, &str)) {
    let app_id = &world.registration().app_id;
    world.idp().edit_directory(world.tenant_id(), |directory| {
        let id = directory.application(app_id).map(|application| application.id.clone()).expect("the world registers it");
        change(directory, &id);
    });
}

fn add_secret(world: &World) -> Result<String, Problem> {
    let (now, entropy) = (world.idp().now(), Entropy::seeded(world.seed()));
    let mut made = Err(Problem::Broken("the registration is gone".to_owned()));
    edit(world, |directory, id| {
        made = directory
            .add_password(id, None, None, None, now, &entropy)
            .map_err(|refusal| Problem::Broken(format!("no second secret: {refusal:?}")));
    });
    Ok(made?.secret_text)
}

fn remove_first_secret(world: &World) {
    edit(world, |directory, id| {
        directory.update_application(id, |application| drop(application.password_credentials.remove(0))).expect("it was found");
    });
}

fn expire_secrets(world: &World) {
    let yesterday = world.idp().now() - Duration::from_secs(24 * 60 * 60);
    edit(world, |directory, id| {
        let expire = |application: &mut mock_idp::directory::application::Application| {
            application.password_credentials.iter_mut().for_each(|secret| secret.end_date_time = Some(yesterday));
        };
        directory.update_application(id, expire).expect("it was found");
    });
}

#[cfg(test)]
mod tests {
    use super::names_setting_and_expiry;

    #[test]
    fn a_message_names_the_setting_and_what_is_wrong_in_whatever_style() {
        for output in [
            "CLIENT_SECRET has expired (AADSTS7000222).",
            "the secret is refused: 7000222; change CLIENT_SECRET",
            "{\"level\":\"ERROR\",\"setting\":\"CLIENT_SECRET\",\"message\":\"expired\"}",
            "Look at CLIENT_SECRET:\nits time is over, it Expired yesterday",
        ] {
            assert!(names_setting_and_expiry(output), "{output}");
        }
        for output in [
            "",
            "CLIENT_SECRET is wrong",
            "the session of ada expired",
            "CLIENT_SECRET could not be checked\nListening\nAADSTS7000222: the keys are expired",
        ] {
            assert!(!names_setting_and_expiry(output), "{output}");
        }
    }
}
