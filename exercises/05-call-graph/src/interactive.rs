//! Acquiring a token interactively: the browser goes to the identity provider once more.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::response::Response;
use axum_extra::extract::SignedCookieJar;
use sign_in::web_app::{Accepts, Account, Reason, Refusal, Visitor};

use crate::AppState;

/// Who met a challenge within this time and meets one again is not helped by a third attempt.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

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
    // TODO: Step 6. Begin a sign-in as unit 4's `login` does, with `visitor.path` to come back to: `PendingLogin::new`,
    // `authorize_url`, `pending_logins.begin`. A `login_hint` with the account's `preferred_username` saves the person a
    // question.
    // TODO: Step 7. Hand on `claims`, if there are any, as a parameter of the request.
    let _ = (app, account, jar, claims);
    Err(visitor.refuse(Reason::NotWrittenYet("Step 6 adds this part: the person signs in once more.")))
}

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
        // TODO: Step 7. True the first time, false when the same person was sent less than PATIENCE ago.
        sent.insert(person(account), Instant::now());
        false
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
