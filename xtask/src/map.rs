//! `cargo xtask map`: every line of the outline is somewhere in the course, and every misconception is joined to book, checks,
//! questions and hints. The map is `course-map.toml`.

mod course_map;
mod place;
mod verify;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    flags,
    kill_matrix::wrong_submission,
    outcome::Outcome,
    quiz::review_cards::{self, ReviewCards},
    terminal::{Ink, Style, count},
    workspace::Workspace,
};

use self::{
    course_map::{CourseMap, OutlineLine},
    verify::{CheckFacts, Facts, Findings, Joined, verify},
};

const MAP: &str = "course-map.toml";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    lines: &'a [OutlineLine],
    misconceptions: &'a [Joined],
    problems: &'a [String],
    planned: &'a [String],
    no_longer_planned: &'a [String],
}

pub fn run(flags: &flags::Map, style: Style) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let (map, findings) = judge(&workspace.root)?;
    if flags.json {
        let document = Document {
            schema: "abc-course-map/v1",
            lines: &map.lines,
            misconceptions: &findings.misconceptions,
            problems: &findings.problems,
            planned: &findings.planned,
            no_longer_planned: &findings.no_longer_planned,
        };
        println!("{}", serde_json::to_string_pretty(&document)?);
    } else {
        print!("{}", render(&map, &findings, style));
    }
    Ok(Outcome::from_problems(findings.problems.len()))
}

/// The misconceptions by id, in the words of somebody who has them.
pub fn misconceptions(root: &Path) -> Result<BTreeMap<String, String>> {
    let map: CourseMap = read(&root.join(MAP))?;
    Ok(map.misconceptions.into_iter().map(|it| (it.id, it.name)).collect())
}

fn judge(root: &Path) -> Result<(CourseMap, Findings)> {
    let map: CourseMap = read(&root.join(MAP))?;
    let ReviewCards { cards } = ReviewCards::read(root)?;
    let facts = Facts {
        checks: checks(),
        killed: killed(root)?,
        questions: questions(root)?,
        cards: cards.iter().map(|card| (card.id.clone(), card.misconception.clone(), card.page.clone())).collect(),
        hinted: hinted(root)?,
        has_file: &|path| root.join(path).exists(),
        has_page: &|page, anchor| has_page(root, page, anchor),
    };
    let mut findings = verify(&map, &facts);
    findings.problems.extend(review_cards::problems(&cards));
    Ok((map, findings))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} has another shape", path.display()))
}

fn checks() -> Vec<CheckFacts> {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let facts = |check: &unit_checks::Check| CheckFacts { id: check.id.to_owned(), misconceptions: owned(check.misconceptions) };
    unit_checks::checks::ALL.iter().map(facts).collect()
}

fn killed(root: &Path) -> Result<BTreeSet<(String, String)>> {
    let submissions = wrong_submission::read_all(&root.join("solutions/wrong"))?;
    Ok(submissions.into_iter().map(|it| (it.recipe.check, it.recipe.misconception)).collect())
}

fn questions(root: &Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let items = knowledge_checks::read_all(&root.join(knowledge_checks::FOLDER))?.into_iter().flat_map(|check| check.items);
    Ok(items.map(|item| (item.id, item.choices.into_iter().filter_map(|choice| choice.misconception).collect())).collect())
}

/// Every check that the hints of an exercise help with.
fn hinted(root: &Path) -> Result<BTreeSet<String>> {
    let mut hinted = BTreeSet::new();
    for entry in fs::read_dir(root.join("exercises")).context("cannot list exercises")? {
        let file = entry.context("cannot list exercises")?.path().join("hints.toml");
        if file.is_file() {
            let hints: BTreeMap<String, toml::Value> = read(&file)?;
            hinted.extend(hints.into_keys());
        }
    }
    Ok(hinted)
}

fn has_page(root: &Path, page: &str, anchor: Option<&str>) -> bool {
    let Some(source) = page.strip_suffix(".html") else { return false };
    let text = fs::read_to_string(root.join("book/src").join(format!("{source}.md")));
    text.is_ok_and(|text| anchor.is_none_or(|anchor| place::has_anchor(&text, anchor)))
}

fn render(map: &CourseMap, findings: &Findings, style: Style) -> String {
    let mut text = String::new();
    let mut list = |ink, word: &str, entries: &[String]| {
        text.extend(entries.iter().map(|entry| format!("{} {entry}\n", style.paint(ink, word))));
    };
    list(Ink::Unsure, "planned", &findings.planned);
    list(Ink::Unsure, "done, take `planned` away:", &findings.no_longer_planned);
    list(Ink::Bad, "missing", &findings.problems);
    let proven = findings.misconceptions.iter().filter(|it| !it.proven_by.is_empty()).count();
    let asked = findings.misconceptions.iter().filter(|it| !it.questions.is_empty()).count();
    let problems = match findings.problems.len() {
        0 => style.paint(Ink::Good, "nothing is missing"),
        number => style.paint(Ink::Bad, format!("{number} missing")),
    };
    text + &format!(
        "{} of the outline; {}, {proven} of them shown by a wrong submission, {asked} offered by a question; {} planned; {problems}\n",
        count(map.lines.len(), "line"),
        count(map.misconceptions.len(), "misconception"),
        findings.planned.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_of_the_course_is_complete() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
        let (_, findings) = judge(root).expect("readable files");
        assert_eq!(findings.problems, [""; 0]);
    }

    #[test]
    fn the_report_lists_what_is_planned_and_what_is_missing() {
        let findings = Findings {
            misconceptions: Vec::new(),
            problems: vec!["U4-26: no line of the outline leads to it".to_owned()],
            planned: vec!["M10 'the display name is the role': no question is about it (unit 3 is being written)".to_owned()],
            no_longer_planned: vec!["M08 'a role that exists is assigned': unit 3 is being written".to_owned()],
        };
        insta::assert_snapshot!(render(&CourseMap { lines: Vec::new(), misconceptions: Vec::new() }, &findings, Style::Plain), @r"
        planned M10 'the display name is the role': no question is about it (unit 3 is being written)
        done, take `planned` away: M08 'a role that exists is assigned': unit 3 is being written
        missing U4-26: no line of the outline leads to it
        0 lines of the outline; 0 misconceptions, 0 of them shown by a wrong submission, 0 offered by a question; 1 planned; 1 missing
        ");
    }
}
