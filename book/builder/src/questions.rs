//! The questions of a unit, in place of the line `{{#knowledge-check unit=2}}`. Complete without scripts: each answer is a line that opens and
//! says whether it is right, and why. `theme/knowledge-check.js` lets readers choose first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use knowledge_checks::{Choice, Item, KnowledgeCheck};
use maud::{Markup, html};
use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::{
    directives,
    translation::{Translation, translated},
};

const DIRECTIVE: &str = "{{#knowledge-check";

const QUESTION: &str = "Question {number}";
const SEVERAL: &str = "Several answers are right.";
const RIGHT: &str = "Right.";
const WRONG: &str = "Wrong.";
const READ: &str = "Read: {title}";

/// What this preprocessor says, for translators.
pub const PHRASES: [&str; 5] = [QUESTION, SEVERAL, RIGHT, WRONG, READ];

/// The preprocessor.
#[derive(Debug)]
pub struct Questions {
    /// Where the items are.
    pub folder: PathBuf,
    /// The language in which they are asked, if it is not that of the items.
    pub translation: Option<Arc<Translation>>,
}

impl Preprocessor for Questions {
    fn name(&self) -> &'static str {
        "questions"
    }

    fn run(&self, _context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let mut checks = asked(&book, &self.folder)?;
        if let Some(translation) = &self.translation {
            translation.translate_questions(&mut checks);
        }
        let titles = titles(&book);
        let words = |text: &str| translated(self.translation.as_deref(), text);
        let mut failure = None;
        book.for_each_chapter_mut(|chapter| match with_questions(chapter, &checks, &titles, &words) {
            Ok(content) => chapter.content = content,
            Err(error) => failure = Some(error.context(crate::pages::place(chapter))),
        });
        failure.map_or(Ok(book), Err)
    }
}

/// The items, if a page asks any.
///
/// # Errors
/// When a page asks some, and they cannot be read.
pub fn asked(book: &Book, folder: &Path) -> anyhow::Result<Vec<KnowledgeCheck>> {
    if book.chapters().any(|chapter| chapter.content.contains(DIRECTIVE)) { knowledge_checks::read_all(folder) } else { Ok(Vec::new()) }
}

/// The words of all questions, answers and explanations that a page shows. They are not in its own text.
pub fn words(page: &str, checks: &[KnowledgeCheck]) -> usize {
    let asked = page.lines().filter_map(|line| find(directive(line)?.ok()?, checks).ok());
    let words = |text: &str| text.split_whitespace().count();
    let choice = |choice: &Choice| words(&choice.text) + words(&choice.feedback);
    asked.flat_map(|check| &check.items).map(|item| words(&item.stem) + item.choices.iter().map(choice).sum::<usize>()).sum()
}

/// The unit that a line asks for, if it asks at all.
fn directive(line: &str) -> Option<anyhow::Result<u8>> {
    let rest = line.trim().strip_prefix(DIRECTIVE)?;
    let unit = rest.strip_suffix("}}").and_then(|inside| inside.trim().strip_prefix("unit=")?.parse().ok());
    Some(unit.ok_or_else(|| anyhow!("`{}` is not of the form {DIRECTIVE} unit=2}}}}", line.trim())))
}

fn find(unit: u8, checks: &[KnowledgeCheck]) -> anyhow::Result<&KnowledgeCheck> {
    checks.iter().find(|check| check.unit == unit).with_context(|| format!("unit {unit} has no questions"))
}

/// The title of each page, by its path in the built book.
fn titles(book: &Book) -> BTreeMap<String, String> {
    let title = |chapter: &Chapter| Some((crate::pages::html_path(chapter)?, chapter.name.clone()));
    book.chapters().filter_map(title).collect()
}

fn with_questions(
    chapter: &Chapter,
    checks: &[KnowledgeCheck],
    titles: &BTreeMap<String, String>,
    words: &dyn Fn(&str) -> String,
) -> anyhow::Result<String> {
    if !chapter.content.contains(DIRECTIVE) {
        return Ok(chapter.content.clone());
    }
    let depth = chapter.path.as_deref().and_then(Path::parent).map_or(0, |folder| folder.components().count());
    let page = Page { root: "../".repeat(depth), titles, words };
    directives::replaced(&chapter.content, |line| directive(line).map(|unit| Ok(page.questions(find(unit?, checks)?).into_string())))
}

/// The page on which the questions stand.
struct Page<'a> {
    /// The way to the first page of the book: `../`.
    root: String,
    titles: &'a BTreeMap<String, String>,
    /// Puts the words of another language in the place of these.
    words: &'a dyn Fn(&str) -> String,
}

impl Page<'_> {
    /// One block of HTML for Markdown: it has no empty line.
    fn questions(&self, check: &KnowledgeCheck) -> Markup {
        html! {
            div.questions {
                @for (index, item) in check.items.iter().enumerate() { (self.question(index + 1, item)) }
            }
        }
    }

    fn question(&self, number: usize, item: &Item) -> Markup {
        let id = item.id.to_lowercase();
        html! {
            section.question data-several[item.takes_several()] {
                h3 id=(id) { a.header href={ "#" (id) } { ((self.words)(QUESTION).replace("{number}", &number.to_string())) } }
                div.stem { (item.stem_html()) }
                @if item.takes_several() { p.several { ((self.words)(SEVERAL)) } }
                ul.choices { @for choice in item.printed() { li { (self.choice(choice)) } } }
            }
        }
    }

    fn choice(&self, choice: &Choice) -> Markup {
        let page = choice.page.split('#').next().unwrap_or_default();
        let title = self.titles.get(page).map_or(page, String::as_str);
        html! {
            details data-right[choice.correct] {
                summary { (choice.text) }
                p {
                    strong { ((self.words)(if choice.correct { RIGHT } else { WRONG })) }
                    " " (choice.explanation()) " "
                    a href={ (self.root) (choice.page) } { ((self.words)(READ).replace("{title}", title)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use knowledge_checks::Kind;

    use super::*;

    fn checks() -> Vec<KnowledgeCheck> {
        let choice = |text: &str, correct, feedback: &str, page: &str| Choice {
            text: text.to_owned(),
            correct,
            feedback: feedback.to_owned(),
            misconception: None,
            page: page.to_owned(),
        };
        let item = |id: &str, kind, stem: &str| Item {
            id: id.to_owned(),
            objective: "LO2".to_owned(),
            kind,
            stem: stem.to_owned(),
            choices: vec![
                choice("It checks <state>", true, "Right. It is bound to the browser.", "unit-4/callback.html#state"),
                choice("It checks nonce", false, "That is in the token.", "unit-4/gone.html"),
            ],
        };
        let code = "What does this do?\n\n    GET /getAToken?state=a&code=b\n    Host: localhost";
        vec![KnowledgeCheck {
            unit: 4,
            diagnostic: false,
            items: vec![item("U4-Q1", Kind::CodeReading, code), item("U4-Q2", Kind::MultipleResponse, "What is compared?")],
        }]
    }

    fn page(content: &str) -> Chapter {
        Chapter::new("Exercise", content.to_owned(), "unit-4/exercise.md", Vec::new())
    }

    #[test]
    fn each_answer_opens_and_says_whether_it_is_right_and_where_to_read() {
        let titles = [("unit-4/callback.html".to_owned(), "The callback".to_owned())].into();
        let content = with_questions(&page("# A\n\n{{#knowledge-check unit=4}}\n\nB\n"), &checks(), &titles, &str::to_owned).unwrap();
        assert!(!content.contains("unit=4") && content.ends_with("</div>\n\nB\n"), "{content}");
        let readable = content.replace("><", ">\n<");
        insta::assert_snapshot!(readable);
    }

    #[test]
    fn a_line_that_asks_for_what_is_not_there_is_explained() {
        for (line, expected) in
            [("{{#knowledge-check unit=5}}", "unit 5 has no questions"), ("{{#knowledge-check 4}}", "is not of the form")]
        {
            let said = format!("{:#}", with_questions(&page(line), &checks(), &BTreeMap::new(), &str::to_owned).unwrap_err());
            assert!(said.contains(expected), "{line}: {said}");
        }
    }

    #[test]
    fn the_words_of_the_questions_are_counted_with_their_page() {
        assert_eq!(words("{{#knowledge-check unit=4}}\n", &checks()), (8 + 3) + 2 * (10 + 8));
        assert_eq!(words("No question.", &checks()), 0);
    }
}
