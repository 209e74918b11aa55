//! When a call that failed is worth another attempt.

use std::time::Duration;

use axum::http::StatusCode;

/// After so many attempts the app tells the person instead.
const MOST_ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// How long to wait before the next attempt; `None` to give up.
///
/// `Retry-After` is an order: who calls before that time is refused again, and prolongs the wait of everybody. Without it
/// the pauses grow, so that a service in trouble gets time to recover. No wait is longer than the time that is left: a
/// person is waiting, too.
pub fn pause_before_retry(status: StatusCode, retry_after: Option<Duration>, attempt: u32, left: Duration) -> Option<Duration> {
    // TODO: Step 8. 429, 503 and 504 can pass. Obey `retry_after`; without it begin with FIRST_PAUSE and double it. Not more than
    // MOST_ATTEMPTS, and no pause that is longer than `left`. `attempt` is 0 after the first call, 1 after the second.
    let _ = (status, retry_after, attempt, left, MOST_ATTEMPTS, FIRST_PAUSE);
    None
}
