//! `cargo xtask export quiz`: the knowledge checks in the formats of learning platforms. Nothing is lost: every choice, every explanation.

mod gift;
mod learn_yaml;
mod moodle_xml;
mod qti;

use std::{
    fs,
    io::{Write, stdout},
};

use anyhow::{Context, Result};
use knowledge_checks::{Choice, FOLDER, Item, KnowledgeCheck, read_all};

use crate::{
    flags::{self, QuizFormat},
    outcome::{Outcome, UsageError},
    quiz::of_unit,
    terminal::count,
    workspace::Workspace,
};

pub fn run(flags: &flags::ExportQuiz) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let checks = of_unit(read_all(&workspace.root.join(FOLDER))?, flags.unit)?;
    let content = exported(&checks, flags.format)?;
    match &flags.out {
        None if flags.format == QuizFormat::Qti => {
            return Err(UsageError("a QTI package is a zip file; name it with --out".to_owned()).into());
        }
        None => stdout().write_all(&content)?,
        Some(path) => {
            fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
            let items = checks.iter().map(|check| check.items.len()).sum();
            eprintln!("Wrote {} to {}.", count(items, "item"), path.display());
        }
    }
    Ok(Outcome::Done)
}

fn exported(checks: &[KnowledgeCheck], format: QuizFormat) -> Result<Vec<u8>> {
    match format {
        QuizFormat::Gift => Ok(gift::exported(checks).into_bytes()),
        QuizFormat::LearnYaml => Ok(learn_yaml::exported(checks)?.into_bytes()),
        QuizFormat::MoodleXml => Ok(moodle_xml::exported(checks)?.into_bytes()),
        QuizFormat::Qti => qti::exported(checks),
    }
}

/// Where a platform puts the items of a unit.
fn category(check: &KnowledgeCheck) -> String {
    format!("Unit {}", check.unit)
}

/// What a platform says after an answer.
fn feedback(choice: &Choice) -> String {
    format!("{} Read: {}", choice.feedback, choice.page)
}

/// What a choice adds to the grade, in percent as Moodle writes it. A wrong choice takes all: the answer is every right choice, and no other.
fn percent(item: &Item, choice: &Choice) -> String {
    let right = item.choices.iter().filter(|choice| choice.correct).count();
    match (choice.correct, item.takes_several()) {
        (true, _) => format!("{:.5}", 100.0 / right as f64).trim_end_matches('0').trim_end_matches('.').to_owned(),
        (false, true) => "-100".to_owned(),
        (false, false) => "0".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::ValueEnum;
    use knowledge_checks::Kind;

    use super::*;

    /// Two items with every sign that means something in one of the formats.
    pub fn samples() -> Vec<KnowledgeCheck> {
        let choice = |text: &str, correct, feedback: &str| Choice {
            text: text.to_owned(),
            correct,
            feedback: feedback.to_owned(),
            misconception: None,
            page: "unit-4/callback.html#state".to_owned(),
        };
        let reading = Item {
            id: "U4-Q1".to_owned(),
            objective: "LO2".to_owned(),
            kind: Kind::CodeReading,
            stem: "A colleague proposes:\n\n    let {a} = b; // ~50% \"<c>\" & d\n    x\\n\n\nWhat *happens*?".to_owned(),
            choices: vec![
                choice("It says: state = \"x\"", true, "Right. The {state} is bound to ABC's browser."),
                choice("It says <b> & ends", false, "A # is no comment here; ~ is no home: that is all."),
                choice("- nothing", false, "Whoever says so has read it too fast, at ABC's too."),
            ],
        };
        let several = Item {
            id: "U4-Q2".to_owned(),
            objective: "LO2".to_owned(),
            kind: Kind::MultipleResponse,
            stem: "Which are compared?".to_owned(),
            choices: vec![
                choice("iss", true, "Right. Who issued it."),
                choice("aud", true, "Right. For whom."),
                choice("nonce", true, "Right. For which sign-in."),
                choice("name", false, "A name proves nothing."),
            ],
        };
        vec![KnowledgeCheck { unit: 4, diagnostic: false, items: vec![reading, several] }]
    }

    /// A text as it is for whoever reads the format: without escapes, and with single spaces.
    fn plain(text: &str) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
        let text = entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign));
        text.replace(['\\', '\''], "").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_choice_and_feedback_is_in_every_export() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
        let course = read_all(&root.join(FOLDER)).unwrap();
        for checks in [course, samples()] {
            QuizFormat::value_variants().iter().for_each(|format| assert_complete(&checks, *format));
        }
    }

    fn assert_complete(checks: &[KnowledgeCheck], format: QuizFormat) {
        // Some formats hold HTML, which is escaped twice then. The zip file of QTI is not compressed.
        let text = plain(&plain(&String::from_utf8_lossy(&exported(checks, format).unwrap())));
        for choice in checks.iter().flat_map(|check| &check.items).flat_map(|item| &item.choices) {
            for part in [&choice.text, &choice.feedback, &choice.page] {
                assert!(text.contains(&plain(part)), "{format:?}: {part}");
            }
        }
    }

    #[test]
    fn whoever_picks_every_choice_gets_nothing() {
        let item = &samples()[0].items[1];
        let percents: Vec<_> = item.choices.iter().map(|choice| percent(item, choice)).collect();
        assert_eq!(percents, ["33.33333", "33.33333", "33.33333", "-100"]);
    }
}
