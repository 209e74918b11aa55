//! What the map says, held against what the course has.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    course_map::{CourseMap, Misconception, OutlineLine},
    place::Place,
};

/// The sections of the outline, and how many of its lines stand under each. A line that was lost would not be missed otherwise.
pub const OUTLINE: [(&str, usize); 14] = [
    ("roles", 2),
    ("level", 1),
    ("product", 1),
    ("prerequisites", 4),
    ("summary", 1),
    ("objectives", 3),
    ("subtasks", 4),
    ("unit 1", 2),
    ("unit 2", 5),
    ("unit 3", 11),
    ("unit 4", 7),
    ("unit 5", 3),
    ("unit 6", 6),
    ("notes", 4),
];

/// Misconceptions are M01 to this one.
const MISCONCEPTIONS: usize = 44;

/// What the course has.
pub struct Facts<'a> {
    pub checks: Vec<CheckFacts>,
    /// Pairs of check and misconception with a wrong submission.
    pub killed: BTreeSet<(String, String)>,
    /// The misconceptions that each question's choices offer.
    pub questions: BTreeMap<String, BTreeSet<String>>,
    /// Review cards: id, misconception, page.
    pub cards: Vec<(String, String, String)>,
    /// Checks with a ladder of hints.
    pub hinted: BTreeSet<String>,
    pub has_file: &'a dyn Fn(&str) -> bool,
    pub has_page: &'a dyn Fn(&str, Option<&str>) -> bool,
}

/// What matters of a check here.
#[derive(Debug, Clone)]
pub struct CheckFacts {
    pub id: String,
    pub misconceptions: Vec<String>,
}

/// A misconception with everything that was joined to it.
#[derive(Debug, Serialize)]
pub struct Joined {
    pub misconception: Misconception,
    pub checks: Vec<String>,
    /// Those of `checks` that a wrong submission with this misconception fails.
    pub proven_by: Vec<String>,
    pub questions: Vec<String>,
    pub cards: Vec<String>,
    /// Checks whose hints help.
    pub hints: Vec<String>,
}

/// The result.
#[derive(Debug)]
pub struct Findings {
    pub misconceptions: Vec<Joined>,
    pub problems: Vec<String>,
    /// What is open, with its reason.
    pub planned: Vec<String>,
    /// Marked as open although nothing is missing.
    pub no_longer_planned: Vec<String>,
}

pub fn verify(map: &CourseMap, facts: &Facts<'_>) -> Findings {
    let mut findings = Findings { misconceptions: Vec::new(), problems: Vec::new(), planned: Vec::new(), no_longer_planned: Vec::new() };
    count_lines(map, &mut findings);
    for line in &map.lines {
        let name = format!("{}, '{}'", line.section, line.says);
        settle(&name, missing_of_line(line, facts), line.planned.as_deref(), &mut findings);
    }
    number_misconceptions(map, &mut findings);
    for misconception in &map.misconceptions {
        let joined = join(misconception, facts);
        let name = format!("{} '{}'", misconception.id, misconception.name);
        if let Some(problem) = missing_page(&misconception.page, facts) {
            findings.problems.push(format!("{name}: {problem}"));
        }
        settle(&name, missing_of_misconception(&joined), misconception.planned.as_deref(), &mut findings);
        findings.misconceptions.push(joined);
    }
    judge_checks(map, facts, &mut findings);
    judge_offers(map, facts, &mut findings);
    findings
}

/// What is missing is a problem, unless it is planned.
fn settle(name: &str, missing: Vec<String>, planned: Option<&str>, findings: &mut Findings) {
    match planned {
        Some(reason) if missing.is_empty() => findings.no_longer_planned.push(format!("{name}: {reason}")),
        Some(reason) => findings.planned.push(format!("{name}: {} ({reason})", missing.join("; "))),
        None => findings.problems.extend(missing.into_iter().map(|what| format!("{name}: {what}"))),
    }
}

fn count_lines(map: &CourseMap, findings: &mut Findings) {
    for (section, expected) in OUTLINE {
        let found = map.lines.iter().filter(|line| line.section == section).count();
        if found != expected {
            findings.problems.push(format!("section '{section}' has {found} lines; the outline has {expected}"));
        }
    }
    let is_unknown = |line: &&OutlineLine| !OUTLINE.iter().any(|(section, _)| *section == line.section);
    findings.problems.extend(map.lines.iter().filter(is_unknown).map(|line| format!("the outline has no section '{}'", line.section)));
}

fn missing_of_line(line: &OutlineLine, facts: &Facts<'_>) -> Vec<String> {
    if line.at.is_empty() {
        return vec!["it is nowhere".to_owned()];
    }
    line.at.iter().filter_map(|place| missing(place, facts)).collect()
}

fn missing(text: &str, facts: &Facts<'_>) -> Option<String> {
    let (is_there, what) = match Place::parse(text) {
        Place::Page { .. } => return missing_page(text, facts),
        Place::Check(id) => (facts.checks.iter().any(|check| check.id == id), "check"),
        Place::ChecksOfUnit(unit) => (facts.checks.iter().any(|check| check.id.starts_with(unit)), "check"),
        Place::Question(id) => (facts.questions.contains_key(id), "question"),
        Place::File(path) => ((facts.has_file)(path), "file"),
    };
    (!is_there).then(|| format!("there is no {what} {text}"))
}

fn missing_page(text: &str, facts: &Facts<'_>) -> Option<String> {
    let Place::Page { path, anchor } = Place::parse(text) else { return Some(format!("'{text}' is no page of the book")) };
    (!(facts.has_page)(path, anchor)).then(|| format!("the book has no {text}"))
}

fn number_misconceptions(map: &CourseMap, findings: &mut Findings) {
    let ids: Vec<&str> = map.misconceptions.iter().map(|it| it.id.as_str()).collect();
    let expected: Vec<String> = (1..=MISCONCEPTIONS).map(|number| format!("M{number:02}")).collect();
    if ids != expected {
        findings.problems.push(format!("the misconceptions are M01 to M{MISCONCEPTIONS}, each once and in order; found {}", ids.join(" ")));
    }
}

fn join(misconception: &Misconception, facts: &Facts<'_>) -> Joined {
    let id = &misconception.id;
    let found_by = facts.checks.iter().filter(|check| check.misconceptions.contains(id));
    let checks: Vec<String> = found_by.map(|check| check.id.clone()).collect();
    let cards = facts.cards.iter().filter(|(_, of, _)| of == id).map(|(card, ..)| card.clone());
    Joined {
        misconception: misconception.clone(),
        proven_by: checks.iter().filter(|check| facts.killed.contains(&((*check).clone(), id.clone()))).cloned().collect(),
        hints: checks.iter().filter(|check| facts.hinted.contains(*check)).cloned().collect(),
        questions: facts.questions.iter().filter(|(_, offers)| offers.contains(id)).map(|(question, _)| question.clone()).collect(),
        cards: cards.collect(),
        checks,
    }
}

fn missing_of_misconception(joined: &Joined) -> Vec<String> {
    let mut missing = Vec::new();
    if joined.proven_by.is_empty() && joined.questions.is_empty() {
        missing.push("no wrong submission shows it to a check, and no choice of a question offers it".to_owned());
    }
    if joined.questions.is_empty() && joined.cards.is_empty() {
        missing.push("no question and no review card is about it".to_owned());
    }
    missing
}

/// Each check is reached from a line of the outline, knows only known misconceptions, and has hints.
fn judge_checks(map: &CourseMap, facts: &Facts<'_>, findings: &mut Findings) {
    let places: Vec<Place<'_>> = map.lines.iter().flat_map(|line| &line.at).map(|text| Place::parse(text)).collect();
    for CheckFacts { id, misconceptions } in &facts.checks {
        let reaches = |place: &Place<'_>| match place {
            Place::Check(check) => check == id,
            Place::ChecksOfUnit(unit) => id.starts_with(unit),
            _ => false,
        };
        if !places.iter().any(reaches) {
            findings.problems.push(format!("{id}: no line of the outline leads to it"));
        }
        if !facts.hinted.contains(id) {
            findings.problems.push(format!("{id}: hints.toml has nothing for it"));
        }
        findings.problems.extend(unknown(misconceptions, map).map(|it| format!("{id}: there is no misconception {it}")));
    }
}

/// Questions, cards and wrong submissions know only known misconceptions; pages of cards exist.
fn judge_offers(map: &CourseMap, facts: &Facts<'_>, findings: &mut Findings) {
    for (question, offers) in &facts.questions {
        findings.problems.extend(unknown(offers, map).map(|it| format!("{question}: there is no misconception {it}")));
    }
    for (card, misconception, page) in &facts.cards {
        findings.problems.extend(unknown([misconception], map).map(|it| format!("{card}: there is no misconception {it}")));
        findings.problems.extend(missing_page(page, facts).map(|problem| format!("{card}: {problem}")));
    }
    for (check, misconception) in facts.killed.iter().filter(|(_, misconception)| !misconception.is_empty()) {
        let problem = |it| format!("a wrong submission for {check} names {it}, which does not exist");
        findings.problems.extend(unknown([misconception], map).map(problem));
    }
}

fn unknown<'a>(ids: impl IntoIterator<Item = &'a String>, map: &'a CourseMap) -> impl Iterator<Item = &'a String> {
    ids.into_iter().filter(|id| !map.misconceptions.iter().any(|known| known.id == **id))
}

#[cfg(test)]
mod tests;
