//! Acquiring a token interactively: the browser goes to the identity provider once more.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use sign_in::authorize_request::authorize_url;
use sign_in::pending_login::PendingLogin;
use sign_in::web_app::redirect::found;
use sign_in::web_app::{Accepts, Account, Reason, Refusal, Visitor};

use crate::AppState;

/// Who met a challenge within this time and meets one again is not helped by a third attempt.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

// ANCHOR: interactive
/// Sends the browser to the provider, and afterwards back to the page that it asked for. Mostly the person sees nothing of
/// it, because the provider still knows her; where it must ask something, it can.
///
/// `claims` is what an API's claims challenge asked for. The app hands it on as it is: only the provider reads it.
///
/// # Errors
/// A program cannot be sent to a page: it gets 401. And the provider may be down.
pub async fn acquire_token_interactive(
    app: &AppState,
    visitor: &Visitor,
    account: &Account,
    jar: SignedCookieJar,
    claims: Option<&str>,
) -> Result<Response, Refusal> {
    if visitor.accepts == Accepts::Json {
        return Err(visitor.refuse(Reason::SignInNeeded { return_to: visitor.path.clone() }));
    }
    let metadata = app.sign_in.web.provider.metadata().await.map_err(|error| visitor.refuse(error))?;
    let pending = PendingLogin::new(visitor.path.clone());
    let mut url = authorize_url(app.config(), metadata, &pending);
    // The provider need not ask who it is.
    url.query_pairs_mut().append_pair("login_hint", &account.preferred_username);
    if let Some(claims) = claims {
        url.query_pairs_mut().append_pair("claims", claims);
    }
    Ok((app.sign_in.pending_logins.begin(jar, pending), found(url.as_str())).into_response())
}
// ANCHOR_END: interactive

/// Who was sent to the provider because of a claims challenge. A person who comes back and meets the next challenge at
/// once would else travel in a circle.
#[derive(Debug, Default)]
pub struct ClaimsChallenges {
    sent: Mutex<HashMap<(String, String), Instant>>,
}

impl ClaimsChallenges {
    /// Whether this person may be sent to the provider: once, until a call succeeds or some minutes have passed.
    pub fn begin(&self, account: &Account) -> bool {
        let mut sent = self.sent();
        sent.retain(|_, since| since.elapsed() < PATIENCE);
        sent.insert(person(account), Instant::now()).is_none()
    }

    /// A call succeeded: the next challenge is a new one.
    pub fn end(&self, account: &Account) {
        self.sent().remove(&person(account));
    }

    fn sent(&self) -> MutexGuard<'_, HashMap<(String, String), Instant>> {
        self.sent.lock().expect("no code panics while it holds this lock")
    }
}

fn person(account: &Account) -> (String, String) {
    (account.tenant_id.clone(), account.object_id.clone())
}

#[cfg(test)]
mod tests {
    use sign_in::web_app::Account;

    use super::ClaimsChallenges;

    #[test]
    fn a_second_challenge_in_a_row_sends_nobody_away_again() {
        let account = |object_id: &str| Account {
            tenant_id: "t".to_owned(),
            object_id: object_id.to_owned(),
            name: String::new(),
            preferred_username: String::new(),
        };
        let challenges = ClaimsChallenges::default();
        assert!(challenges.begin(&account("ada")) && challenges.begin(&account("ben")));
        assert!(!challenges.begin(&account("ada")));
        challenges.end(&account("ada"));
        assert!(challenges.begin(&account("ada")));
    }
}
