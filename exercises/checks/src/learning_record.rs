//! What is remembered of a learner's own work: how each check ended, and which hints were read. `.progress.json` at the workspace root,
//! ignored by git, readable by people, and never needed: without it everything begins anew.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{grading::CheckResult, render::render, verdict::Verdict};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The file's name.
const FILE: &str = ".progress.json";

/// What is remembered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearningRecord {
    /// By the check's id.
    #[serde(default)]
    pub checks: BTreeMap<String, CheckRecord>,
}

/// What is remembered of one check.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckRecord {
    /// The verdict of the last grading: `pass`, `fail`.
    pub status: String,
    /// How many gradings failed so far.
    pub failed_gradings: u32,
    /// What the last grading said; empty after a pass.
    pub message: String,
    /// The misconception that it saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
    /// The highest level of hints that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint_level: Option<usize>,
}

impl LearningRecord {
    /// Reads the file; empty if there is none.
    ///
    /// # Errors
    /// When it cannot be read. Then the message names it and says how to begin anew.
    pub fn load(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged; delete it, and only the hints you have read are forgotten", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Replaces the file. Whoever reads it meanwhile sees the old or the new one, never half of one.
    pub fn save(&self, root: &Path) -> Result<()> {
        let path = root.join(FILE);
        let mut file = tempfile::NamedTempFile::new_in(root).with_context(|| format!("cannot write in {}", root.display()))?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.persist(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(())
    }

    /// Adds the results of a grading to the file.
    ///
    /// # Errors
    /// As [`Self::load`] and [`Self::save`].
    pub fn remember(root: &Path, results: &[CheckResult]) -> Result<()> {
        let mut record = Self::load(root)?;
        record.add(results);
        record.save(root)
    }

    fn add(&mut self, results: &[CheckResult]) {
        for result in results {
            let record = self.checks.entry(result.check.id.to_owned()).or_default();
            result.verdict.word().clone_into(&mut record.status);
            record.message = render(result);
            record.misconception = match &result.verdict {
                Verdict::Fail(failure) => failure.misconception.map(str::to_owned),
                _ => None,
            };
            record.failed_gradings += u32::from(matches!(result.verdict, Verdict::Fail(_) | Verdict::Timeout(_)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{checks, verdict::Failure};

    fn results(verdicts: [Verdict; 2]) -> Vec<CheckResult> {
        let judged = checks::ALL.iter().zip(verdicts);
        judged.map(|(check, verdict)| CheckResult { check, verdict, milliseconds: 41 }).collect()
    }

    fn failure() -> Verdict {
        Verdict::Fail(Failure::new("an ID token with another nonce", "a session", "a refusal", "A replayed token signs its thief in."))
    }

    #[test]
    fn what_was_graded_is_there_again_and_failures_add_up() {
        let root = tempfile::tempdir().expect("a folder");
        LearningRecord::remember(root.path(), &results([Verdict::Pass, failure()])).expect("no file is no error");
        LearningRecord::remember(root.path(), &results([Verdict::Pass, failure()])).expect("written");
        let read = LearningRecord::load(root.path()).expect("readable");
        let [passed, failed] = [&checks::ALL[0], &checks::ALL[1]].map(|check| &read.checks[check.id]);
        assert_eq!((failed.status.as_str(), failed.failed_gradings), ("fail", 2));
        assert!(failed.message.contains("another nonce"));
        assert_eq!((passed.status.as_str(), passed.failed_gradings, passed.message.as_str()), ("pass", 0, ""));
    }

    #[test]
    fn a_damaged_file_is_named_with_the_remedy() {
        let root = tempfile::tempdir().expect("a folder");
        fs::write(root.path().join(FILE), "{").expect("written");
        let error = LearningRecord::load(root.path()).expect_err("a damaged file");
        assert!(format!("{error:#}").contains(".progress.json is damaged; delete it"), "{error:#}");
    }
}
