//! Has a source of the book changed?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Every source file with its time and length, at one moment. Two moments that differ mean a change. Asking the file
/// system twice a second costs little for some hundred files, and works alike on every system.
#[derive(Debug, PartialEq, Eq)]
pub struct Sources(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

impl Sources {
    /// The sources now. What cannot be read is left out: an editor may just be replacing it.
    pub fn now(places: &[PathBuf]) -> Self {
        let mut files = BTreeMap::new();
        for place in places {
            add(place, &mut files);
        }
        Self(files)
    }
}

fn add(place: &Path, files: &mut BTreeMap<PathBuf, (Option<SystemTime>, u64)>) {
    let Ok(about) = place.metadata() else { return };
    if about.is_file() {
        files.insert(place.to_owned(), (about.modified().ok(), about.len()));
        return;
    }
    // Packages of other languages lie in folders that hold thousands of files and no page of ours.
    let is_foreign = place.file_name().is_some_and(|name| name == "node_modules" || name.to_string_lossy().starts_with('.'));
    if let (false, Ok(entries)) = (is_foreign, place.read_dir()) {
        for entry in entries.flatten() {
            add(&entry.path(), files);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Sources;

    #[test]
    fn a_changed_a_new_and_a_removed_file_make_a_difference() {
        let folder = tempfile::Builder::new().prefix("book-").tempdir().unwrap();
        fs::create_dir_all(folder.path().join("unit-1")).unwrap();
        let places = [folder.path().to_owned()];
        let page = folder.path().join("unit-1/index.md");

        let empty = Sources::now(&places);
        fs::write(&page, "# One").unwrap();
        let with_page = Sources::now(&places);
        assert_ne!(empty, with_page);
        assert_eq!(with_page, Sources::now(&places));

        fs::write(&page, "# One, longer").unwrap();
        assert_ne!(with_page, Sources::now(&places));

        fs::remove_file(&page).unwrap();
        assert_eq!(empty, Sources::now(&places));
    }
}
