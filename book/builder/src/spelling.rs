//! Words that are known to be misspelled, by the list of the project `typos`. A word that it does not know is taken for right.

use std::path::Path;

use crate::check::{Problem, line_of};
use crate::prose::{paragraphs, words};
use crate::site::Site;

/// Misspelled words of all pages.
pub fn check(site: &Site, src: &Path) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, page) in site.pages().filter(|(path, _)| !matches!(*path, "print.html" | "404.html" | "toc.html" | "index.html")) {
        for paragraph in paragraphs(page) {
            for word in words(&paragraph) {
                if let Some(better) = correction(word) {
                    let markdown = path.replace(".html", ".md");
                    let source = std::fs::read_to_string(src.join(&markdown)).unwrap_or_default();
                    let line = line_of(&source, &[word]);
                    problems.push(Problem::in_page(&markdown, line, format!("'{word}' is spelled {better}")));
                }
            }
        }
    }
    problems
}

/// How a word is spelled; `None` if nothing is known against it.
fn correction(word: &str) -> Option<String> {
    // Names have their own spelling.
    let is_name = word.chars().skip(1).any(char::is_uppercase) || word.chars().any(|letter| letter.is_ascii_digit());
    if is_name {
        return None;
    }
    let lower = word.to_lowercase();
    let corrections = typos_dict::WORD.find(&lower.as_str().into())?;
    match corrections {
        [] => Some("in no way that the list knows".to_owned()),
        corrections => Some(corrections.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::correction;

    #[test]
    fn a_misspelled_word_is_corrected_and_a_name_is_not() {
        assert_eq!(correction("recieve").as_deref(), Some("receive"));
        assert_eq!(correction("Recieve").as_deref(), Some("receive"));
        for right in ["receive", "OAuth", "tokio", "nonce", "axum"] {
            assert_eq!(correction(right), None, "{right}");
        }
    }
}
