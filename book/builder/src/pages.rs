//! Rules for pages: each is in the table of contents, has one title, and says truly how long it takes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use knowledge_checks::KnowledgeCheck;
use mdbook_driver::book::{Book, Chapter};

use crate::check::{Problem, line_at, line_of};
use crate::html;
use crate::minutes::{self, Time};
use crate::questions;
use crate::site::Site;

/// How much a person reads in a minute who reads English as a second language and wants to understand it. A page that
/// states fewer minutes than this makes of it promises too much.
const WORDS_A_MINUTE: usize = 180;

/// Pages that the table of contents lists and nobody wrote.
///
/// # Errors
/// When there is no table of contents.
pub fn check_contents(src: &Path) -> Result<Vec<Problem>> {
    let file = src.join("SUMMARY.md");
    let contents = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let listed = contents.match_indices("](").filter_map(|(start, _)| {
        let page = contents[start + 2..].split(')').next()?;
        Some((line_at(&contents, start), page))
    });
    let missing = listed.filter(|(_, page)| !page.is_empty() && !src.join(page).is_file());
    Ok(missing.map(|(line, page)| Problem::in_page("SUMMARY.md", Some(line), format!("lists {page}, which is not there"))).collect())
}

/// What is wrong with the pages as they are written. `questions` are those that the pages ask.
///
/// # Errors
/// When the folder with the pages cannot be read.
pub fn check_sources(book: &Book, src: &Path, questions: &[KnowledgeCheck]) -> Result<Vec<Problem>> {
    let listed: BTreeSet<_> = book.chapters().filter_map(|chapter| chapter.source_path.clone()).collect();
    let written = pages_below(src, Path::new(""))?;
    let unlisted = written.iter().filter(|page| !listed.contains(*page) && page.as_path() != Path::new("SUMMARY.md"));
    let mut problems: Vec<_> = unlisted
        .map(|page| Problem::in_page(&page.display().to_string(), None, "is not listed in SUMMARY.md, so nobody will find it"))
        .collect();
    for chapter in book.chapters() {
        if let Err(message) = check_time(&chapter.content, questions) {
            let line = line_of(&chapter.content, &[minutes::OPENING]);
            problems.push(Problem::in_page(&place(chapter), line, message));
        }
    }
    Ok(problems)
}

fn check_time(page: &str, questions: &[KnowledgeCheck]) -> Result<(), String> {
    let (time, _) = Time::of_page(page)?;
    let words = words_of_prose(page) + questions::words(page, questions);
    let needed = words.div_ceil(WORDS_A_MINUTE);
    if needed > time.reading as usize {
        return Err(format!("says {} minutes, but its {words} words take {needed}", time.reading));
    }
    Ok(())
}

/// The lines of the titles that a page writes as `# Title`.
fn titles_of(page: &str) -> impl Iterator<Item = usize> {
    let mut is_code = false;
    page.lines().enumerate().filter_map(move |(index, line)| {
        is_code ^= line.starts_with("```");
        (!is_code && line.starts_with("# ")).then_some(index + 1)
    })
}

/// The words outside code blocks, drawings and tables in HTML: in those a reader looks something up.
fn words_of_prose(page: &str) -> usize {
    let mut skipped_until = None;
    let mut words = 0;
    for line in page.lines() {
        let line = line.trim_start_matches(['>', ' ']);
        match skipped_until {
            Some(end) if line.starts_with(end) => skipped_until = None,
            Some(_) => {}
            None if line.starts_with("```") => skipped_until = Some("```"),
            None if line.starts_with("<svg") => skipped_until = Some("</svg>"),
            None if line.starts_with("<table") => skipped_until = Some("</table>"),
            None => words += line.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count(),
        }
    }
    words
}

/// Each page has one title, as the reader sees it.
pub fn check_titles(book: &Book, site: &Site) -> Vec<Problem> {
    let mut problems = Vec::new();
    for built in built_pages(book, site) {
        let titles = html::tags(html::main_part(built.html)).iter().filter(|tag| tag.name == "h1").count();
        if titles != 1 {
            let message = format!("has {titles} titles (`# ...`); a page has exactly one");
            problems.push(Problem::in_page(&built.place, titles_of(built.source).last(), message));
        }
    }
    problems
}

/// Where the chapter is written, for messages.
pub fn place(chapter: &Chapter) -> String {
    chapter.source_path.as_deref().map_or_else(|| chapter.name.clone(), |path| path.display().to_string())
}

/// Where the chapter is in the built book.
pub fn html_path(chapter: &Chapter) -> Option<String> {
    Some(chapter.path.as_deref()?.with_extension("html").to_str()?.replace('\\', "/"))
}

/// A chapter as its author wrote it and as the reader gets it.
pub struct BuiltPage<'a> {
    /// Where it is written, for messages.
    pub place: String,
    pub source: &'a str,
    /// Where it is in the built book.
    pub path: String,
    pub html: &'a str,
}

/// Every chapter with its page.
pub fn built_pages<'a>(book: &'a Book, site: &'a Site) -> impl Iterator<Item = BuiltPage<'a>> {
    book.chapters().filter_map(|chapter| {
        let path = html_path(chapter)?;
        let html = std::str::from_utf8(site.file(&path)?).ok()?;
        Some(BuiltPage { place: place(chapter), source: &chapter.content, path, html })
    })
}

fn pages_below(src: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(src.join(folder)).with_context(|| format!("cannot read {}", src.join(folder).display()))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            pages.extend(pages_below(src, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    Ok(pages)
}

#[cfg(test)]
mod tests {
    use mdbook_driver::book::{Book, Chapter};

    use super::{check_time, check_titles, titles_of, words_of_prose};
    use crate::site::Site;

    #[test]
    fn code_drawings_and_reference_tables_are_not_counted_as_prose() {
        let page = "Three short words.\n\n```rust\nlet x = 1;\n```\n\n<svg>\n<desc>a b c</desc>\n</svg>\n\n<table>\n<tr><td>a b</td></tr>\n</table>\n> Two words | -";
        assert_eq!(words_of_prose(page), 5);
    }

    #[test]
    fn a_comment_in_code_is_no_title() {
        assert_eq!(titles_of("# A\n```toml\n# comment\n```\n## B\n# C\n").collect::<Vec<_>>(), [1, 6]);
    }

    #[test]
    fn a_long_page_cannot_claim_to_be_short() {
        let page = |minutes: u32| format!("<!-- minutes: {minutes} -->\n{}", "word ".repeat(700));
        assert!(check_time(&page(4), &[]).is_ok());
        assert!(check_time(&page(3), &[]).unwrap_err().contains("take 4"));
    }

    #[test]
    fn a_page_with_two_titles_or_none_is_reported() {
        let mut book = Book::new();
        for name in ["none", "one", "two"] {
            book.push_item(Chapter::new(name, String::new(), format!("{name}.md"), Vec::new()));
        }
        let site = Site::from([
            ("none.html", "<h1>Book</h1><main><p>Text</p></main>"),
            ("one.html", "<h1>Book</h1><main><h1>Page</h1></main>"),
            ("two.html", "<main><h1>Page</h1><h1>Page</h1></main>"),
        ]);
        let said: Vec<_> = check_titles(&book, &site).iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("book/src/none.md: has 0 titles") && said[1].starts_with("book/src/two.md: has 2 titles"), "{said:?}");
    }
}
