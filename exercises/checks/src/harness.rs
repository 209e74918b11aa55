//! `cargo test -p unit-04`: grades one unit and reports as libtest does, so that filters, `--list` and nextest work.

use std::{
    io::{IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

use libtest_mimic::{Arguments, Failed, Trial};

use crate::{
    app_process::AppCommand,
    check::Check,
    checks,
    grading::{CheckResult, Grading, grade},
    learning_record::LearningRecord,
    render::render,
    seed::fresh_seed,
    unit::{Profile, Unit},
    verdict::Verdict,
    work::{HandedIn, Work},
};

/// The whole of a unit's test target: grades the binary and prints the result. `--seed N` and `--profile core|strict` are ours,
/// everything else is libtest's.
pub fn main(unit: Unit, binary: impl AsRef<Path>) -> ExitCode {
    judge(unit, AppCommand::binary(binary).into())
}

/// As [`main`], for an app with files beside it.
pub fn main_with_files(unit: Unit, binary: impl AsRef<Path>, files: HandedIn) -> ExitCode {
    judge(unit, Work::from(AppCommand::binary(binary)).with_files(files))
}

/// As [`main`], for a unit that is graded on files.
pub fn main_of_files(unit: Unit, files: HandedIn) -> ExitCode {
    judge(unit, files.into())
}

fn judge(unit: Unit, work: Work) -> ExitCode {
    let options = match Options::parse(std::env::args()) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("error: {message}");
            return ExitCode::from(2);
        }
    };
    let arguments = Arguments::from_iter(options.rest);
    let wanted: Vec<&'static Check> = checks::ALL.iter().filter(|check| check.unit == unit && is_wanted(check, &arguments)).collect();
    if arguments.list || wanted.is_empty() {
        // Nothing runs, so nothing is graded.
        let trials = checks::ALL.iter().filter(|check| check.unit == unit).map(|check| Trial::test(check.name(), || Ok(()))).collect();
        return libtest_mimic::run(&arguments, trials).exit_code();
    }
    let grading = Grading {
        unit,
        work,
        profile: options.profile,
        seed: options.seed,
        only: wanted.iter().map(|check| check.id.to_owned()).collect(),
    };
    println!("\ngrading {unit} with --seed {} --profile {}", grading.seed, grading.profile);
    match graded(&grading) {
        Ok(results) => {
            remember(unit, &results);
            libtest_mimic::run(&arguments, results.into_iter().map(trial).collect()).exit_code()
        }
        Err(error) => {
            eprintln!("error: the grader itself failed: {error:#}");
            ExitCode::from(3)
        }
    }
}

/// Keeps the results of an exercise for `cargo xtask hint`; those of a solution are nobody's progress. Cargo tells a test which package it is of.
fn remember(unit: Unit, results: &[CheckResult]) {
    let [package, folder] = ["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR"].map(|name| std::env::var(name).unwrap_or_default());
    // The exercises lie two folders below the root.
    let root = Path::new(&folder).ancestors().nth(2);
    let Some(root) = root.filter(|_| package == unit.to_string()) else { return };
    if let Err(error) = LearningRecord::remember(root, results) {
        eprintln!("note: `cargo xtask hint` does not know of this run: {error:#}");
    }
}

fn graded(grading: &Grading) -> anyhow::Result<Vec<CheckResult>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let is_terminal = std::io::stderr().is_terminal();
    let report = runtime.block_on(grade(grading, &|news| {
        if is_terminal {
            // The line is overwritten and, in the end, cleared.
            eprint!("\r\u{1b}[K{} of {} checks, {}", news.finished, news.total, news.check.id);
            let _ = std::io::stderr().flush();
        }
    }));
    if is_terminal {
        eprint!("\r\u{1b}[K");
    }
    Ok(report?.results)
}

fn trial(result: CheckResult) -> Trial {
    let is_skipped = matches!(result.verdict, Verdict::Skipped(_));
    let passed = result.verdict == Verdict::Pass;
    let text = render(&result);
    Trial::test(result.check.name(), move || if passed { Ok(()) } else { Err(Failed::from(text)) }).with_ignored_flag(is_skipped)
}

/// What libtest's filters leave over.
fn is_wanted(check: &Check, arguments: &Arguments) -> bool {
    let name = check.name();
    let matches = |filter: &str| if arguments.exact { name == filter } else { name.contains(filter) };
    arguments.filter.as_deref().is_none_or(matches) && !arguments.skip.iter().any(|skip| matches(skip))
}

/// Our own flags, and what is left for libtest.
#[derive(Debug, PartialEq, Eq)]
struct Options {
    seed: u64,
    profile: Profile,
    rest: Vec<String>,
}

impl Options {
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut seed, mut profile, mut rest) = (None, Profile::Strict, Vec::new());
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let (name, joined) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (argument.as_str(), None),
            };
            let mut value = || joined.clone().or_else(|| arguments.next()).ok_or_else(|| format!("{name} needs a value"));
            match name {
                "--seed" => {
                    let text = value()?;
                    seed = Some(text.parse().map_err(|_| format!("--seed {text}: a seed is a whole number"))?);
                }
                "--profile" => profile = value()?.parse().map_err(|error: crate::unit::UnknownProfile| error.to_string())?,
                _ => rest.push(argument),
            }
        }
        Ok(Self { seed: seed.unwrap_or_else(fresh_seed), profile, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split(' ').map(str::to_owned))
    }

    #[test]
    fn our_flags_are_taken_out_and_the_rest_is_left_to_libtest() {
        let options = parse("checks --seed 7 U4-09 --profile=core --exact").expect("well formed");
        assert_eq!(options, Options { seed: 7, profile: Profile::Core, rest: ["checks", "U4-09", "--exact"].map(str::to_owned).into() });
    }

    #[test]
    fn a_wrong_flag_is_named() {
        assert_eq!(parse("checks --seed x"), Err("--seed x: a seed is a whole number".to_owned()));
        assert!(parse("checks --profile loose").is_err_and(|message| message.contains("'loose'")));
        assert_eq!(parse("checks --seed"), Err("--seed needs a value".to_owned()));
    }
}
