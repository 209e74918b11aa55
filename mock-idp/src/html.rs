//! What every HTML page of the mock has in common: the document around it, the stylesheet, and the rule for text that
//! comes from outside.
//!
//! Pages are plain HTML forms. They need no JavaScript and carry no inline style, so that a strict
//! `Content-Security-Policy` fits all of them.

pub mod layout;

use maud::{Markup, html};

/// The one stylesheet, served at [`STYLESHEET_PATH`].
pub const STYLESHEET: &str = include_str!("html/mock-idp.css");

/// Where the server must serve [`STYLESHEET`] (`text/css; charset=utf-8`).
pub const STYLESHEET_PATH: &str = "/assets/mock-idp.css";

/// The sign of the practice directory as SVG: in the strip of every page and, served at [`ICON_PATH`], in the browser's tab.
pub const ICON: &str = include_str!("html/mock-idp.svg");

/// Where the server must serve [`ICON`] (`image/svg+xml`).
pub const ICON_PATH: &str = "/assets/mock-idp.svg";

/// Where `cargo xtask start` serves the book unless told otherwise.
pub const BOOK: &str = "http://localhost:3000";

/// Text that somebody else chose: a name, an address, a message with a request parameter in it.
///
/// maud escapes it. The `<bdi>` keeps its writing direction to itself, so that a right-to-left mark in a name cannot turn
/// the words around it (Unicode Standard Annex 9, isolates).
pub fn outside_text(text: &str) -> Markup {
    html! { bdi { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_is_escaped_and_keeps_its_direction_to_itself() {
        assert_eq!(
            outside_text("<script>alert(\"1\")</script>\u{202e}").into_string(),
            "<bdi>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;\u{202e}</bdi>"
        );
    }

    #[test]
    fn the_stylesheet_stays_small_and_asks_for_nothing_else() {
        assert!(STYLESHEET.len() < 25_000, "the stylesheet has {} bytes", STYLESHEET.len());
        for request in ["url(", "@import", "http://", "https://"] {
            assert!(!STYLESHEET.contains(request), "the stylesheet contains {request}");
        }
    }
}
