//! Where things lie: the workspace root, the target directory, the packages of the units.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cargo;

#[derive(Debug)]
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
    pub packages: Vec<Package>,
}

/// A member of the workspace, as `cargo metadata` describes it.
#[derive(Debug, Clone, Deserialize)]
pub struct Package {
    pub name: String,
    pub manifest_path: PathBuf,
}

impl Package {
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
    packages: Vec<Package>,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and `.cargo/config.toml` are respected.
    pub fn find() -> Result<Self> {
        // `cargo run` names the manifest of xtask; a bare call of the executable is asked from the current folder.
        let folder = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
        let output = cargo::command()
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(&folder)
            .output()
            .context("cannot run `cargo metadata`; is cargo on the PATH?")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed in {}:\n{}", folder.display(), String::from_utf8_lossy(&output.stderr).trim_end());
        }
        let metadata: Metadata =
            serde_json::from_slice(&output.stdout).context("`cargo metadata` printed something that is no metadata")?;
        Ok(Self { root: metadata.workspace_root, target: metadata.target_directory, packages: metadata.packages })
    }

    pub fn package(&self, name: &str) -> Result<&Package> {
        self.packages
            .iter()
            .find(|package| package.name == name)
            .with_context(|| format!("{} has no package `{name}`; is it listed under [workspace] members?", self.root.display()))
    }
}
