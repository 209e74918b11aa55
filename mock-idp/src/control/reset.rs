//! POST /mock/reset
//!
//! Back to the state right after the start; or, with a body, to where a unit begins (`{"unit": 4}`) or to a snapshot
//! (`{"snapshot": "NAME"}`). Everybody is signed out, faults are taken back, the clock is the real one.

use axum::{extract::State, http::StatusCode};

use super::{
    ControlState,
    body::{self, Body},
    error::ControlError,
    snapshots::snapshots,
};
use crate::{
    directory::{Directory, file::reader::Object, seed::StartState},
    snapshots::SnapshotName,
};

/// To which state the mock goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Start,
    Unit(StartState),
    Snapshot(SnapshotName),
}

pub(super) async fn reset(State(state): State<ControlState>, body: Body) -> Result<StatusCode, ControlError> {
    match target(&body::text(body)?)? {
        Target::Start => (state.reset)()?,
        Target::Unit(unit) => start_over(state, move |state| Ok((state.start_state)(unit))).await?,
        Target::Snapshot(name) => start_over(state, move |state| Ok(snapshots(state)?.read(&name)?)).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Reads tenants, which takes a while, and puts them in the place of all there are.
async fn start_over(
    state: ControlState,
    read: impl FnOnce(&ControlState) -> Result<Vec<Directory>, ControlError> + Send + 'static,
) -> Result<(), ControlError> {
    let started = tokio::task::spawn_blocking(move || Ok((state.start_over)(read(&state)?)?));
    started.await.expect("reading a file does not panic")
}

fn target(text: &str) -> Result<Target, ControlError> {
    if text.trim().is_empty() {
        return Ok(Target::Start);
    }
    let (unit, name) = body::object(text, |mut object: Object<'_>| {
        let (unit, name) = (object.number("unit"), object.text("snapshot"));
        let state = unit.and_then(|unit| u8::try_from(unit).ok()).and_then(StartState::unit);
        match (unit, &name) {
            (Some(_), Some(_)) => object.wrong("snapshot", "cannot stand beside 'unit'; send one of them"),
            (Some(_), None) if state.is_none() => object.wrong("unit", "must be the number of a unit, 1 to 6"),
            _ => {}
        }
        object.no_more();
        (state, name)
    })?;
    match (unit, name) {
        (Some(unit), _) => Ok(Target::Unit(unit)),
        (None, Some(name)) => Ok(Target::Snapshot(name.parse()?)),
        (None, None) => Ok(Target::Start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_goes_to_the_start_a_unit_or_a_snapshot() {
        assert_eq!(target("").ok(), Some(Target::Start));
        assert_eq!(target("{}").ok(), Some(Target::Start));
        assert_eq!(target(r#"{"unit": 4}"#).ok(), Some(Target::Unit(StartState::Unit4)));
        assert_eq!(target(r#"{"snapshot": "monday"}"#).ok(), "monday".parse().ok().map(Target::Snapshot));
    }

    #[test]
    fn any_other_target_is_refused() {
        for text in [r#"{"unit": 7}"#, r#"{"unit": 1, "snapshot": "a"}"#, r#"{"units": 1}"#, r#"{"unit": "4"}"#] {
            assert!(matches!(target(text), Err(ControlError::Mistakes(_))), "{text}");
        }
        assert!(matches!(target(r#"{"snapshot": "../x"}"#), Err(ControlError::InvalidName(_))));
    }
}
