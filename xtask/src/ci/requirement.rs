//! `CI_REQUIRE`: what a machine promises to have, so that a skip there is a failure.

use anyhow::Result;

use super::End;
use crate::outcome::UsageError;

/// What a stage may need beyond Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Real SDKs of other languages: an interpreter and, the first time, its package registry.
    Clients,
    /// Chromium and Node.js.
    Browser,
    /// Namespaces: root, or a system that lets everybody make them.
    Sandbox,
    /// Crates that are not in the main lock file: on this machine already, or a registry to fetch them from.
    Crates,
}

impl Need {
    const ALL: [Self; 4] = [Self::Clients, Self::Browser, Self::Sandbox, Self::Crates];

    pub fn name(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Browser => "browser",
            Self::Sandbox => "sandbox",
            Self::Crates => "crates",
        }
    }
}

/// What `CI_REQUIRE` names.
#[derive(Debug, PartialEq, Eq)]
pub struct Required(Vec<Need>);

impl Required {
    pub fn from_environment() -> Result<Self> {
        Ok(Self::parse(&std::env::var("CI_REQUIRE").unwrap_or_default())?)
    }

    fn parse(text: &str) -> Result<Self, UsageError> {
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let need = |name: &str| {
            Need::ALL
                .into_iter()
                .find(|need| need.name() == name)
                .ok_or_else(|| UsageError(format!("CI_REQUIRE names `{name}`; it knows clients, browser, sandbox and crates")))
        };
        names.map(need).collect::<Result<_, _>>().map(Self)
    }

    /// Turns the skip of something required into a failure.
    pub fn enforce(&self, end: End) -> End {
        match end {
            End::Skipped { need, reason } if self.0.contains(&need) => {
                End::Failed(format!("{reason}; CI_REQUIRE says that this machine has `{}`", need.name()))
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_required_skip_is_a_failure_and_another_is_not() {
        let required = Required::parse("clients, sandbox").unwrap();
        let skip = |need| End::Skipped { need, reason: "no python3".to_owned() };
        assert!(matches!(required.enforce(skip(Need::Clients)), End::Failed(reason) if reason.starts_with("no python3")));
        assert_eq!(required.enforce(skip(Need::Browser)), skip(Need::Browser));
        assert_eq!(required.enforce(End::Passed), End::Passed);
    }

    #[test]
    fn a_misspelt_requirement_is_refused() {
        assert_eq!(Required::parse("").unwrap(), Required(Vec::new()));
        assert!(Required::parse("client").unwrap_err().to_string().contains("`client`"));
    }
}
