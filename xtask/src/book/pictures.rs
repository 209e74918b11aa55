//! The pictures of the book: pages of the practice portal, of the sign-in, and of the app. A browser takes them, driven by
//! `clients/browser/screenshots.mjs`. What it visits is started here, so that ids and times repeat.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use mock_idp::{
    MockIdp,
    clock::Clock,
    directory::seed::{StartState, start_state},
};
use time::macros::datetime;

use super::exchanges::app::App;
use crate::{
    cargo::{Build, Progress},
    ci::{End, client_scripts, requirement::Need},
};

const SCRIPT: &str = "clients/browser/screenshots.mjs";
const SOLUTION: &str = "solution-04";
const SEED: u64 = 3;
const SECRET: &str = "kR4~a-secret-that-is-for-pictures-only";

/// What is done with the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Take the pictures, and write down what the pages say.
    Take,
    /// Compare what the pages say with what they said when the pictures were taken.
    Compare,
}

/// Starts a provider in which nothing is registered, another one with the finished app, and lets the browser visit them.
///
/// # Errors
/// When something cannot be built or started. A machine without a browser is no error: the end says what is missing.
pub fn run(root: &Path, task: Task, progress: Progress) -> Result<End> {
    let solution = build(root, progress)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    let (before, with_app, app) = runtime.block_on(async {
        // The portal shows times. The app compares its tokens with the real time.
        let before = mock(StartState::Unit3, Clock::frozen_at(datetime!(2026-09-21 09:00 UTC))).await?;
        let with_app = mock(StartState::Unit4, Clock::system()).await?;
        let app = App::start(&solution, &with_app, SECRET).await?;
        anyhow::Ok((before, with_app, app))
    })?;
    let mut arguments = vec!["--portal", before.origin(), "--provider", with_app.origin(), "--app", app.origin()];
    if task == Task::Compare {
        arguments.push("--check");
    }
    let end = client_scripts::run(root, "node", SCRIPT, &arguments, Need::Browser);
    runtime.block_on(app.stop());
    end
}

fn build(root: &Path, progress: Progress) -> Result<PathBuf> {
    let build = Build::run(root, &["build", "--package", SOLUTION, "--locked"], progress)?;
    match build.executable(SOLUTION).and_then(|artifact| artifact.executable.clone()).filter(|_| build.succeeded) {
        Some(program) => Ok(program),
        None => bail!("`cargo build -p {SOLUTION}` failed:\n{}", build.complaint()),
    }
}

async fn mock(state: StartState, clock: Clock) -> Result<MockIdp> {
    let builder = start_state(state, SECRET).into_iter().fold(MockIdp::builder(), |builder, tenant| builder.directory(tenant));
    // The page of faults is served beside the control API only.
    builder.seed(SEED).clock(clock).with_control_api().start().await.context("the mock does not start")
}
