//! Asks the items one after the other. Input and output are given, so that a test can answer.

use std::{
    collections::BTreeSet,
    io::{BufRead, Write},
};

use anyhow::Result;
use knowledge_checks::{Choice, Item, KnowledgeCheck};

use crate::terminal::{Ink, Style, wrap};

/// How many items were answered, and how many of them right at the first try.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub right: usize,
    pub asked: usize,
}

impl Score {
    pub fn is_full(&self) -> bool {
        self.right == self.asked
    }
}

/// Asks until the items, or the input, are at their end. The order of the choices follows from the seed.
pub fn ask(checks: &[KnowledgeCheck], seed: u64, input: &mut impl BufRead, output: &mut impl Write, style: Style) -> Result<Score> {
    let mut score = Score::default();
    let items: Vec<&Item> = checks.iter().flat_map(|check| &check.items).collect();
    for (number, item) in items.iter().enumerate() {
        let choices = item.shuffled(seed);
        writeln!(output, "\n{}", style.paint(Ink::Strong, format!("{}, question {} of {}", item.id, number + 1, items.len())))?;
        writeln!(output, "{}", stem(&item.stem))?;
        for (number, choice) in choices.iter().enumerate() {
            writeln!(output, "  {} {}", number + 1, choice.text)?;
        }
        let Some(picked) = read_answer(item, choices.len(), input, output)? else {
            writeln!(output)?;
            break;
        };
        let is_right = choices.iter().enumerate().all(|(number, choice)| choice.correct == picked.contains(&number));
        score.asked += 1;
        score.right += usize::from(is_right);
        let verdict = if is_right { style.paint(Ink::Good, "Right.") } else { style.paint(Ink::Bad, "That is not it yet.") };
        writeln!(output, "{verdict}")?;
        for (number, choice) in choices.iter().enumerate() {
            write!(output, "{}", feedback(number, choice, picked.contains(&number)))?;
        }
    }
    writeln!(output, "\n{} of {} right, seed {seed}", score.right, score.asked)?;
    Ok(score)
}

/// What is said about a choice that was picked, and about a right one that was left out.
fn feedback(number: usize, choice: &Choice, is_picked: bool) -> String {
    if !is_picked && !choice.correct {
        return String::new();
    }
    let missed = if is_picked { "" } else { "belongs to the answer. " };
    format!("  {}", wrap(&format!("{} {missed}{} Read: {}", number + 1, choice.explanation(), choice.page)))
}

/// The answer as places in the list; `None` at the end of the input.
fn read_answer(item: &Item, choices: usize, input: &mut impl BufRead, output: &mut impl Write) -> Result<Option<BTreeSet<usize>>> {
    let prompt = if item.takes_several() { "Your answer, several numbers: " } else { "Your answer, one number: " };
    loop {
        write!(output, "{prompt}")?;
        output.flush()?;
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match parse(&line, choices, item.takes_several()) {
            Ok(picked) => return Ok(Some(picked)),
            Err(remedy) => writeln!(output, "'{}': {remedy}", line.trim())?,
        }
    }
}

fn parse(line: &str, choices: usize, takes_several: bool) -> Result<BTreeSet<usize>, String> {
    let words = line.split([' ', ',', '\t']).map(str::trim).filter(|word| !word.is_empty());
    let number = |word: &str| word.parse::<usize>().ok().filter(|number| (1..=choices).contains(number)).map(|number| number - 1);
    let picked: Option<BTreeSet<usize>> = words.map(number).collect();
    match picked {
        Some(picked) if picked.len() == 1 || (takes_several && picked.len() > 1) => Ok(picked),
        Some(picked) if picked.len() > 1 => Err("this question has one answer; type its number".to_owned()),
        _ => Err(format!("type a number from 1 to {choices}{}", if takes_several { ", or several with spaces between" } else { "" })),
    }
}

/// Prose is wrapped, code stays as it is.
fn stem(text: &str) -> String {
    let line =
        |line: &str| if line.starts_with("    ") || line.is_empty() { format!("{line}\n") } else { wrap(line).replace("\n      ", "\n") };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use knowledge_checks::Kind;

    use super::*;

    fn items() -> Vec<KnowledgeCheck> {
        let choice = |text: &str, correct: bool, feedback: &str| Choice {
            text: text.to_owned(),
            correct,
            feedback: feedback.to_owned(),
            misconception: (!correct).then(|| "M20".to_owned()),
            page: "unit-4/callback.html".to_owned(),
        };
        let item = |id: &str, kind, choices| Item {
            id: id.to_owned(),
            objective: "LO2".to_owned(),
            kind,
            stem: "What is compared?\n\n    GET /getAToken?state=...".to_owned(),
            choices,
        };
        let single =
            vec![choice("1 state", true, "Right. It is bound to the browser."), choice("2 nonce", false, "The nonce is in the token.")];
        let several = vec![
            choice("1 iss", true, "Right. Who issued it."),
            choice("2 aud", true, "Right. For whom."),
            choice("3 name", false, "A name proves nothing."),
        ];
        vec![KnowledgeCheck {
            unit: 4,
            diagnostic: false,
            items: vec![item("U4-Q1", Kind::SingleChoice, single), item("U4-Q2", Kind::MultipleResponse, several)],
        }]
    }

    fn asked(answers: &str) -> (Score, String) {
        let mut output = Vec::new();
        let score = ask(&items(), 7, &mut answers.as_bytes(), &mut output, Style::Plain).expect("no I/O fails");
        (score, String::from_utf8(output).expect("UTF-8"))
    }

    #[test]
    fn every_answer_is_explained_and_a_typing_error_is_asked_again() {
        let (score, text) = asked("two\n2\n1 3\n");
        assert_eq!(score, Score { right: 0, asked: 2 });
        insta::assert_snapshot!(text, @r"

        U4-Q1, question 1 of 2
        What is compared?

            GET /getAToken?state=...

          1 1 state
          2 2 nonce
        Your answer, one number: 'two': type a number from 1 to 2
        Your answer, one number: That is not it yet.
          1 belongs to the answer. It is bound to the browser. Read: unit-4/callback.html
          2 The nonce is in the token. Read: unit-4/callback.html

        U4-Q2, question 2 of 2
        What is compared?

            GET /getAToken?state=...

          1 1 iss
          2 2 aud
          3 3 name
        Your answer, several numbers: That is not it yet.
          1 Who issued it. Read: unit-4/callback.html
          2 belongs to the answer. For whom. Read: unit-4/callback.html
          3 A name proves nothing. Read: unit-4/callback.html

        0 of 2 right, seed 7
        ");
    }

    #[test]
    fn the_whole_answer_of_a_multiple_response_is_needed() {
        assert_eq!(asked("1\n1, 2\n").0, Score { right: 2, asked: 2 });
        assert_eq!(asked("1\n1\n").0, Score { right: 1, asked: 2 });
    }

    #[test]
    fn the_end_of_the_input_ends_the_quiz() {
        assert_eq!(asked("1\n").0, Score { right: 1, asked: 1 });
        assert_eq!(asked("").0, Score { right: 0, asked: 0 });
    }
}
