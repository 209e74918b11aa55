//! Included code: every `{{#include path:anchor}}` must find its file and its anchor.
//!
//! mdBook shows the reader an empty block where an anchor is missing, and the bare directive where a file is missing. In
//! a course that lives from its code, both are errors.

use std::fs;
use std::path::Path;

use mdbook_driver::book::Book;

use crate::check::{Problem, line_at};
use crate::pages::place;

const DIRECTIVES: [&str; 3] = ["{{#include ", "{{#rustdoc_include ", "{{#playground "];

/// What is wrong with the includes of all pages.
pub fn check(book: &Book, src: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    for chapter in book.chapters() {
        let Some(path) = &chapter.path else { continue };
        let folder = src.join(path.parent().unwrap_or(Path::new("")));
        for include in includes(&chapter.content) {
            if let Err(message) = include.resolve(&folder) {
                problems.push(Problem::in_page(&place(chapter), Some(include.line), message));
            }
        }
    }
    problems
}

/// The number of includes in all pages.
pub fn count(book: &Book) -> usize {
    book.chapters().map(|chapter| includes(&chapter.content).count()).sum()
}

/// A directive, and where it stands.
#[derive(Debug, PartialEq, Eq)]
struct Include<'a> {
    file: &'a str,
    anchor: Option<&'a str>,
    line: usize,
}

/// The directives of a page, but for those that are escaped with a backslash.
fn includes(page: &str) -> impl Iterator<Item = Include<'_>> {
    DIRECTIVES.into_iter().flat_map(move |directive| {
        let found = page.match_indices(directive).filter(|(start, _)| !page[..*start].ends_with('\\'));
        found.filter_map(move |(start, _)| {
            let rest = &page[start + directive.len()..];
            let target = rest[..rest.find("}}")?].trim();
            let (file, anchor) = target.split_once(':').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
            Some(Include { file, anchor, line: line_at(page, start) })
        })
    })
}

impl Include<'_> {
    fn resolve(&self, folder: &Path) -> Result<(), String> {
        let file = self.file;
        let text = fs::read_to_string(folder.join(file)).map_err(|error| format!("includes {file}, which cannot be read: {error}"))?;
        let Some(anchor) = self.anchor else { return Ok(()) };
        if anchor.starts_with(|first: char| first.is_ascii_digit() || first == ':') {
            return Err(format!("includes {file} by line number; lines move, so give the piece a name: `// ANCHOR: name`"));
        }
        let line_of = |mark: &str| text.lines().position(|line| line.split_once(mark).is_some_and(|(_, name)| name.trim() == anchor));
        match (line_of("ANCHOR:"), line_of("ANCHOR_END:")) {
            (Some(start), Some(end)) if start + 1 < end => Ok(()),
            (Some(_), Some(_)) => Err(format!("includes {file}:{anchor}, which holds nothing")),
            (Some(_), None) => Err(format!("includes {file}:{anchor}, which has no `ANCHOR_END: {anchor}`")),
            (None, _) => Err(format!("includes {file}:{anchor}, but that file has no `ANCHOR: {anchor}`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Include, includes};

    fn resolve(file: &str, anchor: Option<&str>) -> Result<(), String> {
        Include { file, anchor, line: 1 }.resolve(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
    }

    // ANCHOR: sample
    // A piece for the tests below.
    // ANCHOR_END: sample
    // ANCHOR: empty
    // ANCHOR_END: empty
    // ANCHOR: open

    #[test]
    fn directives_are_found_unless_they_are_escaped() {
        let page = "{{#include ../a.rs:config}} \\{{#include no.rs}}\n{{#rustdoc_include b.rs}}";
        let found: Vec<_> = includes(page).collect();
        assert_eq!(found, [Include { file: "../a.rs", anchor: Some("config"), line: 1 }, Include { file: "b.rs", anchor: None, line: 2 }]);
    }

    #[test]
    fn a_file_or_an_anchor_that_exists_is_fine() {
        assert_eq!(resolve("includes.rs", None), Ok(()));
        assert_eq!(resolve("includes.rs", Some("sample")), Ok(()));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (file, anchor, expected) in [
            ("gone.rs", None, "cannot be read"),
            ("includes.rs", Some("gone"), "has no `ANCHOR: gone`"),
            ("includes.rs", Some("empty"), "holds nothing"),
            ("includes.rs", Some("open"), "has no `ANCHOR_END: open`"),
            ("includes.rs", Some("10:20"), "by line number"),
        ] {
            let said = resolve(file, anchor).unwrap_err();
            assert!(said.contains(expected), "{file}:{anchor:?}: {said}");
        }
    }
}
