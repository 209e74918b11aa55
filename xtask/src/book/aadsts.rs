//! The appendix about the errors of the mock: `book/src/aadsts/`, one page for each AADSTS number, and their list in `SUMMARY.md`. What the mock
//! answers comes from its own table, what to do about it from `book/aadsts.toml`.

mod page;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail};
use mock_idp::{Fault, oauth::error::ProtocolError};
use serde::Deserialize;

const SOURCE: &str = "book/aadsts.toml";
const PAGES: &str = "book/src/aadsts";
const CONTENTS: &str = "book/src/SUMMARY.md";
/// The line of the contents below which the pages are listed.
const SECTION: &str = "- [Errors](aadsts/index.md)\n";

/// What somebody wrote about a number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    number: u32,
    title: String,
    /// What the provider found, and why it refuses.
    meaning: String,
    /// The usual mistakes, the most frequent first.
    cause: Vec<String>,
    /// What to do, here and on a real tenant.
    remedy: Vec<String>,
    /// The page of the book about it: `unit-3/redirect-uri.html#redirect-uri`.
    page: Option<String>,
    /// The fault that makes the mock answer it.
    fault: Option<Fault>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    error: Vec<Entry>,
}

/// Writes the pages, and takes away those that are no more. The files that it changed.
///
/// # Errors
/// When the source does not explain exactly the numbers of the mock, or a file cannot be written.
pub fn write(root: &Path) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    let expected = expected(root)?;
    fs::create_dir_all(root.join(PAGES)).with_context(|| format!("cannot make {PAGES}"))?;
    for (path, text) in &expected {
        if read(root, path).ok().as_ref() != Some(text) {
            fs::write(root.join(path), text).with_context(|| format!("cannot write {path}"))?;
            changed.push(path.clone());
        }
    }
    for path in left_over(root, &expected)? {
        fs::remove_file(root.join(&path)).with_context(|| format!("cannot remove {path}"))?;
        changed.push(path);
    }
    Ok(changed)
}

/// What is wrong with the pages that lie here.
///
/// # Errors
/// As [`write`].
pub fn drift(root: &Path) -> Result<Vec<String>> {
    let expected = expected(root)?;
    let mut found = Vec::new();
    for (path, text) in &expected {
        match read(root, path) {
            Ok(lies_here) if lies_here == *text => {}
            Ok(_) => found.push(format!("{path}: says something else than the mock and {SOURCE}")),
            Err(_) => found.push(format!("{path}: is not there")),
        }
    }
    found.extend(left_over(root, &expected)?.into_iter().map(|path| format!("{path}: the mock never answers this number")));
    Ok(found)
}

/// Every file as it should be: the pages, and the contents that list them.
fn expected(root: &Path) -> Result<BTreeMap<String, String>> {
    let entries = entries(&read(root, SOURCE)?)?;
    let mut files = BTreeMap::from([(format!("{PAGES}/index.md"), page::index(&entries))]);
    for entry in &entries {
        let course_page = entry.page.as_deref().map(|page| CoursePage::find(root, page)).transpose();
        let course_page = course_page.with_context(|| format!("{SOURCE}, number {}", entry.number))?;
        files.insert(format!("{PAGES}/{}.md", entry.number), page::of_entry(entry, course_page.as_ref()));
    }
    let contents = with_pages(&read(root, CONTENTS)?, &entries)?;
    files.insert(CONTENTS.to_owned(), contents);
    Ok(files)
}

/// A checkout on Windows may have other line ends.
fn read(root: &Path, path: &str) -> Result<String> {
    let text = fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The entries in the order of their numbers: exactly one for each number of the mock.
fn entries(source: &str) -> Result<Vec<Entry>> {
    let mut entries = toml::from_str::<Source>(source).with_context(|| format!("cannot understand {SOURCE}"))?.error;
    entries.sort_by_key(|entry| entry.number);
    if let Some(pair) = entries.windows(2).find(|pair| pair[0].number == pair[1].number) {
        bail!("{SOURCE} explains {} twice", pair[0].number);
    }
    let answered: BTreeSet<u32> = ProtocolError::examples().iter().map(ProtocolError::number).collect();
    let explained: BTreeSet<u32> = entries.iter().map(|entry| entry.number).collect();
    if answered != explained {
        let missing: Vec<_> = answered.difference(&explained).collect();
        let idle: Vec<_> = explained.difference(&answered).collect();
        bail!("{SOURCE} must explain the numbers that the mock answers; not explained: {missing:?}, never answered: {idle:?}");
    }
    Ok(entries)
}

/// Pages of an earlier time.
fn left_over(root: &Path, expected: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let Ok(folder) = fs::read_dir(root.join(PAGES)) else { return Ok(Vec::new()) };
    let mut paths = Vec::new();
    for file in folder {
        let file = file.with_context(|| format!("cannot list {PAGES}"))?;
        paths.push(format!("{PAGES}/{}", file.file_name().to_string_lossy()));
    }
    paths.retain(|path| !expected.contains_key(path));
    paths.sort();
    Ok(paths)
}

/// The contents with the pages of these entries below their section, in the place of those that it listed.
fn with_pages(contents: &str, entries: &[Entry]) -> Result<String> {
    let Some((before, after)) = contents.split_once(SECTION) else { bail!("{CONTENTS} has no line `{}`", SECTION.trim_end()) };
    let listed: String = entries.iter().map(|entry| format!("  - [{}](aadsts/{}.md)\n", page::title(entry), entry.number)).collect();
    let rest: String = after.split_inclusive('\n').skip_while(|line| line.starts_with("  - ")).collect();
    Ok([before, SECTION, &listed, &rest].concat())
}

/// A page of the course, as the pages of this appendix link to it.
#[derive(Debug, PartialEq, Eq)]
struct CoursePage {
    /// Its address from a page of the appendix.
    link: String,
    title: String,
}

impl CoursePage {
    /// The page at an address of the built book, such as `unit-3/redirect-uri.html#redirect-uri`. Whether the heading exists is for the check of links.
    fn find(root: &Path, address: &str) -> Result<Self> {
        let Some((path, heading)) = address.split_once(".html") else { bail!("`{address}` is no page of the book") };
        let text = read(root, &format!("book/src/{path}.md"))?;
        let title = text.lines().next().unwrap_or_default().trim_start_matches("# ").to_owned();
        Ok(Self { link: format!("../{path}.md{heading}"), title })
    }
}

#[cfg(test)]
mod tests;
