//! Judges one check: waits for those that it depends on, gives it an app, limits its time, and survives its panic.

use std::{
    collections::HashMap,
    num::NonZero,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, mpsc::UnboundedSender, watch},
    task::JoinError,
    time::timeout,
};

use super::{CheckResult, Grading, plan::Plan, shared_app::SharedApp};
use crate::{
    app_process::{AppProcess, Environment, StartFailure, ports::Ports},
    check::{AppUse, Check},
    comparison::Compared,
    redact::KnownSecrets,
    stage::Stage,
    stopwatch::Stopwatch,
    unit::Profile,
    verdict::{Failure, Outcome, Problem, Verdict},
    work::Work,
    world::World,
};

/// So many checks visit the shared app at the same time, for each core.
const SHARERS_PER_CORE: usize = 4;

/// Between the end of an app's connections and its own end lies a moment.
const LAST_MOMENT: Duration = Duration::from_millis(250);

/// What a task tells the run.
pub(super) enum News {
    Began(&'static Check),
    Ended(Box<CheckResult>),
}

/// Everything that the checks of a run share.
pub(super) struct Engine {
    profile: Profile,
    world: Arc<World>,
    work: Arc<Work>,
    ports: Ports,
    /// One permit for each app process; as many as cores, but two at least: the shared one, and one of a check's own.
    processes: Arc<Semaphore>,
    sharers: Semaphore,
    shared: SharedApp,
    secrets: KnownSecrets,
    /// How each check ended: `Err` names the check at the root of the chain that is in the way of others.
    ended: HashMap<&'static str, watch::Sender<Option<Result<(), &'static str>>>>,
}

/// With which app a check runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    TheSharedApp,
    AnAppOfItsOwn,
}

impl Engine {
    pub(super) fn new(grading: &Grading, plan: &Plan, world: Arc<World>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, NonZero::get);
        let is_sharer = |check: &&&'static Check| check.app == AppUse::Shared && plan.reason_to_skip(check).is_none();
        let sharers = plan.checks().iter().filter(is_sharer).count();
        let secrets = KnownSecrets::default();
        secrets.add(world.secrets());
        Self {
            profile: grading.profile,
            world,
            secrets,
            work: Arc::new(grading.work.clone()),
            ports: Ports::default(),
            processes: Arc::new(Semaphore::new(cores.max(2))),
            sharers: Semaphore::new(cores * SHARERS_PER_CORE),
            shared: SharedApp::for_sharers(AtomicUsize::new(sharers)),
            ended: plan.checks().iter().map(|check| (check.id, watch::Sender::new(None))).collect(),
        }
    }

    pub(super) fn skip(&self, check: &'static Check, reason: String) -> CheckResult {
        self.end(check, Verdict::Skipped(reason), 0)
    }

    /// Runs one check to its verdict, whatever happens in it.
    pub(super) async fn judge(&self, check: &'static Check, news: &UnboundedSender<News>) -> CheckResult {
        let blocker = self.first_blocker(check).await;
        let stopwatch = Stopwatch::start();
        let verdict = match blocker {
            Some(by) => Verdict::Blocked { by },
            None => {
                let _ = news.send(News::Began(check));
                self.run(check).await
            }
        };
        if check.app == AppUse::Shared {
            self.shared.leave().await;
        }
        self.end(check, verdict, stopwatch.milliseconds())
    }

    fn end(&self, check: &'static Check, verdict: Verdict, milliseconds: u64) -> CheckResult {
        let for_others = match &verdict {
            Verdict::Blocked { by } => Err(*by),
            verdict if verdict.lets_others_run() => Ok(()),
            _ => Err(check.id),
        };
        if let Some(told) = self.ended.get(check.id) {
            told.send_replace(Some(for_others));
        }
        CheckResult { check, verdict: self.scrubbed(verdict), milliseconds }
    }

    /// Waits for the checks that this one depends on, and names the one that is in its way.
    async fn first_blocker(&self, check: &'static Check) -> Option<&'static str> {
        for id in check.depends_on {
            let Some(told) = self.ended.get(id) else { continue };
            let mut told = told.subscribe();
            let ended = told.wait_for(Option::is_some).await.map_or(Some(Err(*id)), |ended| *ended);
            if let Some(Err(by)) = ended {
                return Some(by);
            }
        }
        None
    }

    async fn run(&self, check: &'static Check) -> Verdict {
        if check.app != AppUse::Shared {
            return match self.attempt(check, With::AnAppOfItsOwn).await {
                // Once more, alone: the machine may have been busy.
                Ok(Verdict::Timeout(_)) => self.attempt_alone(check).await,
                attempt => attempt.unwrap_or_else(not_started),
            };
        }
        match self.attempt(check, With::TheSharedApp).await {
            // Another check may be the cause: it brought the app down, or the app mixes up its visitors. With an app of its own, a
            // check fails by its own doing only, and a wrong app gets the same verdicts in every run.
            Ok(Verdict::Fail(_) | Verdict::Timeout(_)) => self.attempt_alone(check).await,
            attempt => attempt.unwrap_or_else(not_started),
        }
    }

    async fn attempt_alone(&self, check: &'static Check) -> Verdict {
        self.attempt(check, With::AnAppOfItsOwn).await.unwrap_or_else(not_started)
    }

    /// # Errors
    /// When there is no app to try it on.
    async fn attempt(&self, check: &'static Check, with: With) -> Result<Verdict, StartFailure> {
        let (app, _permits) = self.app_for(check, with).await?;
        let stage = Stage::new(check, self.profile, Arc::clone(&self.world), Arc::clone(&self.work), self.ports.clone(), app.clone());
        let stage = stage.with_secrets(self.secrets.clone());
        let task = tokio::spawn(async move { (check.run)(&stage).await });
        let stop = task.abort_handle();
        let outcome = match timeout(check.limit, task).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(failed)) => return Ok(Verdict::Error(panic_text(check, failed))),
            Err(_) => {
                stop.abort();
                return Ok(Verdict::Timeout(timeout_text(check, app.as_deref())));
            }
        };
        Ok(verdict_of(match (outcome, app.as_deref()) {
            (Err(problem), Some(app)) => Err(with_end_of_app(problem, app).await),
            (outcome, _) => outcome,
        }))
    }

    /// The app for an attempt, and the permits that it holds meanwhile.
    async fn app_for(&self, check: &Check, with: With) -> Result<(Option<Arc<AppProcess>>, impl Sized), StartFailure> {
        const OPEN: &str = "the semaphores of a run are never closed";
        if with == With::TheSharedApp {
            let sharer = self.sharers.acquire().await.expect(OPEN);
            let start = || self.start_app();
            let app = self.shared.running(&self.processes, start).await?;
            return Ok((Some(app), (Some(sharer), None)));
        }
        let process = Arc::clone(&self.processes).acquire_owned().await.expect(OPEN);
        let app = match check.app {
            AppUse::Shared => Some(Arc::new(self.start_app().await?)),
            AppUse::Fresh | AppUse::None => None,
        };
        Ok((app, (None, Some(process))))
    }

    async fn start_app(&self) -> Result<AppProcess, StartFailure> {
        match self.work.app() {
            Some(command) => AppProcess::start(command, &Environment::of(&self.world, command.authority), &self.ports).await,
            None => Err(StartFailure::Grader("a unit that is graded on files has no app".to_owned())),
        }
    }

    fn scrubbed(&self, verdict: Verdict) -> Verdict {
        let clean = |text: String| self.secrets.scrub(&text);
        match verdict {
            Verdict::Fail(failure) => Verdict::Fail(Failure {
                sent: clean(failure.sent),
                received: clean(failure.received),
                expected: clean(failure.expected),
                compared: failure.compared.into_iter().map(|value| Compared { found: clean(value.found), ..value }).collect(),
                why: failure.why,
                attack: failure.attack,
                misconception: failure.misconception,
            }),
            Verdict::Error(text) => Verdict::Error(clean(text)),
            Verdict::Timeout(text) => Verdict::Timeout(clean(text)),
            other => other,
        }
    }
}

fn not_started(failure: StartFailure) -> Verdict {
    verdict_of(Err(failure.into()))
}

fn verdict_of(outcome: Outcome) -> Verdict {
    match outcome {
        Ok(()) => Verdict::Pass,
        Err(Problem::Failed(failure)) => Verdict::Fail(*failure),
        Err(Problem::Broken(message)) => Verdict::Error(message),
        Err(Problem::Inapplicable(reason)) => Verdict::Skipped(reason),
        Err(Problem::Blocked(by)) => Verdict::Blocked { by },
    }
}

/// An app that ended explains most of what a check finds.
async fn with_end_of_app(problem: Problem, app: &AppProcess) -> Problem {
    match (problem, app.wait_for_exit(LAST_MOMENT).await) {
        (Problem::Failed(mut failure), Some(status)) => {
            failure.received += &format!("\nThe app has ended ({status}). {}", app.output().tail());
            Problem::Failed(failure)
        }
        (problem, _) => problem,
    }
}

fn timeout_text(check: &Check, app: Option<&AppProcess>) -> String {
    let seconds = check.limit.as_secs();
    let tail = app.map(|app| app.output().tail()).unwrap_or_default();
    format!(
        "The check had no result within {seconds} seconds, also when it ran alone. Does a handler wait for something that never comes?\n{tail}"
    )
}

fn panic_text(check: &Check, failed: JoinError) -> String {
    let Ok(panic) = failed.try_into_panic() else { return format!("the check {} was stopped", check.id) };
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the check {} panicked: {}", check.id, text.unwrap_or("no message"))
}
