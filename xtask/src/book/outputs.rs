//! What the book shows of commands: recorded from runs, never typed.
//!
//! The runs judge the starters and the solutions as they lie here, and leave no trace: what a learner has done so far is not touched.

mod stable;

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use clap::CommandFactory;
use unit_checks::Unit;

use super::recorded_files::Recorded;
use crate::{
    cargo::{Build, Progress},
    flags::Flags,
    grade, hint,
    workspace::Workspace,
};

/// Where the outputs are, from the root of the workspace.
const FOLDER: &str = "book/outputs";
/// Help texts are folded at this width: a line of a page holds so many letters.
const HELP_WIDTH: usize = 90;

/// A command that the book shows.
struct Shown {
    name: &'static str,
    /// As a reader types it.
    command: &'static str,
    run: Run,
    /// Whether every system prints the same. A signal, for one, is not known to all.
    everywhere: bool,
}

/// How its output comes about here.
enum Run {
    /// `cargo xtask grade --unit N`
    Grade(Unit),
    /// `cargo test -p unit-NN --test checks`, with what follows `--`.
    Check(Unit, &'static [&'static str]),
    /// `cargo xtask hint CHECK --level N`
    Hint(&'static str, usize),
    /// `cargo run` of this package, with these variables set and no `CLIENT_SECRET`.
    Program(&'static str, &'static [(&'static str, &'static str)]),
    /// `cargo xtask NAME --help`
    Help(&'static str),
}

/// The seed of every grading that is shown.
const SEED: u64 = 7;

/// What the app of unit 2 reads, in the order of `.env.example`. It ends before it uses any of it.
const ALL_BUT_THE_SECRET: [(&str, &str); 8] = [
    ("AUTHORITY", "http://localhost:8400/2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6"),
    ("CLIENT_ID", "cf9e4f42-04fb-4856-93c7-0a70c92c2150"),
    ("REDIRECT_URI", "http://localhost:5000/getAToken"),
    ("SCOPE", "User.Read"),
    ("ENDPOINT", "http://localhost:8400/graph/v1.0/me"),
    ("PORT", "5000"),
    ("SESSION_KEY", "a key for one run of a recording, 32 bytes and more"),
    ("POLICY_DATA", "policies.json"),
];

const SHOWN: [Shown; 7] = [
    Shown { name: "unit-1-run", command: "cargo run -q -p unit-01", run: Run::Program("unit-01", &[]), everywhere: true },
    Shown {
        name: "unit-2-check",
        command: "cargo test -p unit-02 --test checks -- U2-03 --seed 7",
        run: Run::Check(Unit::WebApp, &["U2-03", "--seed", "7"]),
        everywhere: true,
    },
    Shown { name: "unit-2-grade", command: "cargo xtask grade --unit 2 --seed 7", run: Run::Grade(Unit::WebApp), everywhere: false },
    Shown {
        name: "unit-2-without-secret",
        command: "cargo run -q -p solution-02",
        run: Run::Program("solution-02", &ALL_BUT_THE_SECRET),
        everywhere: true,
    },
    Shown { name: "unit-4-grade", command: "cargo xtask grade --unit 4 --seed 7", run: Run::Grade(Unit::SignIn), everywhere: true },
    Shown { name: "hint", command: "cargo xtask hint U2-06 --level 1", run: Run::Hint("U2-06", 1), everywhere: true },
    Shown { name: "grade-help", command: "cargo xtask grade --help", run: Run::Help("grade"), everywhere: true },
];

/// Runs every command: the file of each, and what it says.
///
/// # Errors
/// When something cannot be built or run, or an output tells where this workspace lies.
pub fn record(workspace: &Workspace, progress: Progress) -> Result<Vec<Recorded>> {
    of(workspace, progress, SHOWN.iter())
}

/// As [`record`], without what another system prints.
///
/// # Errors
/// As [`record`].
pub fn record_comparable(workspace: &Workspace, progress: Progress) -> Result<Vec<Recorded>> {
    of(workspace, progress, SHOWN.iter().filter(|shown| cfg!(unix) || shown.everywhere))
}

fn of<'a>(workspace: &Workspace, progress: Progress, shown: impl Iterator<Item = &'a Shown>) -> Result<Vec<Recorded>> {
    shown.map(|shown| file(workspace, progress, shown).with_context(|| format!("`{}`", shown.command))).collect()
}

fn file(workspace: &Workspace, progress: Progress, shown: &Shown) -> Result<Recorded> {
    let output = match shown.run {
        Run::Grade(unit) => grade::shown(workspace, unit, SEED)?,
        Run::Check(unit, arguments) => check(workspace, unit, arguments, progress)?,
        Run::Hint(check, level) => hint::shown(workspace, check, level)?,
        Run::Program(package, settings) => program(workspace, package, settings, progress)?,
        Run::Help(subcommand) => help(subcommand)?,
    };
    let output = stable::text(&output);
    // Both spellings of a path, as it is and as a literal of Rust or JSON.
    let root = workspace.root.display().to_string();
    let names_a_place = [root.clone(), root.replace('\\', "\\\\"), root.replace('\\', "/")].iter().any(|path| output.contains(path));
    ensure!(!names_a_place, "its output names {root}, which is true on this machine alone:\n{output}");
    Ok((format!("{FOLDER}/{}.txt", shown.name), format!("$ {}\n{}\n", shown.command, output.trim_end())))
}

/// The program that `cargo test` runs for the checks of a unit. Run without cargo, it keeps no record of a learner's progress.
fn check(workspace: &Workspace, unit: Unit, arguments: &[&str], progress: Progress) -> Result<String> {
    let package = unit.to_string();
    let build = Build::run(&workspace.root, &["test", "--no-run", "--package", &package, "--test", "checks", "--locked"], progress)?;
    let mut command = Command::new(built(&build, "checks")?);
    command.args(arguments).current_dir(workspace.package(&package)?.folder());
    said(command)
}

/// A program that ends by itself: that of unit 1, or an app that refuses to start. It cannot find a `.env`.
fn program(workspace: &Workspace, package: &str, settings: &[(&str, &str)], progress: Progress) -> Result<String> {
    let build = Build::run(&workspace.root, &["build", "--package", package, "--locked"], progress)?;
    let elsewhere = tempfile::tempdir().context("cannot make a folder for the program")?;
    let mut command = Command::new(built(&build, package)?);
    command.current_dir(elsewhere.path()).env_remove("CLIENT_SECRET").envs(settings.iter().copied());
    said(command)
}

fn built<'a>(build: &'a Build, name: &str) -> Result<&'a Path> {
    ensure!(build.succeeded, "the build failed:\n{}", build.complaint());
    build.executable(name).and_then(|artifact| artifact.executable.as_deref()).with_context(|| format!("cargo built no program {name}"))
}

/// Everything that a program prints until it ends. Those that are recorded print to one of the two streams, or first to one and then to the other.
fn said(mut command: Command) -> Result<String> {
    // Cargo set these for xtask. A test would take them for its own.
    command.env_remove("CARGO_PKG_NAME").env_remove("CARGO_MANIFEST_DIR").stdin(Stdio::null());
    let output = command.output().with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let text = [output.stdout, output.stderr].concat();
    String::from_utf8(text).context("the output is no text")
}

fn help(subcommand: &str) -> Result<String> {
    let mut flags = Flags::command().term_width(HELP_WIDTH);
    // Fills in what a subcommand inherits: its full name, the global options.
    flags.build();
    let found = flags.find_subcommand_mut(subcommand).with_context(|| format!("there is no subcommand {subcommand}"))?;
    Ok(found.render_long_help().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_help_text_is_that_of_the_subcommand_and_fits_into_a_page() {
        let text = help("grade").unwrap();
        assert!(text.contains("Usage: cargo xtask grade [OPTIONS]") && text.contains("--plain"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= HELP_WIDTH), "{text}");
        assert!(help("no-such").is_err());
    }

    #[test]
    fn every_output_has_a_name_of_its_own_and_a_command_of_cargo() {
        let mut names: Vec<_> = SHOWN.iter().map(|shown| shown.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SHOWN.len());
        assert!(SHOWN.iter().all(|shown| shown.command.starts_with("cargo ")));
    }
}
