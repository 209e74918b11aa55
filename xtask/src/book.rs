//! `cargo xtask book`: builds, serves or checks the book, by running `book-builder`; or writes again what it records from the mock.

mod aadsts;
mod exchanges;
mod fault_links;
mod outputs;
pub mod pictures;
mod recorded_files;
mod reference_tables;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use crate::{
    book_server::{BookServer, PACKAGE, Serving},
    cargo::{Build, Progress},
    ci::{End, client_scripts, requirement::Need},
    flags,
    kill_matrix::{page, wrong_submission},
    outcome::Outcome,
    stop_signal::StopSignal,
    terminal::{Style, shows_progress},
    workspace::Workspace,
};

pub fn run(flags: &flags::Book, style: Style) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    match flags {
        flags::Book { record: true, .. } => record(&workspace, style),
        flags::Book { screenshots: true, check, .. } => screenshots(&workspace.root, *check, style),
        flags::Book { serve: true, addr, .. } => serve(&workspace, addr),
        flags::Book { pdf: true, .. } => print(&workspace, style),
        flags::Book { messages: true, .. } => run_builder(&workspace, &["messages"], style),
        flags::Book { language: Some(language), .. } => run_builder(&workspace, &["build", "--language", language], style),
        flags::Book { check: true, .. } => check(&workspace, style),
        flags::Book { .. } => run_builder(&workspace, &["build"], style),
    }
}

/// Builds the builder, and runs it.
fn run_builder(workspace: &Workspace, arguments: &[&str], style: Style) -> Result<Outcome> {
    let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
    let build = Build::run(&workspace.root, &["build", "--package", PACKAGE, "--locked"], progress)?;
    let Some(program) = build.executable(PACKAGE).and_then(|artifact| artifact.executable.as_ref()).filter(|_| build.succeeded) else {
        bail!("`cargo build -p {PACKAGE}` failed:\n{}", build.complaint());
    };
    let mut command = Command::new(program);
    let status = command
        .args(arguments)
        .current_dir(&workspace.root)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    match status.code() {
        Some(0) => Ok(Outcome::Done),
        Some(1) => Ok(Outcome::BelowTheMark),
        _ => bail!("{PACKAGE} ended with {status}"),
    }
}

fn check(workspace: &Workspace, style: Style) -> Result<Outcome> {
    let targets = pages(unit_checks::checks::ALL.iter().map(|check| check.page));
    let arguments: Vec<&str> = ["check"].into_iter().chain(targets.iter().flat_map(|page| ["--target", page])).collect();
    match run_builder(workspace, &arguments, style)? {
        Outcome::Done => {
            let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
            Ok(check_records(workspace, progress)?.and(check_errors(&workspace.root)?))
        }
        other => Ok(other),
    }
}

/// What the book was told by a run: the page about the grader, the exchanges of the protocol, the outputs of commands.
fn check_records(workspace: &Workspace, progress: Progress) -> Result<Outcome> {
    let root = &workspace.root;
    let submissions = wrong_submission::read_all(&root.join("solutions/wrong"))?;
    let of_grader = page::drift(root, &submissions)?;
    for problem in &of_grader {
        println!("{}: {problem}", page::PATH);
    }
    if !of_grader.is_empty() {
        println!("`cargo xtask kill-matrix --page` judges what is new or changed, and writes the page.");
    }
    let begin = Instant::now();
    let mut recorded = exchanges::record(root, progress)?;
    recorded.extend(outputs::record_comparable(workspace, progress)?);
    let of_runs = recorded_files::drift(root, &recorded);
    for problem in &of_runs {
        println!("{problem}");
    }
    if of_runs.is_empty() {
        println!("{} recorded files say what a new run says ({:.0} s).", recorded.len(), begin.elapsed().as_secs_f64());
    }
    let of_links = fault_links::check(root)?;
    Ok(Outcome::from_problems(of_grader.len() + of_runs.len() + of_links))
}

/// The pages about the errors of the mock say what it answers.
fn check_errors(root: &Path) -> Result<Outcome> {
    let problems = aadsts::drift(root)?;
    for problem in &problems {
        println!("{problem}");
    }
    if !problems.is_empty() {
        println!("`cargo xtask book --record` writes these pages.");
    }
    Ok(Outcome::from_problems(problems.len()))
}

/// Runs the solution and the commands again, and writes down what the book shows of them and of the mock.
fn record(workspace: &Workspace, style: Style) -> Result<Outcome> {
    let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
    let root = &workspace.root;
    recorded_files::write(root, exchanges::record(root, progress)?)?;
    recorded_files::write(root, outputs::record(workspace, progress)?)?;
    for path in aadsts::write(root)? {
        println!("Wrote {path}");
    }
    Ok(Outcome::Done)
}

/// Takes the pictures, or compares the pages that they show.
fn screenshots(root: &Path, check: bool, style: Style) -> Result<Outcome> {
    let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
    let task = if check { pictures::Task::Compare } else { pictures::Task::Take };
    outcome_of(pictures::run(root, task, progress)?)
}

/// Builds the book and lets a browser print it. What it needs is the page that mdBook makes for printing.
fn print(workspace: &Workspace, style: Style) -> Result<Outcome> {
    match run_builder(workspace, &["build"], style)? {
        Outcome::Done => outcome_of(client_scripts::run(&workspace.root, "node", "clients/browser/pdf.mjs", &[], Need::Browser)?),
        other => Ok(other),
    }
}

fn outcome_of(end: End) -> Result<Outcome> {
    match end {
        End::Passed => Ok(Outcome::Done),
        // The script has printed what.
        End::Failed(_) => Ok(Outcome::BelowTheMark),
        End::Skipped { reason, .. } => bail!("{reason}"),
    }
}

/// Every page and heading that a check sends its reader to, once.
fn pages(pages: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut pages: Vec<_> = pages.collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

fn serve(workspace: &Workspace, address: &str) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    runtime.block_on(async {
        let mut stop = StopSignal::listen()?;
        let mut book = BookServer::new(workspace, address, "--addr");
        println!("Building the book.");
        let end = tokio::select! {
            () = stop.received() => Ok(Outcome::Done),
            end = until_it_ends(&mut book) => end,
        };
        book.stop().await;
        end
    })
}

async fn until_it_ends(book: &mut BookServer) -> Result<Outcome> {
    let Serving { url } = book.start().await?;
    println!("The book is ready: {url}\nCtrl-C stops it.");
    bail!("the book's server stopped: {}", book.ended().await)
}
