//! Two signed cookies. `__Host-login` holds a sign-in under way and goes along with the provider's form; `__Host-session` says who is
//! signed in and stays at home when another site asks. Neither holds a token. Browsers take `Secure` cookies from http://localhost.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use solution_02::random::random_value;

const LOGIN: &str = "__Host-login";
const SESSION: &str = "__Host-session";
const LOGIN_SECONDS: u64 = 15 * 60;
const SESSION_SECONDS: u64 = 8 * 60 * 60;

/// A sign-in under way. The code verifier is worthless without the client secret, which stays on the server.
#[derive(Deserialize, Serialize)]
pub struct Login {
    pub state: String,
    pub nonce: String,
    pub code_verifier: String,
    pub return_to: String,
    until: u64,
}

impl Login {
    pub fn new(return_to: String) -> Self {
        let until = seconds_since_1970() + LOGIN_SECONDS;
        Self { state: random_value(), nonce: random_value(), code_verifier: random_value(), return_to, until }
    }
}

/// Somebody who is signed in.
#[derive(Deserialize, Serialize)]
pub struct Session {
    /// Fresh for each sign-in, so that one session can be ended.
    id: String,
    until: u64,
    pub tid: String,
    pub oid: String,
    pub name: String,
    pub preferred_username: String,
    pub roles: Vec<String>,
    /// Where `/welcome/in` leads.
    pub landing: String,
}

impl Session {
    pub fn new(claims: crate::id_token::Claims, landing: String) -> Self {
        Self {
            id: random_value(),
            until: seconds_since_1970() + SESSION_SECONDS,
            tid: claims.tid,
            oid: claims.oid,
            name: claims.name,
            preferred_username: claims.preferred_username,
            roles: claims.roles,
            landing,
        }
    }
}

/// A cookie cannot be called back from a thief, so the server remembers which sessions have ended, until they would have anyway.
#[derive(Default)]
pub struct EndedSessions(Mutex<HashMap<String, u64>>);

impl EndedSessions {
    pub fn add(&self, session: &Session) {
        let mut ended = self.0.lock().expect("no code panics while it holds this lock");
        ended.retain(|_, until| *until > seconds_since_1970());
        ended.insert(session.id.clone(), session.until);
    }

    fn has(&self, session: &Session) -> bool {
        self.0.lock().expect("no code panics while it holds this lock").contains_key(&session.id)
    }
}

pub fn login(jar: &SignedCookieJar) -> Option<Login> {
    read::<Login>(jar, LOGIN).filter(|login| login.until > seconds_since_1970())
}

pub fn session(jar: &SignedCookieJar, ended: &EndedSessions) -> Option<Session> {
    read::<Session>(jar, SESSION).filter(|session| session.until > seconds_since_1970() && !ended.has(session))
}

/// `SameSite=None`: the provider's form is a request from another site.
pub fn with_login(jar: SignedCookieJar, login: &Login) -> SignedCookieJar {
    jar.add(cookie(LOGIN, written(login), SameSite::None))
}

pub fn without_login(jar: SignedCookieJar) -> SignedCookieJar {
    jar.remove(cookie(LOGIN, String::new(), SameSite::None))
}

pub fn with_session(jar: SignedCookieJar, session: &Session) -> SignedCookieJar {
    jar.add(cookie(SESSION, written(session), SameSite::Strict))
}

pub fn without_session(jar: SignedCookieJar) -> SignedCookieJar {
    jar.remove(cookie(SESSION, String::new(), SameSite::Strict))
}

fn cookie(name: &'static str, value: String, same_site: SameSite) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(same_site).build()
}

fn written(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).expect("texts and numbers are always JSON"))
}

fn read<T: DeserializeOwned>(jar: &SignedCookieJar, name: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jar.get(name)?.value()).ok()?).ok()
}

fn seconds_since_1970() -> u64 {
    let since: Duration = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs()
}
