//! `cargo xtask kill-matrix`: every wrong submission is caught by the check that names it, by those in its `also`, and by no other.

mod comparison;
mod generated_workspace;
mod report;
pub mod wrong_submission;

use std::path::PathBuf;

use anyhow::{Context, Result};
use mock_idp::random::derived_guid;
use unit_checks::{AppCommand, GradingReport, HandedIn, Profile, Unit, Verdict, Work, fresh_seed};

use crate::{
    cargo::{Build, Progress},
    flags,
    grade::{self, submission::Submission},
    outcome::{Outcome, UsageError},
    terminal::{Style, count, shows_progress},
    workspace::Workspace,
};

use self::{
    comparison::{Judgement, Mutant},
    report::{Coverage, Matrix},
    wrong_submission::WrongSubmission,
};

pub fn run(flags: &flags::KillMatrix, style: Style) -> Result<Outcome> {
    let seed = flags.seed.unwrap_or_else(fresh_seed);
    let workspace = Workspace::find()?;
    let submissions = select(wrong_submission::read_all(&workspace.root.join("solutions/wrong"))?, flags)?;
    let matrix = judge_all(&workspace, &submissions, seed, style)?;
    if flags.json {
        println!("{}", serde_json::to_string(&matrix)?);
    } else {
        let coverage = if flags.only.is_none() { Coverage::Whole } else { Coverage::Part };
        print!("{}", matrix.render(coverage, style));
    }
    Ok(Outcome::from_problems(matrix.problems()))
}

/// So many wrong submissions, chosen by a seed that is printed: what `ci` has time for.
pub fn run_sample(number: usize, style: Style) -> Result<Outcome> {
    let seed = fresh_seed();
    let workspace = Workspace::find()?;
    let submissions = sample(wrong_submission::read_all(&workspace.root.join("solutions/wrong"))?, number, seed);
    println!("a sample of {}; `ci --full` judges all", count(submissions.len(), "wrong submission"));
    let matrix = judge_all(&workspace, &submissions, seed, style)?;
    print!("{}", matrix.render(Coverage::Part, style));
    Ok(Outcome::from_problems(matrix.problems()))
}

fn judge_all(workspace: &Workspace, submissions: &[WrongSubmission], seed: u64, style: Style) -> Result<Matrix> {
    let units = units(submissions)?;
    // JSON alone belongs on standard output.
    eprintln!("{}, seed {seed}", count(submissions.len(), "wrong submission"));
    let references = units.iter().map(|unit| reference(workspace, *unit, seed, style)).collect::<Result<Vec<_>>>()?;
    let mut apps = Vec::new();
    for submission in submissions {
        if !unit_of(submission)?.is_graded_on_files() {
            apps.push(submission.clone());
        }
    }
    // Files need no build.
    let build = if apps.is_empty() { None } else { Some(build(workspace, &apps, style)?) };
    let mutants = submissions.iter().map(|it| judge(workspace, it, build.as_ref(), seed, style)).collect::<Result<Vec<_>>>()?;
    let checks: Vec<&str> = unit_checks::checks::ALL.iter().filter(|check| units.contains(&check.unit)).map(|check| check.id).collect();
    let matrix = Matrix::new(&references, &checks, mutants);
    Ok(matrix)
}

/// The first `number` in an order that follows from the seed; sorted by unit and name again.
fn sample(mut submissions: Vec<WrongSubmission>, number: usize, seed: u64) -> Vec<WrongSubmission> {
    submissions.sort_by_cached_key(|submission| derived_guid(&[&seed.to_string(), &submission.name]));
    submissions.truncate(number);
    submissions.sort_by(|left, right| (&left.unit, &left.name).cmp(&(&right.unit, &right.name)));
    submissions
}

fn select(submissions: Vec<WrongSubmission>, flags: &flags::KillMatrix) -> Result<Vec<WrongSubmission>> {
    let unit = flags.unit.map(|unit| format!("{unit:02}"));
    let names: Vec<String> = submissions.iter().map(|submission| submission.name.clone()).collect();
    let wanted =
        |it: &WrongSubmission| unit.as_ref().is_none_or(|unit| *unit == it.unit) && flags.only.as_ref().is_none_or(|only| *only == it.name);
    anyhow::ensure!(!submissions.is_empty(), "solutions/wrong holds no wrong submission");
    let selected: Vec<_> = submissions.into_iter().filter(wanted).collect();
    if selected.is_empty() {
        return Err(UsageError(format!("no such wrong submission; under solutions/wrong there are: {}", names.join(", "))).into());
    }
    Ok(selected)
}

/// The units of the selected submissions; a folder that is no unit with checks is an error.
fn units(submissions: &[WrongSubmission]) -> Result<Vec<Unit>> {
    let mut units = submissions.iter().map(unit_of).collect::<Result<Vec<_>>>()?;
    units.sort_unstable();
    units.dedup();
    Ok(units)
}

fn unit_of(submission: &WrongSubmission) -> Result<Unit> {
    let WrongSubmission { name, unit, .. } = submission;
    Unit::parse(unit).with_context(|| format!("solutions/wrong/{unit}/{name}.toml: `{unit}` is no unit with checks"))
}

/// The checks that a submission names and that do not exist in its unit.
fn unknown_checks(submission: &WrongSubmission, unit: Unit) -> Vec<&str> {
    let unknown = |id: &&str| !unit_checks::checks::ALL.iter().any(|check| check.id == *id && check.unit == unit);
    std::iter::once(&submission.recipe.check).chain(&submission.recipe.also).map(String::as_str).filter(unknown).collect()
}

/// The solution itself, which must pass: otherwise a failure of a wrong submission proves nothing.
fn reference(workspace: &Workspace, unit: Unit, seed: u64, style: Style) -> Result<Judgement> {
    let package = format!("solution-{}", unit.number());
    if unit.is_graded_on_files() {
        return judgement(unit, HandedIn::in_folder(workspace.package(&package)?.folder()), seed, style);
    }
    match Submission::build(workspace, &package, Progress::Silent)? {
        Submission::Failed { complaint } => anyhow::bail!("{package} does not build:\n{complaint}"),
        Submission::Built { executable, .. } => {
            judgement(unit, grade::app_with_files(workspace, &package, AppCommand::binary(&executable))?, seed, style)
        }
    }
}

fn build(workspace: &Workspace, submissions: &[WrongSubmission], style: Style) -> Result<Build> {
    let _turn = generated_workspace::take_turn(&workspace.target)?;
    let folder: PathBuf = generated_workspace::write(&workspace.root, &workspace.target, submissions)?;
    let manifest = folder.join("Cargo.toml").to_string_lossy().into_owned();
    let target = workspace.target.to_string_lossy().into_owned();
    let arguments = ["build", "--manifest-path", &manifest, "--workspace", "--bins", "--offline", "--keep-going", "--target-dir", &target];
    let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
    let build = Build::run(&workspace.root, &arguments, progress)?;
    // A failure that no package explains is cargo's own: a manifest, a lock file, the disk.
    if !build.succeeded && build.artifacts.is_empty() && build.diagnostics.is_empty() {
        anyhow::bail!("cargo could not build the wrong submissions:\n{}", build.complaint());
    }
    Ok(build)
}

fn judge(workspace: &Workspace, submission: &WrongSubmission, build: Option<&Build>, seed: u64, style: Style) -> Result<Mutant> {
    let package = generated_workspace::package_name(submission);
    let unit = unit_of(submission)?;
    let unknown = unknown_checks(submission, unit);
    let broken = |error| Judgement { errors: vec![error], ..Judgement::default() };
    let work: Result<Work, String> = match build {
        Some(build) if !unit.is_graded_on_files() => match build.executable(&package).and_then(|it| it.executable.as_deref()) {
            Some(executable) => {
                let files = HandedIn::in_folder(generated_workspace::package_folder(&workspace.target, submission));
                Ok(Work::from(AppCommand::binary(executable)).with_files(files))
            }
            None => Err(format!("does not build:\n{}", complaint(build, &package))),
        },
        _ => Ok(HandedIn::in_folder(generated_workspace::write_files(&workspace.root, &workspace.target, submission)?).into()),
    };
    let judged = match work {
        _ if !unknown.is_empty() => broken(format!("{unit} has no check {}", unknown.join(", "))),
        Ok(work) => judgement(unit, work, seed, style)?,
        Err(error) => broken(error),
    };
    let Judgement { failed, blocked, errors } = judged;
    Ok(Mutant {
        id: submission.name.clone(),
        unit: submission.unit.clone(),
        misconception: submission.recipe.misconception.clone(),
        expected: vec![submission.recipe.check.clone()],
        also: submission.recipe.also.clone(),
        failed,
        blocked,
        error: (!errors.is_empty()).then(|| errors.join("\n")),
    })
}

/// The compiler's errors about one package of the generated workspace.
fn complaint(build: &Build, package: &str) -> String {
    let manifest =
        build.diagnostics.iter().map(|it| &it.manifest_path).find(|path| path.parent().is_some_and(|folder| folder.ends_with(package)));
    let errors: Vec<&str> = manifest.map(|path| build.messages(path, "error").collect()).unwrap_or_default();
    if errors.is_empty() { build.complaint() } else { errors.join("\n") }
}

fn judgement(unit: Unit, work: impl Into<Work>, seed: u64, style: Style) -> Result<Judgement> {
    Ok(sort(&grade::judge(unit, work, Profile::Strict, seed, style)?))
}

fn sort(report: &GradingReport) -> Judgement {
    let mut judgement = Judgement::default();
    for result in &report.results {
        let id = result.check.id.to_owned();
        match &result.verdict {
            Verdict::Fail(_) | Verdict::Timeout(_) => judgement.failed.push(id),
            Verdict::Blocked { .. } => judgement.blocked.push(id),
            Verdict::Error(message) => judgement.errors.push(format!("{id}: the grader failed: {message}")),
            Verdict::Pass | Verdict::Skipped(_) => {}
        }
    }
    judgement
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::samples::{failure, graded};

    #[test]
    fn verdicts_are_sorted_into_failed_blocked_and_broken() {
        let report = graded(&[Verdict::Timeout("5 s".to_owned()), failure(), Verdict::Blocked { by: "U4-91" }]).report;
        let judgement = sort(&report);
        assert_eq!((judgement.failed, judgement.blocked), (vec!["U4-90".to_owned(), "U4-91".to_owned()], vec!["U4-92".to_owned()]));
        assert_eq!(sort(&graded(&[Verdict::Error("no port".to_owned())]).report).errors, ["U4-90: the grader failed: no port"]);
    }

    #[test]
    fn a_sample_follows_from_its_seed() {
        let names: Vec<String> = (0..20).map(|number| format!("wrong-{number:02}")).collect();
        let drawn =
            |seed| sample(names.iter().map(|name| submission(name)).collect(), 5, seed).into_iter().map(|it| it.name).collect::<Vec<_>>();
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!(drawn(1).len() == 5 && drawn(1).is_sorted());
    }

    #[test]
    fn a_check_that_does_not_exist_is_named() {
        assert_eq!(unknown_checks(&submission("no-nonce"), Unit::SignIn), [""; 0]);
        assert_eq!(unknown_checks(&submission("no-nonce"), Unit::WebApp), ["U4-09"]);
    }

    fn submission(name: &str) -> WrongSubmission {
        let recipe = wrong_submission::Recipe {
            base: "solutions/04-sign-in".to_owned(),
            check: "U4-09".to_owned(),
            misconception: "M20".to_owned(),
            also: Vec::new(),
            edits: Vec::new(),
        };
        WrongSubmission { name: name.to_owned(), unit: "04".to_owned(), recipe }
    }
}
