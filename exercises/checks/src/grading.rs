//! Runs the checks of one unit against one app.

mod engine;
mod plan;
mod shared_app;

use std::sync::Arc;

use serde::Serialize;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    app_process::AuthorityScheme,
    check::Check,
    checks,
    unit::{Profile, Unit},
    verdict::{Failure, Verdict},
    work::Work,
    world::World,
};
use engine::Engine;
use plan::Plan;

/// What to grade, and how.
#[derive(Debug, Clone)]
pub struct Grading {
    /// The unit.
    pub unit: Unit,
    /// The app or the files.
    pub work: Work,
    /// Which checks count.
    pub profile: Profile,
    /// The seed of the world.
    pub seed: u64,
    /// Only the checks with these ids; all if empty. What they depend on runs as well, but is not reported.
    pub only: Vec<String>,
}

/// News of a run.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The check that this is about.
    pub check: &'static Check,
    /// How it ended (a [`Verdict::word`]); `None` when it begins.
    pub ended: Option<&'static str>,
    /// How many checks have ended.
    pub finished: usize,
    /// How many there are in this run.
    pub total: usize,
}

/// What the grader says about an app.
#[derive(Debug, Clone, Serialize)]
pub struct GradingReport {
    /// The unit.
    pub unit: Unit,
    /// The seed with which the run can be repeated.
    pub seed: u64,
    /// Which checks counted.
    pub profile: Profile,
    /// One result for each check, in the order of the unit.
    pub results: Vec<CheckResult>,
}

/// What the grader says about one check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckResult {
    /// The check.
    pub check: &'static Check,
    /// How it ended.
    pub verdict: Verdict,
    /// How long it took.
    pub milliseconds: u64,
}

impl GradingReport {
    /// Points of the checks that passed, before a gate caps them.
    pub fn points(&self) -> u32 {
        self.results.iter().filter(|result| result.verdict == Verdict::Pass).map(|result| result.check.points).sum()
    }

    /// Points of all checks that count here.
    pub fn max_points(&self) -> u32 {
        self.results.iter().filter(|result| !matches!(result.verdict, Verdict::Skipped(_))).map(|result| result.check.points).sum()
    }

    /// The failed security gates.
    pub fn failed_gates(&self) -> Vec<&'static Check> {
        let failed = |result: &&CheckResult| matches!(result.verdict, Verdict::Fail(_) | Verdict::Timeout(_));
        self.results.iter().filter(failed).map(|result| result.check).filter(|check| check.gate.is_some()).collect()
    }

    /// What is earned: the points, capped while a gate fails.
    pub fn score(&self) -> u32 {
        let cap = self.failed_gates().iter().filter_map(|check| check.gate).map(|gate| self.max_points() * gate.cap_percent() / 100).min();
        cap.map_or(self.points(), |cap| self.points().min(cap))
    }

    /// Whether every check that counts passed.
    pub fn all_passed(&self) -> bool {
        self.results.iter().all(|result| matches!(result.verdict, Verdict::Pass | Verdict::Skipped(_)))
    }
}

/// Grades an app. `progress` is told when a check begins and ends.
///
/// # Errors
/// When the grader itself cannot work: no free ports, or a check in `only` that does not exist. What the app does wrong is no error.
pub async fn grade(grading: &Grading, progress: &(dyn Fn(Progress) + Send + Sync)) -> anyhow::Result<GradingReport> {
    grade_with(checks::ALL, grading, progress).await
}

/// Grades an app by checks of the caller's. The checks of the course are those of [`grade`].
///
/// # Errors
/// As [`grade`].
pub async fn grade_with(
    registry: &'static [Check],
    grading: &Grading,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> anyhow::Result<GradingReport> {
    let plan = Plan::new(registry, grading.unit, grading.profile, &grading.only)?;
    let scheme = grading.work.app().map_or(AuthorityScheme::Http, |command| command.authority);
    let world = Arc::new(World::build(grading.unit, grading.seed, scheme).await?);
    let engine = Arc::new(Engine::new(grading, &plan, world));

    let (news, mut heard) = mpsc::unbounded_channel();
    let mut tasks = JoinSet::new();
    for &check in plan.checks() {
        let (engine, news) = (Arc::clone(&engine), news.clone());
        let skip = plan.reason_to_skip(check);
        tasks.spawn(async move {
            let result = match skip {
                Some(reason) => engine.skip(check, reason),
                None => engine.judge(check, &news).await,
            };
            // The receiver lives as long as this function waits for its tasks.
            let _ = news.send(engine::News::Ended(Box::new(result)));
        });
    }
    drop(news);

    let (total, mut results) = (plan.checks().len(), Vec::new());
    while let Some(heard) = heard.recv().await {
        match heard {
            engine::News::Began(check) => progress(Progress { check, ended: None, finished: results.len(), total }),
            engine::News::Ended(result) => {
                let (check, ended) = (result.check, Some(result.verdict.word()));
                results.push(*result);
                progress(Progress { check, ended, finished: results.len(), total });
            }
        }
    }
    while tasks.join_next().await.is_some() {}
    Ok(GradingReport { unit: grading.unit, seed: grading.seed, profile: grading.profile, results: plan.in_order(results) })
}

/// The report for an app that does not build: its first check fails with the compiler's words, the others wait for it.
///
/// `grade` is given a program and so knows nothing of a build. Whoever builds with `cargo build --locked` calls this
/// where the build fails; where it succeeds, U2-01 passes by the fact that there is a program to run.
pub fn build_failed(unit: Unit, profile: Profile, seed: u64, log: &str) -> GradingReport {
    let of_unit: Vec<&'static Check> = checks::ALL.iter().filter(|check| check.unit == unit).collect();
    let first = of_unit.first().map_or("", |check| check.id);
    let failure = Failure::new(
        "The grader built the app with `cargo build --locked`.",
        log,
        "a build without errors, from the packages that Cargo.lock names",
        "Whatever does not build cannot be run. A build that needs the network, or other versions than the lock file's, is one that \
         nobody can repeat.",
    );
    let verdict = |check: &Check| match (check.profile > profile, check.id == first) {
        (true, _) => Verdict::Skipped(plan::only_in_strict(profile)),
        (false, true) => Verdict::Fail(failure.clone()),
        (false, false) => Verdict::Blocked { by: first },
    };
    let results = of_unit.into_iter().map(|check| CheckResult { verdict: verdict(check), check, milliseconds: 0 }).collect();
    GradingReport { unit, seed, profile, results }
}
