//! `cargo xtask grade`: judges your own work and says what to do next.

mod json;
mod progress;
mod report;
pub mod submission;

use anyhow::{Context, Result};
use unit_checks::{
    AppCommand, Grading, GradingReport, HandedIn, Profile, Unit, Verdict, Work, build_failed, fresh_seed, grade,
    learning_record::LearningRecord,
};

use crate::{
    cargo, export, flags,
    flags::ProfileName,
    outcome::{Outcome, UsageError},
    terminal::{Style, shows_progress},
    workspace::Workspace,
};

use self::{progress::ProgressLine, report::Feedback, submission::Submission};

/// One unit, judged.
#[derive(Debug)]
pub struct Graded {
    pub report: GradingReport,
    /// What the compiler said, when there is no app to judge.
    pub build_error: Option<String>,
}

pub fn run(flags: &flags::Grade, style: Style) -> Result<Outcome> {
    let units = units(flags.unit)?;
    let profile = flags.profile.map_or(if flags.cmd.is_some() { Profile::Core } else { Profile::Strict }, profile);
    let seed = flags.seed.unwrap_or_else(fresh_seed);
    let workspace = Workspace::find()?;
    if let Some(answer) = &flags.from_graph_json {
        if units != [Unit::Registration] {
            return Err(UsageError("--from-graph-json holds a registration, which is unit 3; add --unit 3".to_owned()).into());
        }
        export::from_graph(&workspace, answer)?;
    }
    let mut graded = Vec::new();
    for unit in units {
        let it = match &flags.cmd {
            Some(line) => command(&workspace, unit, line, profile, seed, style)?,
            None => {
                if unit == Unit::Registration && flags.from_graph_json.is_none() {
                    export_first(&workspace);
                }
                let own = own_work(&workspace, unit, profile, seed, style)?;
                remember(&workspace, &own)?;
                own
            }
        };
        if !flags.json {
            let extent = if flags.all { Feedback::All } else { Feedback::Next };
            print!("{}", report::render(&it, flags.cmd.as_deref(), extent, style));
        }
        graded.push(it);
    }
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&json::Document::new(&graded, profile, seed))?);
    }
    outcome(&graded)
}

/// The units to grade: the one asked for, else all that have checks.
pub fn units(number: Option<u8>) -> Result<Vec<Unit>> {
    let Some(number) = number else { return Ok(Unit::ALL.to_vec()) };
    let unit = Unit::parse(&number.to_string()).ok_or_else(|| {
        let written = Unit::ALL.map(Unit::number);
        let (last, others) = written.split_last().expect("there are units");
        UsageError(format!("unit {number} has no checks yet; there are checks for {} and {last}", others.join(", ")))
    })?;
    Ok(vec![unit])
}

fn profile(name: ProfileName) -> Profile {
    match name {
        ProfileName::Core => Profile::Core,
        ProfileName::Strict => Profile::Strict,
    }
}

/// On the error stream: with --json, standard output holds JSON alone.
fn export_first(workspace: &Workspace) {
    if let Err(error) = export::before_grading(workspace) {
        eprintln!("Nothing exported: {error:#}. The files in src/ are graded as they are.");
    }
}

fn own_work(workspace: &Workspace, unit: Unit, profile: Profile, seed: u64, style: Style) -> Result<Graded> {
    if unit.is_graded_on_files() {
        return Ok(Graded { report: judge(unit, own_files(workspace, unit)?, profile, seed, style)?, build_error: None });
    }
    submission::touch_starters(workspace, unit)?;
    let cargo_progress = if shows_progress(style) { cargo::Progress::Shown } else { cargo::Progress::Silent };
    match Submission::build(workspace, &unit.to_string(), cargo_progress)? {
        Submission::Built { executable, freshness, .. } => {
            submission::assert_rebuilt(freshness, &executable)?;
            let work = Work::from(AppCommand::binary(executable)).with_files(own_files(workspace, unit)?);
            let report = judge(unit, work, profile, seed, style)?;
            Ok(Graded { report, build_error: None })
        }
        Submission::Failed { complaint } => {
            Ok(Graded { report: build_failed(unit, profile, seed, &complaint), build_error: Some(complaint) })
        }
    }
}

/// What `cargo xtask grade` prints, without keeping the results for anybody.
pub fn shown(workspace: &Workspace, unit: Unit, seed: u64) -> Result<String> {
    // No progress is drawn: the output is for a page.
    let (profile, silent) = (Profile::Strict, Style::Plain);
    let files = HandedIn::in_folder(workspace.package(&unit.to_string())?.folder());
    let work = if unit.is_graded_on_files() {
        files.into()
    } else {
        match Submission::build(workspace, &unit.to_string(), cargo::Progress::Silent)? {
            Submission::Built { executable, .. } => Work::from(AppCommand::binary(executable)).with_files(files),
            Submission::Failed { complaint } => anyhow::bail!("{unit} does not build:\n{complaint}"),
        }
    };
    let graded = Graded { report: judge(unit, work, profile, seed, silent)?, build_error: None };
    Ok(report::render(&graded, None, Feedback::Next, Style::Ruled))
}

/// The learner's folder of a unit, and the `.env` that only the learner's own machine has.
fn own_files(workspace: &Workspace, unit: Unit) -> Result<HandedIn> {
    Ok(HandedIn::in_folder(workspace.package(&unit.to_string())?.folder()).with_env_file(workspace.root.join(".env")))
}

/// An app, and the folder of its package: some checks read files, too.
pub fn app_with_files(workspace: &Workspace, package: &str, app: AppCommand) -> Result<Work> {
    Ok(Work::from(app).with_files(HandedIn::in_folder(workspace.package(package)?.folder())))
}

/// Keeps the results for `cargo xtask hint`. What was not built was not judged.
fn remember(workspace: &Workspace, graded: &Graded) -> Result<()> {
    if graded.build_error.is_some() {
        return Ok(());
    }
    LearningRecord::remember(&workspace.root, &graded.report.results)
}

fn command(workspace: &Workspace, unit: Unit, line: &str, profile: Profile, seed: u64, style: Style) -> Result<Graded> {
    if unit.is_graded_on_files() {
        return Err(UsageError(format!("{unit} is graded on files in its folder; leave --cmd out")).into());
    }
    let app = AppCommand::parse(line).map_err(|error| UsageError(error.to_string()))?;
    let work = Work::from(app).with_files(own_files(workspace, unit)?);
    Ok(Graded { report: judge(unit, work, profile, seed, style)?, build_error: None })
}

/// Runs the checks of a unit against an app or files.
pub fn judge(unit: Unit, work: impl Into<Work>, profile: Profile, seed: u64, style: Style) -> Result<GradingReport> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    let line = ProgressLine::new(style);
    let grading = Grading { unit, work: work.into(), profile, seed, only: Vec::new() };
    let report = runtime.block_on(grade(&grading, &|news| line.show(&news)));
    line.clear();
    let report = report.context("the checks could not be run")?;
    // Nothing judged is nothing passed.
    anyhow::ensure!(!report.results.is_empty(), "{unit} has no checks");
    Ok(report)
}

/// Below the mark when a check did not pass; infrastructure when the checks themselves broke.
fn outcome(graded: &[Graded]) -> Result<Outcome> {
    let broken: Vec<&str> = graded
        .iter()
        .flat_map(|it| &it.report.results)
        .filter(|result| matches!(result.verdict, Verdict::Error(_)))
        .map(|result| result.check.id)
        .collect();
    anyhow::ensure!(broken.is_empty(), "the grader could not judge {}; this is not your app's fault, see above", broken.join(", "));
    Ok(if graded.iter().all(|it| it.report.all_passed()) { Outcome::Done } else { Outcome::BelowTheMark })
}

#[cfg(test)]
pub mod samples;

#[cfg(test)]
mod tests {
    use super::{samples::graded, *};

    #[test]
    fn a_unit_without_checks_is_a_usage_error() {
        assert_eq!(units(Some(4)).unwrap(), [Unit::SignIn]);
        assert_eq!(units(None).unwrap(), Unit::ALL);
        let error = units(Some(7)).unwrap_err();
        assert!(error.is::<UsageError>() && error.to_string().contains("04, 05 and 06"), "{error}");
    }

    #[test]
    fn a_failed_check_is_below_the_mark_and_a_broken_one_is_not_the_learners_fault() {
        assert_eq!(outcome(&[graded(&[Verdict::Pass])]).unwrap(), Outcome::Done);
        assert_eq!(outcome(&[graded(&[Verdict::Pass, Verdict::Timeout("10 s".to_owned())])]).unwrap(), Outcome::BelowTheMark);
        assert!(outcome(&[graded(&[Verdict::Error("no port".to_owned())])]).unwrap_err().to_string().contains("U4-90"));
    }
}
