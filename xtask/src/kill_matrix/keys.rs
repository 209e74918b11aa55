//! The name under which a result is kept: a digest of everything that the verdicts follow from. Another version has another name, so a result is
//! never found for code that it is not about.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use toml::{Table, Value};
use unit_checks::Unit;

use super::{
    generated_workspace::{edited_files, files, read_manifest, resolve},
    source_digest::{self, SourceDigest},
    works::Source,
    wrong_submission::WrongSubmission,
};

/// Counted up when this package judges in another way or keeps something else of a judgement.
const VERSION: &str = "1";

/// Makes keys for the works of one workspace.
#[derive(Debug)]
pub struct Keys {
    root: PathBuf,
    root_manifest: Table,
    /// What all keys have in common.
    beginning: SourceDigest,
}

impl Keys {
    /// It is this program that judges, so the key names the checks that it is made of. A program that is older than the checks on the disk is refused.
    pub fn new(root: &Path) -> Result<Self> {
        let on_disk = source_digest::of_grader(root).context("cannot read the sources of the checks")?;
        anyhow::ensure!(
            on_disk == env!("GRADER_SOURCES"),
            "the checks have changed since this program was built; run `cargo xtask` once more"
        );
        Self::with_grader(root, [env!("GRADER_SOURCES"), env!("GRADER_COMPILER")])
    }

    fn with_grader(root: &Path, grader: [&str; 2]) -> Result<Self> {
        let mut beginning = SourceDigest::about(VERSION);
        grader.iter().for_each(|part| beginning.bytes(part.as_bytes()));
        // The crates and the profile with which the work is built.
        for name in ["Cargo.toml", "Cargo.lock"] {
            beginning.files(root, Path::new(name)).with_context(|| format!("cannot read {}", root.join(name).display()))?;
        }
        Ok(Self { root: root.to_owned(), root_manifest: read_manifest(&root.join("Cargo.toml"))?, beginning })
    }

    /// Of any work.
    pub fn of(&self, source: Source<'_>, unit: Unit) -> Result<String> {
        match source {
            Source::Solution => self.solution(&self.solution_folder(unit)?, unit),
            Source::Alternative(name) => self.alternative(name, unit),
            Source::Wrong(submission) => self.wrong(submission, unit),
        }
    }

    /// The packages of ours that take part in the build of a work, each with a digest of its sources.
    pub fn packages(&self, source: Source<'_>, unit: Unit) -> Result<BTreeMap<PathBuf, String>> {
        let mut open = match source {
            Source::Solution => vec![self.solution_folder(unit)?],
            // What is made of it in the generated workspace is written anew when it changes.
            Source::Wrong(submission) => self.dependencies(&self.root.join(&submission.recipe.base))?,
            Source::Alternative(name) => vec![self.root.join("solutions/alternatives").join(name)],
        };
        let mut packages = BTreeMap::new();
        while let Some(folder) = open.pop() {
            let mut digest = SourceDigest::about("package");
            self.sources(&mut digest, &folder)?;
            digest.files(&folder, Path::new("Cargo.toml")).with_context(|| format!("cannot read {}", folder.display()))?;
            open.extend(self.dependencies(&folder)?);
            packages.insert(folder, digest.finish());
        }
        Ok(packages)
    }

    fn solution_folder(&self, unit: Unit) -> Result<PathBuf> {
        folder_of(&self.root.join("solutions"), unit).with_context(|| format!("there is no folder solutions/{}-…", unit.number()))
    }

    /// Of a wrong submission: its edited files, and the packages that they are built with. What the recipe says beside its edits does not matter,
    /// since the verdicts are held against it each time.
    fn wrong(&self, submission: &WrongSubmission, unit: Unit) -> Result<String> {
        let base = self.root.join(&submission.recipe.base);
        let mut digest = self.begin("wrong", unit);
        for (path, bytes) in edited_files(&base, submission)? {
            digest.bytes(path.to_string_lossy().as_bytes());
            digest.bytes(&bytes);
        }
        self.manifest_and_dependencies(&mut digest, &base)?;
        self.other_units(&mut digest, unit)?;
        Ok(digest.finish())
    }

    /// Of a solution: its folder, and the packages that it is built with.
    fn solution(&self, folder: &Path, unit: Unit) -> Result<String> {
        let mut digest = self.begin("solution", unit);
        self.sources(&mut digest, folder)?;
        self.manifest_and_dependencies(&mut digest, folder)?;
        self.other_units(&mut digest, unit)?;
        Ok(digest.finish())
    }

    /// Unit 6 also reads what was handed in for the other units.
    fn other_units(&self, digest: &mut SourceDigest, unit: Unit) -> Result<()> {
        if unit != Unit::Summary {
            return Ok(());
        }
        let solutions = self.root.join("solutions");
        Unit::ALL.into_iter().filter_map(|unit| folder_of(&solutions, unit)).try_for_each(|folder| self.sources(digest, &folder))
    }

    /// Of a right-but-different app: the whole workspace that it is in.
    fn alternative(&self, name: &str, unit: Unit) -> Result<String> {
        let folder = self.root.join("solutions/alternatives");
        let mut digest = self.begin("alternative", unit);
        digest.bytes(name.as_bytes());
        self.sources(&mut digest, &folder)?;
        digest.files(&folder, Path::new("Cargo.toml")).with_context(|| format!("cannot read {}", folder.display()))?;
        Ok(digest.finish())
    }

    fn begin(&self, kind: &str, unit: Unit) -> SourceDigest {
        let mut digest = self.beginning.clone();
        digest.bytes(kind.as_bytes());
        digest.bytes(unit.number().as_bytes());
        digest
    }

    fn sources(&self, digest: &mut SourceDigest, folder: &Path) -> Result<()> {
        for path in files(folder)? {
            digest.files(folder, &path).with_context(|| format!("cannot read {}", folder.join(&path).display()))?;
        }
        Ok(())
    }

    fn manifest_and_dependencies(&self, digest: &mut SourceDigest, folder: &Path) -> Result<()> {
        digest.files(folder, Path::new("Cargo.toml")).with_context(|| format!("cannot read {}", folder.display()))?;
        for dependency in self.dependencies(folder)? {
            self.sources(digest, &dependency)?;
            self.manifest_and_dependencies(digest, &dependency)?;
        }
        Ok(())
    }

    /// The folders of the packages of ours with which a package is built.
    fn dependencies(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let manifest = read_manifest(&folder.join("Cargo.toml"))?;
        let sections = ["dependencies", "build-dependencies"].into_iter().filter_map(|name| manifest.get(name)?.as_table());
        let shared = self.root_manifest.get("workspace").and_then(|it| it.get("dependencies")).and_then(Value::as_table);
        let path = |value: &Value| Some(value.get("path")?.as_str()?.to_owned());
        let folders = sections.flatten().filter_map(|(name, value)| match path(value) {
            Some(own) => Some(resolve(&folder.join(own))),
            None if value.get("workspace").is_some() => Some(self.root.join(path(shared?.get(name)?)?)),
            None => None,
        });
        Ok(folders.collect())
    }
}

/// The folder of a unit: `03-registration`.
fn folder_of(parent: &Path, unit: Unit) -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(parent).ok()?.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let prefix = format!("{}-", unit.number());
    folders.into_iter().find(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)))
}

#[cfg(test)]
mod tests;
