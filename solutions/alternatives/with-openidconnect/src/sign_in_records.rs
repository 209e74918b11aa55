//! What the server remembers: sign-ins under way, by their `state`, and sessions, by the value of a cookie.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use openidconnect::Nonce;
use solution_02::random::random_value;

const LOGIN_LIFETIME: Duration = Duration::from_secs(15 * 60);
const SESSION_LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);
const MOST: usize = 10_000;

/// A sign-in that has begun.
pub struct Login {
    /// The browser that began it, by its cookie.
    pub browser: String,
    pub nonce: Nonce,
    pub code_verifier: String,
    pub return_to: String,
}

/// A person who is signed in, as the ID token described her.
#[derive(Clone)]
pub struct Person {
    pub tenant_id: String,
    pub object_id: String,
    pub name: String,
    pub username: String,
    pub roles: Vec<String>,
}

impl Person {
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|held| held == role)
    }
}

/// Values that are forgotten after a time.
struct Records<T> {
    lifetime: Duration,
    entries: Mutex<HashMap<String, (Instant, T)>>,
}

impl<T> Records<T> {
    fn new(lifetime: Duration) -> Self {
        Self { lifetime, entries: Mutex::default() }
    }

    /// The records that are still good. Whoever floods the app loses the oldest ones first.
    fn current(&self) -> MutexGuard<'_, HashMap<String, (Instant, T)>> {
        let mut entries = self.entries.lock().expect("no code panics while it holds this lock");
        entries.retain(|_, (since, _)| since.elapsed() < self.lifetime);
        if entries.len() > MOST {
            let oldest = entries.iter().min_by_key(|(_, (since, _))| *since).map(|(id, _)| id.clone());
            oldest.and_then(|id| entries.remove(&id));
        }
        entries
    }
}

/// Sign-ins by `state`, so that one browser may have several, in tabs side by side.
pub struct Logins(Records<Login>);

impl Default for Logins {
    fn default() -> Self {
        Self(Records::new(LOGIN_LIFETIME))
    }
}

impl Logins {
    pub fn begin(&self, state: &str, login: Login) {
        self.0.current().insert(state.to_owned(), (Instant::now(), login));
    }

    /// Takes the login away: it is good for one answer, and only for the browser that began it.
    pub fn finish(&self, state: &str, browser: &str) -> Option<Login> {
        let mut logins = self.0.current();
        let (_, login) = logins.get(state)?;
        if login.browser != browser {
            return None;
        }
        logins.remove(state).map(|(_, login)| login)
    }
}

/// Sessions by a random id.
pub struct Sessions(Records<Person>);

impl Default for Sessions {
    fn default() -> Self {
        Self(Records::new(SESSION_LIFETIME))
    }
}

impl Sessions {
    pub fn begin(&self, person: Person) -> String {
        let id = random_value();
        self.0.current().insert(id.clone(), (Instant::now(), person));
        id
    }

    pub fn person(&self, id: &str) -> Option<Person> {
        self.0.current().get(id).map(|(_, person)| person.clone())
    }

    pub fn end(&self, id: &str) {
        self.0.current().remove(id);
    }
}
