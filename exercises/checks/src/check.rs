//! What a check is.

use std::{future::Future, pin::Pin, time::Duration};

use serde::Serialize;

use crate::{
    stage::Stage,
    unit::{Profile, Unit},
    verdict::Outcome,
};

/// The work of a check: a future that ends in an [`Outcome`].
pub type Run = for<'a> fn(&'a Stage) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One thing that an app must do, and how it is found out.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Check {
    /// `U4-09`. Never reused.
    pub id: &'static str,
    /// The unit.
    pub unit: Unit,
    /// What holds when the check passes.
    pub title: &'static str,
    /// What it is worth.
    pub points: u32,
    /// Whether a failure caps the unit.
    pub gate: Option<Gate>,
    /// Checks without which this one has no meaning.
    pub depends_on: &'static [&'static str],
    /// The profile from which on it counts.
    pub profile: Profile,
    /// The misconceptions that it finds (`M20`).
    pub misconceptions: &'static [&'static str],
    /// One or two sentences towards the remedy.
    pub hint: &'static str,
    /// The page of the book, `unit-4/validate-id-token.html#nonce`.
    pub page: &'static str,
    /// Which app process it needs.
    pub app: AppUse,
    /// How long it may take.
    #[serde(skip)]
    pub limit: Duration,
    /// The work.
    #[serde(skip)]
    pub run: Run,
}

impl Check {
    /// `U4-09 a wrong or missing nonce is refused`, the name in `cargo test`.
    pub fn name(&self) -> String {
        format!("{} {}", self.id, self.title)
    }
}

/// Why a failure caps a unit's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// A hole that an attacker can use.
    Security,
}

impl Gate {
    /// The most that a unit is worth while this gate fails, in percent.
    pub const fn cap_percent(self) -> u32 {
        match self {
            Self::Security => 60,
        }
    }
}

/// Which app process a check needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AppUse {
    /// The one that most checks share.
    Shared,
    /// Its own, which it starts itself.
    Fresh,
    /// None: the unit is graded on files.
    None,
}

/// How long a check may take unless it says otherwise.
pub const USUAL_LIMIT: Duration = Duration::from_secs(30);
