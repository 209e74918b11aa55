//! The five levels of help for a check, as `hints.toml` holds them.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use unit_checks::Check;

/// The levels by name.
pub const LEVELS: [&str; 5] = ["evidence", "concept", "place", "skeleton", "reference"];

/// The last level.
pub const HIGHEST: usize = LEVELS.len() - 1;

/// A hole in a skeleton, which the learner fills.
const HOLE: &str = "__";

/// The hints of one unit, by check.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Hints {
    checks: BTreeMap<String, Ladder>,
}

/// The hints of one check.
#[derive(Debug, Clone, Deserialize)]
pub struct Ladder {
    /// The idea, in two sentences.
    concept: String,
    /// Where it belongs and what helps there.
    place: String,
    /// Code with holes.
    skeleton: String,
    /// The places of the solution that show it, `src/id_token.rs::check_claims` or a whole file.
    reference: Vec<String>,
    /// Other words for those who have this misconception (`M17`).
    #[serde(flatten)]
    variants: BTreeMap<String, Variant>,
}

/// What another misconception changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    concept: Option<String>,
    place: Option<String>,
    skeleton: Option<String>,
}

/// One level.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// The learner's own message.
    Evidence,
    /// A text of the hints.
    Text(String),
    /// These places of the solution.
    Reference(Vec<String>),
}

impl Hints {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is no TOML of this shape.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// The hints of a check, for whoever has this misconception.
    pub fn ladder(&self, id: &str, misconception: Option<&str>) -> Option<Ladder> {
        let usual = self.checks.get(id)?;
        let variant = misconception.and_then(|misconception| usual.variants.get(misconception));
        let or = |other: Option<&String>, usual: &String| other.unwrap_or(usual).clone();
        Some(Ladder {
            concept: or(variant.and_then(|it| it.concept.as_ref()), &usual.concept),
            place: or(variant.and_then(|it| it.place.as_ref()), &usual.place),
            skeleton: or(variant.and_then(|it| it.skeleton.as_ref()), &usual.skeleton),
            ..usual.clone()
        })
    }

    /// The places of the solution that the hints name.
    #[cfg(test)]
    pub fn references(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.checks.iter().map(|(id, ladder)| (id.as_str(), ladder.reference.as_slice()))
    }

    /// What is missing, or too much, for a unit with these checks.
    #[cfg(test)]
    pub fn problems(&self, ids: &[&str]) -> Vec<String> {
        let mut problems = Vec::new();
        problems.extend(ids.iter().filter(|id| !self.checks.contains_key(**id)).map(|id| format!("{id}: no hints")));
        for (id, ladder) in &self.checks {
            if !ids.contains(&id.as_str()) {
                problems.push(format!("{id}: hints for a check that does not exist"));
            }
            let texts = [&ladder.concept, &ladder.place, &ladder.skeleton];
            if texts.iter().any(|text| text.trim().is_empty()) || ladder.reference.is_empty() {
                problems.push(format!("{id}: an empty level"));
            }
            let known = unit_checks::checks::ALL.iter().find(|check| check.id == id).map_or(&[][..], |check| check.misconceptions);
            let unknown = ladder.variants.keys().filter(|variant| !known.contains(&variant.as_str()));
            problems.extend(unknown.map(|variant| format!("{id}: the check finds no {variant}")));
        }
        problems
    }
}

impl Ladder {
    /// The level with this number.
    pub fn step(&self, level: usize, check: &Check) -> Step {
        match level {
            0 => Step::Evidence,
            1 => Step::Text(format!("{}\nRead: http://localhost:3000/{}", self.concept, check.page)),
            2 => Step::Text(self.place.clone()),
            3 => {
                let holes = if self.skeleton.contains(HOLE) { format!("\n\nFill each {HOLE}.") } else { String::new() };
                Step::Text(format!("{}{holes}", self.skeleton.trim()))
            }
            _ => Step::Reference(self.reference.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HINTS: &str = r#"
        [U4-11]
        concept = "Decoding is not validating."
        place = "`signing_key`"
        skeleton = "let key = __;"
        reference = ["src/id_token.rs::signing_key"]
        [U4-11.M17]
        concept = "The algorithm is your choice."
    "#;

    #[test]
    fn the_misconception_that_was_seen_chooses_the_words() {
        let hints = Hints::parse(HINTS).expect("well formed");
        let concept = |misconception| hints.ladder("U4-11", misconception).map(|ladder| ladder.concept);
        assert_eq!(concept(None).as_deref(), Some("Decoding is not validating."));
        assert_eq!(concept(Some("M13")).as_deref(), Some("Decoding is not validating."));
        assert_eq!(concept(Some("M17")).as_deref(), Some("The algorithm is your choice."));
        assert_eq!(hints.ladder("U4-11", Some("M17")).map(|ladder| ladder.place).as_deref(), Some("`signing_key`"));
    }

    #[test]
    fn what_the_hints_lack_is_found() {
        let hints = Hints::parse(&HINTS.replace("M17", "M99").replace("let key = __;", "")).expect("well formed");
        let problems = hints.problems(&["U4-11", "U4-12"]);
        assert_eq!(problems, ["U4-12: no hints", "U4-11: an empty level", "U4-11: the check finds no M99"]);
    }
}
