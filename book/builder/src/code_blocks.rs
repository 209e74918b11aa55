//! Rust code that is written in a page instead of being included from a solution. No compiler and no test sees it, so it
//! should be rare. It is no mistake: a wrong piece of code, shown to be discussed, has no other place.

use mdbook_driver::book::Book;

use crate::check::Problem;
use crate::pages::place;

const NOTE: &str = "note: nothing compiles this Rust code; include it from a solution if you can";

/// A note for each such piece.
pub fn notes(book: &Book) -> Vec<Problem> {
    let of_page =
        |page: &str, lines: Vec<usize>| lines.into_iter().map(|line| Problem::in_page(page, Some(line), NOTE)).collect::<Vec<_>>();
    book.chapters().flat_map(|chapter| of_page(&place(chapter), typed_lines(&chapter.content))).collect()
}

fn typed_lines(page: &str) -> Vec<usize> {
    let mut typed = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(language) = line.trim_start_matches(['>', ' ']).strip_prefix("```") else { continue };
        let block = lines.by_ref().map(|(_, line)| line.trim_start_matches(['>', ' '])).take_while(|line| !line.starts_with("```"));
        // To its end: what follows the block must not be read as part of it.
        let is_included = block.filter(|line| line.contains("{{#")).count() > 0;
        if language.split([',', ' ']).next() == Some("rust") && !is_included {
            typed.push(index + 1);
        }
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::typed_lines;

    #[test]
    fn rust_code_counts_as_typed_unless_it_is_included() {
        let page =
            "```rust\n{{#include a.rs:x}}\n```\n\n```text\nlet it be\n```\n\n> ```rust,ignore\n> let x;\n> ```\n\n```rust\nlet y;\n```\n";
        assert_eq!(typed_lines(page), [9, 13]);
    }
}
