//! The shape of an event: the portal, exports and the grader share it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::faults::Fault;

/// What kind of step an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A request to `/authorize`.
    Authorize,
    /// A page of the sign-in that the user answered.
    Interaction,
    /// A request to `/token`.
    Token,
    /// A request for the key set.
    Jwks,
    /// A request for the discovery document.
    Discovery,
    /// A call of Microsoft Graph.
    Graph,
    /// A request to end the session.
    Logout,
    /// A page of the portal.
    Portal,
    /// A hop between browser and app, told by whoever drives the browser.
    AppHop,
}

/// The outcome of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// It held.
    Pass,
    /// It did not hold; the request was refused.
    Fail,
    /// It was left out.
    Skipped,
}

/// One check that ran, in the order of evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A stable name: `redirect_uri`.
    pub id: String,
    /// What was checked, for people.
    pub title: String,
    /// The outcome.
    pub result: CheckResult,
    /// What would have been right.
    pub expected: Option<String>,
    /// What came.
    pub received: Option<String>,
    /// The page that mends it.
    pub fix_href: Option<String>,
    /// The page of the book that explains it.
    pub book_href: Option<String>,
}

/// What was asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RequestSummary {
    /// Headers that matter, names in lower case, masked.
    pub headers: BTreeMap<String, String>,
    /// Parameters of query and body, masked.
    pub params: BTreeMap<String, String>,
}

/// What was answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ResponseSummary {
    /// Headers that matter, names in lower case, masked.
    pub headers: BTreeMap<String, String>,
    /// The JSON body, masked; null for anything else.
    pub body: Value,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its number, from 1.
    pub seq: u64,
    /// When, RFC 3339.
    pub at: String,
    /// The sign-in that it belongs to: the id of its authorize request.
    pub flow_id: Option<String>,
    /// What kind of step.
    pub kind: Kind,
    /// Who sent it: `browser` or `app`.
    pub from: String,
    /// Who received it: `identity-provider` or `graph`.
    pub to: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query, masked.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// What was asked.
    pub request: RequestSummary,
    /// What was answered.
    pub response: ResponseSummary,
    /// The checks that ran, in order.
    pub checks: Vec<Check>,
    /// The fault that struck.
    pub fault: Option<Fault>,
    /// False for a hop that was worked out from others.
    pub observed: bool,
    /// The caller's correlation id.
    pub correlation_id: String,
    /// Our id of the request.
    pub request_id: String,
    /// The app, if it is known.
    pub app_id: Option<String>,
    /// The user's object id, if it is known.
    pub user_id: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}
