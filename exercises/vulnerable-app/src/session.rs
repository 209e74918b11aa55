//! What the app remembers of browsers, in memory. A browser holds nothing but a random id, in a signed cookie.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum_extra::extract::{
    SignedCookieJar,
    cookie::{Cookie, SameSite},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{RngCore, rngs::OsRng};

/// A sign-in that has begun and not ended.
#[derive(Debug, Clone)]
pub struct PendingLogin {
    /// Comes back with the code.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Goes to the token endpoint with the code (PKCE).
    pub code_verifier: String,
}

/// A person who is signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who it is.
    pub account: Account,
}

/// A person, as the ID token described her.
#[derive(Debug, Clone)]
pub struct Account {
    /// `tid`.
    pub tenant_id: String,
    /// `oid`.
    pub object_id: String,
    /// `name`, to show.
    pub name: String,
    /// `preferred_username`, to show.
    pub preferred_username: String,
    /// `roles`.
    pub roles: Vec<String>,
}

/// Values by the id in a cookie.
#[derive(Debug)]
pub struct Store<T>(Mutex<HashMap<String, T>>);

impl<T> Default for Store<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Store<T> {
    fn values(&self) -> MutexGuard<'_, HashMap<String, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a value under a new id, and gives the browser that id.
    pub fn begin(&self, jar: SignedCookieJar, cookie: &'static str, value: T) -> SignedCookieJar {
        let id = random_value();
        self.values().insert(id.clone(), value);
        jar.add(Cookie::build((cookie, id)).path("/").http_only(true).same_site(SameSite::Lax))
    }

    /// The value of the browser that sent these cookies.
    pub fn current(&self, jar: &SignedCookieJar, cookie: &str) -> Option<T> {
        self.values().get(jar.get(cookie)?.value()).cloned()
    }

    /// Takes the value away, here and in the browser.
    pub fn end(&self, jar: SignedCookieJar, cookie: &'static str) -> (SignedCookieJar, Option<T>) {
        let value = jar.get(cookie).and_then(|sent| self.values().remove(sent.value()));
        (jar.remove(Cookie::build(cookie).path("/")), value)
    }
}

/// 256 random bits as text.
pub fn random_value() -> String {
    let mut bytes = [0_u8; 32];
    OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
