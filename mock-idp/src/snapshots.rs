//! Named snapshots: the state of all tenants, kept as a folder of directory files that people can read.
//!
//! ```text
//! DATA_DIR/snapshots/NAME/manifest.json     when it was saved, by which version, which tenants in which order
//! DATA_DIR/snapshots/NAME/<tenant id>.json  a directory file: secrets and passwords as hashes
//! DATA_DIR/snapshots/NAME/<tenant id>.beside.json  what no directory file holds: photos, deleted applications
//! ```

mod manifest;
mod name;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::directory::{
    Directory,
    deleted_item::DeletedApplication,
    file::{DirectoryFileError, Mistake},
    photo::ProfilePhoto,
};

pub use manifest::{Manifest, SavedTenant};
pub use name::{InvalidName, SnapshotName};

const MANIFEST: &str = "manifest.json";

/// The snapshots of one data directory.
#[derive(Debug, Clone)]
pub struct Snapshots {
    folder: PathBuf,
}

/// A snapshot that cannot be saved, read or deleted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The name is taken. Nothing is overwritten: what a snapshot holds may be all that is left of somebody's work.
    #[error("there is a snapshot '{0}' already; choose another name, or delete that one first")]
    Exists(SnapshotName),
    /// There is no such snapshot.
    #[error("there is no snapshot '{name}'; {known}")]
    Unknown {
        /// The name that was asked for.
        name: SnapshotName,
        /// Which there are, as a sentence.
        known: String,
    },
    /// A file cannot be read or written.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A file does not hold what it should.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// What a tenant has and no directory file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Beside {
    #[serde(default)]
    photos: Vec<ProfilePhoto>,
    #[serde(default)]
    deleted_applications: Vec<DeletedApplication>,
}

impl Snapshots {
    /// The snapshots of this data directory. Nothing is made before one is saved.
    pub fn of(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("snapshots") }
    }

    /// Where the snapshot of this name is.
    pub fn path_of(&self, name: &SnapshotName) -> PathBuf {
        self.folder.join(name.as_str())
    }

    /// Saves these tenants under a new name, all or nothing.
    ///
    /// # Errors
    /// [`SnapshotError::Exists`], [`SnapshotError::Io`].
    pub fn save(&self, name: &SnapshotName, tenants: &[Arc<Directory>], now: OffsetDateTime) -> Result<Manifest, SnapshotError> {
        let place = self.path_of(name);
        if place.exists() {
            return Err(SnapshotError::Exists(name.clone()));
        }
        // Written beside its place and moved there, so that half a snapshot is never seen. No name begins with a dot.
        let beside = self.folder.join(format!(".{name}.new"));
        remove_folder(&beside)?;
        make_private_folder(&beside)?;
        let manifest = Manifest::of(tenants, now);
        for (tenant, saved) in tenants.iter().zip(&manifest.tenants) {
            write(&beside.join(saved.file()), &tenant.to_json_with_private_keys())?;
            let rest = Beside::of(tenant);
            if !rest.is_empty() {
                write(&beside.join(saved.file_beside()), &json(&rest))?;
            }
        }
        write(&beside.join(MANIFEST), &json(&manifest))?;
        fs::rename(&beside, &place).map_err(|error| failed(&place, &error))?;
        Ok(manifest)
    }

    /// All snapshots, by name. A folder that is no snapshot is left out.
    ///
    /// # Errors
    /// [`SnapshotError::Io`].
    pub fn list(&self) -> Result<Vec<(SnapshotName, Manifest)>, SnapshotError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&self.folder, &error)),
        };
        let mut found = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| failed(&self.folder, &error))?.file_name().to_string_lossy().parse::<SnapshotName>();
            if let Ok(name) = name
                && let Ok(Some(manifest)) = self.manifest_of(&name)
            {
                found.push((name, manifest));
            }
        }
        found.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(found)
    }

    /// The tenants of a snapshot.
    ///
    /// # Errors
    /// [`SnapshotError`].
    pub fn read(&self, name: &SnapshotName) -> Result<Vec<Directory>, SnapshotError> {
        let folder = self.path_of(name);
        let tenants = self.manifest(name)?.tenants;
        tenants.iter().map(|tenant| read_tenant(&folder, tenant)).collect()
    }

    /// Deletes a snapshot.
    ///
    /// # Errors
    /// [`SnapshotError::Unknown`], [`SnapshotError::Io`].
    pub fn delete(&self, name: &SnapshotName) -> Result<(), SnapshotError> {
        self.manifest(name)?;
        remove_folder(&self.path_of(name))
    }

    fn manifest(&self, name: &SnapshotName) -> Result<Manifest, SnapshotError> {
        if let Some(manifest) = self.manifest_of(name)? {
            return Ok(manifest);
        }
        let names: Vec<String> = self.list()?.into_iter().map(|(name, _)| name.to_string()).collect();
        let known = if names.is_empty() { "none was saved".to_owned() } else { format!("there are: {}", names.join(", ")) };
        Err(SnapshotError::Unknown { name: name.clone(), known })
    }

    /// The manifest of the snapshot of this name, if there is one.
    fn manifest_of(&self, name: &SnapshotName) -> Result<Option<Manifest>, SnapshotError> {
        let path = self.path_of(name).join(MANIFEST);
        match fs::read_to_string(&path) {
            Ok(text) => Manifest::parse(&text).map(Some).map_err(|reason| SnapshotError::Damaged { path, reason }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, &error)),
        }
    }
}

fn read_tenant(folder: &Path, saved: &SavedTenant) -> Result<Directory, SnapshotError> {
    let path = folder.join(saved.file());
    let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
    let mistaken = |error: DirectoryFileError| error.mistakes().iter().map(Mistake::to_string).collect::<Vec<_>>().join("; ");
    let directory = Directory::from_json(&text).map_err(|error| SnapshotError::Damaged { path, reason: mistaken(error) })?;
    let path = folder.join(saved.file_beside());
    match fs::read_to_string(&path) {
        Ok(text) => {
            let rest: Beside = serde_json::from_str(&text).map_err(|error| SnapshotError::Damaged { path, reason: error.to_string() })?;
            Ok(rest.join(directory))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(directory),
        Err(error) => Err(failed(&path, &error)),
    }
}

impl Beside {
    fn of(directory: &Directory) -> Self {
        let (photos, deleted) = (directory.photos.iter().cloned(), directory.deleted_applications.iter().cloned());
        Self { photos: photos.collect(), deleted_applications: deleted.collect() }
    }

    fn is_empty(&self) -> bool {
        self.photos.is_empty() && self.deleted_applications.is_empty()
    }

    fn join(self, mut directory: Directory) -> Directory {
        directory.photos = self.photos.into_iter().collect();
        directory.deleted_applications = self.deleted_applications.into_iter().collect();
        directory
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("texts, lists and times of this era can be written as JSON") + "\n"
}

fn failed(path: &Path, error: &io::Error) -> SnapshotError {
    SnapshotError::Io { path: path.to_owned(), reason: error.to_string() }
}

/// Writes a file and waits until it is on the disk.
fn write(path: &Path, text: &str) -> Result<(), SnapshotError> {
    let written = fs::File::create(path).and_then(|mut file| {
        io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| failed(path, &error))
}

/// A folder for the owner alone: hashes of passwords invite guessing.
fn make_private_folder(path: &Path) -> Result<(), SnapshotError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| failed(path, &error))
}

fn remove_folder(path: &Path) -> Result<(), SnapshotError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
