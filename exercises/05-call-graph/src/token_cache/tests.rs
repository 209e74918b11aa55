use std::time::{Duration, SystemTime};

use sign_in::web_app::Secret;

use super::CachedTokens;

/// This test passes from the start, because the starter takes no token for fresh. It must still pass when you are done.
#[test]
fn a_token_that_is_about_to_end_counts_as_expired() {
    let now = SystemTime::now();
    let ending = |expires_at| CachedTokens { access_token: Secret::new("a"), expires_at, refresh_token: None };
    assert!(!ending(now - Duration::from_secs(1)).is_fresh(now), "a token that ended a second ago is not fresh");
    assert!(!ending(now + Duration::from_secs(30)).is_fresh(now), "30 seconds are too few for a call: think of EXPIRY_SKEW");
}
