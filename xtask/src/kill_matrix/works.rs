//! From the name of a work to what can be judged: builds what must be judged, and nothing else.

use std::{collections::HashMap, path::PathBuf};

use anyhow::{Context, Result};
use unit_checks::{AppCommand, HandedIn, Profile, Unit, Work, build_failed};

use super::{
    comparison::Judgement,
    generated_workspace,
    wrong_submission::{ExpectedBuild, WrongSubmission},
};
use crate::{
    cargo::{Build, Progress},
    check_exercises::alternatives::Alternatives,
    grade::{self, submission::Submission},
    workspace::Workspace,
};

/// Where a work comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Source<'a> {
    /// The solution of the unit.
    Solution,
    /// A right app in another style.
    Alternative(&'a str),
    Wrong(&'a WrongSubmission),
}

/// What is there to judge.
#[derive(Debug)]
pub enum Ready {
    Work(Work),
    /// It did not build, and so nothing more is to be found out.
    Judged(Judgement),
    /// It cannot be had on this machine.
    Unavailable(String),
}

pub fn solution_name(unit: Unit) -> String {
    format!("solution-{}", unit.number())
}

/// Everything that was built for one run.
pub struct Works<'a> {
    workspace: &'a Workspace,
    seed: u64,
    /// The program of each solution, or what the compiler said.
    solutions: HashMap<Unit, Result<PathBuf, String>>,
    alternatives: Option<Alternatives>,
    wrong: Option<Build>,
}

impl<'a> Works<'a> {
    /// Builds the programs of these works. The seed is for the reports about those that do not build.
    pub fn build(
        workspace: &'a Workspace,
        works: &[(Source<'_>, Unit)],
        all_wrong: &[WrongSubmission],
        seed: u64,
        progress: Progress,
    ) -> Result<Self> {
        let apps = || works.iter().filter(|(_, unit)| !unit.is_graded_on_files());
        let mut solutions = HashMap::new();
        for (_, unit) in apps().filter(|(source, _)| *source == Source::Solution) {
            if !solutions.contains_key(unit) {
                let built = match Submission::build(workspace, &solution_name(*unit), progress)? {
                    Submission::Built { executable, .. } => Ok(executable),
                    Submission::Failed { complaint } => Err(complaint),
                };
                solutions.insert(*unit, built);
            }
        }
        let wants_alternatives = works.iter().any(|(source, _)| matches!(source, Source::Alternative(_)));
        let alternatives = if wants_alternatives { Some(Alternatives::build(workspace, progress)?) } else { None };
        let wrong: Vec<&WrongSubmission> = apps()
            .filter_map(|(source, _)| match source {
                Source::Wrong(submission) => Some(*submission),
                Source::Solution | Source::Alternative(_) => None,
            })
            .collect();
        let wrong = if wrong.is_empty() { None } else { Some(build_wrong(workspace, &wrong, all_wrong, progress)?) };
        Ok(Self { workspace, seed, solutions, alternatives, wrong })
    }

    pub fn ready(&self, source: Source<'_>, unit: Unit) -> Result<Ready> {
        if unit.is_graded_on_files() {
            return Ok(Ready::Work(self.files(source, unit)?.into()));
        }
        let program = match source {
            Source::Solution => self.solutions.get(&unit).cloned().context("the solution was not asked for when the works were built")?,
            Source::Alternative(name) => match &self.alternatives {
                Some(Alternatives::Built(apps)) => apps.iter().find(|app| app.name == name).context("no such app")?.executable.clone(),
                Some(Alternatives::Unavailable(reason)) => return Ok(Ready::Unavailable(reason.clone())),
                None => anyhow::bail!("{name} was not asked for when the works were built"),
            },
            Source::Wrong(submission) => {
                let build = self.wrong.as_ref().context("the wrong submissions were not built")?;
                let package = generated_workspace::package_name(submission);
                let executable = build.executable(&package).and_then(|artifact| artifact.executable.clone());
                match (executable, errors(build, &package)) {
                    (Some(program), _) => Ok(program),
                    // Only the compiler's own words about this package are a verdict on it. A full disk is none.
                    (None, Some(log)) if submission.recipe.build == ExpectedBuild::Fails => {
                        return Ok(Ready::Judged(self.not_built(unit, &log)));
                    }
                    (None, log) => Err(log.unwrap_or_else(|| build.complaint())),
                }
            }
        };
        Ok(match program {
            Ok(program) => Ready::Work(self.app(source, unit, AppCommand::binary(program))?),
            Err(complaint) => Ready::Judged(Judgement::broken(format!("does not build:\n{complaint}"))),
        })
    }

    /// As `cargo xtask grade` judges what does not build.
    fn not_built(&self, unit: Unit, log: &str) -> Judgement {
        Judgement::of(&build_failed(unit, Profile::Strict, self.seed, log))
    }

    /// The app, and what is handed in beside it.
    fn app(&self, source: Source<'_>, unit: Unit, app: AppCommand) -> Result<Work> {
        match source {
            Source::Solution => grade::app_with_files(self.workspace, &solution_name(unit), app),
            Source::Wrong(submission) => {
                let folder = generated_workspace::package_folder(&self.workspace.target, submission);
                // Of the other units, what the solutions hand in.
                let files = HandedIn::in_folder(folder).with_units_in(self.workspace.root.join("solutions"));
                Ok(Work::from(app).with_files(files))
            }
            Source::Alternative(_) => Ok(app.into()),
        }
    }

    fn files(&self, source: Source<'_>, unit: Unit) -> Result<HandedIn> {
        match source {
            Source::Solution => Ok(HandedIn::in_folder(self.workspace.package(&solution_name(unit))?.folder())),
            Source::Wrong(submission) => {
                let folder = generated_workspace::write_files(&self.workspace.root, &self.workspace.target, submission)?;
                Ok(HandedIn::in_folder(folder))
            }
            Source::Alternative(name) => anyhow::bail!("{name} is an app, and {unit} is graded on files"),
        }
    }
}

fn build_wrong(workspace: &Workspace, submissions: &[&WrongSubmission], all: &[WrongSubmission], progress: Progress) -> Result<Build> {
    let _turn = generated_workspace::take_turn(&workspace.target)?;
    let folder = generated_workspace::write(&workspace.root, &workspace.target, submissions, all)?;
    let manifest = folder.join("Cargo.toml").to_string_lossy().into_owned();
    let target = workspace.target.to_string_lossy().into_owned();
    let arguments = ["build", "--manifest-path", &manifest, "--workspace", "--bins", "--offline", "--keep-going", "--target-dir", &target];
    let build = Build::run(&workspace.root, &arguments, progress)?;
    // A failure that no package explains is cargo's own: a manifest, a lock file, the disk.
    if !build.succeeded && build.artifacts.is_empty() && build.diagnostics.is_empty() {
        anyhow::bail!("cargo could not build the wrong submissions:\n{}", build.complaint());
    }
    Ok(build)
}

/// The compiler's errors about one package of the generated workspace.
fn errors(build: &Build, package: &str) -> Option<String> {
    let manifest =
        build.diagnostics.iter().map(|it| &it.manifest_path).find(|path| path.parent().is_some_and(|folder| folder.ends_with(package)))?;
    let errors: Vec<&str> = build.messages(manifest, "error").collect();
    (!errors.is_empty()).then(|| errors.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kill_matrix::wrong_submission::tests::submission;

    const ERROR: &str = r#"{"reason":"compiler-message","manifest_path":"/t/wrong/wrong-no-nonce/Cargo.toml","message":{"level":"error","rendered":"error[E0432]: unresolved import"}}"#;

    /// What is made of a wrong submission for which cargo said this.
    fn ready(messages: &str, expected: ExpectedBuild) -> Ready {
        let workspace = Workspace { root: PathBuf::new(), target: PathBuf::new(), packages: Vec::new() };
        let wrong = Some(Build::from_messages(messages, "error: no space left".to_owned(), false));
        let works = Works { workspace: &workspace, seed: 7, solutions: HashMap::new(), alternatives: None, wrong };
        let mut submission = submission("no-nonce");
        submission.recipe.build = expected;
        works.ready(Source::Wrong(&submission), Unit::WebApp).unwrap()
    }

    #[test]
    fn a_submission_that_should_not_build_fails_the_check_of_the_build_and_blocks_the_others() {
        let Ready::Judged(judgement) = ready(ERROR, ExpectedBuild::Fails) else { panic!("judged without a run") };
        assert_eq!((judgement.failed, judgement.errors), (vec!["U2-01".to_owned()], Vec::new()));
        assert!(judgement.blocked.contains(&"U2-02".to_owned()));
    }

    #[test]
    fn a_submission_that_should_build_and_does_not_is_no_kill() {
        let Ready::Judged(judgement) = ready(ERROR, ExpectedBuild::Succeeds) else { panic!("judged without a run") };
        assert_eq!((judgement.failed.len(), judgement.errors), (0, vec!["does not build:\nerror[E0432]: unresolved import".to_owned()]));
    }

    #[test]
    fn a_failure_of_cargo_itself_is_no_kill() {
        let Ready::Judged(judgement) = ready("", ExpectedBuild::Fails) else { panic!("judged without a run") };
        assert_eq!((judgement.failed.len(), judgement.errors), (0, vec!["does not build:\nerror: no space left".to_owned()]));
    }
}
