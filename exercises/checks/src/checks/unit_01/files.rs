//! U1-01: both files can be read, and nothing in them waits to be filled in.

use super::{USUAL, flow::Flow};
use crate::{
    access_policy::AccessPolicy,
    check::Check,
    filled_in::Complaint,
    stage::Stage,
    verdict::{Failure, Outcome, Problem},
};

/// U1-01
pub const FILLED_IN: Check = Check {
    id: "U1-01",
    title: "both files can be read, and every cell is filled in",
    points: 1,
    hint: "Replace each TODO by one of the values that the comment above it lists. `cargo run -p unit-01` names the lines in which a TODO is left.",
    page: "unit-1/exercise.html",
    run: |stage| Box::pin(async { filled_in(stage) }),
    ..USUAL
};

/// So many complaints are told. More help nobody.
const TOLD: usize = 6;

const POLICY: &str = "policy.toml";
const FLOW: &str = "flow.toml";

/// The learner's policy.
///
/// # Errors
/// While it cannot be read, U1-01 is in the way.
pub(super) fn policy(stage: &Stage) -> Result<AccessPolicy, Problem> {
    read(stage, POLICY, AccessPolicy::parse).map_err(|_| Problem::Blocked(FILLED_IN.id))
}

/// The learner's order of messages.
///
/// # Errors
/// While it cannot be read, U1-01 is in the way.
pub(super) fn flow(stage: &Stage) -> Result<Flow, Problem> {
    read(stage, FLOW, Flow::parse).map_err(|_| Problem::Blocked(FILLED_IN.id))
}

fn read<T>(stage: &Stage, name: &str, parse: fn(&str) -> Result<T, Vec<Complaint>>) -> Result<T, Problem> {
    parse(&stage.files()?.text(name)?).map_err(|complaints| unreadable(name, &complaints))
}

fn filled_in(stage: &Stage) -> Outcome {
    read(stage, POLICY, AccessPolicy::parse)?;
    read(stage, FLOW, Flow::parse)?;
    Ok(())
}

fn unreadable(name: &str, complaints: &[Complaint]) -> Problem {
    let waiting = complaints.iter().filter(|complaint| complaint.is_unfilled).count();
    // A mistake is told before a cell that is only waiting.
    let (unfilled, mistakes): (Vec<&Complaint>, Vec<&Complaint>) = complaints.iter().partition(|complaint| complaint.is_unfilled);
    let mut told: Vec<String> = mistakes.into_iter().chain(unfilled).take(TOLD).map(Complaint::to_string).collect();
    if complaints.len() > TOLD {
        told.push(format!("… and {} more.", complaints.len() - TOLD));
    }
    if waiting > 0 {
        told.push(format!("Not filled in yet: {waiting} of its values."));
    }
    Failure::new(
        format!("The grader read src/{name}."),
        told.join("\n"),
        format!("a file src/{name} in which every value is one of those that its comments list"),
        "A cell that nobody decided is decided all the same, by whoever writes the code. At ABC the decision is yours.",
    )
    .into()
}
