//! `cargo xtask kill-matrix`: the proof that the grader is right. Every wrong submission is caught by the check that names it, by those in its `also`,
//! and by no other; every right work passes.

mod comparison;
mod figures;
mod freshness;
mod generated_workspace;
mod judging;
mod keys;
pub mod page;
mod progress;
mod proof;
mod report;
mod results;
mod right_works;
mod source_digest;
mod works;
pub mod wrong_submission;

use anyhow::{Context, Result};
use mock_idp::random::derived_guid;
use unit_checks::{Unit, fresh_seed};

use crate::{
    check_exercises::alternatives,
    flags,
    outcome::{Outcome, UsageError},
    terminal::{Style, count},
    workspace::Workspace,
};

pub use self::judging::Interrupted;
use self::{
    comparison::{Judgement, Mutant},
    keys::Keys,
    page::Machine,
    proof::{Known, Manner, Subject, prove},
    report::{Coverage, Facts, Matrix},
    results::Kept,
    right_works::RightWorks,
    works::Source,
    wrong_submission::WrongSubmission,
};

/// So many seeds prove that a check is steady.
const MANY_SEEDS: usize = 200;

pub fn run(flags: &flags::KillMatrix, style: Style) -> Result<Outcome> {
    let coverage = coverage(flags)?;
    let proof = Proof::new(flags, style)?;
    let wrong = select(&proof.all, flags)?;
    let alternatives = if coverage == Coverage::Part { Vec::new() } else { alternatives::named(&proof.workspace)? };
    let right = RightWorks { units: units(&wrong)?, seeds: seeds(number_of_seeds(flags), flags.seed), alternatives };
    let matrix = proof.matrix(&wrong, &right, coverage)?;
    if flags.json {
        println!("{}", serde_json::to_string(&matrix)?);
    } else {
        print!("{}", matrix.render(style));
    }
    if flags.page {
        page::write(&proof.workspace.root, &matrix, &Machine::this_one(proof.manner.jobs))?;
        eprintln!("written: {}", page::PATH);
    }
    Ok(Outcome::from_problems(matrix.problems()))
}

/// What is judged, and whether a page can be written about it.
fn coverage(flags: &flags::KillMatrix) -> Result<Coverage> {
    let coverage = match (&flags.only, flags.unit) {
        (Some(_), _) => Coverage::Part,
        (None, Some(_)) => Coverage::Unit,
        (None, None) => Coverage::Whole,
    };
    if flags.page && coverage != Coverage::Whole {
        return Err(UsageError("the page is written from a whole run; leave --unit and --only out".to_owned()).into());
    }
    Ok(coverage)
}

fn number_of_seeds(flags: &flags::KillMatrix) -> usize {
    flags.seeds.unwrap_or(if flags.page { MANY_SEEDS } else { 1 })
}

/// So many wrong submissions, chosen by a seed that is printed: what `ci` has time for.
pub fn run_sample(number: usize, style: Style) -> Result<Outcome> {
    let proof = Proof::new(&flags::KillMatrix::default(), style)?;
    let wrong = sample(proof.all.iter().collect(), number, proof.manner.seed);
    println!("a sample of {}; `ci --full` judges all", count(wrong.len(), "wrong submission"));
    let right = RightWorks { units: units(&wrong)?, seeds: vec![None], alternatives: Vec::new() };
    let matrix = proof.matrix(&wrong, &right, Coverage::Part)?;
    print!("{}", matrix.render(style));
    Ok(Outcome::from_problems(matrix.problems()))
}

/// The solutions alone, each with [`MANY_SEEDS`]: the long proof that no check is flaky.
pub fn run_seeds(style: Style) -> Result<Outcome> {
    let proof = Proof::new(&flags::KillMatrix::default(), style)?;
    let right = RightWorks { units: Unit::ALL.to_vec(), seeds: seeds(MANY_SEEDS, None), alternatives: Vec::new() };
    let matrix = proof.matrix(&[], &right, Coverage::Part)?;
    print!("{}", matrix.render(style));
    Ok(Outcome::from_problems(matrix.problems()))
}

/// What all runs begin with.
struct Proof {
    workspace: Workspace,
    all: Vec<WrongSubmission>,
    /// The seed that was asked for; without one, results with any seed will do.
    seed: Option<u64>,
    manner: Manner,
}

impl Proof {
    fn new(flags: &flags::KillMatrix, style: Style) -> Result<Self> {
        let workspace = Workspace::find()?;
        let all = wrong_submission::read_all(&workspace.root.join("solutions/wrong"))?;
        anyhow::ensure!(!all.is_empty(), "solutions/wrong holds no wrong submission");
        let jobs = flags.jobs.unwrap_or_else(judging::usual_jobs);
        let manner = Manner { seed: flags.seed.unwrap_or_else(fresh_seed), jobs, fresh: flags.fresh, style };
        Ok(Self { workspace, all, seed: flags.seed, manner })
    }

    fn matrix(&self, wrong: &[&WrongSubmission], right: &RightWorks, coverage: Coverage) -> Result<Matrix> {
        let keys = Keys::new(&self.workspace.root)?;
        let (names, mut subjects) = right.subjects(&keys)?.into_iter().unzip::<_, _, Vec<_>, Vec<_>>();
        let runs_of_right_works = subjects.len();
        for submission in wrong {
            let unit = unit_of(submission)?;
            let source = Source::Wrong(submission);
            let key = keys.of(source, unit).with_context(|| file_of(submission))?;
            subjects.push(Subject { source, unit, seed: self.seed, key });
        }
        // JSON alone belongs on standard output.
        let (works, runs) = (count(wrong.len(), "wrong submission"), count(runs_of_right_works, "run"));
        eprintln!("{works} and {runs} of right works, seed {}, {} at a time", self.manner.seed, self.manner.jobs);
        let known = prove(&self.workspace, &keys, &subjects, &self.all, self.manner)?;
        let (of_right, of_wrong) = known.split_at(runs_of_right_works);
        let (right, skipped) = right_works::summed_up(&names, of_right);
        let judged = first_and_last_day(&known);
        let mutants = wrong.iter().zip(of_wrong).map(|(submission, known)| known_mutant(submission, known)).collect::<Result<Vec<_>>>()?;
        let units = units(wrong)?;
        let checks: Vec<&str> = unit_checks::checks::ALL.iter().filter(|check| units.contains(&check.unit)).map(|check| check.id).collect();
        Ok(Matrix::new(&checks, Facts { coverage, judged, right, skipped, mutants }))
    }
}

/// Kept judgements are older than today.
fn first_and_last_day(known: &[Known]) -> Option<(String, String)> {
    let days = || {
        known.iter().filter_map(|known| match known {
            Known::Kept(kept) => Some(kept.date.clone()),
            Known::Unavailable(_) => None,
        })
    };
    Some((days().min()?, days().max()?))
}

/// The seeds with which each right work is judged: one of any kind, or so many in a row. The row begins with 1 unless told otherwise, so that an
/// interrupted run goes on with the same ones.
fn seeds(number: usize, first: Option<u64>) -> Vec<Option<u64>> {
    match number {
        0 | 1 => vec![first],
        _ => (first.unwrap_or(1)..).take(number).map(Some).collect(),
    }
}

/// The first `number` in an order that follows from the seed; sorted by unit and name again.
fn sample(mut submissions: Vec<&WrongSubmission>, number: usize, seed: u64) -> Vec<&WrongSubmission> {
    submissions.sort_by_cached_key(|submission| derived_guid(&[&seed.to_string(), &submission.name]));
    submissions.truncate(number);
    submissions.sort_by(|left, right| (&left.unit, &left.name).cmp(&(&right.unit, &right.name)));
    submissions
}

fn select<'a>(submissions: &'a [WrongSubmission], flags: &flags::KillMatrix) -> Result<Vec<&'a WrongSubmission>> {
    let unit = flags.unit.map(|unit| format!("{unit:02}"));
    let wanted = |it: &&WrongSubmission| {
        unit.as_ref().is_none_or(|unit| *unit == it.unit) && flags.only.as_ref().is_none_or(|only| *only == it.name)
    };
    let selected: Vec<_> = submissions.iter().filter(wanted).collect();
    if selected.is_empty() {
        let names: Vec<&str> = submissions.iter().map(|submission| submission.name.as_str()).collect();
        return Err(UsageError(format!("no such wrong submission; under solutions/wrong there are: {}", names.join(", "))).into());
    }
    Ok(selected)
}

/// The units of the selected submissions; a folder that is no unit with checks is an error.
fn units(submissions: &[&WrongSubmission]) -> Result<Vec<Unit>> {
    let mut units = submissions.iter().map(|submission| unit_of(submission)).collect::<Result<Vec<_>>>()?;
    units.sort_unstable();
    units.dedup();
    Ok(units)
}

fn unit_of(submission: &WrongSubmission) -> Result<Unit> {
    Unit::parse(&submission.unit).with_context(|| format!("{}: `{}` is no unit with checks", file_of(submission), submission.unit))
}

fn file_of(submission: &WrongSubmission) -> String {
    format!("solutions/wrong/{}/{}.toml", submission.unit, submission.name)
}

/// The checks that a submission names and that do not exist in its unit.
fn unknown_checks(submission: &WrongSubmission) -> Vec<&str> {
    let unknown = |id: &&str| !unit_checks::checks::ALL.iter().any(|check| check.id == *id && check.unit.number() == submission.unit);
    std::iter::once(&submission.recipe.check).chain(&submission.recipe.also).map(String::as_str).filter(unknown).collect()
}

fn known_mutant(submission: &WrongSubmission, known: &Known) -> Result<Mutant> {
    match known {
        Known::Kept(kept) => {
            let Kept { finding, seed, .. } = &**kept;
            let differed_under_load = finding.under_load.as_ref().is_some_and(|first| *first != finding.judgement);
            Ok(Mutant { seed: Some(*seed), differed_under_load, ..mutant(submission, &finding.judgement) })
        }
        Known::Unavailable(reason) => anyhow::bail!("{} cannot be judged here: {reason}", file_of(submission)),
    }
}

/// What was found, beside what its file says.
fn mutant(submission: &WrongSubmission, judgement: &Judgement) -> Mutant {
    let unknown = unknown_checks(submission);
    let error = match (unknown.is_empty(), judgement.errors.is_empty()) {
        (false, _) => Some(format!("unit-{} has no check {}", submission.unit, unknown.join(", "))),
        (true, false) => Some(judgement.errors.join("\n")),
        (true, true) => None,
    };
    Mutant {
        id: submission.name.clone(),
        unit: submission.unit.clone(),
        misconception: submission.recipe.misconception.clone(),
        says: submission.says.clone(),
        expected: vec![submission.recipe.check.clone()],
        also: submission.recipe.also.clone(),
        failed: judgement.failed.clone(),
        blocked: judgement.blocked.clone(),
        seed: None,
        differed_under_load: false,
        error,
    }
}

#[cfg(test)]
mod tests;
