//! The only reader of the time in this package.

use std::time::{Duration, Instant};

/// Measures from its making.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    /// Begins to measure.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the time")]
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// The time since then.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// The same in whole milliseconds.
    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
