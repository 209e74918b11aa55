//! How a command ends, and the exit code that says so.

use std::process::ExitCode;

/// The end of a command that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked for was done.
    Done,
    /// The work was judged and is below the mark: a check failed, a rule of the project is broken.
    BelowTheMark,
}

impl Outcome {
    /// `BelowTheMark` when `problems` is not zero.
    pub fn from_problems(problems: usize) -> Self {
        if problems == 0 { Self::Done } else { Self::BelowTheMark }
    }

    /// `Done` when both are.
    pub fn and(self, other: Self) -> Self {
        if self == Self::Done { other } else { self }
    }
}

/// The command was called in a way that makes no sense here, though the flags could be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

/// 0 done, 1 below the mark, 2 usage, 3 infrastructure.
pub fn exit_code(result: &anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::BelowTheMark) => ExitCode::from(1),
        Err(error) if error.is::<UsageError>() => ExitCode::from(2),
        Err(_) => ExitCode::from(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usage_error_and_a_broken_machine_have_different_exit_codes() {
        let code = |result: anyhow::Result<Outcome>| format!("{:?}", exit_code(&result));
        assert_eq!(code(Ok(Outcome::Done)), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(code(Ok(Outcome::from_problems(3))), format!("{:?}", ExitCode::from(1)));
        assert_eq!(code(Err(UsageError("no such unit".to_owned()).into())), format!("{:?}", ExitCode::from(2)));
        assert_eq!(code(Err(anyhow::anyhow!("disk full"))), format!("{:?}", ExitCode::from(3)));
    }
}
