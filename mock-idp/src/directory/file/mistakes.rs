//! What is wrong with a file: every mistake with the place it was found at.

use std::{cell::RefCell, fmt};

use serde::Serialize;

/// One mistake in a directory file or in what was sent to the control API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// Where it is, for example `$.applications[0].web.redirectUri`.
    pub path: String,
    /// What is wrong there, and what would be right.
    pub problem: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.problem)
    }
}

/// A directory file that cannot be used. It holds all mistakes, not only the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DirectoryFileError {
    mistakes: Vec<Mistake>,
}

impl DirectoryFileError {
    pub(super) fn new(mistakes: Vec<Mistake>) -> Self {
        Self { mistakes }
    }

    /// The mistakes, at least one, in the order of the file; wrong names of principals and roles come last.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }
}

impl fmt::Display for DirectoryFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistakes.as_slice() {
            [only] => write!(formatter, "the directory file has a mistake at {only}"),
            all => {
                write!(formatter, "the directory file has {} mistakes:", all.len())?;
                all.iter().try_for_each(|mistake| write!(formatter, "\n  {mistake}"))
            }
        }
    }
}

/// Collects mistakes while JSON is read, so that reading can go on after the first.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    found: RefCell<Vec<Mistake>>,
}

impl Mistakes {
    /// Notes a mistake at `path`.
    pub(crate) fn note(&self, path: impl Into<String>, problem: impl Into<String>) {
        self.found.borrow_mut().push(Mistake { path: path.into(), problem: problem.into() });
    }

    /// `value` if no mistake was noted.
    ///
    /// # Errors
    /// Everything that was noted.
    pub(crate) fn none_or<T>(self, value: T) -> Result<T, Vec<Mistake>> {
        match self.found.into_inner() {
            none if none.is_empty() => Ok(value),
            mistakes => Err(mistakes),
        }
    }
}
