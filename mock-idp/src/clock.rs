//! The only reader of the time.
//!
//! A [`Clock`] runs with the system, shifted by what tests ask for, or stands still. All copies of a clock share one state.

use std::sync::{Arc, Mutex, MutexGuard};

use time::{Duration, OffsetDateTime};

/// What the clock does between two looks at it.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// Follows the system's clock at this distance.
    Running { ahead: Duration },
    /// Stands still at this instant.
    Frozen { at: OffsetDateTime },
}

/// A shared clock. Cloning gives another handle to the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    mode: Arc<Mutex<Mode>>,
}

impl Clock {
    /// The system's time.
    pub fn system() -> Self {
        Self::with(Mode::Running { ahead: Duration::ZERO })
    }

    /// A clock that stands at `at` until it is moved.
    pub fn frozen_at(at: OffsetDateTime) -> Self {
        Self::with(Mode::Frozen { at })
    }

    fn with(mode: Mode) -> Self {
        Self { mode: Arc::new(Mutex::new(mode)) }
    }

    fn mode(&self) -> MutexGuard<'_, Mode> {
        self.mode.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The present instant, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        match *self.mode() {
            Mode::Running { ahead } => system_now() + ahead,
            Mode::Frozen { at } => at,
        }
    }

    /// Moves the clock by `by`, which may be negative. A frozen clock stays frozen.
    pub fn advance(&self, by: Duration) {
        match &mut *self.mode() {
            Mode::Running { ahead } => *ahead += by,
            Mode::Frozen { at } => *at += by,
        }
    }

    /// Sets the clock to `now`. A running clock goes on running from there.
    pub fn set(&self, now: OffsetDateTime) {
        match &mut *self.mode() {
            Mode::Running { ahead } => *ahead = now - system_now(),
            Mode::Frozen { at } => *at = now,
        }
    }

    /// Stops the clock where it is.
    pub fn freeze(&self) {
        let at = self.now();
        *self.mode() = Mode::Frozen { at };
    }

    /// Lets a frozen clock go on from where it stands.
    pub fn unfreeze(&self) {
        let ahead = self.now() - system_now();
        *self.mode() = Mode::Running { ahead };
    }

    /// Follows the system's clock again, as after the start.
    pub fn follow_system(&self) {
        *self.mode() = Mode::Running { ahead: Duration::ZERO };
    }

    /// True while the clock stands still.
    pub fn is_frozen(&self) -> bool {
        matches!(*self.mode(), Mode::Frozen { .. })
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
fn system_now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(datetime!(2026-11-25 09:00 UTC));
        clock.advance(Duration::minutes(-5));
        assert_eq!(clock.now(), datetime!(2026-11-25 08:55 UTC));
    }

    #[test]
    fn a_running_clock_keeps_running_from_the_instant_it_was_set_to() {
        let clock = Clock::system();
        clock.set(datetime!(2030-01-01 00:00 UTC));
        let first = clock.now();
        assert!(first >= datetime!(2030-01-01 00:00 UTC) && !clock.is_frozen());
        clock.freeze();
        assert_eq!(clock.now(), clock.now());
        clock.unfreeze();
        assert!(clock.now() >= first);
    }
}
