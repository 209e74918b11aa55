//! Names of snapshots. They become names of folders, so that they must not lead anywhere else.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, macros::format_description};

/// The name of a snapshot: up to 64 letters, digits, `.`, `_` and `-`, the first one a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SnapshotName(String);

/// A text that is no name of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{}' is no name for a snapshot; use up to 64 letters (a to z), digits, '.', '_' and '-', and begin with a letter or digit", .0.escape_debug())]
pub struct InvalidName(String);

impl SnapshotName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of a snapshot that is saved before something else takes the place of what it holds: `before-unit-4-20261125-193800123`,
    /// to the millisecond, so that two of them in a row have different names.
    pub fn before(what: &str, now: OffsetDateTime) -> Self {
        let at = now.format(format_description!("[year][month][day]-[hour][minute][second][subsecond digits:3]")).unwrap_or_default();
        Self(format!("before-{what}-{at}"))
    }
}

impl FromStr for SnapshotName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        let begins = text.starts_with(|first: char| first.is_ascii_alphanumeric());
        // Windows drops a dot at the end of a name.
        let fits = text.len() <= 64 && text.chars().all(allowed) && begins && !text.ends_with('.');
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidName(text.chars().take(80).collect())) }
    }
}

impl TryFrom<String> for SnapshotName {
    type Error = InvalidName;

    fn try_from(text: String) -> Result<Self, InvalidName> {
        text.parse()
    }
}

impl From<SnapshotName> for String {
    fn from(name: SnapshotName) -> Self {
        name.0
    }
}

impl fmt::Display for SnapshotName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
