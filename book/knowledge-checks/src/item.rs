//! A knowledge check, as its TOML file holds it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The items of one unit.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KnowledgeCheck {
    pub unit: u8,
    /// Whether it only tells where a reader stands, before the course: nothing of it counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub diagnostic: bool,
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// One question.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `U4-Q2`. Never reused.
    pub id: String,
    /// The learning objective that it measures: `LO2`.
    pub objective: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The question; lines that begin with four spaces are code or a message.
    pub stem: String,
    #[serde(rename = "choice")]
    pub choices: Vec<Choice>,
}

/// What an item asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    SingleChoice,
    /// Every right choice must be picked, and no other.
    MultipleResponse,
    /// Each choice is an order.
    Ordering,
    /// What happens next in a recorded exchange?
    PredictOutcome,
    /// What does this code do?
    CodeReading,
}

/// One answer.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub text: String,
    #[serde(default)]
    pub correct: bool,
    /// What the answer means, at ABC Insurance.
    pub feedback: String,
    /// The misconception (`M20`) of whoever picks a wrong answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
    /// The page of the book that explains it.
    pub page: String,
}

impl Item {
    /// Whether several choices may be picked.
    pub fn takes_several(&self) -> bool {
        self.kind == Kind::MultipleResponse
    }

    /// Whether the choices are numbers, which stay sorted.
    pub fn has_numbers(&self) -> bool {
        self.choices.iter().all(|choice| choice.text.starts_with(|first: char| first.is_ascii_digit()))
    }

    /// The choices in an order that follows from the seed: the file has the right ones first. Answers that are numbers stay sorted.
    pub fn shuffled(&self, seed: u64) -> Vec<&Choice> {
        let mut choices: Vec<&Choice> = self.choices.iter().collect();
        if !self.has_numbers() {
            let id = Sha256::digest(&self.id);
            choices.sort_by_cached_key(|choice| {
                Sha256::new().chain_update(seed.to_be_bytes()).chain_update(id).chain_update(&choice.text).finalize()
            });
        }
        choices
    }

    /// The choices in the order in which they are printed, always the same.
    pub fn printed(&self) -> Vec<&Choice> {
        self.shuffled(0)
    }
}

impl Choice {
    /// The feedback without the word `Right` at its beginning, for where a verdict stands before it.
    pub fn explanation(&self) -> &str {
        self.feedback.strip_prefix("Right. ").unwrap_or(&self.feedback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(texts: &[&str]) -> Item {
        let choice = |text: &&str| Choice {
            text: (*text).to_owned(),
            correct: text == &texts[0],
            feedback: "Right. It is bound to the browser.".to_owned(),
            misconception: None,
            page: "unit-4/callback.html".to_owned(),
        };
        Item {
            id: "U4-Q1".to_owned(),
            objective: "LO2".to_owned(),
            kind: Kind::SingleChoice,
            stem: "What is compared?".to_owned(),
            choices: texts.iter().map(choice).collect(),
        }
    }

    #[test]
    fn choices_stand_in_another_order_with_another_seed() {
        let item = item(&["state", "nonce"]);
        let first = |seed| item.shuffled(seed)[0].text.as_str();
        assert!((0..20).any(|seed| first(seed) == "state") && (0..20).any(|seed| first(seed) == "nonce"));
        assert_eq!(item.printed()[0].text, item.printed()[0].text);
    }

    #[test]
    fn answers_that_are_numbers_stay_sorted() {
        let item = item(&["10 s", "60 s", "90 s"]);
        assert!((0..20).all(|seed| item.shuffled(seed)[0].text == "10 s"));
    }

    #[test]
    fn an_explanation_does_not_repeat_the_verdict() {
        assert_eq!(item(&["state"]).choices[0].explanation(), "It is bound to the browser.");
    }
}
