//! The files of the project: what git tracks, else what lies in the folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::SourceFile;

/// Folders that are made, not written; skipped where git cannot say so.
const MADE: [&str; 8] = [".git", "target", "node_modules", ".venv", "__pycache__", ".mock-idp", "html", "submissions"];

/// Every text file of the project, sorted by path. Files that are not UTF-8 (pictures, fonts) are left out.
pub fn read(root: &Path) -> Result<Vec<SourceFile>> {
    let paths = match tracked_by_git(root) {
        Some(paths) => paths,
        None => walk(root)?,
    };
    let mut files = Vec::new();
    for path in paths {
        let full = root.join(&path);
        // Tracked but deleted in the working tree, or a link to a folder.
        if !full.is_file() {
            continue;
        }
        let bytes = fs::read(&full).with_context(|| format!("cannot read {}", full.display()))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(SourceFile { path, text: text.replace("\r\n", "\n") });
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// Tracked files and new ones that are not ignored. `None` without git or outside a repository (an unpacked archive).
fn tracked_by_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"])
        .current_dir(root)
        .output()
        .ok()?;
    let listed = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let full = root.join(&folder);
        for entry in fs::read_dir(&full).with_context(|| format!("cannot list {}", full.display()))? {
            let entry = entry.with_context(|| format!("cannot list {}", full.display()))?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type().with_context(|| format!("cannot read the type of {}", path.display()))?;
            if kind.is_dir() {
                if !MADE.iter().any(|made| entry.file_name() == *made) {
                    folders.push(path);
                }
            } else if kind.is_file() {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unpacked_archive_is_walked_without_what_was_built() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/a.rs", "target/debug/b.rs", "picture.png"] {
            let full = folder.path().join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(&full, if path.ends_with("png") { vec![0xff, 0xfe] } else { b"one\r\ntwo\r\n".to_vec() }).unwrap();
        }
        let mut paths = walk(folder.path()).unwrap();
        paths.sort();
        assert_eq!(paths, ["picture.png", "src/a.rs"]);
        let files = read(folder.path()).unwrap();
        assert_eq!(files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect::<Vec<_>>(), [("src/a.rs", "one\ntwo\n")]);
    }
}
