//! What a starter must be: unfinished, marked as such, and failing in a way that teaches.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use unit_checks::{CheckResult, GradingReport, Verdict};

use super::source_tree;

/// Marks a place where the learner writes: in code, and in a TOML file.
const MARKS: [&str; 2] = ["// TODO:", "# TODO:"];

pub fn source_problems(package: &Path) -> Result<Vec<String>> {
    for path in source_tree::paths(package)? {
        let full = package.join(&path);
        let bytes = fs::read(&full).with_context(|| format!("cannot read {}", full.display()))?;
        let text = String::from_utf8_lossy(&bytes);
        if MARKS.iter().any(|mark| text.contains(mark)) {
            return Ok(Vec::new());
        }
    }
    Ok(vec![format!("no file has a `{}`; a learner does not know where to begin", MARKS.join("` or `"))])
}

/// A starter fails at least one check, every failure is explained, and none is the grader's own.
pub fn report_problems(report: &GradingReport) -> Vec<String> {
    let mut problems: Vec<String> = report.results.iter().filter_map(problem).collect();
    if !report.results.iter().any(|result| matches!(result.verdict, Verdict::Fail(_))) {
        problems.push("fails no check; there is nothing left to do".to_owned());
    }
    problems
}

fn problem(result: &CheckResult) -> Option<String> {
    let id = result.check.id;
    match &result.verdict {
        Verdict::Fail(failure) => {
            let told = [("sent", &failure.sent), ("received", &failure.received), ("expected", &failure.expected), ("why", &failure.why)];
            let silent: Vec<&str> = told.iter().filter(|(_, text)| text.trim().is_empty()).map(|(name, _)| *name).collect();
            let bare = result.check.hint.is_empty() || result.check.page.is_empty();
            match (silent.is_empty(), bare) {
                (false, _) => Some(format!("{id} does not say: {}", silent.join(", "))),
                (true, true) => Some(format!("{id} has no hint or no page of the book")),
                (true, false) => None,
            }
        }
        Verdict::Error(message) => Some(format!("{id}: the grader failed: {message}")),
        Verdict::Timeout(message) => Some(format!("{id} took too long: {message}; a starter fails quickly")),
        Verdict::Pass | Verdict::Blocked { .. } | Verdict::Skipped(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use unit_checks::Failure;

    use super::*;
    use crate::grade::samples::{failure, graded};

    #[test]
    fn a_starter_that_fails_with_reasons_is_as_designed() {
        assert_eq!(report_problems(&graded(&[Verdict::Pass, failure(), Verdict::Blocked { by: "U4-91" }]).report), [""; 0]);
    }

    #[test]
    fn a_finished_starter_and_an_unexplained_failure_are_not() {
        assert_eq!(report_problems(&graded(&[Verdict::Pass]).report), ["fails no check; there is nothing left to do"]);
        let silent = Verdict::Fail(Failure::new("a request", "", "a refusal", " "));
        assert_eq!(report_problems(&graded(&[silent]).report), ["U4-90 does not say: received, why"]);
    }

    #[test]
    fn a_grader_that_breaks_on_a_starter_is_reported() {
        let problems = report_problems(&graded(&[failure(), Verdict::Error("panicked".to_owned())]).report);
        assert_eq!(problems, ["U4-91: the grader failed: panicked"]);
    }

    #[test]
    fn a_starter_without_a_mark_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), "// todo later\n").unwrap();
        assert_eq!(source_problems(folder.path()).unwrap().len(), 1);
        fs::write(folder.path().join("src/lib.rs"), "// TODO: write it\n").unwrap();
        assert_eq!(source_problems(folder.path()).unwrap(), [""; 0]);
    }
}
