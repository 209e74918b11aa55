//! Where the book lies.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder with `book.toml`.
#[derive(Clone, Debug)]
pub struct BookFolder {
    root: PathBuf,
}

impl BookFolder {
    /// The book of the workspace that `start` is part of.
    ///
    /// # Errors
    /// When no folder above `start` has a book.
    pub fn find(start: &Path) -> Result<Self> {
        let root = start.ancestors().map(|folder| folder.join("book")).find(|book| book.join("book.toml").is_file());
        let root = root.with_context(|| format!("no `book/book.toml` in {} or above; run this inside the workspace", start.display()))?;
        Ok(Self { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The pages as they are written.
    pub fn src(&self) -> PathBuf {
        self.root.join("src")
    }

    /// The questions that pages ask.
    pub fn knowledge_checks(&self) -> PathBuf {
        self.root.join("knowledge-checks")
    }

    /// The pages as they are read.
    pub fn html(&self) -> PathBuf {
        self.root.join("html")
    }

    /// The catalogues of translations.
    pub fn translations(&self) -> PathBuf {
        self.root.join("po")
    }

    /// The folder that the book is part of.
    pub fn workspace(&self) -> &Path {
        self.root.parent().expect("the book is a folder inside the workspace")
    }

    /// Everything that a change of the book can touch: the book itself, and the sources that its pages include.
    pub fn sources(&self) -> Vec<PathBuf> {
        let workspace = self.workspace();
        vec![
            self.root.join("book.toml"),
            self.src(),
            self.knowledge_checks(),
            self.root.join("theme"),
            self.root.join("exchanges"),
            self.root.join(crate::outputs::FOLDER),
            self.root.join("pictures"),
            workspace.join("solutions"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::BookFolder;

    #[test]
    fn the_book_is_found_from_any_folder_of_the_workspace() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert!(BookFolder::find(&here).unwrap().src().join("SUMMARY.md").is_file());
    }

    #[test]
    fn a_place_without_a_book_is_named() {
        let error = BookFolder::find(Path::new("nowhere")).unwrap_err();
        assert!(error.to_string().contains("nowhere"), "{error}");
    }
}
