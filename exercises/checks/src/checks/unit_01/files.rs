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
    depends_on: &[],
    hint: "`cargo run -p unit-01` shows the first mistake with its line. Replace each TODO by one of the values that the comment above it lists.",
    page: "unit-1/exercise.html",
    run: |stage| Box::pin(async { filled_in(stage) }),
    ..USUAL
};

/// So many complaints are told. More help nobody.
const TOLD: usize = 6;

/// The learner's policy.
pub(super) fn policy(stage: &Stage) -> Result<AccessPolicy, Problem> {
    AccessPolicy::parse(&stage.files()?.text("policy.toml")?).map_err(|complaints| unreadable("policy.toml", &complaints))
}

/// The learner's order of messages.
pub(super) fn flow(stage: &Stage) -> Result<Flow, Problem> {
    Flow::parse(&stage.files()?.text("flow.toml")?).map_err(|complaints| unreadable("flow.toml", &complaints))
}

fn filled_in(stage: &Stage) -> Outcome {
    policy(stage)?;
    flow(stage)?;
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
