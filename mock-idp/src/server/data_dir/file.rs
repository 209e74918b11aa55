//! Files of the data directory: written whole or not at all, and on the disk before anybody relies on them.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::DataDirError;

pub(super) fn read(path: &Path) -> Result<String, DataDirError> {
    fs::read_to_string(path).map_err(|source| DataDirError::Io { path: path.to_owned(), source })
}

/// Writes a file whole or not at all: a reader never sees half a key, and a power cut leaves the old file or the new one.
pub(super) fn write(path: &Path, text: &str) -> Result<(), DataDirError> {
    write_durably(path, text).map_err(|source| DataDirError::Io { path: path.to_owned(), source })
}

fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut file = File::create(&beside)?;
    restrict(&beside);
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable. Only Unix has that; elsewhere a folder cannot be opened as a file.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes a file or folder readable by its owner only.
#[cfg(unix)]
pub(super) fn restrict(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    // A file system without permissions is no reason not to start.
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
pub(super) fn restrict(_: &Path) {}
