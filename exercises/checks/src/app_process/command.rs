//! How the app is started.

use std::{
    env,
    path::{Path, PathBuf},
};

use serde::Serialize;

/// The scheme of the provider's address in `AUTHORITY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthorityScheme {
    /// For apps in Rust.
    Http,
    /// For SDKs that insist on it. The app is told the certificate authority by the variables that the ecosystems read.
    Https,
}

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Where it runs; an empty folder if `None`.
    pub current_dir: Option<PathBuf>,
    /// How it reaches the provider.
    pub authority: AuthorityScheme,
}

/// A command line that names no program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Nothing but spaces.
    #[error("the command is empty; write, for example, --cmd \"python app.py\"")]
    Empty,
    /// A quotation mark without its partner.
    #[error("the command has a {0} without its partner")]
    OpenQuote(char),
}

impl AppCommand {
    /// A program that was built before, run in an empty folder.
    pub fn binary(path: impl AsRef<Path>) -> Self {
        Self { program: path.as_ref().to_owned(), args: Vec::new(), current_dir: None, authority: AuthorityScheme::Http }
    }

    /// A command line as it is typed, run in the current folder, with the provider on https. Parts are separated by spaces;
    /// quotation marks hold a part together. No shell takes part.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        let mut parts = split(line)?.into_iter();
        let program = PathBuf::from(parts.next().ok_or(CommandError::Empty)?);
        Ok(Self { program, args: parts.collect(), current_dir: env::current_dir().ok(), authority: AuthorityScheme::Https })
    }

    /// The same command with the provider's address under this scheme.
    pub fn with_authority(mut self, scheme: AuthorityScheme) -> Self {
        self.authority = scheme;
        self
    }

    /// Whether the program came out of a build of ours; false for a command line.
    pub fn is_built_binary(&self) -> bool {
        self.current_dir.is_none()
    }
}

fn split(line: &str) -> Result<Vec<String>, CommandError> {
    let mut parts = Vec::new();
    let mut part: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                part.get_or_insert_default();
            }
            (None, _) if letter.is_whitespace() => parts.extend(part.take()),
            _ => part.get_or_insert_default().push(letter),
        }
    }
    parts.extend(part);
    quote.map_or(Ok(parts), |open| Err(CommandError::OpenQuote(open)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_split_at_spaces_outside_quotation_marks() {
        let command = AppCommand::parse(r#"python "my app.py" --name 'a b' ''"#).expect("a command");
        assert_eq!(command.program, PathBuf::from("python"));
        assert_eq!(command.args, ["my app.py", "--name", "a b", ""]);
        assert!(!command.is_built_binary());
    }

    #[test]
    fn a_command_without_a_program_is_refused() {
        assert_eq!(AppCommand::parse("  "), Err(CommandError::Empty));
        assert_eq!(AppCommand::parse("python \"app.py"), Err(CommandError::OpenQuote('"')));
    }
}
