//! A wrong submission: small edits of a solution, and the check that must catch them.
//!
//! `solutions/wrong/<unit>/<name>.toml`: a comment that says what is wrong, `base`, `check`, `misconception`, `also`, `build = "fails"` where it does
//! not build, and `[[edit]] file, find, replace`.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// A wrong submission with its name, which is the name of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSubmission {
    pub name: String,
    /// `04`, the name of the folder.
    pub unit: String,
    /// What is wrong: the comment at the head of the file, in one line.
    pub says: String,
    pub recipe: Recipe,
}

/// What cargo should make of a wrong submission.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExpectedBuild {
    /// A program, which is then judged.
    #[default]
    Succeeds,
    /// Complaints. Then it is judged as `cargo xtask grade` judges what does not build.
    Fails,
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The folder of the solution that is edited.
    pub base: String,
    /// The check that must fail.
    pub check: String,
    pub misconception: String,
    /// Checks that must fail with it.
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub build: ExpectedBuild,
    #[serde(rename = "edit")]
    pub edits: Vec<Edit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// From the folder of the base: `src/callback.rs`.
    pub file: String,
    /// Occurs exactly once in the file.
    pub find: String,
    pub replace: String,
}

/// All wrong submissions under `folder` (`solutions/wrong`), sorted by unit and name.
pub fn read_all(folder: &Path) -> Result<Vec<WrongSubmission>> {
    let mut submissions = Vec::new();
    for unit in entries(folder)? {
        for file in entries(&unit)? {
            if file.extension().is_some_and(|extension| extension == "toml") {
                submissions.push(read(&file)?);
            }
        }
    }
    if let Some(pair) = submissions.windows(2).find(|pair| pair[0].name == pair[1].name) {
        bail!("two wrong submissions are called `{}`; names are unique across units", pair[0].name);
    }
    submissions.sort_by(|left, right| (&left.unit, &left.name).cmp(&(&right.unit, &right.name)));
    Ok(submissions)
}

/// What lies in a folder, sorted by name; nothing in a folder that is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let listed = fs::read_dir(folder).and_then(|entries| entries.map(|entry| entry.map(|it| it.path())).collect::<Result<Vec<_>, _>>());
    let mut paths = listed.with_context(|| format!("cannot list {}", folder.display()))?;
    paths.sort_by(|left, right| left.file_name().cmp(&right.file_name()));
    Ok(paths)
}

fn read(file: &Path) -> Result<WrongSubmission> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let recipe: Recipe = toml::from_str(&text).with_context(|| format!("{} is no wrong submission", file.display()))?;
    let name = |path: Option<&Path>| path.and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let submission = WrongSubmission { name: name(Some(file)), unit: name(file.parent()), says: heading_comment(&text), recipe };
    if submission.says.is_empty() {
        bail!("{} does not begin with a comment that says what is wrong", file.display());
    }
    if submission.recipe.edits.is_empty() {
        bail!("{} has no [[edit]]", file.display());
    }
    Ok(submission)
}

/// The lines of comment at the beginning, as one.
fn heading_comment(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}

impl Edit {
    /// The file's text with the edit made.
    ///
    /// # Errors
    /// When `find` does not occur exactly once: the solution has changed, and the edit no longer says what it should.
    pub fn apply(&self, text: &str) -> Result<String> {
        // A checkout on Windows may have other line ends than the recipe.
        let (text, find) = (text.replace("\r\n", "\n"), self.find.replace("\r\n", "\n"));
        let first_line = find.trim_start().lines().next().unwrap_or_default();
        match text.matches(&find).count() {
            _ if find.is_empty() => bail!("`find` is empty (for {})", self.file),
            1 => Ok(text.replacen(&find, &self.replace.replace("\r\n", "\n"), 1)),
            0 => bail!("`find` does not occur in {} (it begins `{first_line}`); adapt it to the solution", self.file),
            count => bail!("`find` occurs {count} times in {} (it begins `{first_line}`); take in more of its surroundings", self.file),
        }
    }

    /// The file's path; it must lie inside the base.
    pub fn path(&self) -> Result<PathBuf> {
        let path = PathBuf::from(&self.file);
        if path.components().all(|component| matches!(component, Component::Normal(_))) {
            Ok(path)
        } else {
            bail!("`{}` leads out of the base", self.file)
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// One of unit 4 without edits.
    pub fn submission(name: &str) -> WrongSubmission {
        let recipe = Recipe {
            base: "solutions/04-sign-in".to_owned(),
            check: "U4-09".to_owned(),
            misconception: "M20".to_owned(),
            also: Vec::new(),
            build: ExpectedBuild::Succeeds,
            edits: Vec::new(),
        };
        WrongSubmission { name: name.to_owned(), unit: "04".to_owned(), says: "The nonce is not looked at.".to_owned(), recipe }
    }

    fn edit(find: &str) -> Edit {
        Edit { file: "src/callback.rs".to_owned(), find: find.to_owned(), replace: "true".to_owned() }
    }

    #[test]
    fn an_edit_replaces_its_one_occurrence() {
        assert_eq!(edit("a == b").apply("if a == b {\r\n}").unwrap(), "if true {\n}");
    }

    #[test]
    fn an_edit_that_fits_nowhere_or_twice_is_an_error() {
        assert!(edit("a == b").apply("if a != b {}").unwrap_err().to_string().contains("does not occur in src/callback.rs"));
        assert!(edit("a").apply("a a").unwrap_err().to_string().contains("occurs 2 times"));
        assert!(edit("").apply("a").is_err());
    }

    #[test]
    fn an_edit_stays_inside_its_base() {
        for outside in ["../02-web-app/src/lib.rs", "/etc/passwd"] {
            assert!(Edit { file: outside.to_owned(), ..edit("a") }.path().is_err(), "{outside}");
        }
        assert!(edit("a").path().is_ok());
    }

    #[test]
    fn a_recipe_is_read_with_name_and_unit_from_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let unit = folder.path().join("04");
        fs::create_dir(&unit).unwrap();
        let text = "# The nonce is\n# not looked at.\nbase = 'solutions/04-sign-in'\ncheck = 'U4-09'\nmisconception = 'M20'\n[[edit]]\nfile = 'src/a.rs'\nfind = 'x'\nreplace = 'y'\n";
        fs::write(unit.join("no-nonce.toml"), text).unwrap();
        fs::write(unit.join("README.md"), "not a submission").unwrap();
        let [submission] = &read_all(folder.path()).unwrap()[..] else { panic!("one submission") };
        assert_eq!((submission.name.as_str(), submission.unit.as_str(), submission.recipe.also.len()), ("no-nonce", "04", 0));
        assert_eq!((submission.says.as_str(), submission.recipe.build), ("The nonce is not looked at.", ExpectedBuild::Succeeds));
        fs::write(unit.join("no-state.toml"), format!("{text}[edits]\n")).unwrap();
        assert!(format!("{:#}", read_all(folder.path()).unwrap_err()).contains("no-state.toml"));
    }

    #[test]
    fn a_recipe_that_does_not_say_what_is_wrong_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("silent.toml");
        fs::write(&file, "base = 'b'\ncheck = 'U4-09'\nmisconception = 'M20'\n[[edit]]\nfile = 'a'\nfind = 'x'\nreplace = 'y'\n").unwrap();
        assert!(format!("{:#}", read(&file).unwrap_err()).contains("does not begin with a comment"));
    }
}
