//! Length and name of a source file: one noun a file, and the name says which.

use super::{Finding, SourceFile};

/// Past this a file holds a second noun.
const LIMIT: usize = 400;
/// From here on it is listed, so that the split comes as no surprise.
const LONG: usize = 300;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

pub fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let stem = name.trim_end_matches(".rs");
    let lines = file.text.lines().count();
    let finding = |rule, message| Finding { rule, file: file.path.clone(), line: None, message };
    let mut findings = Vec::new();
    if lines > LIMIT {
        findings.push(finding("file-length", format!("{lines} lines, more than {LIMIT}; look for a second noun and give it its own file")));
    }
    if name == "mod.rs" {
        findings.push(finding("file-name", "write `foo.rs` beside `foo/`, not `foo/mod.rs`".to_owned()));
    }
    if EMPTY_NAMES.contains(&stem) {
        findings.push(finding("file-name", format!("`{stem}` says nothing; name the file after the noun inside")));
    }
    findings
}

/// Files that are near the limit, longest first.
pub fn long(files: &[SourceFile]) -> Vec<(String, usize)> {
    let mut long: Vec<_> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .map(|file| (file.path.clone(), file.text.lines().count()))
        .filter(|(_, lines)| (LONG + 1..=LIMIT).contains(lines))
        .collect();
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    long
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> SourceFile {
        SourceFile { path: path.to_owned(), text: "x\n".repeat(lines) }
    }

    fn rules(file: &SourceFile) -> Vec<&'static str> {
        check(file).iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn four_hundred_lines_pass_and_one_more_does_not() {
        assert_eq!(rules(&file("a/src/x.rs", 400)), [""; 0]);
        assert_eq!(rules(&file("a/src/x.rs", 401)), ["file-length"]);
        assert_eq!(rules(&file("README.md", 900)), [""; 0]);
    }

    #[test]
    fn empty_names_are_refused() {
        assert_eq!(rules(&file("a/src/utils.rs", 1)), ["file-name"]);
        assert_eq!(rules(&file("a/src/directory/mod.rs", 1)), ["file-name"]);
        assert_eq!(rules(&file("a/src/common_audience.rs", 1)), [""; 0]);
    }

    #[test]
    fn files_near_the_limit_are_listed_longest_first() {
        let files = [file("a.rs", 300), file("b.rs", 301), file("c.rs", 399), file("d.rs", 401)];
        assert_eq!(long(&files), [("c.rs".to_owned(), 399), ("b.rs".to_owned(), 301)]);
    }
}
