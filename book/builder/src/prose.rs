//! The prose of a built page: its paragraphs and list items, without code, tables and headings.

use scraper::{ElementRef, Html, Node, Selector};

/// A piece of code in a sentence. It is read as one short word.
const CODE: &str = "code";

/// The paragraphs of a page.
pub fn paragraphs(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let wanted = Selector::parse("main p, main li, main dd").expect("a selector");
    let texts = page.select(&wanted).map(|element| text(element).split_whitespace().collect::<Vec<_>>().join(" "));
    texts.filter(|text| !text.is_empty()).collect()
}

/// The text of an element. What is a paragraph of its own inside it is left to its own turn.
fn text(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for child in element.children() {
        match child.value() {
            Node::Text(piece) => text += piece,
            Node::Element(inner) => match inner.name() {
                "code" => text += CODE,
                "pre" | "table" | "ul" | "ol" | "p" | "svg" | "section" | "details" | "figure" => text += " ",
                _ => text += &ElementRef::wrap(child).map(self::text).unwrap_or_default(),
            },
            _ => {}
        }
    }
    text
}

/// The words of a text, without the marks around them.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let marks = |letter: char| !letter.is_alphanumeric();
    text.split(|letter: char| letter.is_whitespace() || "/—–()".contains(letter))
        .map(move |word| word.trim_matches(marks))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{paragraphs, words};

    #[test]
    fn code_is_one_word_and_tables_are_left_out() {
        let page = "<main><h1>No</h1><p>Set <code>CLIENT_ID</code> <em>first</em>.</p><table><tr><td>No</td></tr></table>\
                    <ul><li>One<ul><li>Two</li></ul></li><li><p>Three</p></li></ul><pre><code>no</code></pre></main><p>No</p>";
        assert_eq!(paragraphs(page), ["Set code first.", "One", "Two", "Three"]);
    }

    #[test]
    fn marks_are_no_part_of_a_word() {
        assert_eq!(words("“Yes”, she said: (don't) sign-in.").collect::<Vec<_>>(), ["Yes", "she", "said", "don't", "sign-in"]);
    }
}
