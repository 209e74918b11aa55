//! A knowledge check, as its TOML file holds it.

use serde::{Deserialize, Serialize};

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
}
