//! Throttling, by fault: once an app was told to wait, it is told so until the time has passed.
//! Source: Microsoft Graph, "Microsoft Graph throttling guidance": calls during the wait are refused as well.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use crate::faults::FaultScope;

/// How long a throttled app waits.
const WAIT: Duration = Duration::seconds(1);

/// Who waits: the app, and the user it calls for. Departs from Graph, which counts an app's calls for all users of a tenant together:
/// tests that run side by side with users of their own do not meet.
type Waiting = (Option<String>, Option<String>);

/// Who was throttled, and until when. Cloning gives another handle to the same list.
#[derive(Debug, Clone, Default)]
pub struct Throttling {
    until: Arc<Mutex<BTreeMap<Waiting, OffsetDateTime>>>,
}

impl Throttling {
    /// Throttles from `now` on.
    pub fn begin(&self, who: &FaultScope<'_>, now: OffsetDateTime) {
        self.until.lock().unwrap_or_else(PoisonError::into_inner).insert(key(who), now + WAIT);
    }

    /// The seconds that are left, rounded up as `Retry-After` needs them; `None` for who need not wait.
    pub fn left(&self, who: &FaultScope<'_>, now: OffsetDateTime) -> Option<u64> {
        let mut all = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = *all.get(&key(who))? - now;
        if left <= Duration::ZERO {
            all.remove(&key(who));
            return None;
        }
        u64::try_from(left.whole_seconds()).ok().map(|whole| whole + u64::from(left.subsec_nanoseconds() > 0))
    }

    /// Lets everybody go on.
    pub fn clear(&self) {
        self.until.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn key(who: &FaultScope<'_>) -> Waiting {
    (who.app_id.map(str::to_lowercase), who.username.map(str::to_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn who_was_throttled_waits_until_the_time_has_passed() {
        const NOW: OffsetDateTime = datetime!(2026-11-25 09:00 UTC);
        let throttling = Throttling::default();
        let ada = FaultScope { app_id: Some("app"), username: Some("ada@x") };
        throttling.begin(&ada, NOW);
        assert_eq!(throttling.left(&ada, NOW), Some(1));
        assert_eq!(throttling.left(&ada, NOW + Duration::milliseconds(900)), Some(1));
        assert_eq!(throttling.left(&FaultScope { username: Some("ben@x"), ..ada }, NOW), None);
        assert_eq!(throttling.left(&ada, NOW + WAIT), None);
    }
}
