//! One run: what is kept is taken from the results, the rest is built, judged and kept.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use time::OffsetDateTime;
use unit_checks::Unit;

use super::{
    comparison::Judgement,
    freshness,
    judging::{self, Finding, News, Task},
    keys::Keys,
    progress::Watch,
    results::{Kept, Results},
    works::{Ready, Source, Works, solution_name},
    wrong_submission::WrongSubmission,
};
use crate::{
    cargo::Progress,
    terminal::{Style, count, shows_progress},
    workspace::Workspace,
};

/// A work, and with which seed it is to be judged.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    pub source: Source<'a>,
    pub unit: Unit,
    /// `None`: a kept result with any seed will do.
    pub seed: Option<u64>,
    pub key: String,
}

impl Subject<'_> {
    fn name(&self, seed: u64) -> String {
        match self.source {
            Source::Solution => format!("{} with seed {seed}", solution_name(self.unit)),
            Source::Alternative(name) => format!("{name} as {} with seed {seed}", self.unit),
            Source::Wrong(submission) => submission.name.clone(),
        }
    }

    /// Whether a judgement that was made beside others must be confirmed.
    fn is_doubtful(&self, judgement: &Judgement) -> bool {
        match self.source {
            Source::Solution | Source::Alternative(_) => !judgement.passed(),
            Source::Wrong(submission) => {
                !judgement.timed_out.is_empty() || !super::comparison::problems(&super::mutant(submission, judgement)).is_empty()
            }
        }
    }
}

/// How a run goes about it.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// The seed where a subject names none.
    pub seed: u64,
    /// Works at the same time.
    pub jobs: usize,
    /// Whether kept results are left aside.
    pub fresh: bool,
    pub style: Style,
}

/// What is known of one subject after the run.
#[derive(Debug, Clone)]
pub enum Known {
    Kept(Box<Kept>),
    /// It cannot be had on this machine, for this reason.
    Unavailable(String),
}

/// Finds out about each subject, in their order.
///
/// # Errors
/// When something cannot be built or written, and [`judging::Interrupted`].
pub fn prove(
    workspace: &Workspace,
    keys: &Keys,
    subjects: &[Subject<'_>],
    all_wrong: &[WrongSubmission],
    manner: Manner,
) -> Result<Vec<Known>> {
    let mut results = Results::open(&workspace.target)?;
    let found = |subject: &Subject<'_>| if manner.fresh { None } else { results.find(&subject.key, subject.seed) };
    let mut known: Vec<Option<Known>> =
        subjects.iter().map(|subject| found(subject).map(|kept| Known::Kept(Box::new(kept.clone())))).collect();
    let open: Vec<usize> = (0..subjects.len()).filter(|index| known[*index].is_none()).collect();
    let from_before = subjects.len() - open.len();
    if from_before > 0 {
        eprintln!("{} unchanged since judged before; `--fresh` judges all", count(from_before, "work"));
    }
    if open.is_empty() {
        return Ok(known.into_iter().flatten().collect());
    }

    let progress = if shows_progress(manner.style) { Progress::Shown } else { Progress::Silent };
    let asked: Vec<_> = open.iter().map(|index| (subjects[*index].source, subjects[*index].unit)).collect();
    eprintln!("building what must be judged: {}", count(distinct(&asked), "work"));
    let mut packages = BTreeMap::new();
    for (source, unit) in asked.iter().filter(|(_, unit)| !unit.is_graded_on_files()) {
        packages.extend(keys.packages(*source, *unit)?);
    }
    freshness::touch_changed(&workspace.target, packages)?;
    let works = Works::build(workspace, &asked, all_wrong, manner.seed, progress)?;
    assert_unchanged(&Keys::new(&workspace.root)?, open.iter().map(|index| &subjects[*index]))?;
    let date = OffsetDateTime::now_utc().date().to_string();
    let kept = |index: usize, finding: Finding| {
        let subject: &Subject<'_> = &subjects[index];
        let seed = subject.seed.unwrap_or(manner.seed);
        Kept { key: subject.key.clone(), name: subject.name(seed), seed, date: date.clone(), finding }
    };
    let (mut tasks, mut task_subjects) = (Vec::new(), Vec::new());
    for index in open {
        let Subject { source, unit, seed, .. } = subjects[index];
        let seed = seed.unwrap_or(manner.seed);
        match works.ready(source, unit)? {
            Ready::Work(work) => {
                tasks.push(Task { name: subjects[index].name(seed), unit, work, seed });
                task_subjects.push(index);
            }
            Ready::Judged(judgement) => {
                let line = kept(index, Finding { judgement, under_load: None });
                results.keep(line.clone())?;
                known[index] = Some(Known::Kept(Box::new(line)));
            }
            Ready::Unavailable(reason) => known[index] = Some(Known::Unavailable(reason)),
        }
    }
    let mut watch = Watch::new(&tasks, manner.style);
    let is_doubtful = |task: usize, judgement: &Judgement| subjects[task_subjects[task]].is_doubtful(judgement);
    let end = judging::judge_all(&tasks, manner.jobs, &is_doubtful, &mut |news| {
        watch.hear(&news);
        if let News::Ended(task, finding) = news {
            let index = task_subjects[task];
            // An app was built before; files are read while they are judged.
            if subjects[index].unit.is_graded_on_files() {
                assert_unchanged(keys, [&subjects[index]])?;
            }
            let line = kept(index, finding);
            results.keep(line.clone())?;
            known[index] = Some(Known::Kept(Box::new(line)));
        }
        Ok(())
    });
    watch.clear();
    end?;
    Ok(known.into_iter().flatten().collect())
}

/// A judgement about sources that were edited meanwhile would be kept under the name of the old ones.
fn assert_unchanged<'a>(keys: &Keys, subjects: impl IntoIterator<Item = &'a Subject<'a>>) -> Result<()> {
    for subject in subjects {
        let name = subject.name(subject.seed.unwrap_or_default());
        anyhow::ensure!(keys.of(subject.source, subject.unit)? == subject.key, "{name} has changed in the meantime; run the command again");
    }
    Ok(())
}

fn distinct(works: &[(Source<'_>, Unit)]) -> usize {
    let name = |(source, unit): &(Source<'_>, Unit)| match source {
        Source::Solution => solution_name(*unit),
        Source::Alternative(name) => (*name).to_owned(),
        Source::Wrong(submission) => format!("wrong {}", submission.name),
    };
    works.iter().map(name).collect::<HashSet<_>>().len()
}

#[cfg(test)]
mod tests;
