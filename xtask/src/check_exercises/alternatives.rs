//! The apps of `solutions/alternatives`: right, but in another style. A check that refuses one of them is wrong.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use toml::{Table, Value};
use unit_checks::{AppCommand, Profile, Unit};

use super::not_passed;
use crate::{
    cargo::{Build, Progress},
    grade,
    terminal::Style,
    workspace::Workspace,
};

/// What cargo made of them.
#[derive(Debug)]
pub enum Alternatives {
    Built(Vec<Alternative>),
    /// They use crates that the course does not, and those cannot be had here.
    Unavailable(String),
}

/// One of them: its program, or why there is none.
#[derive(Debug)]
pub struct Alternative {
    pub name: String,
    pub units: Vec<Unit>,
    pub executable: Result<PathBuf, String>,
}

/// What each is called, and the units whose checks it passes.
pub type Named = (String, Vec<Unit>);

/// All of them.
pub fn named(workspace: &Workspace) -> Result<Vec<Named>> {
    let manifest = manifest_path(workspace);
    members(&std::fs::read_to_string(&manifest).with_context(|| format!("cannot read {}", manifest.display()))?)
}

fn manifest_path(workspace: &Workspace) -> PathBuf {
    workspace.root.join("solutions/alternatives/Cargo.toml")
}

impl Alternatives {
    /// Builds them all: without the network if their crates are here already.
    pub fn build(workspace: &Workspace, progress: Progress) -> Result<Self> {
        let (manifest, named) = (manifest_path(workspace), named(workspace)?);
        let mut build = cargo_build(workspace, &manifest, &["--offline"], progress)?;
        if is_cargos_own_failure(&build) {
            build = cargo_build(workspace, &manifest, &[], progress)?;
        }
        match is_cargos_own_failure(&build) {
            true if lacks_crates(&build.stderr) => Ok(Self::Unavailable(last_line(&build.stderr))),
            true => bail!("cargo could not build solutions/alternatives:\n{}", build.complaint()),
            false => Ok(Self::Built(named.into_iter().map(|named| Alternative::from_build(named, &build)).collect())),
        }
    }
}

impl Alternative {
    fn from_build((name, units): Named, build: &Build) -> Self {
        let executable = build.executable(&name).and_then(|artifact| artifact.executable.clone()).ok_or_else(|| build.complaint());
        Self { name, units, executable }
    }

    /// Every check of the unit that it does not pass, in words.
    pub fn problems(&self, unit: Unit, seed: u64, style: Style) -> Result<Vec<String>> {
        match &self.executable {
            Err(complaint) => Ok(vec![format!("does not build:\n{complaint}")]),
            Ok(executable) => Ok(not_passed(&grade::judge(unit, AppCommand::binary(executable), Profile::Strict, seed, style)?)),
        }
    }
}

/// They share the target directory with the main workspace, and so what it has built of the same crates with the same features.
fn cargo_build(workspace: &Workspace, manifest: &Path, more: &[&str], progress: Progress) -> Result<Build> {
    let (manifest, target) = (manifest.to_string_lossy(), workspace.target.to_string_lossy());
    let mut arguments =
        vec!["build", "--manifest-path", &manifest, "--workspace", "--bins", "--locked", "--keep-going", "--target-dir", &target];
    arguments.extend(more);
    Build::run(&workspace.root, &arguments, progress)
}

/// A failure that no package explains: a manifest, a lock file, a registry.
fn is_cargos_own_failure(build: &Build) -> bool {
    !build.succeeded && build.artifacts.is_empty() && build.diagnostics.is_empty()
}

/// Whether cargo complains about the registry, and not about what lies here.
fn lacks_crates(stderr: &str) -> bool {
    ["failed to download", "failed to get", "failed to fetch", "failed to query", "could not resolve", "unable to update"]
        .iter()
        .any(|words| stderr.to_ascii_lowercase().contains(words))
}

fn last_line(stderr: &str) -> String {
    stderr.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("cargo says nothing").to_owned()
}

fn members(manifest: &str) -> Result<Vec<Named>> {
    let manifest: Table = manifest.parse().context("solutions/alternatives/Cargo.toml is no manifest")?;
    let workspace = manifest.get("workspace").context("solutions/alternatives is no workspace")?;
    let names = workspace.get("members").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let named: Vec<Named> = names.map(|name| Ok((name.to_owned(), units(workspace, name)?))).collect::<Result<_>>()?;
    anyhow::ensure!(!named.is_empty(), "solutions/alternatives has no members, so nothing would be judged");
    Ok(named)
}

fn units(workspace: &Value, name: &str) -> Result<Vec<Unit>> {
    let listed = workspace.get("metadata").and_then(|it| it.get("units")?.get(name)?.as_array());
    let numbers = listed.into_iter().flatten().filter_map(Value::as_integer);
    let units: Option<Vec<Unit>> = numbers.map(|number| Unit::parse(&number.to_string())).collect();
    units
        .filter(|units| !units.is_empty())
        .with_context(|| format!("solutions/alternatives/Cargo.toml names no units of {name} in [workspace.metadata.units]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_member_is_judged_and_none_is_an_error() {
        let manifest = "[workspace]\nmembers = [\"form-post\", \"by-hand\"]\n[workspace.metadata.units]\nform-post = [2, 4]\n";
        assert!(members(manifest).unwrap_err().to_string().contains("by-hand"));
        let named = members(&format!("{manifest}by-hand = [5]\n")).unwrap();
        assert_eq!(named, [("form-post".to_owned(), vec![Unit::WebApp, Unit::SignIn]), ("by-hand".to_owned(), vec![Unit::CallGraph])]);
        assert!(members("[workspace]\nmembers = []").is_err());
    }

    #[test]
    fn a_missing_registry_is_told_from_a_stale_lock_file() {
        assert!(lacks_crates("error: failed to download from `https://static.crates.io/crates/jiff/0.2.46/download`"));
        assert!(!lacks_crates("error: the lock file needs to be updated but --locked was passed to prevent this"));
    }

    #[test]
    fn an_app_without_a_program_does_not_build() {
        let message =
            r#"{"reason":"compiler-message","manifest_path":"/a/Cargo.toml","message":{"level":"error","rendered":"error: expected `;`"}}"#;
        let build = Build::from_messages(message, String::new(), false);
        let app = Alternative::from_build(("form-post".to_owned(), vec![Unit::WebApp]), &build);
        assert_eq!(app.problems(Unit::WebApp, 1, Style::Plain).unwrap(), ["does not build:\nerror: expected `;`"]);
    }
}
