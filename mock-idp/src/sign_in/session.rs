//! The browser's session at the provider: who is signed in, under a cookie that only names it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::{
    random::Entropy,
    write_later::{Change, WriteLater, changes},
};

/// The cookie's name. Cookies are shared by all ports of localhost, so it must not be one that a learner's app uses.
const COOKIE: &str = "pd_idp";

/// An account that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedInAccount {
    /// The tenant that holds the account.
    pub tenant_id: String,
    /// The user's object id there.
    pub user_id: String,
    /// The `sid` claim.
    pub sid: String,
    /// When the user proved who he is.
    #[serde(with = "time::serde::rfc3339")]
    pub authenticated_at: OffsetDateTime,
}

/// What the provider knows of one browser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserSession {
    /// The value of the cookie.
    pub id: String,
    /// Names the browser for as long as it has a session, also when the cookie's value changes. Never leaves the server.
    pub browser: String,
    /// What every form of this browser carries, so that no other page can send one.
    pub csrf: String,
    /// Who is signed in, in the order of signing in.
    pub accounts: Vec<SignedInAccount>,
    /// Client ids of the apps that were given a code in this session.
    pub apps: Vec<String>,
}

impl BrowserSession {
    /// Whether `csrf` is this session's, compared in constant time.
    pub fn owns_form(&self, csrf: &str) -> bool {
        !self.csrf.is_empty() && bool::from(self.csrf.as_bytes().ct_eq(csrf.as_bytes()))
    }
}

/// The sessions of all browsers. Cloning gives another handle to the same sessions.
#[derive(Debug, Clone, Default)]
pub struct SignInSessions {
    sessions: Arc<Mutex<WriteLater<BrowserSession>>>,
}

/// Sessions beyond this number are dropped, those without an account first.
const ENOUGH: usize = 100_000;

impl SignInSessions {
    fn sessions(&self) -> MutexGuard<'_, WriteLater<BrowserSession>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session that the request's cookie names.
    pub fn of(&self, headers: &HeaderMap) -> Option<BrowserSession> {
        cookie_values(headers).find_map(|id| self.sessions().get(&id).cloned())
    }

    /// The request's session, or a new one without accounts.
    pub fn of_or_new(&self, headers: &HeaderMap, entropy: &Entropy) -> BrowserSession {
        self.of(headers).unwrap_or_else(|| {
            let session =
                BrowserSession { id: entropy.token(32), browser: entropy.token(16), csrf: entropy.token(32), ..BrowserSession::default() };
            let mut sessions = self.sessions();
            if sessions.len() >= ENOUGH {
                sessions.retain(|session| !session.accounts.is_empty());
            }
            sessions.insert(session.id.clone(), session.clone());
            session
        })
    }

    /// Adds an account to a session, in the place of an older sign-in of the same account. The session gets a new id, so that an
    /// id that was planted before the sign-in is worth nothing (session fixation).
    pub fn sign_in(&self, session_id: &str, account: SignedInAccount, entropy: &Entropy) -> BrowserSession {
        let mut sessions = self.sessions();
        let mut session = sessions.remove(session_id).unwrap_or_default();
        session.id = entropy.token(32);
        session.csrf = entropy.token(32);
        session.accounts.retain(|it| it.user_id != account.user_id || it.tenant_id != account.tenant_id);
        session.accounts.push(account);
        sessions.insert(session.id.clone(), session.clone());
        session
    }

    /// Notes that an app was given a code in this session.
    pub fn note_app(&self, session_id: &str, app_id: &str) {
        let mut sessions = self.sessions();
        if sessions.get(session_id).is_some_and(|session| !session.apps.iter().any(|known| known == app_id)) {
            sessions.edit(session_id, |session| session.apps.push(app_id.to_owned()));
        }
    }

    /// Signs one account out, or all where `user_id` is `None`; the accounts that were signed out.
    pub fn sign_out(&self, session_id: &str, user_id: Option<&str>) -> Vec<SignedInAccount> {
        let mut sessions = self.sessions();
        let leaving = |account: &SignedInAccount| user_id.is_none_or(|id| id == account.user_id);
        let left = sessions.edit(session_id, |session| {
            let (left, kept) = std::mem::take(&mut session.accounts).into_iter().partition(leaving);
            session.accounts = kept;
            left
        });
        if sessions.get(session_id).is_some_and(|session| session.accounts.is_empty()) {
            sessions.remove(session_id);
        }
        left.unwrap_or_default()
    }

    /// Forgets all sessions.
    pub fn clear(&self) {
        self.sessions().clear();
    }

    /// Goes on with the sessions that were written.
    ///
    /// # Errors
    /// What `serde_json` says of one that cannot be read.
    pub fn restore(&self, written: Vec<(String, Vec<u8>)>) -> Result<(), serde_json::Error> {
        self.sessions().restore(written)
    }

    /// What is to be written. A session without an account is worth nothing after a restart.
    pub fn take_changes(&self) -> Vec<Change> {
        let changed = self.sessions().take_changed();
        changes(changed.into_iter().map(|(id, session)| (id, session.filter(|it| !it.accounts.is_empty()))).collect())
    }

    /// These changes could not be written: they will be among the next ones.
    pub fn not_written(&self, changes: &[Change]) {
        self.sessions().not_written(changes);
    }
}

/// The values of our cookie in a request; a browser may send several of one name.
fn cookie_values(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| cookie::Cookie::split_parse(line.to_owned()).filter_map(Result::ok))
        .filter(|cookie| cookie.name() == COOKIE)
        .map(|cookie| cookie.value().to_owned())
}

/// `Set-Cookie` for a session. Not `Secure`: one session serves the http and the https origin, on loopback only.
pub fn set_cookie(session: &BrowserSession) -> HeaderValue {
    let cookie = cookie::Cookie::build((COOKIE, session.id.clone())).path("/").http_only(true).same_site(cookie::SameSite::Lax).build();
    HeaderValue::from_str(&cookie.to_string()).expect("base64url and attribute names are header text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn headers_with(id: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = format!("session=other; {COOKIE}={id}");
        headers.insert(header::COOKIE, HeaderValue::from_str(&value).expect("header text"));
        headers
    }

    #[test]
    fn signing_in_changes_the_id_of_the_session() {
        let (sessions, entropy) = (SignInSessions::default(), Entropy::seeded(1));
        let before = sessions.of_or_new(&HeaderMap::new(), &entropy);
        let account = SignedInAccount {
            tenant_id: "t".to_owned(),
            user_id: "u".to_owned(),
            sid: "s".to_owned(),
            authenticated_at: datetime!(2026-11-25 09:00 UTC),
        };
        let after = sessions.sign_in(&before.id, account, &entropy);
        assert!(sessions.of(&headers_with(&before.id)).is_none());
        assert_eq!(sessions.of(&headers_with(&after.id)).map(|session| session.accounts.len()), Some(1));
        assert_eq!(after.browser, before.browser);
        assert!(after.owns_form(&after.csrf) && !after.owns_form(&before.csrf) && !after.owns_form(""));
    }

    #[test]
    fn the_last_account_that_signs_out_ends_the_session() {
        let (sessions, entropy) = (SignInSessions::default(), Entropy::seeded(1));
        let session = sessions.of_or_new(&HeaderMap::new(), &entropy);
        assert!(sessions.sign_out(&session.id, None).is_empty());
        assert!(sessions.of(&headers_with(&session.id)).is_none());
    }
}
