//! Links: each leads to a page that exists, and to a heading that exists in it. Nothing is loaded from elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use mdbook_driver::book::Book;

use crate::check::{Problem, line_of};
use crate::html::{self, Tag};
use crate::pages::built_pages as pages;
use crate::site::Site;

/// What is wrong with the links and the ids that the authors wrote.
pub fn check(book: &Book, site: &Site) -> Vec<Problem> {
    let ids = Ids::of(site);
    let mut problems = Vec::new();
    for built in pages(book, site) {
        let problem = |pieces: &[&str], message| Problem::in_page(&built.place, line_of(built.source, pieces), message);
        let main = html::tags(html::main_part(built.html));
        for target in main.iter().filter_map(link) {
            if let Some(message) = wrong(&target, &built.path, site, &ids) {
                let written = target.replace(".html", ".md");
                problems.push(problem(&[&format!("]({written}"), &written, &target], message));
            }
        }
        problems.extend(
            repeated_ids(&main)
                .into_iter()
                .map(|id| problem(&[&format!("{{#{id}}}"), &format!("id=\"{id}\"")], format!("has the id `{id}` twice"))),
        );
        for address in html::tags(built.html).iter().filter_map(loaded_from_elsewhere) {
            problems.push(problem(&[&address], format!("loads {address}; the book must work without a network")));
        }
    }
    problems
}

/// The number of links that [`check`] looks at.
pub fn count(book: &Book, site: &Site) -> usize {
    links(book, site).count()
}

/// The addresses of other sites that a reader is sent to.
pub fn foreign(book: &Book, site: &Site) -> BTreeSet<String> {
    links(book, site).filter(|target| target.starts_with("https://")).collect()
}

fn links<'a>(book: &'a Book, site: &'a Site) -> impl Iterator<Item = String> + 'a {
    pages(book, site).flat_map(|built| html::tags(html::main_part(built.html)).iter().filter_map(link).collect::<Vec<_>>())
}

/// Places that others link to, written like `unit-4/callback.html#state`.
pub fn check_targets(site: &Site, targets: &[String]) -> Vec<Problem> {
    let ids = Ids::of(site);
    let message = |target: &String| Some(Problem::new("a place outside the book", wrong(target, "index.html", site, &ids)?));
    targets.iter().filter_map(message).collect()
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
    if target.starts_with("https://") || is_on_this_machine(target) {
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

/// The programs of the course answer there.
fn is_on_this_machine(target: &str) -> bool {
    target.strip_prefix("http://localhost").is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
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

    use super::{check, check_targets, count, foreign, join};
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
            ("c.html", "book/src/unit-4/a.md: links to c.html, but there is no page unit-4/c.html"),
            ("b.html#gone", "book/src/unit-4/a.md: links to b.html#gone, but unit-4/b.html has no heading with the id `gone`"),
            ("#gone", "book/src/unit-4/a.md: links to #gone, but unit-4/a.html has no heading with the id `gone`"),
            (
                "../../solutions/README.md",
                "book/src/unit-4/a.md: links to ../../solutions/README.md, but there is no page solutions/README.md",
            ),
        ] {
            assert_eq!(problems_of(&format!("<a href=\"{link}\"></a>")), [expected]);
        }
    }

    #[test]
    fn an_address_without_https_is_refused() {
        for link in ["http://example.com/", "http://localhost.example.com/", "/unit-4/b.html", "javascript:alert(1)"] {
            assert!(problems_of(&format!("<a href=\"{link}\"></a>"))[0].contains("write https://"), "{link}");
        }
    }

    #[test]
    fn what_a_page_loads_must_be_part_of_the_book() {
        let said = problems_of(r#"<script src="https://cdn.example/x.js"></script>"#);
        assert_eq!(said, ["book/src/unit-4/a.md: loads https://cdn.example/x.js; the book must work without a network"]);
    }

    #[test]
    fn an_id_that_is_there_twice_is_reported() {
        assert_eq!(problems_of("<h2 id=\"x\"></h2><h2 id=\"x\"></h2>"), ["book/src/unit-4/a.md: has the id `x` twice"]);
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
    fn a_wrong_link_has_the_line_on_which_it_is_written() {
        let mut book = Book::new();
        book.push_item(Chapter::new("A page", "# A\n\nSee [there](b.md#gone).\n".to_owned(), "a.md", Vec::new()));
        let site = Site::from([("a.html", "<main><a href=\"b.html#gone\"></a></main>"), ("b.html", "")]);
        assert!(check(&book, &site)[0].to_string().starts_with("book/src/a.md:3: links to b.html#gone"));
    }

    #[test]
    fn addresses_of_other_sites_are_listed_once() {
        let mut book = Book::new();
        book.push_item(Chapter::new("A page", String::new(), "a.md", Vec::new()));
        let main = "<main><a href=\"https://b.example\"></a><a href=\"https://b.example\"></a><a href=\"a.html\"></a></main>";
        assert_eq!(foreign(&book, &Site::from([("a.html", main)])), ["https://b.example".to_owned()].into());
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
