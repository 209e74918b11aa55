//! What the book shows of the protocol: recorded from runs of the solutions of units 5 and 6 against the mock, never typed.

pub mod app;
mod recorder;
mod stable;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use mock_idp::{
    Fault, MockIdp,
    directory::seed::{ABC_INSURANCE_TENANT_ID, StartState, start_state},
    testing::browser::{Browser, Consent, Page},
    trace::event::Kind,
};
use recorded_exchanges::Recording;

use super::{recorded_files::Recorded, reference_tables};
use crate::cargo::{Build, Progress};

use self::{app::App, recorder::Recorder};

/// Where the recordings are, from the root of the workspace.
pub const FOLDER: &str = "book/exchanges";
const SOLUTION: &str = "solution-05";
/// This one asks at its start whether its secret is still good.
const DRILLED: &str = "solution-06";
const SEED: u64 = 5;
const SECRET: &str = "kR4~a-secret-that-is-for-recordings-only";
const ADA: &str = "ada.adjuster@abc-insurance.example";

/// Builds the solutions and records everything.
///
/// # Errors
/// When the solution cannot be built, or a run does not go as planned.
pub fn record(root: &Path, progress: Progress) -> Result<Vec<Recorded>> {
    let program = built(root, SOLUTION, progress)?;
    let drilled = built(root, DRILLED, progress)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    runtime.block_on(async {
        let recordings = [
            ("sign-in", sign_in(&program).await?),
            ("renewal", renewal(&program).await?),
            ("cancelled", cancelled(&program).await?),
            ("claims-challenge", profile_with(&program, Fault::GraphClaimsChallenge, "Graph asks for a stronger token").await?),
            ("throttled", profile_with(&program, Fault::GraphThrottled, "Graph is busy, and says when to come back").await?),
            ("wrong-secret", wrong_secret(&program).await?),
            ("expired-secret", expired_secret(&drilled).await?),
        ];
        let recordings = recordings.map(|(name, recording)| (format!("{FOLDER}/{name}.json"), recording.to_json()));
        Ok(recordings.into_iter().chain(reference_tables::all()).collect())
    })
}

fn built(root: &Path, package: &str, progress: Progress) -> Result<PathBuf> {
    let build = Build::run(root, &["build", "--package", package, "--locked"], progress)?;
    match build.executable(package).and_then(|artifact| artifact.executable.clone()).filter(|_| build.succeeded) {
        Some(program) => Ok(program),
        None => bail!("`cargo build -p {package}` failed:\n{}", build.complaint()),
    }
}

async fn mock() -> Result<MockIdp> {
    let tenants = start_state(StartState::Unit5, SECRET);
    let builder = tenants.into_iter().fold(MockIdp::builder(), |builder, tenant| builder.directory(tenant));
    builder.seed(SEED).start().await.context("the mock does not start")
}

/// From a protected page to the sign-in and back, and out again.
async fn sign_in(program: &Path) -> Result<Recording> {
    let idp = mock().await?;
    let app = App::start(program, &idp, SECRET).await?;
    let title = "Ada Adjuster opens her profile, signs in, sees it, and signs out";
    let mut recorder = Recorder::new(&idp, app.origin(), title)?;
    let page = through_the_door(&mut recorder, Consent::Accept).await?;
    let page = recorder.follow("profile", "opens the page once more", &page).await?;
    let logout = recorder.browser.request("/me", mock_idp::testing::browser::Accept::Html)?;
    let me = recorder.send("me", "opens the account page", logout).await?;
    let form = me.form_to("/logout").with_context(|| format!("{} has no form to sign out", page.url()))?;
    let page = recorder.send("logout", "presses Sign out", form.submit(&me)).await?;
    let page = recorder.follow("logout-provider", "signs out at the provider, too", &page).await?;
    if page.hop().is_redirect() {
        recorder.follow("signed-out", "comes back to the front page", &page).await?;
    }
    app.stop().await;
    Ok(recorder.finish())
}

/// From `/profile` to the answer of the callback.
async fn through_the_door(recorder: &mut Recorder<'_>, consent: Consent) -> Result<Page> {
    let page = recorder.open("protected", "opens a page that needs a sign-in", "/profile").await?;
    let page = recorder.follow("login", "begins the sign-in", &page).await?;
    let callback = recorder.sign_in(&page, ADA, consent).await?;
    recorder.send("callback", "comes back with the answer", callback).await
}

/// The access token has ended: the app gets the next one without asking the person.
async fn renewal(program: &Path) -> Result<Recording> {
    let idp = mock().await?;
    let app = App::start(program, &idp, SECRET).await?;
    let mut silent = Recorder::new(&idp, app.origin(), "")?;
    idp.inject(Fault::ShortLivedToken.once());
    through_the_door(&mut silent, Consent::Accept).await?;
    let browser: Browser = silent.browser.clone();
    wait_until_the_token_has_ended(&idp).await;
    let mut recorder = Recorder::new(&idp, app.origin(), "Ada opens her profile after her access token has ended")?;
    recorder.browser = browser;
    recorder.open("profile", "opens a page that needs Graph", "/profile").await?;
    app.stop().await;
    Ok(recorder.finish())
}

/// A token of this fault lives for a second.
async fn wait_until_the_token_has_ended(idp: &MockIdp) {
    let ended = idp.now() + time::Duration::seconds(2);
    while idp.now() < ended {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// The person presses Cancel where the app asks for consent.
async fn cancelled(program: &Path) -> Result<Recording> {
    let idp = mock().await?;
    let app = App::start(program, &idp, SECRET).await?;
    let mut recorder = Recorder::new(&idp, app.origin(), "Ada cancels when she is asked for her consent")?;
    through_the_door(&mut recorder, Consent::Cancel).await?;
    app.stop().await;
    Ok(recorder.finish())
}

/// Ada is signed in, and Graph answers her next call with this fault.
async fn profile_with(program: &Path, fault: Fault, title: &str) -> Result<Recording> {
    let idp = mock().await?;
    let app = App::start(program, &idp, SECRET).await?;
    let mut before = Recorder::new(&idp, app.origin(), "")?;
    through_the_door(&mut before, Consent::Accept).await?;
    idp.inject(fault.once());
    let mut recorder = Recorder::new(&idp, app.origin(), title)?;
    recorder.browser = before.browser.clone();
    recorder.open("profile", "opens a page that needs Graph", "/profile").await?;
    app.stop().await;
    Ok(recorder.finish())
}

/// The app has another client secret than the registration.
async fn wrong_secret(program: &Path) -> Result<Recording> {
    let idp = mock().await?;
    let app = App::start(program, &idp, "another-secret").await?;
    let mut recorder = Recorder::new(&idp, app.origin(), "Ada signs in, and the app has a client secret that the provider does not know")?;
    through_the_door(&mut recorder, Consent::Accept).await?;
    app.stop().await;
    Ok(recorder.finish())
}

/// The app is started when the life of its secret is over.
async fn expired_secret(program: &Path) -> Result<Recording> {
    let idp = mock().await?;
    let ended = idp.now() - time::Duration::days(1);
    idp.edit_directory(ABC_INSURANCE_TENANT_ID, |directory| {
        directory.applications.edit_each(|app| app.password_credentials.iter_mut().for_each(|secret| secret.end_date_time = Some(ended)));
    });
    let app = App::start(program, &idp, SECRET).await?;
    let mut recorder = Recorder::new(&idp, app.origin(), "The app starts with a client secret that has expired")?;
    recorder.unasked(Kind::Token).await?;
    app.stop().await;
    Ok(recorder.finish())
}
