//! `cargo xtask ci`: exactly what continuous integration runs, after the tests.

pub mod client_scripts;
mod network_proof;
pub mod requirement;
mod summary;

use std::{
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::{
    book::pictures,
    cargo, check_exercises, flags,
    flags::StageName,
    kill_matrix::{self, Interrupted},
    map,
    outcome::Outcome,
    terminal::{Ink, Style},
    tidy,
    workspace::Workspace,
};

use self::{
    requirement::{Need, Required},
    summary::{Row, render},
};

/// How a stage ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Passed,
    Failed(String),
    /// This machine lacks what the stage, or a part of it, needs.
    Skipped {
        need: Need,
        reason: String,
    },
}

/// How much of a proof that takes minutes is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Some of it, chosen by a printed seed.
    Sample,
    Whole,
}

/// Wrong submissions in a sample: two to three minutes on two cores.
const SAMPLE: usize = 24;

pub fn run(flags: &flags::Ci, style: Style) -> Result<Outcome> {
    let required = Required::from_environment()?;
    let workspace = Workspace::find()?;
    let extent = if flags.full { Extent::Whole } else { Extent::Sample };
    let mut rows = Vec::new();
    for stage in stages(flags) {
        let name = stage.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        println!("\n{}", style.paint(Ink::Strong, format!("== {name}")));
        let begin = Instant::now();
        // A stage that cannot even begin must not hide what the others have to say.
        let end = match run_stage(stage, &workspace, extent, style) {
            Ok(end) => end,
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => End::Failed(format!("{error:#}")),
        };
        let row = Row { name, seconds: begin.elapsed().as_secs_f64(), end: required.enforce(end) };
        println!("{}", row.line(style));
        rows.push(row);
    }
    print!("{}", render(&rows, style));
    Ok(Outcome::from_problems(rows.iter().filter(|row| matches!(row.end, End::Failed(_))).count()))
}

/// All stages, or those asked for. The long proof with many seeds is for `--full`.
fn stages(flags: &flags::Ci) -> Vec<StageName> {
    let wanted = |stage: &StageName| match flags.only.is_empty() {
        true => flags.full || *stage != StageName::Seeds,
        false => flags.only.contains(stage),
    };
    StageName::value_variants().iter().copied().filter(wanted).collect()
}

fn run_stage(stage: StageName, workspace: &Workspace, extent: Extent, style: Style) -> Result<End> {
    match stage {
        StageName::Fmt => match run_cargo(workspace, &["fmt", "--all", "--check"], &[])? {
            End::Passed => run_cargo(workspace, &["fmt", "--all", "--check", "--manifest-path", "solutions/alternatives/Cargo.toml"], &[]),
            failed => Ok(failed),
        },
        StageName::Clippy => run_cargo(workspace, &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"], &[]),
        StageName::Docs => run_cargo(workspace, &["doc", "-p", "mock-idp", "--no-deps", "--locked"], &[("RUSTDOCFLAGS", "-D warnings")]),
        StageName::Tidy => own(tidy::run(&flags::Tidy { json: false }, style)),
        StageName::Map => own(map::run(&flags::Map { json: false }, style)),
        StageName::CheckExercises => exercises(style),
        StageName::KillMatrix => own(match extent {
            Extent::Sample => kill_matrix::run_sample(SAMPLE, style),
            Extent::Whole => kill_matrix::run(&flags::KillMatrix::default(), style),
        }),
        StageName::Book => match run_cargo(workspace, &["test", "-p", "book-builder", "--locked"], &[])? {
            End::Passed => own(book(style)),
            failed => Ok(failed),
        },
        StageName::Seeds => own(kill_matrix::run_seeds(style)),
        // In the tests it has ten rounds, and its counts are not seen.
        StageName::Crash => run_cargo(
            workspace,
            &["test", "-p", "mock-idp", "--test", "it", "--locked", "--", "crash", "--nocapture"],
            &[("CRASH_ROUNDS", "100")],
        ),
        StageName::Offline => network_proof::run(workspace),
        StageName::Clients => client_scripts::real_clients(&workspace.root),
        StageName::Browser => match client_scripts::browser(&workspace.root)? {
            End::Passed => match pictures::run(&workspace.root, pictures::Task::Compare, cargo::Progress::Silent)? {
                End::Passed => own(crate::book::run(&flags::Book { pdf: true, ..flags::Book::default() }, style)),
                end => Ok(end),
            },
            end => Ok(end),
        },
    }
}

fn exercises(style: Style) -> Result<End> {
    let findings = check_exercises::run(&flags::CheckExercises { unit: None, alternatives: false, seed: None }, style)?;
    Ok(match (own(Ok(findings.outcome))?, findings.alternatives_skipped) {
        (End::Passed, Some(reason)) => End::Skipped { need: Need::Crates, reason: format!("solutions/alternatives: {reason}") },
        (end, _) => end,
    })
}

fn book(style: Style) -> Result<Outcome> {
    let flags = |check| flags::Book { check, ..flags::Book::default() };
    match crate::book::run(&flags(false), style)? {
        Outcome::Done => crate::book::run(&flags(true), style),
        below => Ok(below),
    }
}

/// The end of a stage that is a command of ours; what is wrong it has printed itself.
fn own(result: Result<Outcome>) -> Result<End> {
    Ok(match result? {
        Outcome::Done => End::Passed,
        Outcome::BelowTheMark => End::Failed("see above".to_owned()),
    })
}

fn run_cargo(workspace: &Workspace, arguments: &[&str], environment: &[(&str, &str)]) -> Result<End> {
    let mut command = cargo::command();
    command.args(arguments).envs(environment.iter().copied()).current_dir(&workspace.root);
    passes(&mut command)
}

/// Runs a program whose exit code is its verdict.
fn passes(command: &mut Command) -> Result<End> {
    let shown = shown(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("cannot run `{shown}`"))?;
    Ok(if status.success() { End::Passed } else { End::Failed(format!("`{shown}` failed")) })
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(full: bool, only: &[StageName]) -> Vec<StageName> {
        stages(&flags::Ci { full, only: only.to_vec() })
    }

    #[test]
    fn many_seeds_are_run_in_full_or_when_asked_for() {
        assert!(!names(false, &[]).contains(&StageName::Seeds));
        assert!(names(true, &[]).contains(&StageName::Seeds));
        assert_eq!(names(false, &[StageName::Seeds, StageName::Fmt]), [StageName::Fmt, StageName::Seeds]);
    }

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        assert_eq!(shown(command.args(["fmt", "--check"])), "cargo fmt --check");
    }
}
