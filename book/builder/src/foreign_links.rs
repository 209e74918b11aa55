//! Addresses of other sites. Nothing here asks for them: the book is checked without a network. A list says when a person last looked at each.

use std::collections::{BTreeMap, BTreeSet};

use crate::book_folder::BookFolder;
use crate::check::Problem;

/// The list, in the folder of the book: `2026-11-26 https://openid.net/`.
pub const LIST: &str = "foreign-links.txt";

/// Addresses that are in the book and not in the list, or the other way round.
pub fn check(folder: &BookFolder, foreign: &BTreeSet<String>) -> Vec<Problem> {
    let text = std::fs::read_to_string(folder.root().join(LIST)).unwrap_or_default();
    let problem = |line, message: String| Problem::at("book/foreign-links.txt", line, message);
    let (listed, wrong) = read(&text);
    let mut problems: Vec<_> =
        wrong.into_iter().map(|line| problem(Some(line), "is not of the form `2026-11-26 https://…`".to_owned())).collect();
    let unlisted = foreign.iter().filter(|address| !listed.contains_key(address.as_str()));
    problems.extend(unlisted.map(|address| problem(None, format!("does not list {address}; open it, and add it with the date"))));
    let unused = listed.iter().filter(|(address, _)| !foreign.contains(**address));
    problems.extend(unused.map(|(address, line)| problem(Some(*line), format!("lists {address}, to which no page links any more"))));
    problems
}

/// Addresses with their lines, and the lines that are wrong.
fn read(text: &str) -> (BTreeMap<&str, usize>, Vec<usize>) {
    let (mut listed, mut wrong) = (BTreeMap::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        match line.split_once(' ') {
            Some((date, address)) if is_date(date) && address.starts_with("http") => _ = listed.insert(address, index + 1),
            _ => wrong.push(index + 1),
        }
    }
    (listed, wrong)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths = parts.iter().map(|part| part.len());
    lengths.eq([4, 2, 2]) && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_line_has_a_date_and_an_address() {
        let (listed, wrong) = read("# comment\n2026-11-26 https://openid.net/\nhttps://no.date/\n26-11-2026 https://x.example/\n");
        assert_eq!(listed.into_iter().collect::<Vec<_>>(), [("https://openid.net/", 2)]);
        assert_eq!(wrong, [3, 4]);
    }
}
