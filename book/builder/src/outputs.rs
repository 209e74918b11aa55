//! What the book shows of commands, from the files in `book/outputs`:
//!
//! - `{{#output hint}}`: the command and all that it prints;
//! - `{{#output unit-2-grade: check to U2-18; Score to Then}}`: parts of it, each from the line that begins with the first text to the
//!   line that begins with the second. Where lines are left out, `…` stands.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use mdbook_driver::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::check::Problem;
use crate::directives;

/// Where the outputs are, from the folder of the book.
pub const FOLDER: &str = "outputs";
const OPENING: &str = "{{#output ";
const LEFT_OUT: &str = "…";

/// The preprocessor.
#[derive(Debug)]
pub struct Outputs;

impl Preprocessor for Outputs {
    fn name(&self) -> &'static str {
        "outputs"
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> mdbook_preprocessor::errors::Result<Book> {
        let folder = context.root.join(FOLDER);
        directives::replace(book, |line, _| shown(line, &folder))
    }
}

/// What a line stands for, if it is one of our directives.
fn shown(line: &str, folder: &Path) -> Option<Result<String>> {
    directives::inside(line, OPENING).map(|inner| Ok(format!("```text\n{}\n```", block(inner, folder)?)))
}

/// Recorded outputs that no page shows. To run their commands again would be for nothing.
pub fn check(book: &Book, folder: &Path) -> Vec<Problem> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = files.filter_map(|file| Some(file.file_name().to_string_lossy().strip_suffix(".txt")?.to_owned()));
    let is_shown = |name: &str| {
        let directives = [format!("{OPENING}{name}}}}}"), format!("{OPENING}{name}:")];
        book.chapters().any(|chapter| directives.iter().any(|directive| chapter.content.contains(directive)))
    };
    let unused = names.filter(|name| !is_shown(name));
    unused.map(|name| Problem::new(&format!("book/{FOLDER}/{name}.txt"), format!("no page shows it; write {OPENING}{name}}}}}"))).collect()
}

fn block(inner: &str, folder: &Path) -> Result<String> {
    let (name, parts) = inner.split_once(':').unwrap_or((inner, ""));
    let path = folder.join(format!("{}.txt", name.trim()));
    let recorded = fs::read_to_string(path).with_context(|| {
        format!(
            "book/outputs/{}.txt cannot be read; `cargo xtask book --record` writes the outputs that xtask/src/book/outputs.rs names",
            name.trim()
        )
    })?;
    if parts.trim().is_empty() {
        return Ok(recorded.trim_end().to_owned());
    }
    some_lines(&recorded, parts)
}

/// The command, which is the first line, and these parts of what it printed.
fn some_lines(recorded: &str, parts: &str) -> Result<String> {
    let lines: Vec<&str> = recorded.trim_end().lines().collect();
    let mut shown = vec![lines.first().copied().unwrap_or_default()];
    let mut next = 1;
    for part in parts.split(';') {
        let (first, last) = part.trim().split_once(" to ").unwrap_or((part.trim(), part.trim()));
        let place = |wanted: &str, from: usize| {
            let found = lines[from..].iter().position(|line| line.trim_start().starts_with(wanted.trim()));
            found.map(|place| from + place).with_context(|| format!("no line after line {from} begins with '{}'", wanted.trim()))
        };
        let start = place(first, next)?;
        let end = place(last, start)?;
        if lines[next..start].iter().any(|line| !line.trim().is_empty()) {
            shown.push(LEFT_OUT);
        }
        shown.extend(&lines[start..=end]);
        next = end + 1;
    }
    if next < lines.len() {
        shown.push(LEFT_OUT);
    }
    Ok(shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use mdbook_driver::book::{Book, Chapter};

    use super::{check, directives, shown};

    const RECORDED: &str = "$ cargo xtask grade\n\nUnit 2\ncheck\nU2-01 pass\nU2-02 fail\n\nU2-02 is wrong\n\nScore: 1\nNext: U2-02\n";

    fn page(text: &str) -> anyhow::Result<String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("grade.txt"), RECORDED).expect("written");
        directives::replaced(text, |line| shown(line, folder.path()))
    }

    #[test]
    fn an_output_is_shown_whole_or_in_parts_with_a_mark_where_lines_are_left_out() {
        assert_eq!(page("# A\n\n{{#output grade}}\n").unwrap(), format!("# A\n\n```text\n{}\n```\n", RECORDED.trim_end()));
        assert_eq!(
            page("{{#output grade: check to U2-02; Score}}").unwrap(),
            "```text\n$ cargo xtask grade\n…\ncheck\nU2-01 pass\nU2-02 fail\n…\nScore: 1\n…\n```\n"
        );
        assert_eq!(
            page("{{#output grade: Unit 2 to Next}}").unwrap(),
            format!("```text\n{}\n```\n", RECORDED.replacen("\n\n", "\n", 1).trim_end())
        );
    }

    #[test]
    fn an_output_belongs_to_the_item_of_a_list_in_which_it_stands() {
        assert!(
            page("1. One\n   {{#output grade: Score}}\n2. Two\n")
                .unwrap()
                .starts_with("1. One\n   ```text\n   $ cargo xtask grade\n   …\n")
        );
    }

    #[test]
    fn an_output_that_no_page_shows_is_a_problem() {
        let folder = tempfile::tempdir().expect("a folder");
        ["grade", "grade-help"].iter().for_each(|name| std::fs::write(folder.path().join(format!("{name}.txt")), "").expect("written"));
        let mut book = Book::new();
        book.push_item(Chapter::new("A", "{{#output grade-help: Usage}}".to_owned(), "a.md", Vec::new()));
        let said: Vec<_> = check(&book, folder.path()).iter().map(ToString::to_string).collect();
        assert_eq!(said, ["book/outputs/grade.txt: no page shows it; write {{#output grade}}"]);
    }

    #[test]
    fn what_was_not_recorded_is_named() {
        for (text, reason) in [
            ("{{#output other}}", "book/outputs/other.txt cannot be read; `cargo xtask book --record`"),
            ("{{#output grade: check to U2-09}}", "no line after line 3 begins with 'U2-09'"),
        ] {
            let error = format!("{:#}", page(text).unwrap_err());
            assert!(error.contains(reason) && error.starts_with(text), "{error}");
        }
    }
}
