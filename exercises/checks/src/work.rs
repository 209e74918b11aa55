//! What is graded: an app, or files that are handed in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    app_process::AppCommand,
    verdict::{Failure, Problem},
};

/// A learner's work.
#[derive(Debug, Clone)]
pub enum Work {
    /// A program that is started and visited.
    App(AppCommand),
    /// Files that are read.
    Files(HandedIn),
}

impl From<AppCommand> for Work {
    fn from(app: AppCommand) -> Self {
        Self::App(app)
    }
}

impl From<HandedIn> for Work {
    fn from(files: HandedIn) -> Self {
        Self::Files(files)
    }
}

/// The files of a unit that is graded on files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// The folder that holds `src/`.
    folder: PathBuf,
    /// The learner's `.env`, where it can be seen: on the learner's own machine.
    env_file: Option<PathBuf>,
}

impl HandedIn {
    /// The files under `src/` of this folder, without a `.env`.
    pub fn in_folder(folder: impl AsRef<Path>) -> Self {
        Self { folder: folder.as_ref().to_owned(), env_file: None }
    }

    /// With the learner's own `.env`. It may be absent.
    pub fn with_env_file(mut self, path: impl AsRef<Path>) -> Self {
        self.env_file = Some(path.as_ref().to_owned());
        self
    }

    /// The text of `src/{name}`.
    ///
    /// # Errors
    /// A failure that names the file, when it is missing or no text.
    pub fn text(&self, name: &str) -> Result<String, Problem> {
        let path = self.folder.join("src").join(name);
        fs::read_to_string(&path).map_err(|error| {
            Failure::new(
                format!("The grader read src/{name}."),
                format!("It cannot be read: {error}"),
                format!("a text file src/{name} in the folder of the unit"),
                "This unit is graded on what you hand in, and this file is part of it.",
            )
            .into()
        })
    }

    /// Every file under `src/`, by its path from there, where it is a text.
    pub fn texts(&self) -> Vec<(String, String)> {
        let (source, mut found) = (self.folder.join("src"), Vec::new());
        let mut folders = vec![source.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(text) = fs::read_to_string(&path) {
                    let name = path.strip_prefix(&source).unwrap_or(&path);
                    found.push((name.to_string_lossy().replace('\\', "/"), text));
                }
            }
        }
        found.sort();
        found
    }

    /// The learner's `.env`, if there is one.
    pub fn env_file(&self) -> Option<&Path> {
        self.env_file.as_deref().filter(|path| path.is_file())
    }

    /// The value of a variable in `.env`. The first line of a name counts, and an empty value counts as missing.
    pub fn env_value(&self, name: &str) -> Option<String> {
        let variables = dotenvy::from_path_iter(self.env_file()?).ok()?;
        variables.flatten().find(|(it, _)| it == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    }
}
