//! Cargo compares times, not texts: a source that was put back with an old time (from an archive, by `cp -p`) leaves the program of another version in
//! place. That program would be judged, and the result kept under the name of the present sources. So what each package looked like when it was last
//! built here is written down, and what looks otherwise now is marked as changed.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::grade::submission::touch;

/// Marks the packages whose sources are not those of the last time. Folder and digest of each.
pub fn touch_changed(target: &Path, packages: BTreeMap<PathBuf, String>) -> Result<()> {
    let folder = target.join("kill-matrix");
    let path = folder.join("built.json");
    // Without the file nothing is known, and all is marked.
    let mut built: BTreeMap<PathBuf, String> =
        fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    for (package, digest) in packages {
        if built.get(&package) != Some(&digest) {
            for name in ["lib.rs", "main.rs"] {
                touch(&package.join("src").join(name))?;
            }
            built.insert(package, digest);
        }
    }
    // Before the build: a time that was set stays, also when the build is interrupted.
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(&path, serde_json::to_string_pretty(&built)?).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        time::{Duration, SystemTime},
    };

    use super::*;

    #[test]
    fn a_source_that_was_put_back_with_an_old_time_is_built_anew_and_an_unchanged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (target, package) = (folder.path().join("target"), folder.path().join("02-web-app"));
        fs::create_dir_all(package.join("src")).unwrap();
        let source = package.join("src/lib.rs");
        fs::write(&source, "// pages").unwrap();
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        // Whether the source was marked as changed, when it has an old time and this digest.
        let is_touched = |digest: &str| {
            File::options().append(true).open(&source).unwrap().set_modified(long_ago).unwrap();
            touch_changed(&target, BTreeMap::from([(package.clone(), digest.to_owned())])).unwrap();
            source.metadata().unwrap().modified().unwrap() > long_ago
        };
        assert!(is_touched("one"), "nothing is known yet");
        assert!(!is_touched("one"));
        assert!(is_touched("other"));
        assert!(is_touched("one"), "put back");
    }
}
