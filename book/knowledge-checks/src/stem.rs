//! The question of an item: prose, and code or a message in between.

use maud::{Markup, Render, html};

use crate::Item;

/// A piece of a stem.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Prose(String),
    /// Without the four spaces that mark it.
    Code(String),
}

impl Item {
    /// The stem in pieces. A piece ends at an empty line, or where code begins or ends.
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for line in self.stem.lines().chain([""]) {
            match (line.strip_prefix("    "), pieces.last_mut()) {
                (Some(code), Some(Piece::Code(text))) => *text += &format!("\n{code}"),
                (Some(code), _) => pieces.push(Piece::Code(code.to_owned())),
                (None, Some(Piece::Prose(text))) if !line.is_empty() && !text.is_empty() => *text += &format!(" {line}"),
                // An empty piece of prose ends what was before.
                (None, _) => pieces.push(Piece::Prose(line.to_owned())),
            }
        }
        pieces.retain(|piece| *piece != Piece::Prose(String::new()));
        pieces
    }

    /// The stem as HTML without empty lines, so that Markdown leaves it alone.
    pub fn stem_html(&self) -> Markup {
        html! { @for piece in self.pieces() { (piece) } }
    }
}

impl Render for Piece {
    fn render(&self) -> Markup {
        match self {
            Self::Prose(text) => html! { p { (text) } },
            Self::Code(text) => html! { pre { code { (text) } } },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn item(stem: &str) -> Item {
        Item { id: "U4-Q1".to_owned(), objective: "LO2".to_owned(), kind: Kind::CodeReading, stem: stem.to_owned(), choices: Vec::new() }
    }

    #[test]
    fn a_stem_is_prose_with_code_in_between() {
        let stem = "The portal\nanswers:\n\n    429 Too Many Requests\n    Retry-After: 7\n\nIt waits.\n\nHow long?";
        let prose = |text: &str| Piece::Prose(text.to_owned());
        let code = Piece::Code("429 Too Many Requests\nRetry-After: 7".to_owned());
        assert_eq!(item(stem).pieces(), [prose("The portal answers:"), code, prose("It waits."), prose("How long?")]);
    }

    #[test]
    fn signs_of_html_in_a_stem_are_text() {
        let html = item("Is <b> safe?\n\n    if a < b && c {}").stem_html().into_string();
        assert_eq!(html, "<p>Is &lt;b&gt; safe?</p><pre><code>if a &lt; b &amp;&amp; c {}</code></pre>");
    }
}
