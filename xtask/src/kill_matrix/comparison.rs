//! What a wrong submission should have failed, against what it failed.

use serde::{Deserialize, Serialize};
use unit_checks::{GradingReport, Verdict};

/// What one run of the checks says, by check id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Failed, or took too long.
    pub failed: Vec<String>,
    /// Those of `failed` that took too long. On a busy machine this may say more about the machine than about the work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timed_out: Vec<String>,
    /// Not judged, because a check they depend on failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked: Vec<String>,
    /// The checks themselves broke: id and message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
}

impl Judgement {
    pub fn of(report: &GradingReport) -> Self {
        let mut judgement = Self::default();
        for result in &report.results {
            let id = result.check.id.to_owned();
            match &result.verdict {
                Verdict::Fail(_) => judgement.failed.push(id),
                Verdict::Timeout(_) => {
                    judgement.timed_out.push(id.clone());
                    judgement.failed.push(id);
                }
                Verdict::Blocked { .. } => judgement.blocked.push(id),
                Verdict::Error(message) => judgement.errors.push(format!("{id}: the grader failed: {message}")),
                Verdict::Pass | Verdict::Skipped(_) => {}
            }
        }
        judgement
    }

    /// Nothing could be judged, for this reason.
    pub fn broken(reason: String) -> Self {
        Self { errors: vec![reason], ..Self::default() }
    }

    /// Whether every check passed that has a meaning here.
    pub fn passed(&self) -> bool {
        [&self.failed, &self.blocked, &self.errors].into_iter().all(Vec::is_empty)
    }
}

/// One row of the matrix, as `kill-matrix --json` prints it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Mutant {
    pub id: String,
    pub unit: String,
    pub misconception: String,
    /// What is wrong with it, as its file says.
    pub says: String,
    /// The check that names it.
    pub expected: Vec<String>,
    pub also: Vec<String>,
    pub failed: Vec<String>,
    pub blocked: Vec<String>,
    /// With this seed.
    pub seed: Option<u64>,
    /// Whether a second judging, alone, said something else than the first one beside others. The second counts.
    pub differed_under_load: bool,
    /// Why it could not be judged: it does not build, a check broke.
    pub error: Option<String>,
}

impl Mutant {
    /// Whether the check that names it failed by itself.
    pub fn is_killed(&self) -> bool {
        self.error.is_none() && self.expected.iter().all(|check| self.failed.contains(check))
    }

    /// The checks that failed and are neither named nor listed in `also`.
    pub fn unrelated(&self) -> impl Iterator<Item = &String> {
        self.failed.iter().filter(|check| !self.expected.contains(check) && !self.also.contains(check))
    }
}

/// What is off about a mutant, one sentence each.
pub fn problems(mutant: &Mutant) -> Vec<String> {
    if let Some(error) = &mutant.error {
        return vec![error.clone()];
    }
    let wanted = || mutant.expected.iter().chain(&mutant.also);
    let mut problems = Vec::new();
    for check in wanted() {
        if mutant.blocked.contains(check) {
            problems.push(format!("{check} is blocked; it must fail by itself"));
        } else if !mutant.failed.contains(check) {
            problems.push(format!("{check} passed; it must fail"));
        }
    }
    for check in mutant.unrelated() {
        problems.push(format!("{check} failed and is not listed in `also`"));
    }
    problems
}

/// The checks with the mutants that they failed: `kills` of the JSON report.
pub fn kills<'a>(check: &str, mutants: &'a [Mutant]) -> Vec<&'a str> {
    mutants.iter().filter(|mutant| mutant.failed.iter().any(|failed| failed == check)).map(|mutant| mutant.id.as_str()).collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::grade::samples::{failure, graded};

    pub fn mutant(id: &str, expected: &str, also: &[&str], failed: &[&str], blocked: &[&str]) -> Mutant {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        Mutant {
            id: id.to_owned(),
            unit: "04".to_owned(),
            misconception: "M20".to_owned(),
            says: "The nonce is not looked at.".to_owned(),
            expected: vec![expected.to_owned()],
            also: owned(also),
            failed: owned(failed),
            blocked: owned(blocked),
            seed: Some(7),
            differed_under_load: false,
            error: None,
        }
    }

    #[test]
    fn verdicts_are_sorted_into_failed_blocked_and_broken() {
        let report = graded(&[Verdict::Timeout("5 s".to_owned()), failure(), Verdict::Blocked { by: "U4-91" }]).report;
        let judgement = Judgement::of(&report);
        assert_eq!((judgement.failed, judgement.blocked), (vec!["U4-90".to_owned(), "U4-91".to_owned()], vec!["U4-92".to_owned()]));
        assert_eq!(judgement.timed_out, ["U4-90"]);
        assert_eq!(Judgement::of(&graded(&[Verdict::Error("no port".to_owned())]).report).errors, ["U4-90: the grader failed: no port"]);
    }

    #[test]
    fn only_a_judgement_without_failed_blocked_and_broken_checks_is_passed() {
        assert!(Judgement::of(&graded(&[Verdict::Pass, Verdict::Skipped("core".to_owned())]).report).passed());
        for verdict in
            [failure(), Verdict::Blocked { by: "U4-90" }, Verdict::Error("no port".to_owned()), Verdict::Timeout("5 s".to_owned())]
        {
            assert!(!Judgement::of(&graded(&[verdict]).report).passed());
        }
    }

    #[test]
    fn a_mutant_that_fails_as_listed_is_fine() {
        assert_eq!(problems(&mutant("no-nonce", "U4-09", &["U4-04"], &["U4-04", "U4-09"], &["U4-21"])), [""; 0]);
    }

    #[test]
    fn a_survivor_an_unlisted_failure_and_a_blocked_check_are_named() {
        assert_eq!(problems(&mutant("no-nonce", "U4-09", &[], &[], &[])), ["U4-09 passed; it must fail"]);
        assert_eq!(problems(&mutant("no-nonce", "U4-09", &[], &["U4-09", "U4-13"], &[])), ["U4-13 failed and is not listed in `also`"]);
        assert_eq!(
            problems(&mutant("no-nonce", "U4-09", &["U4-08"], &["U4-09"], &["U4-08"])),
            ["U4-08 is blocked; it must fail by itself"]
        );
    }

    #[test]
    fn a_mutant_that_does_not_build_has_that_one_problem() {
        let broken = Mutant { error: Some("does not build".to_owned()), ..mutant("no-nonce", "U4-09", &[], &[], &[]) };
        assert_eq!(problems(&broken), ["does not build"]);
    }

    #[test]
    fn a_check_kills_every_mutant_that_it_failed() {
        let mutants = [mutant("a", "U4-09", &[], &["U4-09"], &[]), mutant("b", "U4-13", &["U4-09"], &["U4-13", "U4-09"], &[])];
        assert_eq!(kills("U4-09", &mutants), ["a", "b"]);
        assert_eq!(kills("U4-12", &mutants), [""; 0]);
    }
}
