//! Pictures of pages, taken by `cargo xtask book --screenshots`: `{{#picture register-app: A caption.}}`.
//! A link finds it at `#picture-register-app`.
//!
//! `book/src/pictures` has each light and dark, and the theme chooses. The first line of `book/pictures/NAME.txt` says in words what it
//! shows.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use maud::{Markup, html};
use mdbook_driver::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::book_folder::BookFolder;
use crate::check::Problem;
use crate::directives;

const OPENING: &str = "{{#picture ";
/// Where the pictures are, from the folder of the pages.
const FOLDER: &str = "pictures";
/// A screen with a fine raster gets sharp letters.
const POINTS_A_PIXEL: f64 = 1.5;
/// All pictures together. Who reads on a slow line, or clones the repository, waits for them.
const MOST_BYTES: u64 = 1_500_000;

/// The preprocessor.
#[derive(Debug)]
pub struct Pictures;

impl Preprocessor for Pictures {
    fn name(&self) -> &'static str {
        "pictures"
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> mdbook_preprocessor::errors::Result<Book> {
        directives::replace(book, |line, page| shown(line, page, &context.root))
    }
}

/// What a line stands for, if it is one of our directives.
fn shown(line: &str, page: &Path, book: &Path) -> Option<Result<String>> {
    directives::inside(line, OPENING).map(|inner| Ok(figure(inner, page, book)?.into_string()))
}

fn figure(inner: &str, page: &Path, book: &Path) -> Result<Markup> {
    let (name, caption) = inner.split_once(':').context("it has no caption; write {{#picture name: What to look at.}}")?;
    let (name, caption) = (name.trim(), caption.trim());
    let words = fs::read_to_string(book.join(FOLDER).join(format!("{name}.txt"))).with_context(|| not_taken(name))?;
    let alternative = words.lines().next().unwrap_or_default();
    ensure!(!alternative.is_empty() && !caption.is_empty(), "it has no words that say what it shows");
    let up = "../".repeat(page.components().count().saturating_sub(1));
    let image = |scheme: &str| -> Result<Markup> {
        let file = format!("{name}-{scheme}.png");
        let (width, height) = size(&book.join("src").join(FOLDER).join(&file)).with_context(|| not_taken(name))?;
        // A hidden picture that is loaded late is not loaded.
        Ok(
            html! { img class={ "in-" (scheme) } src={ (up) (FOLDER) "/" (file) } alt=(alternative) width=(width) height=(height) loading="lazy"; },
        )
    };
    Ok(html! { figure class="picture" id={ "picture-" (name) } { (image("light")?) (image("dark")?) figcaption { (caption) } } })
}

fn not_taken(name: &str) -> String {
    format!(
        "there is no picture '{name}'; `cargo xtask book --screenshots` takes those that clients/browser/screenshot_tours.mjs describes"
    )
}

/// Width and height on the page, from the header of the file (PNG, section 11.2.2).
fn size(file: &Path) -> Result<(u32, u32)> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let number = |at: usize| bytes.get(at..at + 4).map(|four| f64::from(u32::from_be_bytes([four[0], four[1], four[2], four[3]])));
    ensure!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{} is no PNG file", file.display());
    let (Some(width), Some(height)) = (number(16), number(20)) else { anyhow::bail!("{} ends too early", file.display()) };
    Ok((on_page(width), on_page(height)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture has some thousand points")]
fn on_page(points: f64) -> u32 {
    (points / POINTS_A_PIXEL).round() as u32
}

/// Pictures that no page shows, and too many bytes.
pub fn check(book: &Book, folder: &BookFolder) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in files(&folder.root().join(FOLDER)) {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let directive = format!("{OPENING}{name}:");
        if !book.chapters().any(|chapter| chapter.content.contains(&directive)) {
            problems
                .push(Problem::new(&format!("book/{FOLDER}/{name}.txt"), format!("no page shows this picture; write {directive} …}}}}")));
        }
    }
    let bytes: u64 = files(&folder.src().join(FOLDER)).iter().filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    if bytes > MOST_BYTES {
        problems.push(Problem::new(
            &format!("book/src/{FOLDER}"),
            format!("the pictures have {bytes} bytes, and at most {MOST_BYTES} are wanted"),
        ));
    }
    problems
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use mdbook_driver::book::Chapter;

    use super::*;

    /// A book with a picture of 30 by 15 points.
    fn book() -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        let book = place.path().join("book");
        fs::create_dir_all(book.join("src/pictures")).unwrap();
        fs::create_dir_all(book.join("pictures")).unwrap();
        fs::write(book.join("book.toml"), "[book]\ntitle = \"A book\"\n").unwrap();
        fs::write(book.join("pictures/form.txt"), "A form with a \"name\".\n\nTitle\n").unwrap();
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &30_u32.to_be_bytes(), &15_u32.to_be_bytes()].concat();
        for scheme in ["light", "dark"] {
            fs::write(book.join(format!("src/pictures/form-{scheme}.png")), &png).unwrap();
        }
        place
    }

    fn page(text: &str, path: &str, book: &tempfile::TempDir) -> Result<String> {
        directives::replaced(text, |line| shown(line, Path::new(path), &book.path().join("book")))
    }

    #[test]
    fn a_picture_has_words_a_size_and_a_caption_in_both_themes() {
        let book = book();
        let shown = page("# A\n\n{{#picture form: Look here.}}\n", "unit-3/a.md", &book).unwrap();
        let image = |scheme: &str| {
            format!(
                "<img class=\"in-{scheme}\" src=\"../pictures/form-{scheme}.png\" alt=\"A form with a &quot;name&quot;.\" width=\"20\" \
                 height=\"10\" loading=\"lazy\">"
            )
        };
        let figure = format!(
            "<figure class=\"picture\" id=\"picture-form\">{}{}<figcaption>Look here.</figcaption></figure>",
            image("light"),
            image("dark")
        );
        assert_eq!(shown, format!("# A\n\n{figure}\n"));
        assert!(page("{{#picture form: Look here.}}", "a.md", &book).unwrap().contains("src=\"pictures/form-light.png\""));
    }

    #[test]
    fn what_was_not_taken_and_what_has_no_caption_is_named() {
        let book = book();
        for (text, reason) in [
            ("{{#picture other: Look.}}", "there is no picture 'other'; `cargo xtask book --screenshots`"),
            ("{{#picture form}}", "no caption"),
        ] {
            let error = format!("{:#}", page(text, "a.md", &book).unwrap_err());
            assert!(error.contains(reason) && error.starts_with(text), "{error}");
        }
    }

    #[test]
    fn a_picture_that_no_page_shows_is_a_problem() {
        let place = book();
        let folder = BookFolder::find(&place.path().join("book")).unwrap();
        let said = |content: &str| {
            let mut book = Book::new();
            book.push_item(Chapter::new("A", content.to_owned(), "a.md", Vec::new()));
            check(&book, &folder).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(said("{{#picture form: Look here.}}"), [""; 0]);
        assert_eq!(said("{{#picture forms: Look here.}}").len(), 1);
    }
}
