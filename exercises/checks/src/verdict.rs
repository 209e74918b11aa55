//! How a check ends.

use mock_idp::testing::browser::BrowserError;
use serde::Serialize;

use crate::comparison::Compared;

/// What the grader says about one check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", content = "detail", rename_all = "lowercase")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail(Failure),
    /// A check that it depends on did not pass.
    Blocked {
        /// That check.
        by: &'static str,
    },
    /// The grader itself failed. No blame, no points.
    Error(String),
    /// The app took too long.
    Timeout(String),
    /// It does not count here, for the reason given.
    Skipped(String),
}

impl Verdict {
    /// `pass`, `fail`, `blocked`, `error`, `timeout`, `skipped`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "fail",
            Self::Blocked { .. } => "blocked",
            Self::Error(_) => "error",
            Self::Timeout(_) => "timeout",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Whether checks that depend on this one can run. A skipped check is in nobody's way.
    pub fn lets_others_run(&self) -> bool {
        matches!(self, Self::Pass | Self::Skipped(_))
    }
}

/// What a learner reads when a check fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What the grader did.
    pub sent: String,
    /// What came back.
    pub received: String,
    /// What would have been right.
    pub expected: String,
    /// Both once more, value by value, where there are values to compare.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
    /// Why it matters.
    pub why: String,
    /// What an attacker would have got.
    pub attack: Option<String>,
    /// The misconception that this very failure shows (`M17`), where the check finds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misconception: Option<&'static str>,
}

impl Failure {
    /// A failure without an attack.
    pub fn new(sent: impl Into<String>, received: impl Into<String>, expected: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            sent: sent.into(),
            received: received.into(),
            expected: expected.into(),
            compared: Vec::new(),
            why: why.into(),
            attack: None,
            misconception: None,
        }
    }

    /// Adds the values that were compared, those that are right as well.
    pub fn compares(mut self, values: impl IntoIterator<Item = Compared>) -> Self {
        self.compared.extend(values);
        self
    }

    /// Adds what an attacker would have got.
    pub fn attack(mut self, attack: impl Into<String>) -> Self {
        self.attack = Some(attack.into());
        self
    }

    /// Adds the misconception that it shows.
    pub fn shows(mut self, misconception: Option<&'static str>) -> Self {
        self.misconception = misconception;
        self
    }
}

/// Why a check does not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The app is at fault.
    Failed(Box<Failure>),
    /// The grader is.
    Broken(String),
    /// The check has no meaning on this machine.
    Inapplicable(String),
    /// What another check, this one, complains about is in the way. A check finds out only while it runs, where it needs a part of the work.
    Blocked(&'static str),
}

/// The end of a check's work.
pub type Outcome = Result<(), Problem>;

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

impl From<BrowserError> for Problem {
    fn from(error: BrowserError) -> Self {
        let (expected, why) = match &error {
            BrowserError::Setup(_) | BrowserError::BadAddress(_) => return Self::Broken(error.to_string()),
            BrowserError::NoAnswer { .. } => (
                "an HTTP answer",
                "An app that drops the connection has crashed, has panicked in a handler, or sends something that is no HTTP.",
            ),
            BrowserError::TooSlow { .. } => {
                ("an answer within the limit", "A person does not wait longer, and a request that hangs holds resources of the server.")
            }
            BrowserError::BodyTooLarge { .. } | BrowserError::HeadTooLarge { .. } => {
                ("a page of ordinary size", "No page of this app needs more; the grader stops reading there.")
            }
            BrowserError::TooManyCookies { .. } => (
                "few and small cookies",
                "Browsers drop cookies beyond these limits, and the sign-in is lost with them. Keep the data on the server and only an id in the cookie.",
            ),
            BrowserError::TooManyRedirects { .. } => (
                "redirects that come to an end",
                "A browser gives up as well. Often a page sends to /login, and /login sends back to the page.",
            ),
            BrowserError::BadRedirect { .. } | BrowserError::ForeignAddress { .. } => {
                ("redirects within the app and to the identity provider", "Nothing else takes part in this sign-in.")
            }
        };
        Failure::new("A browser visited the app.", error.to_string(), expected, why).into()
    }
}
