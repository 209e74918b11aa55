//! GIFT, Moodle's text format: <https://docs.moodle.org/en/GIFT_format>. An empty line ends a question, so that none may stand inside.

use knowledge_checks::{Item, KnowledgeCheck};
use maud::{Render, html};

use super::{category, feedback, percent};

/// All questions, unit by unit.
pub fn exported(checks: &[KnowledgeCheck]) -> String {
    let unit = |check: &KnowledgeCheck| {
        let questions: String = check.items.iter().map(question).collect();
        format!("$CATEGORY: {}\n\n{questions}", category(check))
    };
    checks.iter().map(unit).collect()
}

fn question(item: &Item) -> String {
    let stem = escaped(&item.stem_html().into_string());
    let mut text = format!("// {}\n::{}::[html]{stem}{{\n", item.objective, item.id);
    for choice in item.printed() {
        let sign = match (item.takes_several(), choice.correct) {
            (true, _) => format!("~%{}%", percent(item, choice)),
            (false, true) => "=".to_owned(),
            (false, false) => "~".to_owned(),
        };
        text += &format!("\t{sign}{}#{}\n", as_html(&choice.text), as_html(&feedback(choice)));
    }
    text + "}\n\n"
}

/// The format of the stem is that of everything in the question.
fn as_html(text: &str) -> String {
    escaped(&html! { (text) }.render().into_string())
}

/// Without a meaning of its own in GIFT.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '\n' => escaped += "\\n",
            '\\' | '~' | '=' | '#' | '{' | '}' | ':' => escaped.extend(['\\', character]),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{super::tests::samples, *};

    #[test]
    fn a_right_answer_has_its_sign_and_signs_in_texts_are_escaped() {
        insta::assert_snapshot!(exported(&samples()));
    }
}
