use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, atomic::AtomicBool},
};

use unit_checks::AppCommand;

use super::*;

fn tasks(number: usize) -> Vec<Task> {
    let task =
        |index| Task { name: format!("task {index}"), unit: Unit::SignIn, work: AppCommand::binary(Path::new("app")).into(), seed: index };
    (0..number as u64).map(task).collect()
}

fn failing(check: &str) -> Judgement {
    Judgement { failed: vec![check.to_owned()], ..Judgement::default() }
}

/// Runs all, and gives what was found about each.
fn findings(judge: &Judge<'_>, tasks: &[Task], jobs: usize) -> Vec<(usize, Finding)> {
    let mut ended = Vec::new();
    judge_all_by(judge, tasks, jobs, &|_, judgement| !judgement.passed(), &mut |news| {
        if let News::Ended(task, finding) = news {
            ended.push((task, finding));
        }
        Ok(())
    })
    .unwrap();
    ended
}

#[test]
fn every_task_is_judged_once_and_no_more_than_the_jobs_at_a_time() {
    let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    // The first two wait for one another: they are judged at the same time, or never.
    let meeting = std::sync::Barrier::new(2);
    let judge = |task: &Task, _: watch::Receiver<bool>| {
        most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        if task.seed < 2 {
            meeting.wait();
        }
        running.fetch_sub(1, Ordering::SeqCst);
        Some(Judgement::default())
    };
    let found = findings(&judge, &tasks(10), 2);
    assert_eq!(found.iter().map(|(task, _)| *task).collect::<BTreeSet<_>>(), (0..10).collect());
    assert_eq!((found.len(), most.into_inner()), (10, 2));
}

#[test]
fn what_fails_beside_others_only_is_no_failure_and_the_difference_is_kept() {
    let seen = Mutex::new(Vec::new());
    let judge = |task: &Task, _: watch::Receiver<bool>| {
        let mut seen = seen.lock().unwrap();
        seen.push(task.seed);
        let is_first = seen.iter().filter(|seed| **seed == task.seed).count() == 1;
        Some(if task.seed == 1 && is_first { failing("U4-30") } else { Judgement::default() })
    };
    let found = findings(&judge, &tasks(3), 2);
    let disturbed = &found.iter().find(|(task, _)| *task == 1).unwrap().1;
    assert_eq!(*disturbed, Finding { judgement: Judgement::default(), under_load: Some(failing("U4-30")) });
    assert_eq!(seen.into_inner().unwrap().last(), Some(&1), "it is judged again after all others");
    assert_eq!(found.len(), 3, "and reported once");
}

#[test]
fn what_fails_alone_as_well_has_failed() {
    let judge = |_: &Task, _: watch::Receiver<bool>| Some(failing("U4-09"));
    let found = findings(&judge, &tasks(2), 2);
    assert!(found.iter().all(|(_, finding)| finding.judgement == failing("U4-09") && finding.under_load.is_some()));
}

#[test]
fn with_one_job_nothing_is_judged_twice() {
    let calls = AtomicUsize::new(0);
    let judge = |_: &Task, _: watch::Receiver<bool>| {
        calls.fetch_add(1, Ordering::SeqCst);
        Some(failing("U4-09"))
    };
    assert_eq!(findings(&judge, &tasks(3), 1).len(), 3);
    assert_eq!(calls.into_inner(), 3);
}

#[test]
fn an_error_of_the_listener_stops_the_workers() {
    let was_stopped = AtomicBool::new(false);
    let judge = |task: &Task, mut stopped: watch::Receiver<bool>| {
        if task.seed == 0 {
            return Some(Judgement::default());
        }
        // As a run in which a check waits for something that never comes.
        runtime::Builder::new_current_thread().build().unwrap().block_on(stopped.wait_for(|stopped| *stopped)).unwrap();
        was_stopped.store(true, Ordering::SeqCst);
        None
    };
    let end = judge_all_by(&judge, &tasks(2), 2, &|_, _| false, &mut |news| match news {
        News::Ended(..) => anyhow::bail!("the disk is full"),
        News::Began(_) | News::Doubtful(_) => Ok(()),
    });
    assert_eq!(end.unwrap_err().to_string(), "the disk is full");
    assert!(was_stopped.into_inner(), "the other worker was waiting, and has ended");
}
