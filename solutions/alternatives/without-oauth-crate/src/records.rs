//! What the server remembers. A sign-in lives under a cookie that is named after its `state`; a session belongs to a person
//! (tenant and object id), and each of her browsers has a ticket for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::RngCore;

use crate::insurance::Key;
use crate::purse::Purse;

const MOST: usize = 10_000;

pub fn random() -> String {
    let mut bytes = [0; 24];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A sign-in that has begun.
pub struct Attempt {
    /// Proves that the browser of the answer is the one that began.
    pub browser_proof: String,
    pub nonce: String,
    pub code_verifier: String,
    pub return_to: String,
    /// What Graph wants the next token to say.
    pub claims: Option<String>,
}

/// A person, with the facts of her last sign-in.
#[derive(Clone)]
pub struct Person {
    pub key: Key,
    pub name: String,
    pub username: String,
    pub roles: Vec<String>,
    /// The tokens that came with it.
    pub purse: Arc<Purse>,
}

/// A map whose entries are forgotten after a time.
pub struct Forgetful<T> {
    entries: Mutex<HashMap<String, (Instant, T)>>,
    lifetime: Duration,
}

impl<T> Forgetful<T> {
    pub fn new(minutes: u64) -> Self {
        Self { entries: Mutex::default(), lifetime: Duration::from_secs(minutes * 60) }
    }

    pub fn put(&self, name: String, value: T) {
        let mut entries = self.entries();
        // A flood of visitors must not fill the memory. Half of the time an entry has left is given up, again and again if need be.
        let mut lifetime = self.lifetime;
        while entries.len() >= MOST && !lifetime.is_zero() {
            entries.retain(|_, (since, _)| since.elapsed() < lifetime);
            lifetime /= 2;
        }
        entries.insert(name, (Instant::now(), value));
    }

    pub fn take_if(&self, name: &str, condition: impl Fn(&T) -> bool) -> Option<T> {
        let mut entries = self.entries();
        let (since, value) = entries.get(name)?;
        if since.elapsed() > self.lifetime || !condition(value) {
            return None;
        }
        entries.remove(name).map(|(_, value)| value)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, (Instant, T)>> {
        self.entries.lock().expect("no code panics while it holds this lock")
    }
}

impl<T: Clone> Forgetful<T> {
    pub fn get(&self, name: &str) -> Option<T> {
        self.entries().get(name).filter(|(since, _)| since.elapsed() < self.lifetime).map(|(_, value)| value.clone())
    }
}
