//! `book-builder check`: everything that can be wrong with the book, all at once.

use std::collections::BTreeSet;
use std::fmt;

use anyhow::Result;

use crate::book_folder::BookFolder;
use crate::translation::{self, Translation};
use crate::{code_blocks, foreign_links, images, includes, links, outputs, pages, pictures, questions, reading_level, site, spelling};

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    place: String,
    line: Option<usize>,
    message: String,
}

impl Problem {
    /// Something wrong that lies in no page.
    pub fn new(place: &str, message: impl Into<String>) -> Self {
        Self { place: place.to_owned(), line: None, message: message.into() }
    }

    /// Something wrong in another file of the workspace, and the line if it is known.
    pub fn at(place: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { place: place.to_owned(), line, message: message.into() }
    }

    /// Something wrong in a page, and the line if it is known.
    pub fn in_page(page: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { place: place_in(page), line, message: message.into() }
    }
}

/// Where a person or an editor finds a page, from the root of the workspace.
fn place_in(page: &str) -> String {
    // The same text on every system.
    format!("book/src/{}", page.replace('\\', "/"))
}

/// The line of the first of these pieces that a text contains.
pub fn line_of(text: &str, pieces: &[&str]) -> Option<usize> {
    pieces.iter().find_map(|piece| Some(line_at(text, text.find(piece)?)))
}

/// The line of a place in a text.
pub fn line_at(text: &str, start: usize) -> usize {
    text[..start].matches('\n').count() + 1
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.place, self.message),
            None => write!(f, "{}: {}", self.place, self.message),
        }
    }
}

/// What the check found, and how much it looked at.
#[derive(Debug, Default)]
pub struct Report {
    pages: usize,
    links: usize,
    includes: usize,
    targets: usize,
    /// The page that is hardest to read, with its index.
    hardest: Option<(String, f64)>,
    /// Addresses of other sites, which are not asked for.
    foreign: BTreeSet<String>,
    /// Worth knowing, and no mistake.
    notes: Vec<Problem>,
    problems: Vec<Problem>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// The addresses of other sites that the book links to, each once.
    pub fn foreign(&self) -> impl Iterator<Item = &str> {
        self.foreign.iter().map(String::as_str)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        let Self { pages, links, includes, targets, foreign, problems, .. } = self;
        let looked_at = format!(
            "{pages} pages, {links} links (addresses of other sites, not asked for: {}), {includes} pieces of included code, \
             {targets} places that others link to",
            foreign.len()
        );
        if let Some((page, index)) = &self.hardest {
            writeln!(f, "Reading level (Automated Readability Index): at most {index:.1}, in {page}.")?;
        }
        match problems.len() {
            0 => writeln!(f, "The book is fine: {looked_at}."),
            1 => writeln!(f, "1 problem in {looked_at}."),
            many => writeln!(f, "{many} problems in {looked_at}."),
        }
    }
}

/// Builds the book and checks it. `targets` are pages and headings that must exist because others link to them.
///
/// # Errors
/// When the pages cannot be read. A book that cannot be built is a problem of the report.
pub fn check(folder: &BookFolder, targets: &[String]) -> Result<Report> {
    let mut report = Report { targets: targets.len(), problems: pages::check_contents(&folder.src())?, ..Report::default() };
    if !report.is_clean() {
        // mdBook reads nothing then.
        return Ok(report);
    }
    let book = site::load(folder)?.book;
    report.pages = book.chapters().count();
    report.includes = includes::count(&book);
    report.notes = code_blocks::notes(&book);
    report.problems.extend(includes::check(&book, &folder.src()));
    report.problems.extend(outputs::check(&book, &folder.root().join(outputs::FOLDER)));
    report.problems.extend(pictures::check(&book, folder));
    let questions = questions::asked(&book, &folder.knowledge_checks())?;
    report.problems.extend(pages::check_sources(&book, &folder.src(), &questions)?);
    match site::build_as_it_is(folder) {
        Ok(site) => {
            report.links = links::count(&book, &site);
            report.foreign = links::foreign(&book, &site);
            report.problems.extend(pages::check_titles(&book, &site));
            report.problems.extend(images::check(&book, &site));
            report.problems.extend(links::check(&book, &site));
            report.problems.extend(foreign_links::check(folder, &report.foreign));
            report.problems.extend(spelling::check(&site, &folder.src()));
            report.problems.extend(reading_level::check(&site));
            report.hardest = reading_level::of_pages(&site).into_iter().max_by(|one, other| one.1.total_cmp(&other.1));
            report.problems.extend(links::check_targets(&site, targets));
        }
        Err(error) => report.problems.push(Problem::new("book", format!("cannot be built: {error:#}"))),
    }
    // A translator may change every word, and no link and no piece of code with it.
    match site::translation(folder, Translation::PSEUDO).and_then(|pseudo| site::build_in_language(folder, Some(pseudo))) {
        Ok(site) => report.problems.extend(links::check(&book, &site).into_iter().chain(translation::check(&site))),
        Err(error) => report.problems.push(Problem::new("book", format!("cannot be built in another language: {error:#}"))),
    }
    report.problems.sort();
    report.problems.dedup();
    Ok(report)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Problem, Report, check, line_of};
    use crate::book_folder::BookFolder;

    #[test]
    fn a_clean_report_says_what_it_looked_at() {
        let foreign = ["https://openid.net/".to_owned()].into();
        let report = Report { pages: 2, links: 30, includes: 4, targets: 5, foreign, ..Report::default() };
        assert_eq!(
            report.to_string(),
            "The book is fine: 2 pages, 30 links (addresses of other sites, not asked for: 1), 4 pieces of included code, \
             5 places that others link to.\n"
        );
    }

    #[test]
    fn every_problem_has_a_line_with_its_place() {
        let report = Report { problems: vec![Problem::in_page("unit-4\\callback.md", Some(3), "has no title")], ..Report::default() };
        assert!(report.to_string().starts_with("book/src/unit-4/callback.md:3: has no title\n1 problem in "), "{report}");
        assert!(!report.is_clean());
    }

    #[test]
    fn a_line_is_that_of_the_first_piece_that_is_there() {
        assert_eq!(line_of("one\ntwo\nthree", &["four", "three", "one"]), Some(3));
        assert_eq!(line_of("one", &["two"]), None);
    }

    /// A book of these files below `src`.
    fn said_of(files: &[(&str, &str)], targets: &[&str]) -> Vec<String> {
        let place = tempfile::Builder::new().prefix("book-").tempdir().unwrap();
        let book = place.path().join("book");
        fs::create_dir_all(book.join("src")).unwrap();
        fs::write(book.join("book.toml"), "[book]\ntitle = \"A book\"\n[build]\ncreate-missing = false\n").unwrap();
        for (path, text) in files {
            fs::write(book.join("src").join(path), text).unwrap();
        }
        let targets: Vec<_> = targets.iter().map(ToString::to_string).collect();
        let report = check(&BookFolder::find(&book).unwrap(), &targets).unwrap();
        report.to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let page =
            "# A\n<!-- minutes: 9 -->\n\n[x](b.md#gone)\n\n# Again\n\n{{#include gone.rs:part}}\n\n![](x.png)\n\n```rust\nlet x;\n```\n";
        let files =
            [("SUMMARY.md", "[A](a.md)\n[B](b.md)\n"), ("a.md", page), ("b.md", "# B\n<!-- minutes: 1 -->\n"), ("c.md", ""), ("x.png", "")];
        let said = said_of(&files, &["b.html", "b.html#nonce"]);
        for (line, expected) in said.iter().zip([
            "a place outside the book: links to b.html#nonce, but",
            "book/src/a.md:2: it says 9 minutes",
            "book/src/a.md:4: links to b.html#gone, but",
            "book/src/a.md:6: has 2 titles",
            "book/src/a.md:8: includes gone.rs, which cannot be read",
            "book/src/a.md:10: has an image without a text",
            "book/src/c.md: is not listed in SUMMARY.md",
            "book/src/a.md:12: note: nothing compiles this Rust code",
            "7 problems in 2 pages",
        ]) {
            assert!(line.starts_with(expected), "{expected}\n{}", said.join("\n"));
        }
        assert_eq!(said.len(), 9, "{}", said.join("\n"));
    }

    #[test]
    fn pages_that_are_listed_but_not_written_are_all_named() {
        let said = said_of(&[("SUMMARY.md", "# Contents\n\n- [A](a.md)\n- [B](b.md)\n- [Later]()\n")], &[]);
        assert_eq!(said[0], "book/src/SUMMARY.md:3: lists a.md, which is not there");
        assert_eq!(said[1], "book/src/SUMMARY.md:4: lists b.md, which is not there");
        assert!(said[2].starts_with("2 problems"), "{said:?}");
    }
}
