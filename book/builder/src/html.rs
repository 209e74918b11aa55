//! Just enough HTML to find links, ids and titles in the pages that mdBook writes.
//!
//! Those pages are well formed: attribute values stand in double quotes, and `<` in text is escaped. Scripts and comments
//! are skipped.

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// For example `a`.
    pub name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute, with the five named entities decoded.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        loop {
            let (before, after) = rest.split_once("=\"")?;
            let (value, next) = after.split_once('"')?;
            if before.rsplit(char::is_whitespace).next() == Some(name) {
                return Some(decode(value));
            }
            rest = next;
        }
    }
}

/// All start tags of a page, in order.
pub fn tags(page: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if after.starts_with("!--") {
            rest = after.split_once("-->").map_or("", |(_, next)| next);
        } else if after.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let end = end_of_tag(after);
            let inside = &after[..end];
            let name_end = inside.find(|letter: char| letter.is_whitespace() || letter == '/').unwrap_or(inside.len());
            let tag = Tag { name: &inside[..name_end], attributes: &inside[name_end..] };
            rest = &after[end..];
            if matches!(tag.name, "script" | "style") {
                rest = rest.split_once(&format!("</{}", tag.name)).map_or("", |(_, next)| next);
            }
            tags.push(tag);
        }
    }
    tags
}

/// A `>` inside quotes does not end a tag.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = false;
    for (index, letter) in text.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '>' if !quoted => return index,
            _ => {}
        }
    }
    text.len()
}

fn decode(value: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(value.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// The text of each script that stands in the page itself. mdBook writes those without attributes.
pub fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script>").skip(1).filter_map(|after| Some(after.split_once("</script>")?.0))
}

/// The part of a page that its author wrote: everything inside `<main>`.
pub fn main_part(page: &str) -> &str {
    let after = page.split_once("<main>").map_or("", |(_, after)| after);
    after.rsplit_once("</main>").map_or(after, |(inside, _)| inside)
}

/// A text as HTML, which shows it and does nothing else.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{inline_scripts, main_part, tags};

    #[test]
    fn tags_are_found_with_their_attributes() {
        let page = r##"<h2 id="nonce"><a class="header" href="#nonce">The nonce</a></h2><br/><img alt="a > b" src="x.svg">"##;
        let names: Vec<_> = tags(page).iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["h2", "a", "br", "img"]);
        assert_eq!(tags(page)[0].attribute("id").as_deref(), Some("nonce"));
        assert_eq!(tags(page)[1].attribute("href").as_deref(), Some("#nonce"));
        assert_eq!(tags(page)[3].attribute("src").as_deref(), Some("x.svg"));
        assert_eq!(tags(page)[1].attribute("id"), None);
    }

    #[test]
    fn an_attribute_is_not_taken_for_one_whose_name_ends_alike() {
        assert_eq!(tags(r#"<a data-id="x" id="y">"#)[0].attribute("id").as_deref(), Some("y"));
    }

    #[test]
    fn scripts_comments_and_end_tags_are_skipped() {
        let page = r#"<!-- <a href="x"> --><script>if (a<b) "<a href='y'>"</script></p><p>"#;
        let names: Vec<_> = tags(page).iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["script", "p"]);
    }

    #[test]
    fn scripts_in_the_page_are_found_and_files_are_not() {
        let page = "<script>let a;</script><script src=\"b.js\"></script><code>&lt;script&gt;</code><script>\nlet c;\n</script>";
        assert_eq!(inline_scripts(page).collect::<Vec<_>>(), ["let a;", "\nlet c;\n"]);
    }

    #[test]
    fn entities_in_a_link_are_decoded() {
        assert_eq!(tags(r#"<a href="?a=1&amp;b=2">"#)[0].attribute("href").as_deref(), Some("?a=1&b=2"));
    }

    #[test]
    fn the_main_part_is_what_the_author_wrote() {
        assert_eq!(main_part("<h1>Book</h1><main><h1>Page</h1></main><nav>"), "<h1>Page</h1>");
    }
}
