//! The sign-in log: how each interactive sign-in at `/authorize` ended. Microsoft Entra, "What are Microsoft Entra sign-in logs?".
//!
//! The log is in memory, as the trace is: a start of the server begins a new one. Departs from Entra: what is refused before the user
//! is known (an unknown app, a redirect URI that is not registered) has a row, too; a page that only waits for an answer (consent,
//! another factor) has none.

mod user_agent;

use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use time::{Duration, OffsetDateTime};

pub use user_agent::UserAgent;

use crate::{
    directory::{application::Application, user::User},
    oauth::error::ProtocolError,
    request_context::RequestContext,
    tokens::issue::Resource,
};

/// The newest rows are kept; older ones are dropped.
const CAPACITY: usize = 20_000;

/// How long a row is shown. "Microsoft Entra data retention": 30 days with a P1 or P2 licence.
const RETENTION: Duration = Duration::days(30);

/// One sign-in, or an attempt at one.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The id of the request that ended it, which an error page shows as Request Id.
    pub id: String,
    /// When it ended.
    pub created_at: OffsetDateTime,
    /// The caller's id.
    pub correlation_id: String,
    /// Where the browser is.
    pub ip_address: Option<IpAddr>,
    /// The browser.
    pub user_agent: UserAgent,
    /// The tenant whose log this is.
    pub tenant_id: String,
    /// Who signed in, if that is known.
    pub user: Option<Who>,
    /// The app's client id, as it was asked for.
    pub app_id: String,
    /// The app's name, if there is such an app.
    pub app_display_name: Option<String>,
    /// The API that the first scope names.
    pub resource: Option<NamedResource>,
    /// How it ended.
    pub status: Status,
}

/// The user of a sign-in, as he or she was called then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The object id.
    pub id: String,
    /// The display name.
    pub display_name: String,
    /// The user principal name.
    pub user_principal_name: String,
}

impl From<&User> for Who {
    fn from(user: &User) -> Self {
        Self { id: user.id.clone(), display_name: user.display_name.clone(), user_principal_name: user.user_principal_name.clone() }
    }
}

/// The API of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedResource {
    /// Its application id.
    pub app_id: String,
    /// Its name.
    pub display_name: String,
}

impl From<&Resource> for NamedResource {
    fn from(resource: &Resource) -> Self {
        let display_name = match resource {
            Resource::MicrosoftGraph => "Microsoft Graph".to_owned(),
            Resource::Api(application) => application.display_name.clone(),
        };
        Self { app_id: resource.app_id().to_owned(), display_name }
    }
}

/// How a sign-in ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The app got its answer.
    Success,
    /// It was refused.
    Failure {
        /// The number after `AADSTS`.
        error_code: u32,
        /// The text after it.
        reason: String,
    },
}

impl From<Result<(), &ProtocolError>> for Status {
    fn from(outcome: Result<(), &ProtocolError>) -> Self {
        match outcome {
            Ok(()) => Self::Success,
            Err(error) => Self::Failure { error_code: error.number(), reason: error.to_string() },
        }
    }
}

impl SignIn {
    /// The row of a request for this tenant and app. Who signs in, and for which API, comes with [`SignIn::by`] and [`SignIn::for_api`].
    pub fn new(context: &RequestContext, tenant_id: &str, app_id: &str, outcome: Result<(), &ProtocolError>) -> Self {
        Self {
            id: context.request_id.clone(),
            created_at: context.now,
            correlation_id: context.correlation_id.clone(),
            ip_address: context.ip_address,
            user_agent: UserAgent::read(context.user_agent.as_deref().unwrap_or_default()),
            tenant_id: tenant_id.to_owned(),
            user: None,
            app_id: app_id.to_owned(),
            app_display_name: None,
            resource: None,
            status: outcome.into(),
        }
    }

    /// The same, to this app.
    pub fn to(self, application: Option<&Application>) -> Self {
        Self { app_display_name: application.map(|application| application.display_name.clone()), ..self }
    }

    /// The same, by this user.
    pub fn by(self, user: Option<&User>) -> Self {
        Self { user: user.map(Who::from), ..self }
    }

    /// The same, for the first of these APIs.
    pub fn for_api(self, resources: &[(String, Resource)]) -> Self {
        // Without an API among the scopes the access token is one for Graph.
        let first = resources.first().map_or(&Resource::MicrosoftGraph, |(_, resource)| resource);
        Self { resource: Some(first.into()), ..self }
    }
}

/// The rows so far. Cloning gives another handle to the same log.
#[derive(Debug, Clone, Default)]
pub struct SignInLog {
    kept: Arc<Mutex<VecDeque<Arc<SignIn>>>>,
}

impl SignInLog {
    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<SignIn>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a row.
    pub fn record(&self, sign_in: SignIn) {
        let mut kept = self.kept();
        if kept.len() == CAPACITY {
            kept.pop_front();
        }
        kept.push_back(Arc::new(sign_in));
    }

    /// The rows of a tenant, the newest first.
    pub fn of_tenant(&self, tenant_id: &str, now: OffsetDateTime) -> Vec<Arc<SignIn>> {
        let shown = |row: &&Arc<SignIn>| row.tenant_id == tenant_id && now - row.created_at <= RETENTION;
        let mut rows: Vec<Arc<SignIn>> = self.kept().iter().filter(shown).rev().cloned().collect();
        // A clock that was set back may have put a later row under an earlier instant. Equal instants stay in their order.
        rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
        rows
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.kept().clear();
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn row(id: &str, tenant_id: &str, created_at: OffsetDateTime) -> SignIn {
        let context = RequestContext {
            now: created_at,
            origin: "http://localhost:8400".to_owned(),
            request_id: id.to_owned(),
            correlation_id: "c".to_owned(),
            ip_address: None,
            user_agent: None,
        };
        SignIn::new(&context, tenant_id, "app", Ok(()))
    }

    fn ids(log: &SignInLog, tenant_id: &str, now: OffsetDateTime) -> Vec<String> {
        log.of_tenant(tenant_id, now).iter().map(|row| row.id.clone()).collect()
    }

    #[test]
    fn a_tenant_sees_its_own_rows_of_the_last_thirty_days_newest_first() {
        let log = SignInLog::default();
        log.record(row("old", "abc", NOON - Duration::days(31)));
        log.record(row("first", "abc", NOON - Duration::hours(2)));
        log.record(row("foreign", "fabrikam", NOON - Duration::hours(1)));
        log.record(row("second", "abc", NOON));
        log.record(row("late", "abc", NOON - Duration::hours(3)));
        assert_eq!(ids(&log, "abc", NOON), ["second", "first", "late"]);
        log.clear();
        assert_eq!(ids(&log, "abc", NOON), [""; 0]);
    }

    #[test]
    fn the_oldest_rows_make_room() {
        let log = SignInLog::default();
        for number in 0..=CAPACITY {
            log.record(row(&number.to_string(), "abc", NOON));
        }
        let ids = ids(&log, "abc", NOON);
        assert_eq!((ids.len(), ids.first().map(String::as_str), ids.last().map(String::as_str)), (CAPACITY, Some("20000"), Some("1")));
    }
}
