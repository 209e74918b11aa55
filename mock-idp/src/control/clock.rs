//! GET, POST /mock/clock
//!
//! The clock that every answer of the mock reads.

use axum::{Json, extract::State};
use serde::Serialize;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339, macros::datetime};

use super::{
    ControlState,
    body::{self, Body},
    error::ControlError,
};
use crate::{clock::Clock, directory::file::reader::Object};

/// The clock as it is told.
#[derive(Debug, Serialize)]
pub(super) struct ClockReading {
    now: String,
    frozen: bool,
}

impl ClockReading {
    fn of(clock: &Clock) -> Self {
        Self { now: clock.now().format(&Rfc3339).unwrap_or_default(), frozen: clock.is_frozen() }
    }
}

pub(super) async fn read(State(state): State<ControlState>) -> Json<ClockReading> {
    Json(ClockReading::of(&state.clock))
}

pub(super) async fn change(State(state): State<ControlState>, body: Body) -> Result<Json<ClockReading>, ControlError> {
    let change = body::object(&body::text(body)?, ClockChange::read)?;
    change.apply(&state.clock)?;
    Ok(Json(ClockReading::of(&state.clock)))
}

/// What is to be done to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ClockChange {
    advance: Option<i64>,
    now: Option<OffsetDateTime>,
    frozen: Option<bool>,
}

impl ClockChange {
    fn read(mut object: Object<'_>) -> Self {
        let change = Self { advance: object.signed_number("advanceSeconds"), now: object.instant("now"), frozen: object.boolean("frozen") };
        match change {
            Self { advance: Some(_), now: Some(_), .. } => object.wrong("advanceSeconds", "cannot stand beside 'now'; send one of them"),
            Self { advance: None, now: None, frozen: None } => {
                object.wrong("advanceSeconds", "is missing, and so are 'now' and 'frozen'; send one of them");
            }
            _ => {}
        }
        object.no_more();
        change
    }

    /// Stops the clock, moves it, lets it go: in this order, so that a clock that is set and stopped stands at that very instant.
    /// An instant that tokens could not be dated with is refused, and then nothing is changed.
    fn apply(self, clock: &Clock) -> Result<(), ControlError> {
        const FIRST: OffsetDateTime = datetime!(1970-01-01 00:00 UTC);
        const LAST: OffsetDateTime = datetime!(9000-01-01 00:00 UTC);
        let within = |instant: &OffsetDateTime| (FIRST..LAST).contains(instant);
        let target = match (self.advance, self.now) {
            (Some(seconds), _) => clock.now().checked_add(Duration::seconds(seconds)),
            (None, now) => now.or_else(|| Some(clock.now())),
        };
        let asked = || match (self.advance, self.now) {
            (Some(seconds), _) => format!("advanceSeconds {seconds}"),
            (None, now) => now.and_then(|now| now.format(&Rfc3339).ok()).unwrap_or_default(),
        };
        target.filter(within).ok_or_else(|| ControlError::OutsideOfTime(asked()))?;
        if self.frozen == Some(true) {
            clock.freeze();
        }
        if let Some(seconds) = self.advance {
            clock.advance(Duration::seconds(seconds));
        }
        if let Some(now) = self.now {
            clock.set(now.to_offset(time::UtcOffset::UTC));
        }
        if self.frozen == Some(false) {
            clock.unfreeze();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(json: &str) -> Result<ClockReading, ControlError> {
        let clock = Clock::frozen_at(datetime!(2026-11-25 09:00 UTC));
        body::object(json, ClockChange::read)?.apply(&clock)?;
        Ok(ClockReading::of(&clock))
    }

    #[test]
    fn the_clock_moves_both_ways() {
        assert_eq!(changed(r#"{"advanceSeconds": 60}"#).expect("valid").now, "2026-11-25T09:01:00Z");
        assert_eq!(changed(r#"{"advanceSeconds": -60}"#).expect("valid").now, "2026-11-25T08:59:00Z");
    }

    #[test]
    fn the_clock_is_set_and_stopped_in_one_request() {
        let reading = changed(r#"{"now": "2030-01-01T01:00:00+01:00", "frozen": true}"#).expect("valid");
        assert!(reading.frozen);
        assert_eq!(reading.now, "2030-01-01T00:00:00Z");
        assert!(!changed(r#"{"frozen": false}"#).expect("valid").frozen);
    }

    #[test]
    fn a_running_clock_that_is_set_and_stopped_stands_at_that_instant() {
        let clock = Clock::system();
        let change = body::object(r#"{"now": "2030-01-01T00:00:00Z", "frozen": true}"#, ClockChange::read).expect("valid");
        change.apply(&clock).expect("within time");
        assert_eq!(clock.now(), datetime!(2030-01-01 00:00 UTC));
    }

    #[test]
    fn an_instant_that_no_token_can_carry_is_refused() {
        for json in [
            r#"{"advanceSeconds": 9223372036854775807}"#,
            r#"{"advanceSeconds": -9223372036854775808}"#,
            r#"{"now": "9999-01-01T00:00:00Z"}"#,
        ] {
            assert!(matches!(changed(json), Err(ControlError::OutsideOfTime(_))), "{json}");
        }
    }

    #[test]
    fn a_change_that_says_nothing_or_two_things_is_refused() {
        for json in
            ["{}", r#"{"advanceSeconds": 1, "now": "2030-01-01T00:00:00Z"}"#, r#"{"advanceSeconds": 1.5}"#, r#"{"now": "tomorrow"}"#]
        {
            assert!(matches!(changed(json), Err(ControlError::Mistakes(_))), "{json}");
        }
    }
}
