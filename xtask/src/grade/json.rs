//! `grade --json`: one object, the checks in the shape of `abc-grade/v1`.

use serde::Serialize;
use unit_checks::{CheckResult, Compared, Profile, Verdict, render};

use super::{Graded, submission::remedy};

#[derive(Debug, Serialize)]
pub struct Document<'a> {
    schema: &'static str,
    seed: u64,
    profile: Profile,
    units: Vec<UnitRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct UnitRecord<'a> {
    unit: &'static str,
    status: &'static str,
    build: BuildRecord<'a>,
    /// Points before a failed gate caps them.
    score_raw: u32,
    score: u32,
    max: u32,
    checks: Vec<CheckRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct BuildRecord<'a> {
    ok: bool,
    log_tail: &'a str,
}

#[derive(Debug, Serialize)]
struct CheckRecord<'a> {
    id: &'static str,
    title: &'static str,
    status: &'static str,
    points: u32,
    max: u32,
    gate: bool,
    depends_on: &'static [&'static str],
    blocked_by: Option<&'static str>,
    misconceptions: &'static [&'static str],
    actual: Option<&'a str>,
    expected: Option<&'a str>,
    /// Values found beside values expected; `offends` marks what the check objects to.
    compared: &'a [Compared],
    rationale: Option<&'a str>,
    attack: Option<&'a str>,
    misconception: Option<&'static str>,
    /// The whole feedback in plain text.
    message: String,
    hint: &'static str,
    page: &'static str,
    ms: u64,
}

impl<'a> Document<'a> {
    pub fn new(graded: &'a [Graded], profile: Profile, seed: u64) -> Self {
        Self { schema: "abc-own-work/v1", seed, profile, units: graded.iter().map(UnitRecord::new).collect() }
    }
}

impl<'a> UnitRecord<'a> {
    fn new(graded: &'a Graded) -> Self {
        let report = &graded.report;
        let broken = report.results.iter().any(|result| matches!(result.verdict, Verdict::Error(_)));
        let status = match &graded.build_error {
            Some(_) => "not_gradable",
            None if broken => "infra_error",
            None => "graded",
        };
        let build = BuildRecord { ok: graded.build_error.is_none(), log_tail: graded.build_error.as_deref().unwrap_or_default() };
        let mut checks: Vec<_> = report.results.iter().map(CheckRecord::new).collect();
        if let Some(complaint) = &graded.build_error {
            // The hint of the first check is no help to somebody whose app does not build.
            for failed in checks.iter_mut().filter(|check| check.actual.is_some()) {
                failed.message = format!("It does not build:\n\n{complaint}\n\n{}\n", remedy(report.unit, complaint));
            }
        }
        Self {
            unit: report.unit.number(),
            status,
            build,
            score_raw: report.points(),
            score: report.score(),
            max: report.max_points(),
            checks,
        }
    }
}

impl<'a> CheckRecord<'a> {
    fn new(result: &'a CheckResult) -> Self {
        let CheckResult { check, verdict, milliseconds } = result;
        let failure = match verdict {
            Verdict::Fail(failure) => Some(failure),
            _ => None,
        };
        Self {
            id: check.id,
            title: check.title,
            status: verdict.word(),
            points: if *verdict == Verdict::Pass { check.points } else { 0 },
            max: check.points,
            gate: check.gate.is_some(),
            depends_on: check.depends_on,
            blocked_by: match verdict {
                Verdict::Blocked { by } => Some(by),
                _ => None,
            },
            misconceptions: check.misconceptions,
            actual: failure.map(|failure| failure.received.as_str()),
            expected: failure.map(|failure| failure.expected.as_str()),
            compared: failure.map(|failure| failure.compared.as_slice()).unwrap_or_default(),
            rationale: failure.map(|failure| failure.why.as_str()),
            attack: failure.and_then(|failure| failure.attack.as_deref()),
            misconception: failure.and_then(|failure| failure.misconception),
            message: render(result),
            hint: check.hint,
            page: check.page,
            ms: *milliseconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{failure, graded},
        *,
    };

    #[test]
    fn the_object_has_scores_and_one_record_a_check() {
        let graded = [graded(&[Verdict::Pass, failure(), Verdict::Blocked { by: "U4-91" }])];
        let mut document = serde_json::to_value(Document::new(&graded, Profile::Strict, 24301)).unwrap();
        for check in document["units"][0]["checks"].as_array_mut().unwrap() {
            // The words of the feedback are tested where they are made.
            let message = check.as_object_mut().unwrap().remove("message").unwrap();
            assert_eq!(message == "", check["status"] == "pass");
        }
        insta::assert_json_snapshot!(document);
    }

    #[test]
    fn a_build_that_failed_is_not_gradable() {
        let graded = [Graded { build_error: Some("error: x".to_owned()), ..graded(&[failure()]) }];
        let document = serde_json::to_value(Document::new(&graded, Profile::Strict, 1)).unwrap();
        assert_eq!((&document["units"][0]["status"], &document["units"][0]["build"]["ok"]), (&"not_gradable".into(), &false.into()));
        let message = document["units"][0]["checks"][0]["message"].as_str().unwrap();
        assert!(message.contains("error: x") && message.contains("cargo build -p unit-04") && !message.contains("Hint:"), "{message}");
    }
}
