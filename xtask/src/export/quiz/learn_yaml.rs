//! The part `quiz` of a unit of a Microsoft Learn module. Texts are Markdown. A document for each unit.

use anyhow::Result;
use knowledge_checks::{Item, KnowledgeCheck, Piece};
use serde::Serialize;

use super::feedback;

#[derive(Serialize)]
struct Unit {
    quiz: Quiz,
}

#[derive(Serialize)]
struct Quiz {
    title: &'static str,
    questions: Vec<Question>,
}

#[derive(Serialize)]
struct Question {
    content: String,
    choices: Vec<Choice>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Choice {
    content: String,
    is_correct: bool,
    explanation: String,
}

/// A document for each unit.
pub fn exported(checks: &[KnowledgeCheck]) -> Result<String> {
    let mut text = String::new();
    for check in checks {
        let quiz = Quiz { title: "Check your knowledge", questions: check.items.iter().map(question).collect() };
        text += &format!("---\n# Unit {}\n{}", check.unit, serde_saphyr::to_string(&Unit { quiz })?);
    }
    Ok(text)
}

fn question(item: &Item) -> Question {
    let mut paragraphs: Vec<String> = item.pieces().iter().map(paragraph).collect();
    if item.takes_several() {
        paragraphs.push("Several answers are right.".to_owned());
    }
    let choice = |choice: &knowledge_checks::Choice| Choice {
        content: markdown(&choice.text),
        is_correct: choice.correct,
        explanation: markdown(&feedback(choice)),
    };
    Question { content: paragraphs.join("\n\n"), choices: item.printed().into_iter().map(choice).collect() }
}

fn paragraph(piece: &Piece) -> String {
    match piece {
        Piece::Prose(text) => markdown(text),
        Piece::Code(text) => format!("```\n{text}\n```"),
    }
}

/// Without a meaning of its own in Markdown.
fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for (index, character) in text.char_indices() {
        let is_mark = matches!(character, '\\' | '`' | '*' | '<' | '[') || (index == 0 && matches!(character, '-' | '+' | '#' | '>'));
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{super::tests::samples, *};

    #[test]
    fn each_choice_says_whether_it_is_correct_and_why() {
        insta::assert_snapshot!(exported(&samples()).unwrap());
    }
}
