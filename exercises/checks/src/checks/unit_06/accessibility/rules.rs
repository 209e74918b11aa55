//! What a page must have so that people can use it with a screen reader, with the keyboard alone, and without JavaScript: the part of WCAG
//! 2.2 that shows in the markup. Each rule is one that no right page breaks; colours and sizes need a browser and eyes.

use scraper::{ElementRef, Html, Node, Selector};

/// What is wrong on a page, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) found: String,
    pub(super) expected: &'static str,
}

/// Everything that this document lacks.
pub(super) fn findings(html: &str) -> Vec<Finding> {
    let page = Page { document: Html::parse_document(html) };
    let mut findings = Vec::new();
    for rule in [language_and_title, headings, fields, buttons_and_links, images, focus_order, without_script] {
        findings.extend(rule(&page).into_iter().map(|(found, expected)| Finding { found, expected }));
    }
    findings
}

type Found = Vec<(String, &'static str)>;

struct Page {
    document: Html,
}

impl Page {
    /// The elements that people meet: not those that are hidden from everybody.
    fn all(&self, css: &str) -> Vec<ElementRef<'_>> {
        let selector = Selector::parse(css).expect("a constant selector");
        self.document.select(&selector).filter(|element| !is_hidden(*element)).collect()
    }

    fn texts_of(&self, ids: &str) -> String {
        let all = self.all("[id]");
        let named = |id: &str| all.iter().find(|element| element.attr("id") == Some(id)).map(|element| text_of(*element));
        ids.split_whitespace().filter_map(named).collect::<Vec<_>>().join(" ")
    }

    /// The accessible name, in the order of Accessible Name and Description Computation 1.2 §4.3.2.
    fn name_of(&self, element: ElementRef<'_>) -> String {
        let attribute = |name: &str| element.attr(name).unwrap_or_default().trim().to_owned();
        let candidates =
            [self.texts_of(&attribute("aria-labelledby")), attribute("aria-label"), self.native_name(element), attribute("title")];
        candidates.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_default()
    }

    fn native_name(&self, element: ElementRef<'_>) -> String {
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        match (element.value().name(), kind.as_str()) {
            // Browsers write "Submit" and "Reset" on those without a value.
            ("input", "submit" | "reset") => element.attr("value").unwrap_or("Submit").to_owned(),
            ("input", "button") => element.attr("value").unwrap_or_default().to_owned(),
            ("input", "image") => element.attr("alt").unwrap_or_default().to_owned(),
            ("input" | "select" | "textarea", _) => self.label_of(element),
            ("img" | "area", _) => element.attr("alt").unwrap_or_default().to_owned(),
            _ => text_of(element),
        }
    }

    /// The label around a field, or the one that names its id.
    fn label_of(&self, field: ElementRef<'_>) -> String {
        let around = field.ancestors().filter_map(ElementRef::wrap).find(|ancestor| ancestor.value().name() == "label");
        let id = field.attr("id").filter(|id| !id.is_empty());
        let by_id = self.all("label[for]").into_iter().filter(|label| id.is_some() && label.attr("for") == id);
        around.into_iter().chain(by_id).map(text_of).collect::<Vec<_>>().join(" ")
    }
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let hides = |element: ElementRef<'_>| element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true");
    hides(element) || element.ancestors().filter_map(ElementRef::wrap).any(hides)
}

/// The words of an element as a screen reader speaks them: texts, and what images say instead.
fn text_of(element: ElementRef<'_>) -> String {
    let mut words = Vec::new();
    for node in element.descendants() {
        let spoken = match node.value() {
            Node::Text(text) => text.to_string(),
            Node::Element(inner) if inner.name() == "img" => inner.attr("alt").unwrap_or_default().to_owned(),
            Node::Element(inner) if node.id() != element.id() => inner.attr("aria-label").unwrap_or_default().to_owned(),
            _ => continue,
        };
        let hidden = node.ancestors().filter_map(ElementRef::wrap).any(|ancestor| ancestor.attr("aria-hidden") == Some("true"));
        if !hidden {
            words.extend(spoken.split_whitespace().map(str::to_owned));
        }
    }
    words.join(" ")
}

/// An element as a message may show it: its opening tag, with what tells it from others.
fn tag(element: ElementRef<'_>) -> String {
    let shown = ["type", "name", "id", "href", "src", "action", "class"].into_iter();
    let attributes = shown.filter_map(|name| Some(format!(" {name}=\"{}\"", element.attr(name)?)));
    format!("<{}{}>", element.value().name(), attributes.take(3).collect::<String>())
}

/// WCAG 3.1.1 and 2.4.2.
fn language_and_title(page: &Page) -> Found {
    let mut found = Found::new();
    let language = page.all("html").first().and_then(|html| html.attr("lang")).unwrap_or_default().to_owned();
    let mut parts = language.split('-');
    let is_language =
        parts.next().is_some_and(|first| matches!(first.len(), 2..=3) && first.chars().all(|letter| letter.is_ascii_alphabetic()));
    if !is_language || parts.any(|part| !matches!(part.len(), 1..=8) || !part.chars().all(|letter| letter.is_ascii_alphanumeric())) {
        found.push((
            format!("lang=\"{language}\" on <html>"),
            "<html lang=\"en\">, or another language: screen readers choose the voice by it",
        ));
    }
    if page.all("head > title").into_iter().all(|title| text_of(title).is_empty()) {
        found.push(("no <title>".to_owned(), "a title, which names the tab and is read first"));
    }
    found
}

/// WCAG 1.3.1 and 2.4.6: people jump from heading to heading.
fn headings(page: &Page) -> Found {
    let mut found = Found::new();
    let headings = page.all("h1, h2, h3, h4, h5, h6");
    let first = headings.iter().filter(|heading| heading.value().name() == "h1").count();
    if first != 1 {
        found.push((format!("{first} elements <h1>"), "one <h1>: where am I?"));
    }
    let mut above = 1;
    for heading in headings {
        let level = heading.value().name()[1..].parse::<u8>().unwrap_or(1);
        let words = text_of(heading);
        if words.is_empty() {
            found.push((format!("{} without words", tag(heading)), "a heading that says something"));
        }
        if level > above + 1 {
            found.push((
                format!("<h{level}> \"{words}\" after <h{above}>"),
                "no level left out: people take it for a part that they missed",
            ));
        }
        above = level;
    }
    found
}

/// WCAG 1.3.1, 3.3.2 and 4.1.2. A placeholder is no label: it is gone with the first letter.
fn fields(page: &Page) -> Found {
    let is_field = |element: &ElementRef<'_>| {
        let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
        element.value().name() != "input" || !matches!(kind.as_str(), "hidden" | "submit" | "reset" | "button" | "image")
    };
    let fields = page.all("input, select, textarea").into_iter().filter(is_field);
    let nameless = fields.filter(|field| page.name_of(*field).is_empty());
    nameless.map(|field| (format!("{} without a label", tag(field)), "<label for=\"its id\">, with words in it")).collect()
}

/// WCAG 2.4.4 and 4.1.2.
fn buttons_and_links(page: &Page) -> Found {
    let css = "button, input[type=submit], input[type=reset], input[type=button], input[type=image], a[href], area[href]";
    let nameless = page.all(css).into_iter().filter(|element| page.name_of(*element).is_empty());
    let frames = page.all("iframe").into_iter().filter(|frame| page.name_of(*frame).is_empty());
    nameless.chain(frames).map(|element| (format!("{} without a name", tag(element)), "words in it, or an aria-label")).collect()
}

/// WCAG 1.1.1. An empty `alt` is right for decoration.
fn images(page: &Page) -> Found {
    let is_silent = |image: &ElementRef<'_>| image.attr("alt").is_none() && page.name_of(*image).is_empty() && !is_decoration(*image);
    let silent = page.all("img").into_iter().filter(is_silent);
    silent.map(|image| (format!("{} without alt", tag(image)), "alt=\"what it shows\", or alt=\"\" for decoration")).collect()
}

fn is_decoration(image: ElementRef<'_>) -> bool {
    matches!(image.attr("role"), Some("presentation" | "none"))
}

/// WCAG 2.4.3 and 1.4.4.
fn focus_order(page: &Page) -> Found {
    let mut found = Found::new();
    for element in page.all("[tabindex]") {
        let index = element.attr("tabindex").unwrap_or_default();
        if index.trim().parse::<i32>().is_ok_and(|index| index > 0) {
            found.push((format!("tabindex=\"{index}\" on {}", tag(element)), "the order of the page: tabindex 0 or -1, or none"));
        }
    }
    for viewport in page.all("meta[name=viewport]") {
        let content = viewport.attr("content").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        if content.contains("user-scalable=no") || content.contains("user-scalable=0") || content.contains("maximum-scale=1") {
            found.push((format!("a viewport with {content}"), "a page that can be enlarged"));
        }
    }
    found
}

/// A page that works without a script works with every aid, and WCAG 2.1.1 (keyboard) comes with it.
fn without_script(page: &Page) -> Found {
    let mut found = Found::new();
    let is_script = |address: Option<&str>| address.is_some_and(|it| it.trim_start().to_ascii_lowercase().starts_with("javascript:"));
    for form in page.all("form") {
        if is_script(form.attr("action")) {
            found.push((format!("{} is sent by a script", tag(form)), "the address of the app as action"));
        }
        if !page.all("button, input").into_iter().any(|control| submits(control, form)) {
            found.push((format!("{} without a button that sends it", tag(form)), "<button type=\"submit\">"));
        }
    }
    for link in page.all("a[href]") {
        let does_nothing = link.attr("href") == Some("#") && link.attr("onclick").is_some();
        if does_nothing || is_script(link.attr("href")) {
            found.push((format!("{} does nothing without a script", tag(link)), "a link with an address, or a form with a button"));
        }
    }
    for element in page.all("[onclick]") {
        let can_be_reached =
            matches!(element.value().name(), "a" | "button" | "input" | "select" | "textarea" | "label" | "summary" | "body");
        if !can_be_reached || (element.value().name() == "a" && element.attr("href").is_none()) {
            found.push((format!("{} that is clicked", tag(element)), "a link or a button, which the keyboard reaches"));
        }
    }
    found
}

fn submits(control: ElementRef<'_>, form: ElementRef<'_>) -> bool {
    let belongs = match control.attr("form") {
        Some(id) => form.attr("id") == Some(id),
        None => control.ancestors().any(|ancestor| ancestor.id() == form.id()),
    };
    let kind = control.attr("type").unwrap_or_default().to_ascii_lowercase();
    let is_submit = match control.value().name() {
        "button" => !matches!(kind.as_str(), "button" | "reset"),
        _ => matches!(kind.as_str(), "submit" | "image"),
    };
    belongs && is_submit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!("<!doctype html><html lang=en><head><title>Me</title></head><body><h1>Me</h1>{body}</body></html>")
    }

    fn found(body: &str) -> Vec<String> {
        findings(&page(body)).into_iter().map(|finding| finding.found).collect()
    }

    #[test]
    fn right_pages_of_different_styles_pass() {
        for body in [
            "<p>text</p>",
            "<nav><h2>Menu</h2></nav><h2>One</h2><h3>Two</h3><h2>Three</h2>",
            "<label for=q>Search</label><input id=q><label>City <input name=c></label><input aria-label=Zip><select title=Year></select>",
            "<span id=n>Note</span><textarea aria-labelledby=n></textarea><input type=hidden name=csrf>",
            "<form method=post action=/logout><button>Sign out</button></form><form id=f></form><input type=submit form=f>",
            "<a href=/me><img src=me.png alt='My account'></a><img src=line.png alt=''><img src=x.png role=presentation>",
            "<a href=/x aria-label=Home><svg aria-hidden=true></svg></a><main tabindex=-1 id=content></main>",
            "<button hidden></button><div hidden><input></div>",
        ] {
            assert_eq!(found(body), [""; 0], "{body}");
        }
    }

    #[test]
    fn each_rule_finds_its_mistake() {
        for (body, expected) in [
            ("<h1>Again</h1>", "2 elements <h1>"),
            ("<h3>Deep</h3>", "<h3> \"Deep\" after <h1>"),
            ("<h2> </h2>", "<h2> without words"),
            ("<input name=q placeholder=Search>", "<input name=\"q\"> without a label"),
            ("<label for=other>City</label><select id=c></select>", "<select id=\"c\"> without a label"),
            ("<a href=/me><img src=me.png alt=''></a>", "<a href=\"/me\"> without a name"),
            ("<form action=/a><button> </button></form>", "<button> without a name"),
            ("<img src=me.png>", "<img src=\"me.png\"> without alt"),
            ("<a href=/me tabindex=3>Me</a>", "tabindex=\"3\" on <a href=\"/me\">"),
            ("<form action=/a><input aria-label=q></form>", "<form action=\"/a\"> without a button that sends it"),
            ("<a href='javascript:go()'>Go</a>", "<a href=\"javascript:go()\"> does nothing without a script"),
            ("<div onclick='go()'>Go</div>", "<div> that is clicked"),
            ("<iframe src=/x></iframe>", "<iframe src=\"/x\"> without a name"),
        ] {
            assert_eq!(found(body), [expected], "{body}");
        }
    }

    #[test]
    fn language_title_and_zoom_are_looked_at() {
        let bare =
            "<html lang=''><head><meta name=viewport content='width=device-width, user-scalable=no'></head><body><h1>Me</h1></body></html>";
        let found: Vec<String> = findings(bare).into_iter().map(|finding| finding.found).collect();
        assert_eq!(found, ["lang=\"\" on <html>", "no <title>", "a viewport with width=device-width,user-scalable=no"]);
        for (language, is_right) in [("de-CH", true), ("sr-Latn-RS", true), ("english", false), ("en_US", false)] {
            assert_eq!(findings(&page("").replace("lang=en", &format!("lang={language}"))).is_empty(), is_right, "{language}");
        }
    }
}
