//! Directives: lines `{{#name …}}` of a page, in whose place a preprocessor puts what they stand for.

use std::path::Path;

use anyhow::{Context, Result};
use mdbook_preprocessor::book::Book;

/// The inside of a directive: `hint` of `{{#output hint}}`, when the opening is `{{#output `. `None` for any other line.
pub fn inside<'a>(line: &'a str, opening: &str) -> Option<&'a str> {
    line.strip_prefix(opening)?.strip_suffix("}}")
}

/// Every page with its directives replaced. `replacement` gets a trimmed line and the page's path below the folder of the pages, and
/// answers `None` for a line that is no directive of its own.
///
/// # Errors
/// What is wrong with the last wrong directive, with the page and the line.
pub fn replace(mut book: Book, replacement: impl Fn(&str, &Path) -> Option<Result<String>>) -> Result<Book> {
    let mut result = Ok(());
    book.for_each_chapter_mut(|chapter| {
        let page = chapter.path.as_deref().unwrap_or(Path::new("")).to_owned();
        match replaced(&chapter.content, |line| replacement(line, &page)) {
            Ok(content) => chapter.content = content,
            Err(error) => result = Err(error.context(page.display().to_string())),
        }
    });
    result.map(|()| book)
}

/// A page with its directives replaced. In an item of a list the replacement belongs to the item.
///
/// # Errors
/// As [`replace`], without the page.
pub fn replaced(page: &str, replacement: impl Fn(&str) -> Option<Result<String>>) -> Result<String> {
    let mut text = String::with_capacity(page.len());
    for line in page.split_inclusive('\n') {
        let directive = line.trim();
        match replacement(directive) {
            Some(replacement) => {
                let indent = &line[..line.len() - line.trim_start().len()];
                for line in replacement.with_context(|| directive.to_owned())?.lines() {
                    text += if line.is_empty() { "" } else { indent };
                    text += line;
                    text.push('\n');
                }
            }
            None => text += line,
        }
    }
    Ok(text)
}
