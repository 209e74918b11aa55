use super::*;

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn entry(number: u32) -> Entry {
    let text = |text: &str| text.to_owned();
    Entry {
        number,
        title: text("The code has expired"),
        meaning: text("Your app redeemed it too late."),
        cause: vec![text("A debugger."), text("An old address.")],
        remedy: vec![text("Sign in again.")],
        page: None,
        fault: Some(Fault::CodeExpired),
    }
}

#[test]
fn the_book_explains_exactly_the_numbers_that_the_mock_answers() {
    let entries = entries(&read(&root(), SOURCE).expect("the source")).expect("each number once, and no other");
    assert!(entries.iter().all(|it| !it.cause.is_empty() && !it.remedy.is_empty() && !it.meaning.is_empty()));
}

#[test]
fn the_pages_say_what_the_mock_and_the_source_say() {
    assert_eq!(drift(&root()).expect("pages"), [""; 0]);
}

#[test]
fn a_source_that_leaves_a_number_out_is_refused_with_the_number() {
    let source = "[[error]]\nnumber = 1\ntitle = \"t\"\nmeaning = \"m\"\ncause = []\nremedy = []\n";
    let refusal = entries(source).expect_err("the mock answers other numbers").to_string();
    assert!(refusal.contains("50011") && refusal.ends_with("never answered: [1]"), "{refusal}");
    let twice = entries(&source.repeat(2)).expect_err("twice").to_string();
    assert_eq!(twice, "book/aadsts.toml explains 1 twice");
}

#[test]
fn the_contents_list_the_pages_in_the_place_of_those_before() {
    let contents = "- [Units](a.md)\n  - [A](b.md)\n- [Errors](aadsts/index.md)\n  - [Old](aadsts/1.md)\n\n[Glossary](g.md)\n";
    assert_eq!(
        with_pages(contents, &[entry(70_008)]).expect("a section"),
        "- [Units](a.md)\n  - [A](b.md)\n- [Errors](aadsts/index.md)\n  - [AADSTS70008: The code has expired](aadsts/70008.md)\n\n[Glossary](g.md)\n"
    );
    assert!(with_pages("- [Units](a.md)\n", &[]).is_err());
}

#[test]
fn a_page_has_the_message_the_facts_the_causes_and_the_remedies() {
    let course_page = CoursePage { link: "../unit-4/redeem-code.md".to_owned(), title: "Redeem the code".to_owned() };
    insta::assert_snapshot!(page::of_entry(&entry(70_008), Some(&course_page)));
}

#[test]
fn a_page_of_several_causes_has_each_message_and_each_answer_once() {
    let page = page::of_entry(&Entry { fault: None, ..entry(65_001) }, None);
    assert_eq!(page.matches("has not consented to use").count(), 1);
    assert_eq!(page.matches("<tr><th scope=\"row\">").count(), 3, "{page}");
    let page = page::of_entry(&Entry { fault: None, ..entry(70_000) }, None);
    assert_eq!((page.matches("AADSTS70000: The provided").count(), page.matches("<tr><th scope=\"row\">").count()), (2, 1));
}

#[test]
fn what_only_a_page_shows_has_no_error_for_the_app() {
    let index = page::index(&[entry(50_011), entry(65_004)]);
    assert!(
        index.contains("<a href=\"50011.html\">50011</a></th><td>The code has expired</td><td>none</td><td>the person, on a page</td>")
    );
    assert!(index.contains("<td><code>access_<wbr>denied</code></td><td>your app, in a redirect</td>"));
}
