//! Links: each leads to a page that exists, and to a heading that exists in it. Nothing is loaded from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use mdbook_driver::book::Book;

use crate::check::Problem;
use crate::html::{self, Tag};
use crate::pages::{html_path, place};
use crate::site::Site;

/// What is wrong with the links and the ids that the authors wrote.
pub fn check(book: &Book, site: &Site) -> Vec<Problem> {
    let ids = Ids::of(site);
    let mut problems = Vec::new();
    for (place, path, page) in pages(book, site) {
        let main = html::tags(html::main_part(page));
        for tag in &main {
            if let Some(message) = link(tag).and_then(|target| wrong(&target, &path, site, &ids)) {
                problems.push(Problem::new(&place, message));
            }
        }
        problems.extend(repeated_ids(&main).into_iter().map(|id| Problem::new(&place, format!("has the id `{id}` twice"))));
        for tag in html::tags(page) {
            if let Some(address) = loaded_from_elsewhere(&tag) {
                problems.push(Problem::new(&place, format!("loads {address}; the book must work without a network")));
            }
        }
    }
    problems
}

/// The number of links that [`check`] looks at.
pub fn count(book: &Book, site: &Site) -> usize {
    pages(book, site).map(|(_, _, page)| html::tags(html::main_part(page)).iter().filter_map(link).count()).sum()
}

/// Places that others link to, written like `unit-4/callback.html#state`.
pub fn check_targets(site: &Site, targets: &[String]) -> Vec<Problem> {
    let ids = Ids::of(site);
    let message = |target: &String| Some(Problem::new("a place outside the book", wrong(target, "index.html", site, &ids)?));
    targets.iter().filter_map(message).collect()
}

/// Of each chapter: where it is written, where it is built, and what was built.
fn pages<'a>(book: &'a Book, site: &'a Site) -> impl Iterator<Item = (String, String, &'a str)> {
    book.chapters().filter_map(|chapter| {
        let path = html_path(chapter)?;
        let page = std::str::from_utf8(site.file(&path)?).ok()?;
        Some((place(chapter), path, page))
    })
}

fn link(tag: &Tag<'_>) -> Option<String> {
    match tag.name {
        "a" => tag.attribute("href"),
        "img" | "iframe" | "source" => tag.attribute("src"),
        _ => None,
    }
}

/// Everything that a browser fetches by itself, as opposed to a link that a person follows.
fn loaded_from_elsewhere(tag: &Tag<'_>) -> Option<String> {
    let address = match tag.name {
        "script" | "img" | "iframe" | "source" | "video" | "audio" => tag.attribute("src"),
        "link" => tag.attribute("href"),
        _ => None,
    };
    address.filter(|address| address.contains("//"))
}

/// Why this link on this page leads nowhere.
fn wrong(target: &str, page: &str, site: &Site, ids: &Ids<'_>) -> Option<String> {
    if target.starts_with("https://") || target.starts_with("http://localhost") {
        return None;
    }
    if target.contains(':') || target.starts_with('/') {
        return Some(format!("links to {target}; write https:// for other sites and a relative path for a page of the book"));
    }
    let (path, id) = target.split_once('#').map_or((target, None), |(path, id)| (path, Some(id)));
    let path = if path.is_empty() { page.to_owned() } else { join(page, path) };
    match id {
        _ if site.file(&path).is_none() => Some(format!("links to {target}, but there is no page {path}")),
        Some(id) if !ids.has(&path, id) => Some(format!("links to {target}, but {path} has no heading with the id `{id}`")),
        _ => None,
    }
}

/// The path of a link, seen from a page.
fn join(page: &str, link: &str) -> String {
    let mut path: Vec<_> = page.split('/').collect();
    path.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    if path.last() == Some(&"") {
        path.pop();
        path.push("index.html");
    }
    path.join("/")
}

fn repeated_ids(tags: &[Tag<'_>]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    tags.iter().filter_map(|tag| tag.attribute("id")).filter(|id| !seen.insert(id.clone())).collect()
}

/// The ids of every page.
struct Ids<'a>(BTreeMap<&'a str, BTreeSet<String>>);

impl<'a> Ids<'a> {
    fn of(site: &'a Site) -> Self {
        let ids = |page| html::tags(page).iter().filter_map(|tag| tag.attribute("id")).collect();
        Self(site.pages().map(|(path, page)| (path, ids(page))).collect())
    }

    fn has(&self, path: &str, id: &str) -> bool {
        self.0.get(path).is_some_and(|ids| ids.contains(id))
    }
}

#[cfg(test)]
mod tests {
    use mdbook_driver::book::{Book, Chapter};

    use super::{check, check_targets, count, join};
    use crate::site::Site;

    fn problems_of(page: &str) -> Vec<String> {
        let mut book = Book::new();
        book.push_item(Chapter::new("A page", String::new(), "unit-4/a.md", Vec::new()));
        let page = format!("<main>{page}</main>");
        let other = "<main><h2 id=\"other\"></h2></main>";
        let site = Site::from([("unit-4/a.html", page.as_str()), ("unit-4/b.html", other), ("index.html", "")]);
        check(&book, &site).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let page = r##"<h2 id="here"></h2><a href="#here"></a><a href="b.html#other"></a><a href="../index.html"></a>
                       <a href="https://learn.microsoft.com/"></a><a href="http://localhost:5000"></a>"##;
        assert_eq!(problems_of(page), [""; 0]);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named_with_its_page() {
        for (link, expected) in [
            ("c.html", "unit-4/a.md: links to c.html, but there is no page unit-4/c.html"),
            ("b.html#gone", "unit-4/a.md: links to b.html#gone, but unit-4/b.html has no heading with the id `gone`"),
            ("#gone", "unit-4/a.md: links to #gone, but unit-4/a.html has no heading with the id `gone`"),
            ("../../solutions/README.md", "unit-4/a.md: links to ../../solutions/README.md, but there is no page solutions/README.md"),
        ] {
            assert_eq!(problems_of(&format!("<a href=\"{link}\"></a>")), [expected]);
        }
    }

    #[test]
    fn an_address_without_https_is_refused() {
        for link in ["http://example.com/", "/unit-4/b.html", "javascript:alert(1)"] {
            assert!(problems_of(&format!("<a href=\"{link}\"></a>"))[0].contains("write https://"), "{link}");
        }
    }

    #[test]
    fn what_a_page_loads_must_be_part_of_the_book() {
        let said = problems_of(r#"<script src="https://cdn.example/x.js"></script>"#);
        assert_eq!(said, ["unit-4/a.md: loads https://cdn.example/x.js; the book must work without a network"]);
    }

    #[test]
    fn an_id_that_is_there_twice_is_reported() {
        assert_eq!(problems_of("<h2 id=\"x\"></h2><h2 id=\"x\"></h2>"), ["unit-4/a.md: has the id `x` twice"]);
    }

    #[test]
    fn a_place_that_others_link_to_must_exist() {
        let site = Site::from([("unit-4/b.html", "<h2 id=\"other\"></h2>")]);
        let targets = ["unit-4/b.html#other", "unit-4/b.html", "unit-4/b.html#gone", "unit-9/b.html"].map(str::to_owned);
        let said: Vec<_> = check_targets(&site, &targets).iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "a place outside the book: links to unit-4/b.html#gone, but unit-4/b.html has no heading with the id `gone`",
                "a place outside the book: links to unit-9/b.html, but there is no page unit-9/b.html"
            ]
        );
    }

    #[test]
    fn links_are_counted() {
        let mut book = Book::new();
        book.push_item(Chapter::new("A page", String::new(), "a.md", Vec::new()));
        let site = Site::from([("a.html", "<a href=\"outside.html\"></a><main><a href=\"a.html\"></a><a id=\"x\"></a></main>")]);
        assert_eq!(count(&book, &site), 1);
    }

    #[test]
    fn a_link_is_read_from_the_folder_of_its_page() {
        assert_eq!(join("unit-4/a.html", "../unit-5/index.html"), "unit-5/index.html");
        assert_eq!(join("index.html", "unit-4/"), "unit-4/index.html");
        assert_eq!(join("unit-4/a.html", "./b.html"), "unit-4/b.html");
    }
}
