//! What a wrong submission should have failed, against what it failed.

use serde::Serialize;

/// What one run of the checks says, by check id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Failed, or took too long.
    pub failed: Vec<String>,
    /// Not judged, because a check they depend on failed.
    pub blocked: Vec<String>,
    /// The checks themselves broke: id and message.
    pub errors: Vec<String>,
}

/// One row of the matrix, as `kill-matrix --json` prints it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Mutant {
    pub id: String,
    pub unit: String,
    pub misconception: String,
    /// The check that names it.
    pub expected: Vec<String>,
    pub also: Vec<String>,
    pub failed: Vec<String>,
    pub blocked: Vec<String>,
    /// Why it could not be judged: it does not build, a check broke.
    pub error: Option<String>,
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
    for check in mutant.failed.iter().filter(|check| !wanted().any(|it| it == *check)) {
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

    pub fn mutant(id: &str, expected: &str, also: &[&str], failed: &[&str], blocked: &[&str]) -> Mutant {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect();
        Mutant {
            id: id.to_owned(),
            unit: "04".to_owned(),
            misconception: "M20".to_owned(),
            expected: vec![expected.to_owned()],
            also: owned(also),
            failed: owned(failed),
            blocked: owned(blocked),
            error: None,
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
