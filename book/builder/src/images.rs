//! Images and drawings: each says in words what it shows (WCAG 2.2, success criterion 1.1.1).

use mdbook_driver::book::Book;

use crate::check::{Problem, line_of};
use crate::html::{self, Tag};
use crate::pages::built_pages;
use crate::site::Site;

/// Images and drawings without words.
pub fn check(book: &Book, site: &Site) -> Vec<Problem> {
    let mut problems = Vec::new();
    for built in built_pages(book, site) {
        for tag in html::tags(html::main_part(built.html)).iter().filter(|tag| !has_words(tag)) {
            let source = tag.attribute("src").unwrap_or_default();
            let pieces = [format!("]({source}"), format!("src=\"{source}\""), format!("<{}", tag.name)];
            let line = line_of(built.source, &pieces.each_ref().map(String::as_str));
            problems.push(Problem::in_page(
                &built.place,
                line,
                "has an image without a text for those who do not see it; write ![what it shows](file), or aria-label in an <svg>",
            ));
        }
    }
    problems
}

/// Whether this is no image, or one that is described or says that it only decorates.
fn has_words(tag: &Tag<'_>) -> bool {
    let says = |name| tag.attribute(name).is_some_and(|words| !words.trim().is_empty());
    match tag.name {
        "img" => says("alt"),
        "svg" => says("aria-label") || says("aria-labelledby") || tag.attribute("aria-hidden").as_deref() == Some("true"),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::has_words;
    use crate::html::tags;

    #[test]
    fn an_image_needs_words_and_a_drawing_a_name() {
        for (tag, expected) in [
            (r#"<img src="x.png" alt="The flow">"#, true),
            (r#"<img src="x.png" alt="">"#, false),
            (r#"<img src="x.png">"#, false),
            (r#"<svg aria-labelledby="title">"#, true),
            (r#"<svg aria-hidden="true">"#, true),
            ("<svg>", false),
            ("<p>", true),
        ] {
            assert_eq!(has_words(&tags(tag)[0]), expected, "{tag}");
        }
    }
}
