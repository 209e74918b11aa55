//! Where two values begin to differ. "Expected this, received that" helps nobody who has looked at both for an hour.

use maud::{Markup, html};

/// The point at which a received value leaves an expected one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FirstDifference {
    /// How many characters are the same in both.
    pub(super) shared: usize,
    /// The expected character there; `None` when the expected value has ended.
    pub(super) expected: Option<char>,
    /// The received character there; `None` when the received value has ended.
    pub(super) received: Option<char>,
}

impl FirstDifference {
    /// Compares character by character. `None` when both are the same.
    pub(super) fn between(expected: &str, received: &str) -> Option<Self> {
        let shared = expected.chars().zip(received.chars()).take_while(|(left, right)| left == right).count();
        let (expected, received) = (expected.chars().nth(shared), received.chars().nth(shared));
        (expected != received).then_some(Self { shared, expected, received })
    }

    /// The expected value that `received` follows longest, with the difference: most likely the one that was meant.
    /// `None` when one of them is equal, or when none of several has so much as the first character in common.
    pub(super) fn to_nearest<'a>(expected: &'a [String], received: &str) -> Option<(&'a str, Self)> {
        let differences = expected.iter().map(|value| Self::between(value, received).map(|found| (value.as_str(), found)));
        // An exact match among them means that the value was not the trouble.
        let nearest = differences.collect::<Option<Vec<_>>>()?.into_iter().rev().max_by_key(|(_, difference)| difference.shared)?;
        (nearest.1.shared > 0 || expected.len() == 1).then_some(nearest)
    }

    /// The difference as a sentence, for those who do not see the marks.
    pub(super) fn sentence(&self) -> Markup {
        html! {
            "The first difference is at character " (self.shared + 1) ": expected " (named(self.expected))
            ", received " (named(self.received)) "."
            @if self.is_only_letter_case() { " Capital and small letters count as different." }
        }
    }

    fn is_only_letter_case(&self) -> bool {
        match (self.expected, self.received) {
            (Some(expected), Some(received)) => expected.to_lowercase().eq(received.to_lowercase()),
            _ => false,
        }
    }
}

/// A value letter by letter, the character at `shared` marked, or the end when the value stops there.
pub(super) fn marked(value: &str, shared: usize) -> Markup {
    let position = value.char_indices().nth(shared).map_or(value.len(), |(position, _)| position);
    let (same, rest) = value.split_at(position);
    let mut rest = rest.chars();
    let differing = rest.next();
    html! {
        code class="exact" dir="ltr" {
            (seen(same))
            @match differing {
                Some(character) => mark { (seen(character.encode_utf8(&mut [0; 4]))) },
                None => mark class="end" { "end" },
            }
            (seen(rest.as_str()))
        }
    }
}

/// A value letter by letter, without a mark.
pub(super) fn exact(value: &str) -> Markup {
    html! { code class="exact" dir="ltr" { (seen(value)) } }
}

/// The text with a visible stand-in for each character that shows nothing or turns the text around.
fn seen(text: &str) -> Markup {
    html! {
        @for part in text.split_inclusive(is_unseen) {
            @match part.char_indices().next_back() {
                Some((position, unseen)) if is_unseen(unseen) => {
                    (part[..position]) span class="unseen" { (code_point(unseen)) }
                },
                _ => (part),
            }
        }
    }
}

/// Control characters, odd spaces, and the marks of zero width that set the writing direction or join letters.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn code_point(character: char) -> String {
    format!("U+{:04X}", u32::from(character))
}

/// A character as a reader can tell it apart, invisible ones by name.
fn named(character: Option<char>) -> Markup {
    html! {
        @match character {
            None => "the end of the value",
            Some(' ') => "a space",
            Some(ascii) if ascii.is_ascii_graphic() => code { (ascii) },
            Some(letter) if letter.is_alphanumeric() => {
                code { bdi { (letter) } } " (" (code_point(letter)) ")"
            },
            Some(other) => code { (code_point(other)) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTERED: &str = "http://localhost:5000/getAToken";

    #[test]
    fn equal_values_have_no_difference() {
        assert_eq!(FirstDifference::between(REGISTERED, REGISTERED), None);
    }

    #[test]
    fn a_trailing_slash_differs_from_the_end() {
        let difference = FirstDifference::between(REGISTERED, "http://localhost:5000/getAToken/").expect("they differ");
        assert_eq!(difference, FirstDifference { shared: 31, expected: None, received: Some('/') });
        assert_eq!(
            difference.sentence().into_string(),
            "The first difference is at character 32: expected the end of the value, received <code>/</code>."
        );
        assert_eq!(
            marked(REGISTERED, difference.shared).into_string(),
            r#"<code class="exact" dir="ltr">http://localhost:5000/getAToken<mark class="end">end</mark></code>"#
        );
    }

    #[test]
    fn a_capital_letter_is_named_as_the_reason() {
        let difference = FirstDifference::between(REGISTERED, "http://localhost:5000/getatoken").expect("they differ");
        assert_eq!(
            difference.sentence().into_string(),
            "The first difference is at character 26: expected <code>A</code>, received <code>a</code>. \
             Capital and small letters count as different."
        );
    }

    #[test]
    fn characters_count_not_bytes() {
        let difference = FirstDifference::between("äöü/a", "äöü/\u{202e}").expect("they differ");
        assert_eq!(difference.shared, 4);
        assert!(difference.sentence().into_string().ends_with("received <code>U+202E</code>."));
        assert_eq!(marked("äöü<b", 3).into_string(), r#"<code class="exact" dir="ltr">äöü<mark>&lt;</mark>b</code>"#);
    }

    #[test]
    fn an_unseen_character_is_shown_by_its_code_point() {
        assert_eq!(
            exact("a\u{202e}b\n c").into_string(),
            r#"<code class="exact" dir="ltr">a<span class="unseen">U+202E</span>b<span class="unseen">U+000A</span> c</code>"#
        );
        assert_eq!(
            marked("a\u{200b}", 1).into_string(),
            r#"<code class="exact" dir="ltr">a<mark><span class="unseen">U+200B</span></mark></code>"#
        );
    }

    #[test]
    fn the_nearest_expected_value_is_the_one_followed_longest() {
        let expected = ["https://claims.example/cb".to_owned(), REGISTERED.to_owned(), "http://localhost:5000/".to_owned()];
        let (nearest, difference) = FirstDifference::to_nearest(&expected, "http://localhost:5001/getAToken").expect("they differ");
        assert_eq!((nearest, difference.shared), (REGISTERED, 20));
    }

    #[test]
    fn values_with_nothing_in_common_have_no_nearest() {
        assert_eq!(FirstDifference::to_nearest(&["a".to_owned(), "b".to_owned()], "c"), None);
        assert!(FirstDifference::to_nearest(&["a".to_owned()], "c").is_some());
    }

    #[test]
    fn a_value_that_is_among_the_expected_has_no_nearest() {
        assert_eq!(FirstDifference::to_nearest(&["a".to_owned(), "b".to_owned()], "b"), None);
    }
}
