//! Judges several works at the same time. What the load may have spoilt is judged once more, alone.
//!
//! A check mostly waits: for the app to answer, for a time to pass. So more works than cores can be under judgement. But an app that gets its turn
//! late answers late, and a check that gives up too early proves nothing about the app.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use tokio::{
    runtime,
    sync::{mpsc, watch},
};
use unit_checks::{Grading, Profile, Unit, Work};

use super::comparison::Judgement;
use crate::stop_signal::StopSignal;

/// One work to judge.
#[derive(Debug, Clone)]
pub struct Task {
    /// How it is called where a person waits: `no-nonce`, `solution-04 with seed 7`.
    pub name: String,
    pub unit: Unit,
    pub work: Work,
    pub seed: u64,
}

/// What was found about a work.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub judgement: Judgement,
    /// What the first judging said, side by side with others, when a second one was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_load: Option<Judgement>,
}

/// News of a run; the number is that of the task.
#[derive(Debug)]
pub enum News {
    Began(usize),
    /// Judged, and to be judged again alone when the others are done.
    Doubtful(usize),
    Ended(usize, Finding),
}

/// Somebody pressed Ctrl-C. Everything that was started has been ended.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; what was judged is kept, and the same command goes on from there")]
pub struct Interrupted;

/// Works at the same time for each core. On two busy cores unit 2 took 38 s one by one, 17 s by twos, 14 s by fours and no less by eights.
const JOBS_PER_CORE: usize = 2;

/// How many works are judged at the same time when nobody says.
pub fn usual_jobs() -> usize {
    JOBS_PER_CORE * thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Judges all tasks, `jobs` at a time, and then, one by one, those whose judgement `is_doubtful`.
///
/// # Errors
/// [`Interrupted`], and whatever `heard` returns.
pub fn judge_all(
    tasks: &[Task],
    jobs: usize,
    is_doubtful: &dyn Fn(usize, &Judgement) -> bool,
    heard: &mut dyn FnMut(News) -> Result<()>,
) -> Result<()> {
    judge_all_by(&judge, tasks, jobs, is_doubtful, heard)
}

fn judge_all_by(
    judge: &Judge<'_>,
    tasks: &[Task],
    jobs: usize,
    is_doubtful: &dyn Fn(usize, &Judgement) -> bool,
    heard: &mut dyn FnMut(News) -> Result<()>,
) -> Result<()> {
    let all: Vec<usize> = (0..tasks.len()).collect();
    let jobs = jobs.clamp(1, all.len().max(1));
    let mut doubtful = Vec::new();
    side_by_side(tasks, &all, jobs, judge, &mut |event| match event {
        Event::Began(task) => heard(News::Began(task)),
        // Nothing was beside it that could have disturbed it.
        Event::Ended(task, judgement) if jobs == 1 || !is_doubtful(task, &judgement) => {
            heard(News::Ended(task, Finding { judgement, under_load: None }))
        }
        Event::Ended(task, judgement) => {
            doubtful.push((task, judgement));
            heard(News::Doubtful(task))
        }
    })?;
    for (task, first) in doubtful {
        let mut first = Some(first);
        side_by_side(tasks, &[task], 1, judge, &mut |event| match event {
            Event::Began(task) => heard(News::Began(task)),
            Event::Ended(task, judgement) => heard(News::Ended(task, Finding { judgement, under_load: first.take() })),
        })?;
    }
    Ok(())
}

#[derive(Debug)]
enum Event {
    Began(usize),
    Ended(usize, Judgement),
}

/// Judges one task; `None` when it was stopped.
type Judge<'a> = dyn Fn(&Task, watch::Receiver<bool>) -> Option<Judgement> + Sync + 'a;

/// Each worker takes the next task until there is none. What they find is heard here, in one thread.
fn side_by_side(tasks: &[Task], which: &[usize], jobs: usize, judge: &Judge<'_>, heard: &mut dyn FnMut(Event) -> Result<()>) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().context("cannot start the async runtime")?;
    let (stop, stopped) = watch::channel(false);
    let (events, mut inbox) = mpsc::unbounded_channel();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..jobs {
            let (events, stopped, next) = (events.clone(), stopped.clone(), &next);
            scope.spawn(move || {
                while !*stopped.borrow() {
                    let Some(&task) = which.get(next.fetch_add(1, Ordering::SeqCst)) else { return };
                    let _ = events.send(Event::Began(task));
                    let Some(judgement) = judge(&tasks[task], stopped.clone()) else { return };
                    let _ = events.send(Event::Ended(task, judgement));
                }
            });
        }
        drop(events);
        let end = runtime.block_on(async {
            let mut interrupted = StopSignal::listen()?;
            loop {
                tokio::select! {
                    event = inbox.recv() => match event {
                        Some(event) => heard(event)?,
                        None => return Ok(()),
                    },
                    () = interrupted.received() => return Err(Interrupted.into()),
                }
            }
        });
        if end.is_err() {
            stop.send_replace(true);
        }
        end
    })
}

/// As `cargo xtask grade` judges: with a runtime of its own, whose end takes everything with it that a check left behind.
fn judge(task: &Task, mut stopped: watch::Receiver<bool>) -> Option<Judgement> {
    let broken = |error: anyhow::Error| Judgement::broken(format!("{error:#}"));
    let runtime = match runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Some(broken(error.into())),
    };
    let grading = Grading { unit: task.unit, work: task.work.clone(), profile: Profile::Strict, seed: task.seed, only: Vec::new() };
    let report = runtime.block_on(async {
        tokio::select! {
            report = unit_checks::grade(&grading, &|_| {}) => Some(report),
            _ = stopped.wait_for(|stopped| *stopped) => None,
        }
    })?;
    Some(match report {
        // Nothing judged is nothing passed.
        Ok(report) if report.results.is_empty() => broken(anyhow::anyhow!("{} has no checks", task.unit)),
        Ok(report) => Judgement::of(&report),
        Err(error) => broken(error.context("the checks could not be run")),
    })
}

#[cfg(test)]
mod tests;
