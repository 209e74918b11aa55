//! Starter and solution have the same files, so that a learner finds in the one what the book shows of the other.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Every file below `src/` of a package, relative to the package, with `/`.
pub fn paths(package: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        let full = package.join(&folder);
        for entry in fs::read_dir(&full).with_context(|| format!("cannot list {}", full.display()))? {
            let entry = entry.with_context(|| format!("cannot list {}", full.display()))?;
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else {
                found.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

pub fn differences(starter: &BTreeSet<String>, solution: &BTreeSet<String>) -> Vec<String> {
    let only = |left: &BTreeSet<String>, right, where_| {
        left.difference(right).map(move |path| format!("{path} is only in the {where_}")).collect::<Vec<_>>()
    };
    [only(starter, solution, "starter"), only(solution, starter, "solution")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_on_one_side_only_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["a/src/lib.rs", "a/src/pages/home.rs", "b/src/lib.rs", "b/src/config.rs"] {
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), "").unwrap();
        }
        let (a, b) = (paths(&folder.path().join("a")).unwrap(), paths(&folder.path().join("b")).unwrap());
        assert_eq!(differences(&a, &b), ["src/pages/home.rs is only in the starter", "src/config.rs is only in the solution"]);
        assert_eq!(differences(&a, &a), [""; 0]);
    }
}
