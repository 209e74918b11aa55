//! What was found beside what was expected, value by value, with a mark at what differs.

use std::fmt::Write;

use serde::Serialize;

/// Longer values are cut in a message.
const LONGEST_VALUE: usize = 160;
/// With fewer letters in common, a pointer to the first other letter says nothing.
const FEWEST_IN_COMMON: usize = 4;

/// One value of a message, a token or a registration, as it was found and as it should have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// `redirect_uri`
    pub name: String,
    /// The value found; empty when there was none.
    pub found: String,
    /// The value expected, or a description of what would have been right.
    pub expected: String,
    /// Whether this is what the check objects to.
    pub offends: bool,
}

impl Compared {
    /// A value for which only one text is right.
    pub fn equal(name: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) -> Self {
        let (found, expected) = (found.into(), expected.into());
        Self { name: name.into(), offends: found != expected, found, expected }
    }

    /// A value of which the caller knows whether it is right; `expected` describes what is.
    pub fn judged(name: impl Into<String>, found: impl Into<String>, expected: impl Into<String>, is_right: bool) -> Self {
        Self { name: name.into(), found: found.into(), expected: expected.into(), offends: !is_right }
    }
}

/// The values in plain text: as a table where it fits into `width` columns, else one under the other. A `!` stands before each one that
/// offends, and a `^` under the first letter that differs.
pub fn table(values: &[Compared], width: usize) -> String {
    let rows: Vec<Row<'_>> = std::iter::once(Row { mark: ' ', name: "", found: "found".to_owned(), expected: "expected".to_owned() })
        .chain(values.iter().map(Row::new))
        .collect();
    let widest = |cell: &dyn Fn(&Row<'_>) -> usize| rows.iter().map(cell).max().unwrap_or_default();
    let name = widest(&|row| row.name.chars().count());
    let found = widest(&|row| row.found.chars().count());
    let expected = widest(&|row| row.expected.chars().count());
    let mut text = String::new();
    if 6 + name + found + expected > width {
        for row in &rows[1..] {
            let _ = writeln!(text, "{} {}\n      found:    {}\n      expected: {}", row.mark, row.name, row.found, row.expected);
            if let Some(position) = row.first_difference() {
                let _ = writeln!(text, "                {:position$}^", "");
            }
        }
        return text;
    }
    for row in &rows {
        let line = format!("{} {:name$}  {:found$}  {}", row.mark, row.name, row.found, row.expected);
        let _ = writeln!(text, "{}", line.trim_end());
        if let Some(position) = row.first_difference() {
            let (left, right) = (name + 4 + position, found + 1);
            let _ = writeln!(text, "{:left$}^{:right$}^", "", "");
        }
    }
    text
}

struct Row<'a> {
    mark: char,
    name: &'a str,
    found: String,
    expected: String,
}

impl<'a> Row<'a> {
    fn new(value: &'a Compared) -> Self {
        let found = if value.found.is_empty() { "(missing)".to_owned() } else { one_line(&value.found) };
        Self { mark: if value.offends { '!' } else { ' ' }, name: &value.name, found, expected: one_line(&value.expected) }
    }

    /// Where two texts that begin alike part.
    fn first_difference(&self) -> Option<usize> {
        if self.mark != '!' || self.found == self.expected {
            return None;
        }
        let common = self.found.chars().zip(self.expected.chars()).take_while(|(left, right)| left == right).count();
        (common >= FEWEST_IN_COMMON).then_some(common)
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> [Compared; 3] {
        [
            Compared::equal("client_id", "7c5d", "7c5d"),
            Compared::equal("redirect_uri", "http://localhost:5000/getatoken", "http://localhost:5000/getAToken"),
            Compared::equal("response_type", "", "code"),
        ]
    }

    #[test]
    fn values_stand_side_by_side_and_what_offends_is_marked() {
        insta::assert_snapshot!(table(&request(), 96), @"
                         found                            expected
          client_id      7c5d                             7c5d
        ! redirect_uri   http://localhost:5000/getatoken  http://localhost:5000/getAToken
                                                  ^                                ^
        ! response_type  (missing)                        code
        ");
    }

    #[test]
    fn what_is_too_wide_for_a_line_stands_one_under_the_other() {
        insta::assert_snapshot!(table(&request(), 60), @"
          client_id
              found:    7c5d
              expected: 7c5d
        ! redirect_uri
              found:    http://localhost:5000/getatoken
              expected: http://localhost:5000/getAToken
                                                 ^
        ! response_type
              found:    (missing)
              expected: code
        ");
    }

    #[test]
    fn a_description_of_what_is_right_is_no_text_to_compare_with() {
        let exp = Compared::judged("exp", "1764000000", "after 1764003600", false);
        assert!(exp.offends && !table(&[exp], 96).contains('^'));
        assert!(!Compared::judged("alg", "RS256", "RS256 or PS256", true).offends);
    }

    #[test]
    fn a_long_value_of_many_lines_stays_one_line() {
        let long = Compared::equal("roles", "Client\n".repeat(200), "Client");
        assert!(table(&[long], 96).lines().all(|line| line.chars().count() < 200));
    }
}
