//! A session: what the app knows about a signed-in browser. Unit 4 starts sessions; here is their place.

use std::time::{Duration, SystemTime};

use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::Cookie;

use crate::config::Config;
use crate::roles::Roles;
use crate::secret::Secret;
use crate::server_side_store::ServerSideStore;

/// A working day: after that, sign in again.
const SESSION_LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);
const MOST_SESSIONS: usize = 100_000;
const SESSION_COOKIE: &str = "abc_session";

/// A signed-in person. Who is not signed in has no session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who it is.
    pub account: Account,
    /// What the directory lets this person be in the app.
    pub roles: Roles,
    /// What the token endpoint answered (from unit 4 on). Unit 5 calls Microsoft Graph with it.
    pub token_response: Option<TokenResponse>,
}

/// A person in a directory.
#[derive(Clone, Debug)]
pub struct Account {
    /// The tenant (`tid`) in which the person signed in.
    pub tenant_id: String,
    /// The person's object id (`oid`). Tenant id and object id together are the key of a person: both never change.
    pub object_id: String,
    /// A name to show. Two people may have the same.
    pub name: String,
    /// The name used to sign in. It changes, and may later belong to another person: to show, never a key.
    pub preferred_username: String,
}

/// What the token endpoint answered (RFC 6749 §5.1), kept on the server and never sent to the browser.
#[derive(Clone, Debug)]
pub struct TokenResponse {
    /// For Microsoft Graph. To this app it is a text without meaning.
    pub access_token: Secret,
    /// When the access token stops working.
    pub expires_at: SystemTime,
    /// Gets the next access token without asking the person.
    pub refresh_token: Option<Secret>,
    /// Said who signed in. Read once, at sign-in.
    pub id_token: Secret,
    /// The permissions that were granted.
    pub scopes: Vec<String>,
}

/// All sessions, and the cookie that leads to each.
#[derive(Debug)]
pub struct Sessions {
    store: ServerSideStore<Session>,
    cookies: CookieFlags,
}

impl Sessions {
    /// No sessions yet.
    pub fn new(config: &Config) -> Self {
        Self { store: ServerSideStore::new(SESSION_LIFETIME, MOST_SESSIONS), cookies: CookieFlags::new(config) }
    }

    /// The session of the browser that sent these cookies.
    pub fn current(&self, jar: &SignedCookieJar) -> Option<Session> {
        self.store.get(self.id(jar)?.as_str())
    }

    /// The id of the browser's session, as its cookie says. The session itself may be gone.
    pub fn id(&self, jar: &SignedCookieJar) -> Option<String> {
        jar.get(SESSION_COOKIE).map(|cookie| cookie.value().to_owned())
    }

    /// Puts a session under a new id, and gives the browser that id.
    pub fn start(&self, jar: SignedCookieJar, session: Session) -> SignedCookieJar {
        let id = self.store.insert(session);
        jar.add(self.cookies.cookie(SESSION_COOKIE, id))
    }

    /// Changes the session with this id.
    pub fn replace(&self, id: &str, session: Session) {
        self.store.replace(id, session);
    }

    /// Forgets the browser's session, here and in the browser.
    pub fn end(&self, jar: SignedCookieJar) -> SignedCookieJar {
        if let Some(id) = self.id(&jar) {
            self.store.remove(&id);
        }
        jar.remove(self.cookies.cookie(SESSION_COOKIE, String::new()))
    }
}

/// How every cookie of this app is set.
#[derive(Clone, Copy, Debug)]
pub struct CookieFlags {
    secure: bool,
}

impl CookieFlags {
    /// As the configuration demands.
    pub fn new(config: &Config) -> Self {
        Self { secure: config.serves_https() }
    }

    /// A cookie until the browser closes.
    ///
    /// - `HttpOnly`: no script can read it.
    /// - `SameSite=Lax`: another site cannot send a form with it, but the redirect that brings the visitor back from
    ///   the identity provider does carry it. (A provider that comes back with a form, `response_mode=form_post`, would
    ///   need `SameSite=None; Secure`.)
    /// - `Path=/`: every page of the app gets it.
    /// - `Secure`: never over plain http, except on your own machine.
    pub fn cookie(self, name: &'static str, value: String) -> Cookie<'static> {
        // TODO: Step 10. Set the four flags. `Cookie::build` has a method for each.
        let _ = self.secure;
        Cookie::new(name, value)
    }
}
