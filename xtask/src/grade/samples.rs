//! Results for the tests of the reports.

use std::time::Duration;

use unit_checks::{AppUse, Check, CheckResult, Failure, Gate, GradingReport, Profile, Unit, Verdict};

use super::Graded;

/// Worth 4, 6 and 10 points; the second is a security gate.
static CHECKS: [Check; 3] = [
    check("U4-90", "the honest sign-in works", 4, None),
    check("U4-91", "a wrong nonce is refused", 6, Some(Gate::Security)),
    check("U4-92", "a role opens its page", 10, None),
];

const fn check(id: &'static str, title: &'static str, points: u32, gate: Option<Gate>) -> Check {
    Check {
        id,
        unit: Unit::SignIn,
        title,
        points,
        gate,
        depends_on: &[],
        profile: Profile::Core,
        misconceptions: &["M20"],
        hint: "Keep what you sent and compare.",
        page: "unit-4/validate-id-token.html#nonce",
        app: AppUse::Shared,
        limit: Duration::from_secs(5),
        run: |_| Box::pin(async { Ok(()) }),
    }
}

pub fn failure() -> Verdict {
    Verdict::Fail(Failure::new("an ID token with another nonce", "a session", "a refusal", "A replayed token signs its thief in."))
}

/// One verdict for each of the checks, from the first on.
pub fn graded(verdicts: &[Verdict]) -> Graded {
    let results = CHECKS.iter().zip(verdicts).map(|(check, verdict)| CheckResult { check, verdict: verdict.clone(), milliseconds: 41 });
    let report = GradingReport { unit: Unit::SignIn, seed: 24301, profile: Profile::Strict, results: results.collect() };
    Graded { report, build_error: None }
}
