//! `book/review-cards.toml`: a short question for each misconception that no knowledge check offers. Unit 6 goes through them.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, Write},
    path::Path,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::terminal::{Ink, Style, wrap};

/// From the workspace root.
const FILE: &str = "book/review-cards.toml";

/// The unit of the cards.
pub const UNIT: u8 = 6;

/// The whole file.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewCards {
    #[serde(rename = "card")]
    pub cards: Vec<Card>,
}

/// One card.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// `U6-R01`. Never reused.
    pub id: String,
    pub misconception: String,
    /// The front.
    pub question: String,
    /// The back.
    pub answer: String,
    /// Where the book explains it.
    pub page: String,
}

/// An answer of fewer words explains nothing.
const FEWEST_WORDS: usize = 10;

impl ReviewCards {
    /// The cards of the course.
    pub fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join(FILE)).with_context(|| format!("cannot read {FILE}"))?;
        toml::from_str(&text).with_context(|| format!("{FILE} holds no review cards"))
    }
}

/// Shows each card: the front, and after Enter the back. The end of the input ends it.
pub fn show(cards: &[Card], input: &mut impl BufRead, output: &mut impl Write, style: Style) -> Result<()> {
    for (number, card) in cards.iter().enumerate() {
        writeln!(output, "\n{}", style.paint(Ink::Strong, format!("{}, card {} of {}", card.id, number + 1, cards.len())))?;
        write!(output, "{}Think, then press Enter. ", wrap(&card.question))?;
        output.flush()?;
        if input.read_line(&mut String::new())? == 0 {
            writeln!(output)?;
            break;
        }
        write!(output, "{}", wrap(&format!("{} Read: {}", card.answer, card.page)))?;
    }
    Ok(())
}

/// What is wrong with the cards, except for their pages.
pub fn problems(cards: &[Card]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for card in cards {
        if !seen.insert(&card.id) {
            problems.push(format!("{}: the id is used twice", card.id));
        }
        if !card.question.trim_end().ends_with('?') {
            problems.push(format!("{}: the front asks nothing", card.id));
        }
        if card.answer.split_whitespace().count() < FEWEST_WORDS {
            problems.push(format!("{}: the answer explains nothing", card.id));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(id: &str, question: &str, answer: &str) -> Card {
        Card {
            id: id.to_owned(),
            misconception: "M19".to_owned(),
            question: question.to_owned(),
            answer: answer.to_owned(),
            page: "unit-4/callback.html".to_owned(),
        }
    }

    #[test]
    fn the_back_of_a_card_comes_after_enter_and_the_end_of_input_ends_the_round() {
        let cards = [card("U6-R01", "Why state?", "It binds."), card("U6-R02", "Why nonce?", "It binds too.")];
        let mut output = Vec::new();
        show(&cards, &mut "\n".as_bytes(), &mut output, Style::Plain).expect("no I/O fails");
        insta::assert_snapshot!(String::from_utf8(output).expect("UTF-8"), @r"

        U6-R01, card 1 of 2
        Why state?
        Think, then press Enter. It binds. Read: unit-4/callback.html

        U6-R02, card 2 of 2
        Why nonce?
        Think, then press Enter. 
        ");
    }

    #[test]
    fn each_rule_finds_a_card_that_breaks_it() {
        let long = "Somebody else's code is brought into this browser, and it signs in as him.";
        assert_eq!(problems(&[card("U6-R01", "What happens without state?", long)]), [""; 0]);
        let wrong = [card("U6-R01", "Without state.", "Much."), card("U6-R01", "Why state?", long)];
        assert_eq!(
            problems(&wrong),
            ["U6-R01: the front asks nothing", "U6-R01: the answer explains nothing", "U6-R01: the id is used twice"]
        );
    }
}
