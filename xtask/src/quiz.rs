//! `cargo xtask quiz`: the knowledge checks of the units, asked in the terminal. The items are in `book/knowledge-checks`.

mod ask;
mod lint;
pub mod review_cards;

use std::path::Path;

use anyhow::Result;
use knowledge_checks::{FOLDER, KnowledgeCheck, read_all};
use unit_checks::fresh_seed;

use crate::{
    flags,
    outcome::{Outcome, UsageError},
    terminal::{Style, count},
    workspace::Workspace,
};

use self::review_cards::ReviewCards;

pub fn run(flags: &flags::Quiz, style: Style) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let all = read_all(&workspace.root.join(FOLDER))?;
    if flags.check {
        let problems = problems(&workspace.root, &all);
        for problem in &problems {
            println!("{problem}");
        }
        let items: usize = all.iter().map(|check| check.items.len()).sum();
        println!("{} in {}, {}", count(items, "item"), count(all.len(), "unit"), count(problems.len(), "problem"));
        return Ok(Outcome::from_problems(problems.len()));
    }
    if flags.unit == Some(review_cards::UNIT) {
        return review(&workspace.root, flags.json, style);
    }
    let asked = of_unit(all, flags.unit)?;
    if flags.json {
        println!("{}", serde_json::to_string_pretty(&asked)?);
        return Ok(Outcome::Done);
    }
    let seed = flags.seed.unwrap_or_else(fresh_seed);
    let score = ask::ask(&asked, seed, &mut std::io::stdin().lock(), &mut std::io::stdout(), style)?;
    let counts = asked.iter().any(|check| !check.diagnostic);
    if !counts {
        println!("Nothing of this counts. Whatever you missed, the pages of this unit explain.");
    }
    Ok(if score.is_full() || !counts { Outcome::Done } else { Outcome::BelowTheMark })
}

/// Unit 6 has no knowledge check; it goes through the review cards.
fn review(root: &Path, json: bool, style: Style) -> Result<Outcome> {
    let ReviewCards { cards } = ReviewCards::read(root)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&cards)?);
    } else {
        review_cards::show(&cards, &mut std::io::stdin().lock(), &mut std::io::stdout(), style)?;
    }
    Ok(Outcome::Done)
}

/// The knowledge check of one unit, or all.
pub fn of_unit(all: Vec<KnowledgeCheck>, unit: Option<u8>) -> Result<Vec<KnowledgeCheck>> {
    let units: Vec<String> = all.iter().map(|check| check.unit.to_string()).collect();
    let Some(number) = unit else { return Ok(all) };
    let found: Vec<_> = all.into_iter().filter(|check| check.unit == number).collect();
    if found.is_empty() {
        return Err(UsageError(format!(
            "unit {number} has no knowledge check; there is one for the units {}, and review cards for unit 6",
            units.join(", ")
        ))
        .into());
    }
    Ok(found)
}

/// What is wrong with the items, held against the pages of the book.
fn problems(root: &Path, all: &[KnowledgeCheck]) -> Vec<String> {
    lint::problems(all, &|page| root.join("book/src").join(page).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_items_of_the_course_keep_the_rules() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
        let all = read_all(&root.join(FOLDER)).expect("readable items");
        assert_eq!(problems(root, &all), [""; 0]);
        assert_eq!(all.iter().map(|check| (check.unit, check.items.len())).collect::<Vec<_>>(), [(1, 6), (2, 5), (3, 5), (4, 5), (5, 5)]);
    }

    #[test]
    fn a_unit_without_items_is_a_usage_error_that_names_the_others() {
        let check = |unit| KnowledgeCheck { unit, diagnostic: false, items: Vec::new() };
        let error = of_unit(vec![check(2), check(4)], Some(5)).unwrap_err();
        assert!(error.is::<UsageError>() && error.to_string().contains("2, 4"), "{error}");
    }
}
