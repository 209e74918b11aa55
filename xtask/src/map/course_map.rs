//! `course-map.toml`, as it is written.

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseMap {
    #[serde(rename = "line")]
    pub lines: Vec<OutlineLine>,
    #[serde(rename = "misconception")]
    pub misconceptions: Vec<Misconception>,
}

/// One line of the outline from which this course was made.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OutlineLine {
    /// The heading under which it stands.
    pub section: String,
    /// What it says, shortened.
    pub says: String,
    /// Where the course has it; see [`super::place::Place`].
    pub at: Vec<String>,
    /// What is not there yet, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<String>,
}

/// A wrong idea that many beginners have.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Misconception {
    /// `M20`. Never reused.
    pub id: String,
    /// The idea in the words of somebody who has it.
    pub name: String,
    /// Where the book corrects it.
    pub page: String,
    /// What is not there yet, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<String>,
}
