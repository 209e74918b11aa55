//! What is graded: an app, files that are handed in, or both.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    app_process::AppCommand,
    unit::Unit,
    verdict::{Failure, Problem},
};

/// A learner's work. One of the two is there, or both.
#[derive(Debug, Clone)]
pub struct Work {
    app: Option<AppCommand>,
    files: Option<HandedIn>,
}

impl Work {
    /// The program that is started and visited.
    pub fn app(&self) -> Option<&AppCommand> {
        self.app.as_ref()
    }

    /// The files that are read.
    pub fn files(&self) -> Option<&HandedIn> {
        self.files.as_ref()
    }

    /// The same with files beside the app.
    pub fn with_files(self, files: HandedIn) -> Self {
        Self { files: Some(files), ..self }
    }
}

impl From<AppCommand> for Work {
    fn from(app: AppCommand) -> Self {
        Self { app: Some(app), files: None }
    }
}

impl From<HandedIn> for Work {
    fn from(files: HandedIn) -> Self {
        Self { app: None, files: Some(files) }
    }
}

/// The files of a unit that is graded on files, or those beside an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// The folder that holds `src/`.
    folder: PathBuf,
    /// The folder in which those of the other units lie, if it is not the one above.
    units: Option<PathBuf>,
    /// The learner's `.env`, where it can be seen: on the learner's own machine.
    env_file: Option<PathBuf>,
}

impl HandedIn {
    /// The files under `src/` of this folder, without a `.env`.
    pub fn in_folder(folder: impl AsRef<Path>) -> Self {
        Self { folder: folder.as_ref().to_owned(), units: None, env_file: None }
    }

    /// With the other units' folders in this one, and not beside.
    pub fn with_units_in(mut self, folder: impl AsRef<Path>) -> Self {
        self.units = Some(folder.as_ref().to_owned());
        self
    }

    /// With the learner's own `.env`. It may be absent.
    pub fn with_env_file(mut self, path: impl AsRef<Path>) -> Self {
        self.env_file = Some(path.as_ref().to_owned());
        self
    }

    /// The files of another unit of the same work, if its folder lies beside this one or where [`Self::with_units_in`] says.
    pub fn of_unit(&self, unit: Unit) -> Option<Self> {
        let units = self.units.as_deref().or(self.folder.parent())?;
        let folders = fs::read_dir(units).ok()?.flatten().map(|entry| entry.path());
        let is_of_unit = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.strip_prefix(unit.number()).is_some_and(|rest| rest.starts_with('-')) && path.join("src").is_dir()
        };
        folders.into_iter().find(is_of_unit).map(|folder| Self { folder, ..self.clone() })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_another_unit_lie_in_the_folder_beside() {
        let work = tempfile::tempdir().expect("a folder");
        for folder in ["03-registration", "04-sign-in", "041-other"] {
            fs::create_dir_all(work.path().join(folder).join("src")).expect("a folder");
        }
        fs::write(work.path().join("03-registration/src/registration.toml"), "client_id = 'x'").expect("a file");
        let files = HandedIn::in_folder(work.path().join("04-sign-in"));
        let of_unit_3 = files.of_unit(Unit::Registration).expect("a folder beside");
        assert_eq!(of_unit_3.text("registration.toml"), Ok("client_id = 'x'".to_owned()));
        assert_eq!(files.of_unit(Unit::SignIn).as_ref(), Some(&files));
        assert_eq!(files.of_unit(Unit::CallGraph), None);
        let elsewhere = HandedIn::in_folder("anywhere").with_units_in(work.path());
        assert!(elsewhere.of_unit(Unit::Registration).expect("a folder in it").text("registration.toml").is_ok());
    }
}
