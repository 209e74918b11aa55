//! The built book: every file of it, in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;

use crate::book_folder::BookFolder;
use crate::exchanges::Exchanges;
use crate::minutes::Minutes;
use crate::outputs::Outputs;
use crate::pictures::Pictures;
use crate::questions::{self, Questions};
use crate::translation::{Messages, Translation};
use crate::unit_pages::UnitPages;
use crate::{accessible, includes};

/// The files of the built book by their path in it, such as `unit-4/callback.html`. Serving from memory means that a
/// page can be asked for while the next version of the book is being written, and that no path leads out of the book.
#[derive(Debug, Default)]
pub struct Site {
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Reads every file below the folder.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        read_folder(folder, "", &mut files)?;
        Ok(Self { files })
    }

    /// The file with this path.
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All pages: path and text.
    pub fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        let html = self.files.iter().filter(|(path, _)| path.ends_with(".html"));
        html.filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Site {
    fn from(files: [(&str, &str); N]) -> Self {
        Self { files: files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect() }
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else {
            let bytes = fs::read(entry.path()).with_context(|| format!("cannot read {}", entry.path().display()))?;
            files.insert(path, bytes);
        }
    }
    Ok(())
}

/// Loads the pages as they are written, with our preprocessors after mdBook's own, in the order in which they run.
///
/// # Errors
/// When `book.toml`, `SUMMARY.md` or a page that it lists is missing or malformed.
pub fn load(folder: &BookFolder) -> Result<MDBook> {
    load_in(folder, None)
}

/// As [`load`], in another language.
fn load_in(folder: &BookFolder, translation: Option<Arc<Translation>>) -> Result<MDBook> {
    let mut book = MDBook::load(folder.root()).with_context(|| format!("cannot load the book in {}", folder.root().display()))?;
    if let Some(translation) = &translation {
        // Before any preprocessor: translators see the pages as they are written.
        translation.translate(&mut book.book)?;
        book.config.book.title = book.config.book.title.map(|title| translation.of(&title));
        book.config.book.language = Some(translation.language.clone());
    }
    book.with_preprocessor(UnitPages)
        .with_preprocessor(Minutes { translation: translation.clone() })
        .with_preprocessor(Exchanges)
        .with_preprocessor(Outputs)
        .with_preprocessor(Pictures)
        .with_preprocessor(Questions { folder: folder.knowledge_checks(), translation });
    Ok(book)
}

/// The messages of the book, for translators.
///
/// # Errors
/// When the book cannot be read.
pub fn messages(folder: &BookFolder) -> Result<Messages> {
    let book = load(folder)?;
    let checks = questions::asked(&book.book, &folder.knowledge_checks())?;
    Messages::of(&book.book, &book.config.book.title.unwrap_or_default(), &checks)
}

/// The translation into `language`.
///
/// # Errors
/// When there is none.
pub fn translation(folder: &BookFolder, language: &str) -> Result<Translation> {
    if language == Translation::PSEUDO { Translation::pseudo(&messages(folder)?) } else { Translation::read(folder, language) }
}

/// Builds the book in a folder of its own, and reads it. Two programs that build at the same time do not disturb each
/// other.
///
/// # Errors
/// When a page cannot be built. A page that includes code which does not exist is such a page: mdBook itself would show
/// the reader the unreplaced directive.
pub fn build(folder: &BookFolder) -> Result<Site> {
    refuse_missing_code(folder)?;
    build_as_it_is(folder)
}

/// As [`build`], but a page may include code that does not exist.
///
/// # Errors
/// When a page cannot be built.
pub fn build_as_it_is(folder: &BookFolder) -> Result<Site> {
    build_in_language(folder, None)
}

/// As [`build_as_it_is`], in another language.
///
/// # Errors
/// When a page cannot be built.
pub fn build_in_language(folder: &BookFolder, translation: Option<Translation>) -> Result<Site> {
    let place = tempfile::tempdir().context("cannot make a folder for the built book")?;
    build_in(folder, place.path(), translation)
}

/// Builds the book in this folder, which is emptied first.
///
/// # Errors
/// As [`build`].
pub fn write(folder: &BookFolder, place: &Path, translation: Option<Translation>) -> Result<()> {
    refuse_missing_code(folder)?;
    build_in(folder, place, translation).map(|_| ())
}

fn refuse_missing_code(folder: &BookFolder) -> Result<()> {
    let missing = includes::check(&load(folder)?.book, &folder.src());
    if !missing.is_empty() {
        let lines: Vec<_> = missing.iter().map(ToString::to_string).collect();
        bail!("the book includes what does not exist:\n  {}", lines.join("\n  "));
    }
    Ok(())
}

fn build_in(folder: &BookFolder, place: &Path, translation: Option<Translation>) -> Result<Site> {
    let mut book = load_in(folder, translation.map(Arc::new))?;
    book.config.build.build_dir = place.to_owned();
    book.build().context("cannot build the book")?;
    accessible::repair(place, &Site::read(place)?)?;
    Site::read(place)
}
