//! Files of the book that a run writes, and nobody types: written, or held against a new run.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// A file name from the root of the workspace, and what a run says that it should hold.
pub type Recorded = (String, String);

/// Writes the files.
///
/// # Errors
/// When one cannot be written.
pub fn write(root: &Path, files: Vec<Recorded>) -> Result<()> {
    for (path, text) in files {
        let place = root.join(&path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&place, text).with_context(|| format!("cannot write {path}"))?;
        println!("Wrote {path}");
    }
    Ok(())
}

/// What a new run says otherwise than the committed files: of each its first line that differs.
pub fn drift(root: &Path, files: &[Recorded]) -> Vec<String> {
    let committed = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default().replace("\r\n", "\n");
    files.iter().filter_map(|(path, text)| difference(path, &committed(path), text)).collect()
}

fn difference(path: &str, committed: &str, text: &str) -> Option<String> {
    const REMEDY: &str = "`cargo xtask book --record` writes it anew";
    if let Some((number, line)) = text.lines().enumerate().find(|(number, line)| committed.lines().nth(*number) != Some(line)) {
        return Some(format!("{path}:{}: a new run says `{}`; {REMEDY}", number + 1, line.trim()));
    }
    (text.len() != committed.len()).then(|| format!("{path}: a new run ends earlier; {REMEDY}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(difference("a.txt", "one\ntwo\n", "one\ntwo\n"), None);
        let said = |committed, text| difference("a.txt", committed, text).unwrap_or_default();
        assert!(said("one\ntwo\n", "one\n  three\n").starts_with("a.txt:2: a new run says `three`"));
        assert!(said("one\ntwo\n", "one\n").starts_with("a.txt: a new run ends earlier"));
        assert!(said("", "one\n").starts_with("a.txt:1:"));
    }

    #[test]
    fn what_was_written_does_not_drift() {
        let root = tempfile::tempdir().unwrap();
        let files = || vec![("book/outputs/a.txt".to_owned(), "one\n".to_owned())];
        assert_eq!(drift(root.path(), &files()).len(), 1);
        write(root.path(), files()).unwrap();
        assert_eq!(drift(root.path(), &files()), [""; 0]);
    }
}
