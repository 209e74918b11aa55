//! The browser's session at the portal. It is another one than the session at the identity provider: signing in to an app does not
//! open the portal, and the portal's cookie never leaves `/portal`.
//!
//! Sessions live in memory: after a restart people sign in to the portal again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use subtle::ConstantTimeEq;

use crate::random::Entropy;

/// The cookie's name. All ports of localhost share one jar, so it must not be one that a learner's app uses.
const COOKIE: &str = "pd_portal";

/// Sessions beyond this number are dropped, those of nobody first.
const ENOUGH: usize = 10_000;

/// Who is signed in to the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The tenant that holds the account, and whose objects the pages show.
    pub tenant_id: String,
    /// The user's object id there.
    pub user_id: String,
}

/// What the portal knows of one browser.
#[derive(Clone, Default)]
pub struct PortalSession {
    /// The value of the cookie.
    pub id: String,
    /// What every form of this browser carries, so that no other page can send one.
    pub csrf: String,
    /// Who is signed in.
    pub person: Option<Person>,
    notice: Option<String>,
    shown_once: Option<(String, String)>,
}

/// Neither the cookie nor a secret that waits to be shown belongs into a log.
impl std::fmt::Debug for PortalSession {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PortalSession").field("person", &self.person).finish_non_exhaustive()
    }
}

impl PortalSession {
    /// Whether `csrf` is this session's, compared in constant time.
    pub fn owns_form(&self, csrf: &str) -> bool {
        !self.csrf.is_empty() && bool::from(self.csrf.as_bytes().ct_eq(csrf.as_bytes()))
    }

    /// `Set-Cookie` for this session. Not `Secure`: one session serves the http and the https origin, on loopback only.
    pub fn cookie(&self) -> HeaderValue {
        let cookie = Cookie::build((COOKIE, self.id.clone())).path("/portal").http_only(true).same_site(SameSite::Strict).build();
        HeaderValue::from_str(&cookie.to_string()).expect("base64url and attribute names are header text")
    }
}

/// The sessions of all browsers. Cloning gives another handle to the same sessions.
#[derive(Debug, Clone, Default)]
pub struct PortalSessions {
    sessions: Arc<Mutex<HashMap<String, PortalSession>>>,
}

impl PortalSessions {
    fn sessions(&self) -> MutexGuard<'_, HashMap<String, PortalSession>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session that the request's cookie names.
    pub fn of(&self, headers: &HeaderMap) -> Option<PortalSession> {
        cookie_values(headers, COOKIE).find_map(|id| self.sessions().get(&id).cloned())
    }

    /// A new session in which nobody is signed in.
    pub fn begin(&self, entropy: &Entropy) -> PortalSession {
        self.insert(PortalSession { id: entropy.token(32), csrf: entropy.token(32), ..PortalSession::default() })
    }

    /// Signs a person in. The session gets a new id, so that an id that was planted before is worth nothing (session fixation).
    pub fn sign_in(&self, session_id: &str, person: Person, entropy: &Entropy) -> PortalSession {
        self.sessions().remove(session_id);
        let person = Some(person);
        self.insert(PortalSession { id: entropy.token(32), csrf: entropy.token(32), person, ..PortalSession::default() })
    }

    /// Ends a session.
    pub fn end(&self, session_id: &str) {
        self.sessions().remove(session_id);
    }

    /// Forgets all sessions.
    pub fn clear(&self) {
        self.sessions().clear();
    }

    /// Leaves a sentence for the next page: what was done.
    pub fn leave_notice(&self, session_id: &str, notice: String) {
        self.edit(session_id, |session| session.notice = Some(notice));
    }

    /// The sentence that was left, once.
    pub fn take_notice(&self, session_id: &str) -> Option<String> {
        self.edit(session_id, |session| session.notice.take())?
    }

    /// Keeps a secret for the one page that shows it; the token by which that page asks for it.
    pub fn keep_for_one_page(&self, session_id: &str, secret: String, entropy: &Entropy) -> String {
        let token = entropy.token(16);
        self.edit(session_id, |session| session.shown_once = Some((token.clone(), secret)));
        token
    }

    /// The secret that was kept under `token`, once.
    pub fn take_for_one_page(&self, session_id: &str, token: &str) -> Option<String> {
        self.edit(session_id, |session| session.shown_once.take_if(|(kept, _)| kept == token))?.map(|(_, secret)| secret)
    }

    fn edit<R>(&self, session_id: &str, change: impl FnOnce(&mut PortalSession) -> R) -> Option<R> {
        self.sessions().get_mut(session_id).map(change)
    }

    fn insert(&self, session: PortalSession) -> PortalSession {
        let mut sessions = self.sessions();
        if sessions.len() >= ENOUGH {
            sessions.retain(|_, session| session.person.is_some());
        }
        sessions.insert(session.id.clone(), session.clone());
        session
    }
}

/// The values of a cookie in a request; a browser may send several of one name.
pub fn cookie_values(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| Cookie::split_parse(line.to_owned()).filter_map(Result::ok))
        .filter(move |cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers_with(session: &PortalSession) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let value = format!("session=an-app's; {COOKIE}={}", session.id);
        headers.insert(header::COOKIE, HeaderValue::from_str(&value).expect("header text"));
        headers
    }

    #[test]
    fn signing_in_gives_the_session_a_new_id_and_token() {
        let (sessions, entropy) = (PortalSessions::default(), Entropy::seeded(1));
        let before = sessions.begin(&entropy);
        let person = Person { tenant_id: "t".to_owned(), user_id: "u".to_owned() };
        let after = sessions.sign_in(&before.id, person.clone(), &entropy);
        assert!(sessions.of(&headers_with(&before)).is_none());
        assert_eq!(sessions.of(&headers_with(&after)).and_then(|it| it.person), Some(person));
        assert!(!after.owns_form(&before.csrf) && !after.owns_form("") && after.owns_form(&after.csrf));
    }

    #[test]
    fn a_kept_secret_is_given_once_and_to_its_token_only() {
        let (sessions, entropy) = (PortalSessions::default(), Entropy::seeded(1));
        let (mine, other) = (sessions.begin(&entropy), sessions.begin(&entropy));
        let token = sessions.keep_for_one_page(&mine.id, "value".to_owned(), &entropy);
        assert_eq!(sessions.take_for_one_page(&other.id, &token), None);
        assert_eq!(sessions.take_for_one_page(&mine.id, "guessed"), None);
        assert_eq!(sessions.take_for_one_page(&mine.id, &token).as_deref(), Some("value"));
        assert_eq!(sessions.take_for_one_page(&mine.id, &token), None);
    }

    #[test]
    fn the_cookie_is_kept_from_scripts_other_sites_and_other_paths() {
        let cookie = PortalSessions::default().begin(&Entropy::seeded(1)).cookie();
        let cookie = cookie.to_str().expect("text");
        assert!(cookie.starts_with("pd_portal=") && cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/portal"), "{cookie}");
    }
}
