//! U6-01, U6-03 and U6-04: what must never break in the app of units 2, 4 and 5 still holds when everything is together.
//!
//! Each of them judges the app once more by the security gates of an earlier unit, in a world of another seed: another tenant, other people,
//! other keys. There is no U6-02. Unit 3 is judged on a registration in a directory and not on the app, and `cargo test -p unit-03` repeats it.

use std::time::Duration;

use crate::{
    check::{AppUse, Check, Gate},
    checks,
    grading::{CheckResult, Grading, grade},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem, Verdict},
    work::Work,
};

/// U6-01
pub const OF_UNIT_2: Check = Check {
    id: "U6-01",
    unit: Unit::Summary,
    title: "the security gate of unit 2 holds in the whole app",
    points: 2,
    gate: Some(Gate::Security),
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M26", "M40"],
    hint: "The message names the check of unit 2, which says more: `cargo xtask hint U2-07`.",
    page: "unit-6/index.html#drill",
    app: AppUse::None,
    limit: Duration::from_secs(120),
    run: |stage| Box::pin(holds(stage, Unit::WebApp)),
};

/// U6-03
pub const OF_UNIT_4: Check = Check {
    id: "U6-03",
    title: "the security gates of unit 4 hold in the whole app",
    points: 5,
    misconceptions: &["M14", "M19", "M20", "M37"],
    hint: "The message names the check of unit 4, which says more: `cargo xtask hint U4-09`.",
    limit: Duration::from_secs(300),
    run: |stage| Box::pin(holds(stage, Unit::SignIn)),
    ..OF_UNIT_2
};

/// U6-04
pub const OF_UNIT_5: Check = Check {
    id: "U6-04",
    title: "the security gates of unit 5 hold in the whole app",
    points: 3,
    misconceptions: &["M12", "M27"],
    hint: "The message names the check of unit 5, which says more: `cargo xtask hint U5-11`.",
    limit: Duration::from_secs(300),
    run: |stage| Box::pin(holds(stage, Unit::CallGraph)),
    ..OF_UNIT_2
};

async fn holds(stage: &Stage, unit: Unit) -> Outcome {
    let gates = checks::ALL.iter().filter(|check| check.unit == unit && check.gate.is_some());
    let grading = Grading {
        unit,
        work: Work::from(stage.command().clone()),
        profile: stage.profile(),
        seed: stage.world().seed().wrapping_add(1),
        only: gates.map(|check| check.id.to_owned()).collect(),
    };
    let report = grade(&grading, &|_| {}).await.map_err(|error| Problem::Broken(format!("{error:#}")))?;
    report.results.iter().try_for_each(judged)
}

/// The verdict of the earlier unit as one of this unit.
fn judged(result: &CheckResult) -> Outcome {
    let name = result.check.name();
    match &result.verdict {
        Verdict::Pass | Verdict::Skipped(_) => Ok(()),
        Verdict::Fail(failure) => {
            let mut failure = failure.clone();
            failure.sent = format!("{name}:\n{}", failure.sent);
            Err(failure.into())
        }
        Verdict::Error(message) => Err(Problem::Broken(format!("{name}: {message}"))),
        Verdict::Timeout(message) => Err(unanswered(&name, message)),
        Verdict::Blocked { by } => Err(unanswered(&name, &format!("{by}, on which it depends, does not pass."))),
    }
}

fn unanswered(name: &str, received: &str) -> Problem {
    Failure::new(
        format!("{name}:"),
        received,
        "a whole app that passes the security gates of the earlier units",
        "A gate that cannot be judged is a gate that nobody guards. Run the tests of that unit on this app first.",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(verdict: Verdict) -> CheckResult {
        let check = checks::ALL.iter().find(|check| check.id == "U4-09").expect("it is one of ours");
        CheckResult { check, verdict, milliseconds: 1 }
    }

    #[test]
    fn what_the_earlier_check_saw_is_kept_and_the_check_is_named() {
        let failure = Failure::new("A token without nonce.", "A session.", "no session", "why").attack("a replay");
        let Err(Problem::Failed(told)) = judged(&result(Verdict::Fail(failure))) else { panic!("a failure stays one") };
        assert!(told.sent.starts_with("U4-09 ") && told.sent.ends_with("A token without nonce."), "{}", told.sent);
        assert_eq!((told.received.as_str(), told.attack.as_deref()), ("A session.", Some("a replay")));
    }

    #[test]
    fn a_gate_that_nobody_could_judge_is_not_open() {
        let blocked = judged(&result(Verdict::Blocked { by: "U4-06" }));
        assert!(matches!(blocked, Err(Problem::Failed(failure)) if failure.received.contains("U4-06")));
        assert!(matches!(judged(&result(Verdict::Timeout("30 s".to_owned()))), Err(Problem::Failed(_))));
        assert!(matches!(judged(&result(Verdict::Error("no port".to_owned()))), Err(Problem::Broken(_))));
        assert_eq!(judged(&result(Verdict::Skipped("core".to_owned()))), Ok(()));
        assert_eq!(judged(&result(Verdict::Pass)), Ok(()));
    }

    #[test]
    fn each_of_the_three_units_has_gates() {
        for unit in [Unit::WebApp, Unit::SignIn, Unit::CallGraph] {
            assert!(checks::ALL.iter().any(|check| check.unit == unit && check.gate.is_some()), "{unit}");
        }
    }
}
