//! When a call that failed is worth another attempt.

use std::time::Duration;

use axum::http::StatusCode;

/// After so many attempts the app tells the person instead.
const MOST_ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);

// ANCHOR: retry
/// How long to wait before the next attempt; `None` to give up.
///
/// `Retry-After` is an order: who calls before that time is refused again, and prolongs the wait of everybody. Without it
/// the pauses grow, so that a service in trouble gets time to recover. No wait is longer than the time that is left: a
/// person is waiting, too.
pub fn pause_before_retry(status: StatusCode, retry_after: Option<Duration>, attempt: u32, left: Duration) -> Option<Duration> {
    let is_passing = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT);
    let pause = retry_after.unwrap_or(FIRST_PAUSE * 2_u32.pow(attempt.min(10)));
    (is_passing && attempt + 1 < MOST_ATTEMPTS && pause < left).then_some(pause)
}
// ANCHOR_END: retry

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: Duration = Duration::from_secs(4);

    #[test]
    fn retry_after_is_obeyed_if_it_fits() {
        let second = Some(Duration::from_secs(1));
        assert_eq!(pause_before_retry(StatusCode::TOO_MANY_REQUESTS, second, 0, LEFT), second);
        assert_eq!(pause_before_retry(StatusCode::SERVICE_UNAVAILABLE, second, 1, LEFT), second);
        assert_eq!(pause_before_retry(StatusCode::TOO_MANY_REQUESTS, Some(Duration::from_secs(7)), 0, LEFT), None);
    }

    #[test]
    fn pauses_grow_and_attempts_end() {
        let pause = |attempt| pause_before_retry(StatusCode::SERVICE_UNAVAILABLE, None, attempt, LEFT);
        assert!(pause(0) < pause(1));
        assert_eq!(pause(2), None);
    }

    #[test]
    fn what_does_not_pass_by_itself_is_not_tried_again() {
        for status in [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::INTERNAL_SERVER_ERROR] {
            assert_eq!(pause_before_retry(status, None, 0, LEFT), None, "{status}");
        }
    }
}
