//! `cargo xtask hint U4-09`: the next level of help for one check. The texts are in the `hints.toml` of each exercise.

mod ladder;
mod reference;

use std::fs;

use anyhow::{Context, Result};
use serde::Serialize;
use unit_checks::{
    Check, checks,
    learning_record::{CheckRecord, LearningRecord},
};

use crate::{
    flags,
    outcome::{Outcome, UsageError},
    terminal::{Ink, Style, printable},
    workspace::Workspace,
};

use self::ladder::{HIGHEST, Hints, LEVELS, Step};

/// Levels from here on show code. They open after this many failed gradings.
const FIRST_CODE_LEVEL: usize = 3;
const FAILED_GRADINGS: u32 = 2;

pub fn run(flags: &flags::Hint, style: Style) -> Result<Outcome> {
    let check = find(&flags.check)?;
    let workspace = Workspace::find()?;
    let mut record = LearningRecord::load(&workspace.root)?;
    let of_check = record.checks.entry(check.id.to_owned()).or_default();
    let level = flags.level.unwrap_or_else(|| next_level(of_check));
    let failed = has_failed(of_check);
    let answer = match locked(check, level, of_check) {
        Some(reason) => Answer { check: check.id, level, kind: "locked", text: reason, failed },
        None => {
            let text = step(&workspace, check, level, of_check)?;
            of_check.hint_level = Some(of_check.hint_level.map_or(level, |read| read.max(level)));
            Answer { check: check.id, level, kind: LEVELS[level], text, failed }
        }
    };
    record.save(&workspace.root)?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&answer)?);
    } else {
        print!("{}", answer.render(check, style));
    }
    Ok(Outcome::Done)
}

/// What the command prints for a check that has not been graded yet, without keeping that it was asked.
pub fn shown(workspace: &Workspace, check: &str, level: usize) -> Result<String> {
    let check = find(check)?;
    let text = step(workspace, check, level, &CheckRecord::default())?;
    let answer = Answer { check: check.id, level, kind: LEVELS[level], text, failed: false };
    Ok(answer.render(check, Style::Ruled))
}

/// What the command answers.
#[derive(Debug, Serialize)]
struct Answer {
    check: &'static str,
    level: usize,
    kind: &'static str,
    text: String,
    /// Whether the last run of the check failed, so that there is something to try again.
    #[serde(skip)]
    failed: bool,
}

impl Answer {
    fn render(&self, check: &Check, style: Style) -> String {
        let heading = style.paint(Ink::Strong, check.name());
        let next = match self.level {
            _ if self.kind == "locked" => String::new(),
            HIGHEST => "This was the last level.\n".to_owned(),
            _ => format!("{}The next level: cargo xtask hint {}\n", if self.failed { "Try again. " } else { "" }, check.id),
        };
        format!("{heading}\nlevel {} of {HIGHEST}, {}\n\n{}\n\n{next}", self.level, self.kind, printable(self.text.trim_end()))
    }
}

/// The check with this id, in any case.
fn find(id: &str) -> Result<&'static Check> {
    if let Some(check) = checks::ALL.iter().find(|check| check.id.eq_ignore_ascii_case(id)) {
        return Ok(check);
    }
    let wanted = id.to_ascii_uppercase();
    let unit = wanted.split('-').next().unwrap_or_default();
    let near: Vec<&str> = checks::ALL.iter().map(|check| check.id).filter(|it| it.split('-').next() == Some(unit)).collect();
    let known = match near.as_slice() {
        [] => "an id looks like U4-09; `cargo xtask grade` lists them".to_owned(),
        near => format!("there are {}", near.join(", ")),
    };
    Err(UsageError(format!("there is no check '{id}'; {known}")).into())
}

/// Whether the last run saw the check fail: it has neither passed, nor waited for another check, nor been left out.
fn has_failed(record: &CheckRecord) -> bool {
    matches!(record.status.as_str(), "fail" | "timeout")
}

/// One level more than was read; the last one stays the last.
fn next_level(record: &CheckRecord) -> usize {
    record.hint_level.map_or(0, |read| (read + 1).min(HIGHEST))
}

/// Why a level is not shown yet. Code that is read before the first own try teaches little.
fn locked(check: &Check, level: usize, record: &CheckRecord) -> Option<String> {
    let is_open = level < FIRST_CODE_LEVEL || record.failed_gradings >= FAILED_GRADINGS;
    let unit = check.unit.number().trim_start_matches('0');
    (!is_open).then(|| {
        format!(
            "Levels {FIRST_CODE_LEVEL} and {HIGHEST} show code. They open after {FAILED_GRADINGS} failed gradings of this check; so far: {}.\n\
             Write what you think is right, then: cargo xtask grade --unit {unit}",
            record.failed_gradings
        )
    })
}

/// The text of a level.
fn step(workspace: &Workspace, check: &Check, level: usize, record: &CheckRecord) -> Result<String> {
    let exercise = workspace.package(&check.unit.to_string())?.folder();
    let path = exercise.join("hints.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let hints = Hints::parse(&text).with_context(|| format!("{} holds no hints", path.display()))?;
    let ladder = hints.ladder(check.id, record.misconception.as_deref());
    let ladder = ladder.with_context(|| format!("{} has no hints for {}", path.display(), check.id))?;
    Ok(match ladder.step(level, check) {
        Step::Text(text) => text,
        Step::Evidence if record.message.is_empty() => evidence_without_failure(check, record),
        Step::Evidence => record.message.clone(),
        Step::Reference(places) => {
            let solution = workspace.package(&format!("solution-{}", check.unit.number()))?.folder();
            reference::comparison(exercise, solution, &places)?
        }
    })
}

/// What is known of a check that said nothing: it passed, or it has not been run.
fn evidence_without_failure(check: &Check, record: &CheckRecord) -> String {
    let unit = check.unit.number().trim_start_matches('0');
    let again =
        format!("`cargo xtask grade --unit {unit}`, and `cargo test -p {}`, judge your work and remember what they saw.", check.unit);
    if record.status == "pass" {
        format!("This check passed when it was last run. {again}")
    } else {
        format!("This check has not been run yet. {again}")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn an_unknown_id_is_answered_with_the_near_ones() {
        assert_eq!(find("u4-09").map(|check| check.id).ok(), Some("U4-09"));
        let error = find("U4-99").unwrap_err();
        assert!(error.is::<UsageError>() && error.to_string().contains("U4-01, U4-02"), "{error}");
        assert!(find("nonce").unwrap_err().to_string().contains("looks like U4-09"));
    }

    #[test]
    fn a_check_that_passed_is_not_said_to_be_unknown() {
        let check = find("U4-09").expect("a check");
        let words = |status: &str| evidence_without_failure(check, &CheckRecord { status: status.to_owned(), ..CheckRecord::default() });
        assert!(words("pass").contains("passed when it was last run"));
        let has_failed = |status: &str| has_failed(&CheckRecord { status: status.to_owned(), ..CheckRecord::default() });
        assert!(has_failed("fail") && !has_failed("pass") && !has_failed("blocked") && !has_failed(""));
        assert!(words("").contains("not been run yet") && words("").contains("cargo test -p unit-04"));
    }

    #[test]
    fn each_call_goes_one_level_on_and_code_waits_for_two_failed_gradings() {
        let check = find("U4-09").expect("a check");
        let mut record = CheckRecord::default();
        assert_eq!(next_level(&record), 0);
        record.hint_level = Some(2);
        assert_eq!(next_level(&record), 3);
        assert!(locked(check, 2, &record).is_none());
        assert!(locked(check, 3, &record).is_some_and(|reason| reason.contains("so far: 0")));
        record.failed_gradings = 2;
        assert!(locked(check, 4, &record).is_none());
        record.hint_level = Some(HIGHEST);
        assert_eq!(next_level(&record), HIGHEST);
    }

    /// The hints of each unit, held against its checks, its starter and its solution.
    #[test]
    fn every_check_has_every_level_and_every_reference_leads_somewhere() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
        let mut problems = Vec::new();
        for unit in unit_checks::Unit::ALL {
            let folder = |under: &str| {
                let entries = fs::read_dir(root.join(under)).expect("a folder").flatten();
                let mut named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(unit.number()));
                named.next().expect("one for each unit").path()
            };
            let (exercise, solution) = (folder("exercises"), folder("solutions"));
            let text = fs::read_to_string(exercise.join("hints.toml")).expect("hints");
            let hints = Hints::parse(&text).expect("well formed hints");
            let ids: Vec<&str> = checks::ALL.iter().filter(|check| check.unit == unit).map(|check| check.id).collect();
            problems.extend(hints.problems(&ids));
            for (id, places) in hints.references() {
                let compared = reference::comparison(&exercise, &solution, places);
                problems.extend(compared.err().map(|error| format!("{id}: {error:#}")));
            }
        }
        assert_eq!(problems, [""; 0]);
    }
}
