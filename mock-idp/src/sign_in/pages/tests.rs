//! What holds for every page, tried on friendly and on hostile data, and a snapshot of each.

mod samples;

use maud::Markup;
use scraper::{ElementRef, Html, Selector};

use samples::{Voice, every_page};

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("the test's selector is right")
}

fn all<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    page.select(&selector(css)).collect()
}

/// Each page in each voice, parsed.
fn parsed_pages() -> Vec<(String, Html)> {
    [Voice::Friendly, Voice::Hostile]
        .into_iter()
        .flat_map(|voice| every_page(voice).into_iter().map(move |(name, page)| (format!("{name} ({voice:?})"), page)))
        .map(|(name, page)| (name, Html::parse_document(&page.into_string())))
        .collect()
}

/// The page's own part, one tag a line, so that a changed snapshot shows what changed.
fn main_of(page: Markup) -> String {
    let page = page.into_string();
    let (_, main) = page.split_once("<main").expect("every page has a main part");
    format!("<main{main}").replace("><", ">\n<")
}

#[test]
fn every_page_looks_as_it_did() {
    for (name, page) in every_page(Voice::Friendly) {
        insta::assert_snapshot!(name, main_of(page));
    }
}

#[test]
fn a_page_with_hostile_text_looks_as_it_did() {
    for (name, page) in every_page(Voice::Hostile) {
        if ["account_picker", "error_several_expected"].contains(&name) {
            insta::assert_snapshot!(format!("hostile_{name}"), main_of(page));
        }
    }
}

#[test]
fn every_page_has_one_heading_a_title_and_a_language() {
    for (name, page) in parsed_pages() {
        assert_eq!(all(&page, "h1").len(), 1, "{name}");
        assert_eq!(all(&page, "main h1").len(), 1, "{name}");
        assert_eq!(all(&page, r#"html[lang="en"]"#).len(), 1, "{name}");
        let title: String = all(&page, "head > title").iter().flat_map(|title| title.text()).collect();
        assert!(title.len() > " - practice directory".len(), "{name}: title {title:?}");
    }
}

#[test]
fn every_page_carries_the_strip_and_the_skip_link() {
    for (name, page) in parsed_pages() {
        let strip: String = all(&page, "header.strip").iter().flat_map(|strip| strip.text()).collect();
        assert!(strip.contains("Practice directory"), "{name}");
        assert!(strip.contains("https://login.microsoftonline.com"), "{name}");
        assert_eq!(all(&page, r##"body > a[href="#main"]:first-child"##).len(), 1, "{name}");
        assert_eq!(all(&page, "main#main").len(), 1, "{name}");
    }
}

#[test]
fn no_page_has_an_inline_style_or_handler() {
    for (name, page) in parsed_pages() {
        assert!(all(&page, "style").is_empty(), "{name}");
        for element in all(&page, "*") {
            let bad = element.value().attrs().find(|(key, _)| *key == "style" || key.starts_with("on"));
            assert_eq!(bad, None, "{name}: {}", element.html());
        }
    }
}

#[test]
fn only_the_form_post_page_has_a_script() {
    for (name, page) in parsed_pages() {
        let expected = usize::from(name.starts_with("form_post "));
        assert_eq!(all(&page, "script").len(), expected, "{name}");
    }
}

#[test]
fn every_field_has_a_label_and_every_reference_leads_somewhere() {
    for (name, page) in parsed_pages() {
        for field in all(&page, "input:not([type=hidden]), select, textarea") {
            let id = field.value().id().unwrap_or_else(|| panic!("{name}: no id on {}", field.html()));
            assert_eq!(all(&page, &format!(r#"label[for="{id}"]"#)).len(), 1, "{name}: {}", field.html());
        }
        for element in all(&page, "[aria-describedby], [aria-labelledby]") {
            let ids = ["aria-describedby", "aria-labelledby"].into_iter().filter_map(|key| element.value().attr(key));
            for id in ids.flat_map(str::split_whitespace) {
                assert_eq!(all(&page, &format!(r#"[id="{id}"]"#)).len(), 1, "{name}: {}", element.html());
            }
        }
        for button in all(&page, "button") {
            assert!(button.text().any(|text| !text.trim().is_empty()), "{name}: {}", button.html());
        }
    }
}

#[test]
fn every_form_that_posts_to_us_carries_interaction_and_csrf() {
    let mut forms = 0;
    for (name, page) in parsed_pages().into_iter().filter(|(name, _)| !name.starts_with("form_post ")) {
        for form in all(&page, "form").into_iter().filter(|form| form.value().attr("method") != Some("get")) {
            forms += 1;
            assert_eq!(form.value().attr("method"), Some("post"), "{name}");
            for hidden in ["interaction", "csrf"] {
                let found = form.select(&selector(&format!("input[type=hidden][name={hidden}]"))).count();
                assert_eq!(found, 1, "{name}: {hidden}");
            }
        }
    }
    assert!(forms > 0, "the test looked at no form");
}

#[test]
fn text_from_outside_stays_text() {
    for (name, page) in parsed_pages() {
        for element in all(&page, "main *") {
            let text: String = element.children().filter_map(|child| child.value().as_text().map(|text| text.to_string())).collect();
            if text.contains('\u{202e}') {
                assert_eq!(element.value().name(), "bdi", "{name}: text that may turn its surroundings in {}", element.html());
            }
        }
        assert!(all(&page, "img, iframe, b").is_empty(), "{name}: an element that only the hostile text names");
    }
}

#[test]
fn a_page_stays_under_its_budget() {
    for voice in [Voice::Friendly, Voice::Hostile] {
        for (name, page) in every_page(voice) {
            let size = page.into_string().len();
            assert!(size < 60_000, "{name} has {size} bytes");
        }
    }
}

fn page(wanted: &str) -> Html {
    let (_, page) = every_page(Voice::Friendly).into_iter().find(|(name, _)| *name == wanted).expect("a sample of that name");
    Html::parse_document(&page.into_string())
}

fn values<'a>(page: &'a Html, css: &str) -> Vec<&'a str> {
    all(page, css).iter().filter_map(|element| element.value().attr("value")).collect()
}

#[test]
fn the_picker_follows_the_published_contract() {
    let page = page("account_picker");
    assert_eq!(
        values(&page, "form[method=post] button[name=username]"),
        ["ada.adjuster@abc-insurance.example", "dana.both@abc-insurance.example", "nils.norole@abc-insurance.example"]
    );
    assert_eq!(values(&page, "form[method=post] button[name=another_account]"), ["1"]);
    assert_eq!(all(&page, "form[method=get] input[name=search]").len(), 1);
    assert_eq!(values(&page, "form[method=get] input[name=interaction]"), ["interaction-1"]);
}

#[test]
fn the_other_pages_follow_the_published_contract() {
    assert_eq!(all(&page("username"), "input[name=username]").len(), 1);
    let password = page("password");
    assert_eq!(all(&password, "input[type=password][name=password][autocomplete=current-password]").len(), 1);
    assert_eq!(values(&password, "input[name=username]"), ["ada.adjuster@abc-insurance.example"]);
    assert_eq!(values(&page("consent_user"), "button[name=consent]"), ["cancel", "accept"]);
    assert_eq!(all(&page("consent_user"), "input[name=on_behalf]").len(), 0);
    assert_eq!(values(&page("consent_admin"), "input[type=checkbox][name=on_behalf]"), ["1"]);
    assert_eq!(values(&page("admin_required"), "button[name=consent]"), ["cancel"]);
    assert_eq!(all(&page("sign_out_picker"), "button[name=username]").len(), 2);
}

#[test]
fn the_form_post_page_sends_each_field_to_the_redirect_uri_and_nothing_else() {
    let page = page("form_post");
    let form = all(&page, "form");
    assert_eq!(form.len(), 1);
    assert_eq!(form[0].value().attr("action"), Some("http://localhost:5000/getAToken"));
    let named: Vec<_> = all(&page, "[name]:not(meta)").iter().filter_map(|field| field.value().attr("name")).collect();
    assert_eq!(named, ["code", "state", "session_state"]);
}

#[test]
fn the_error_page_marks_the_first_difference_on_both_sides() {
    let page = page("error");
    let marks: Vec<String> = all(&page, "mark").iter().map(|mark| mark.text().collect()).collect();
    assert_eq!(marks, ["A", "a"]);
    let text: String = all(&page, "p.code-line").iter().flat_map(|line| line.text()).collect();
    assert!(text.starts_with("AADSTS50011: The redirect URI"), "{text}");
}
