//! What is graded, and how strictly.

use std::{fmt, str::FromStr};

use serde::Serialize;

/// A unit whose exercise is judged by checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Unit {
    /// Unit 1: introduction.
    #[serde(rename = "01")]
    Introduction,
    /// Unit 2: create a web app.
    #[serde(rename = "02")]
    WebApp,
    /// Unit 3: register the application.
    #[serde(rename = "03")]
    Registration,
    /// Unit 4: sign in and roles.
    #[serde(rename = "04")]
    SignIn,
    /// Unit 5: call Microsoft Graph.
    #[serde(rename = "05")]
    CallGraph,
    /// Unit 6: the summary.
    #[serde(rename = "06")]
    Summary,
}

impl Unit {
    /// All units that have checks, in order.
    pub const ALL: [Self; 6] = [Self::Introduction, Self::WebApp, Self::Registration, Self::SignIn, Self::CallGraph, Self::Summary];

    /// `01`, `02` and so on.
    pub fn number(self) -> &'static str {
        match self {
            Self::Introduction => "01",
            Self::WebApp => "02",
            Self::Registration => "03",
            Self::SignIn => "04",
            Self::CallGraph => "05",
            Self::Summary => "06",
        }
    }

    /// The unit's title in the book.
    pub fn title(self) -> &'static str {
        match self {
            Self::Introduction => "Introduction",
            Self::WebApp => "Create a web app",
            Self::Registration => "Register your application",
            Self::SignIn => "Add code to authenticate and authorize users",
            Self::CallGraph => "Get access tokens and fetch user data from a web API",
            Self::Summary => "Summary",
        }
    }

    /// Whether the unit is graded on files that are handed in, and not on a running app.
    pub fn is_graded_on_files(self) -> bool {
        matches!(self, Self::Introduction | Self::Registration)
    }

    /// Reads `4`, `04` or `unit-04`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.strip_prefix("unit-").unwrap_or(text).trim_start_matches('0');
        Self::ALL.into_iter().find(|unit| unit.number().trim_start_matches('0') == number)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "unit-{}", self.number())
    }
}

/// Which checks count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What every correct app does, apps that leave the ID token to MSAL included.
    Core,
    /// The app also validates the ID token itself.
    Strict,
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Core => "core",
            Self::Strict => "strict",
        })
    }
}

/// Text that names no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no profile; there are `core` and `strict`")]
pub struct UnknownProfile(String);

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "core" => Ok(Self::Core),
            "strict" => Ok(Self::Strict),
            other => Err(UnknownProfile(other.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_named_in_three_ways() {
        for name in ["4", "04", "unit-04"] {
            assert_eq!(Unit::parse(name), Some(Unit::SignIn), "{name}");
        }
        assert_eq!((Unit::parse("07"), Unit::parse("")), (None, None));
    }
}
