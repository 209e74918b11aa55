//! From a package to the program that is judged.

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Result, bail};
use unit_checks::Unit;

use crate::{
    cargo::{Build, Progress},
    workspace::Workspace,
};

const NO_MAIN: &str = "its src/main.rs is missing";

/// What cargo made of a package.
#[derive(Debug)]
pub enum Submission {
    Built { executable: PathBuf, freshness: Freshness, warnings: Vec<String> },
    Failed { complaint: String },
}

/// Whether cargo built the program now, or found an old one good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    Rebuilt,
    Reused,
}

impl Submission {
    /// Builds the package `name`, whose binary has the same name.
    pub fn build(workspace: &Workspace, name: &str, progress: Progress) -> Result<Self> {
        let manifest = &workspace.package(name)?.manifest_path;
        let build = Build::run(&workspace.root, &["build", "--package", name, "--locked"], progress)?;
        if !build.succeeded {
            return Ok(Self::Failed { complaint: build.complaint() });
        }
        let Some(artifact) = build.executable(name) else {
            // The work of the person who handed it in, and no trouble of the grader.
            return Ok(Self::Failed { complaint: format!("error: package `{name}` has no program `{name}`: {NO_MAIN}") });
        };
        Ok(Self::Built {
            executable: artifact.executable.clone().context("cargo names no executable")?,
            freshness: if artifact.fresh { Freshness::Reused } else { Freshness::Rebuilt },
            warnings: build.messages(manifest, "warning").map(str::to_owned).collect(),
        })
    }
}

/// Marks the learner's sources as changed, so that cargo builds what lies there now.
///
/// Cargo compares times, not texts: a file that was put back with an old time (from an archive, by `cp -p`) leaves the program
/// of another version in place, and that program would get the grade. The earlier units may be part of this one.
pub fn touch_starters(workspace: &Workspace, unit: Unit) -> Result<()> {
    for earlier in Unit::ALL.into_iter().filter(|it| *it <= unit) {
        let source = workspace.package(&earlier.to_string())?.folder().join("src");
        for name in ["lib.rs", "main.rs"] {
            touch(&source.join(name))?;
        }
    }
    Ok(())
}

pub fn touch(path: &Path) -> Result<()> {
    if !path.is_file() {
        // The build says better what is missing.
        return Ok(());
    }
    let file = File::options()
        .append(true)
        .open(path)
        .with_context(|| format!("cannot open {} for writing; mend its permissions", path.display()))?;
    file.set_modified(SystemTime::now()).with_context(|| format!("cannot set the time of {}", path.display()))
}

/// The other half of [`touch_starters`]: a program that cargo did not build now must not be judged.
pub fn assert_rebuilt(freshness: Freshness, executable: &Path) -> Result<()> {
    match freshness {
        Freshness::Rebuilt => Ok(()),
        Freshness::Reused => {
            bail!("cargo did not build {} anew; is the clock of this machine right? Delete the file and try again", executable.display())
        }
    }
}

/// What to do about a build that failed, by what cargo said.
pub fn remedy(unit: Unit, complaint: &str) -> String {
    if complaint.contains(NO_MAIN) {
        return format!("Put the folder src of {unit} back in its place, with main.rs and lib.rs in it.");
    }
    if complaint.contains("--locked") || complaint.contains("lock file") {
        return format!(
            "The manifest asks for packages that Cargo.lock does not name. A submission may use the crates of the unit's own manifest \
             and no others: undo the change to the Cargo.toml of {unit}."
        );
    }
    if complaint.contains("E0432") || complaint.contains("E0433") {
        return format!(
            "A name cannot be found. A submission may use the crates of the unit's own manifest and no others. \
             Correct the first error, then run `cargo build -p {unit}` until it passes."
        );
    }
    format!("Correct the first error, then run `cargo build -p {unit}` until it passes.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_a_file_moves_its_time_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lib.rs");
        std::fs::write(&path, "fn main() {}").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        File::options().append(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        touch(&path).unwrap();
        assert!(path.metadata().unwrap().modified().unwrap() > long_ago);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "fn main() {}");
        touch(&folder.path().join("absent.rs")).unwrap();
    }

    #[test]
    fn an_old_program_is_not_judged() {
        assert!(assert_rebuilt(Freshness::Reused, Path::new("unit-04")).is_err());
        assert!(assert_rebuilt(Freshness::Rebuilt, Path::new("unit-04")).is_ok());
    }

    #[test]
    fn the_remedy_fits_the_complaint() {
        let locked = "error: the lock file needs to be updated but --locked was passed to prevent this";
        assert!(remedy(Unit::SignIn, locked).contains("undo the change to the Cargo.toml of unit-04"));
        assert!(remedy(Unit::SignIn, "error[E0432]: unresolved import `axum_login`").contains("no others"));
        assert!(remedy(Unit::SignIn, &format!("error: {NO_MAIN}")).contains("main.rs and lib.rs"));
        assert!(remedy(Unit::SignIn, "error[E0308]: mismatched types").starts_with("Correct the first error"));
    }
}
