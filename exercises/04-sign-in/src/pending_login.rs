//! A sign-in that has begun and not ended: what the app must remember while the browser is away.

use std::time::Duration;

use axum_extra::extract::SignedCookieJar;
use web_app::server_side_store::ServerSideStore;
use web_app::{Config, CookieFlags, Secret};

/// How long a person may take to sign in.
const LIFETIME: Duration = Duration::from_secs(15 * 60);
const MOST_PENDING_LOGINS: usize = 10_000;
const COOKIE: &str = "abc_login";

/// The record of one sign-in. It stays on the server; the browser holds its id in a cookie.
#[derive(Clone, Debug)]
pub struct PendingLogin {
    /// Comes back with the code, through the browser. It ties the answer to *this browser's* request.
    pub state: String,
    /// Comes back inside the ID token. It ties the *token* to this request.
    pub nonce: String,
    /// Goes to the token endpoint. It proves that whoever redeems the code also asked for it (PKCE).
    pub code_verifier: Secret,
    /// The page to show after the sign-in.
    pub return_to: String,
}

impl PendingLogin {
    /// A record with fresh values. They are never used for a second sign-in.
    pub fn new(return_to: String) -> Self {
        // TODO: Step 2. Give each of the three a value of its own that nobody can guess: `web_app::random::random_value`.
        Self { state: String::new(), nonce: String::new(), code_verifier: Secret::new(""), return_to }
    }
}

/// All pending logins, and the cookie that leads to each.
#[derive(Debug)]
pub struct PendingLogins {
    store: ServerSideStore<PendingLogin>,
    cookies: CookieFlags,
}

impl PendingLogins {
    /// No logins yet.
    pub fn new(config: &Config) -> Self {
        Self { store: ServerSideStore::new(LIFETIME, MOST_PENDING_LOGINS), cookies: CookieFlags::new(config) }
    }

    /// Keeps the record, and gives the browser its id.
    pub fn begin(&self, jar: SignedCookieJar, pending: PendingLogin) -> SignedCookieJar {
        let id = self.store.insert(pending);
        jar.add(self.cookies.cookie(COOKIE, id))
    }

    /// The record of the browser that sent these cookies. Another browser gets another one, or none.
    pub fn current(&self, jar: &SignedCookieJar) -> Option<PendingLogin> {
        self.store.get(jar.get(COOKIE)?.value())
    }

    /// Takes the record away, here and in the browser: it is good for one answer. Returns nothing where it has been
    /// taken already, so that of two requests at the same moment only one goes on.
    pub fn finish(&self, jar: SignedCookieJar) -> Option<SignedCookieJar> {
        self.store.remove(jar.get(COOKIE)?.value())?;
        Some(jar.remove(self.cookies.cookie(COOKIE, String::new())))
    }
}
