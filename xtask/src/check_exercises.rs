//! `cargo xtask check-exercises`: a starter compiles and fails as designed, its solution passes, and both have the same files; the
//! right-but-different apps pass, too.

pub mod alternatives;
mod source_tree;
mod starter;

use std::path::Path;

use anyhow::Result;
use unit_checks::{AppCommand, GradingReport, HandedIn, Profile, Unit, Verdict, Work, fresh_seed};

use crate::{
    cargo, flags,
    grade::{self, submission::Submission},
    outcome::Outcome,
    terminal::{Ink, Style, count},
    workspace::Workspace,
};

use self::alternatives::Alternatives;

/// What `check-exercises` found.
#[derive(Debug)]
pub struct Findings {
    pub outcome: Outcome,
    /// Why the right-but-different apps were not judged.
    pub alternatives_skipped: Option<String>,
}

pub fn run(flags: &flags::CheckExercises, style: Style) -> Result<Findings> {
    let seed = flags.seed.unwrap_or_else(fresh_seed);
    let units = grade::units(flags.unit)?;
    let workspace = Workspace::find()?;
    println!("seed {seed}");
    let mut problems = 0;
    for unit in units.into_iter().filter(|_| !flags.alternatives) {
        let pair = Pair::new(&workspace, unit)?;
        problems += show(&pair.starter, starter_problems(&pair, seed, style)?, style);
        problems += show(&pair.solution, solution_problems(&pair, &[Profile::Strict, Profile::Core], seed, style)?, style);
        problems += show(&format!("{} and {}", pair.starter, pair.solution), pair_problems(&pair)?, style);
    }
    let mut alternatives_skipped = None;
    let judged = |unit: &Unit| flags.unit.is_none_or(|number| Unit::parse(&number.to_string()) == Some(*unit));
    if alternatives::named(&workspace)?.iter().any(|(_, units)| units.iter().any(judged)) {
        match alternatives_problems(&workspace, judged, seed, style)? {
            Judged::Problems(number) => problems += number,
            Judged::Skipped(reason) => {
                println!("skipped solutions/alternatives: their crates cannot be had ({reason})");
                alternatives_skipped = Some(reason);
            }
        }
    }
    println!("{}, seed {seed}", count(problems, "problem"));
    Ok(Findings { outcome: Outcome::from_problems(problems), alternatives_skipped })
}

/// The right-but-different apps, judged or not.
enum Judged {
    Problems(usize),
    Skipped(String),
}

fn alternatives_problems(workspace: &Workspace, judged: impl Fn(&Unit) -> bool, seed: u64, style: Style) -> Result<Judged> {
    let apps = match Alternatives::build(workspace, cargo::Progress::Silent)? {
        Alternatives::Unavailable(reason) => return Ok(Judged::Skipped(reason)),
        Alternatives::Built(apps) => apps,
    };
    let mut problems = 0;
    for app in &apps {
        for unit in app.units.iter().filter(|unit| judged(unit)) {
            problems += show(&format!("alternative {} as {unit}", app.name), app.problems(*unit, seed, style)?, style);
        }
    }
    Ok(Judged::Problems(problems))
}

/// The starter and the solution of one unit.
struct Pair<'a> {
    workspace: &'a Workspace,
    unit: Unit,
    starter: String,
    solution: String,
}

impl<'a> Pair<'a> {
    fn new(workspace: &'a Workspace, unit: Unit) -> Result<Self> {
        let pair = Self { workspace, unit, starter: unit.to_string(), solution: format!("solution-{}", unit.number()) };
        // Both must be there before anything is built.
        workspace.package(&pair.starter)?;
        workspace.package(&pair.solution)?;
        Ok(pair)
    }

    /// What is judged of one of the two: its program and its files, without anybody's `.env`.
    fn work(&self, package: &str, executable: &Path) -> Result<Work> {
        Ok(match self.unit.is_graded_on_files() {
            true => HandedIn::in_folder(self.workspace.package(package)?.folder()).into(),
            false => grade::app_with_files(self.workspace, package, AppCommand::binary(executable))?,
        })
    }
}

fn starter_problems(pair: &Pair<'_>, seed: u64, style: Style) -> Result<Vec<String>> {
    let mut problems = starter::source_problems(pair.workspace.package(&pair.starter)?.folder())?;
    match Submission::build(pair.workspace, &pair.starter, cargo::Progress::Silent)? {
        Submission::Failed { complaint } => problems.push(format!("does not build:\n{complaint}")),
        Submission::Built { executable, warnings, .. } => {
            problems.extend(warnings.iter().map(|warning| format!("compiles with a warning:\n{}", warning.trim_end())));
            let report = grade::judge(pair.unit, pair.work(&pair.starter, &executable)?, Profile::Strict, seed, style)?;
            problems.extend(starter::report_problems(&report));
        }
    }
    Ok(problems)
}

fn solution_problems(pair: &Pair<'_>, profiles: &[Profile], seed: u64, style: Style) -> Result<Vec<String>> {
    let executable = match Submission::build(pair.workspace, &pair.solution, cargo::Progress::Silent)? {
        Submission::Failed { complaint } => return Ok(vec![format!("does not build:\n{complaint}")]),
        Submission::Built { executable, .. } => executable,
    };
    let mut problems = Vec::new();
    for profile in profiles {
        let report = grade::judge(pair.unit, pair.work(&pair.solution, &executable)?, *profile, seed, style)?;
        problems.extend(not_passed(&report).into_iter().map(|text| format!("profile {profile}: {text}")));
    }
    Ok(problems)
}

/// Every check that a solution does not pass, in words.
fn not_passed(report: &GradingReport) -> Vec<String> {
    let passed = |verdict: &Verdict| matches!(verdict, Verdict::Pass | Verdict::Skipped(_));
    let words =
        |result: &unit_checks::CheckResult| format!("{}: {}\n{}", result.check.name(), result.verdict.word(), unit_checks::render(result));
    report.results.iter().filter(|result| !passed(&result.verdict)).map(words).collect()
}

fn pair_problems(pair: &Pair<'_>) -> Result<Vec<String>> {
    let (starter, solution) = (pair.workspace.package(&pair.starter)?, pair.workspace.package(&pair.solution)?);
    let mut problems = source_tree::differences(&source_tree::paths(starter.folder())?, &source_tree::paths(solution.folder())?);
    let mut fmt = cargo::command();
    fmt.args(["fmt", "--check", "-p", &pair.starter, "-p", &pair.solution]).current_dir(&pair.workspace.root);
    if !fmt.output()?.status.success() {
        problems.push(format!("not formatted; run `cargo fmt -p {} -p {}`", pair.starter, pair.solution));
    }
    Ok(problems)
}

/// Prints one subject with its problems, and counts them.
fn show(subject: &str, problems: Vec<String>, style: Style) -> usize {
    let verdict = if problems.is_empty() { style.paint(Ink::Good, "ok   ") } else { style.paint(Ink::Bad, "wrong") };
    println!("{verdict} {subject}");
    for problem in &problems {
        print!("{}", crate::terminal::indent(problem, "      "));
    }
    problems.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::samples::{failure, graded};

    #[test]
    fn a_solution_passes_when_nothing_but_skips_is_left() {
        assert_eq!(not_passed(&graded(&[Verdict::Pass, Verdict::Skipped("core".to_owned())]).report), [""; 0]);
        let [problem] = &not_passed(&graded(&[Verdict::Pass, failure()]).report)[..] else { panic!("one problem") };
        assert!(problem.starts_with("U4-91 a wrong nonce is refused: fail") && problem.contains("a session"), "{problem}");
    }
}
