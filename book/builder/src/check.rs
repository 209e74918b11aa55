//! `book-builder check`: everything that can be wrong with the book, all at once.

use std::fmt;

use anyhow::Result;

use crate::book_folder::BookFolder;
use crate::{includes, links, pages, site};

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    place: String,
    message: String,
}

impl Problem {
    pub fn new(place: impl fmt::Display, message: impl Into<String>) -> Self {
        // The same text on every system.
        Self { place: place.to_string().replace('\\', "/"), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// What the check found, and how much it looked at.
#[derive(Debug, Default)]
pub struct Report {
    pages: usize,
    links: usize,
    includes: usize,
    targets: usize,
    problems: Vec<Problem>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        let Self { pages, links, includes, targets, problems } = self;
        let looked_at = format!("{pages} pages, {links} links, {includes} pieces of included code, {targets} places that others link to");
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
/// When the book cannot be built at all. Includes that lead nowhere are problems of the report, found before the build.
pub fn check(folder: &BookFolder, targets: &[String]) -> Result<Report> {
    let book = site::load(folder)?.book;
    let mut report = Report {
        pages: book.chapters().count(),
        includes: includes::count(&book),
        targets: targets.len(),
        problems: includes::check(&book, &folder.src()),
        ..Report::default()
    };
    report.problems.extend(pages::check_sources(&book, &folder.src())?);
    if report.problems.is_empty() {
        let site = site::build(folder)?;
        report.links = links::count(&book, &site);
        report.problems.extend(pages::check_titles(&book, &site));
        report.problems.extend(links::check(&book, &site));
        report.problems.extend(links::check_targets(&site, targets));
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::{Problem, Report};

    #[test]
    fn a_clean_report_says_what_it_looked_at() {
        let report = Report { pages: 2, links: 30, includes: 4, targets: 5, problems: Vec::new() };
        assert_eq!(report.to_string(), "The book is fine: 2 pages, 30 links, 4 pieces of included code, 5 places that others link to.\n");
    }

    #[test]
    fn every_problem_has_a_line_with_its_place() {
        let report = Report { problems: vec![Problem::new("unit-4\\callback.md", "has no title")], ..Report::default() };
        assert!(report.to_string().starts_with("unit-4/callback.md: has no title\n1 problem in "), "{report}");
        assert!(!report.is_clean());
    }
}
