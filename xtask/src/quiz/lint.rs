//! The rules of a good item: plausible answers of one length, feedback for each, no tricks of language.

use std::collections::BTreeSet;

use knowledge_checks::{Item, KnowledgeCheck};

/// The longest answer over the shortest. A longer answer looks more right.
const LENGTH_RATIO: f64 = 1.4;

/// A feedback of fewer words explains nothing.
const FEWEST_WORDS: usize = 10;

/// Words that turn a question into a trap for readers in a hurry.
const NEGATIONS: [&str; 4] = ["not", "except", "isn't", "doesn't"];

/// Answers that measure cleverness.
const ALL_OR_NONE: [&str; 4] = ["all of the above", "none of the above", "all of these", "none of these"];

/// What is wrong with the items, one sentence each. `page_exists` gets a path below `book/src`.
pub fn problems(checks: &[KnowledgeCheck], page_exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for check in checks {
        // 3 to 5 questions where a unit has a check of its own. A diagnostic looks at more subjects, and none of them counts.
        let (most, in_words) = if check.diagnostic { (6, "six") } else { (5, "five") };
        if !(3..=most).contains(&check.items.len()) {
            problems.push(format!("unit {}: {} items; a unit has three to {in_words}", check.unit, check.items.len()));
        }
        for item in &check.items {
            if !item.id.starts_with(&format!("U{}-Q", check.unit)) {
                problems.push(format!("{}: the id begins with U{}-Q", item.id, check.unit));
            }
            if !seen.insert(item.id.as_str()) {
                problems.push(format!("{}: the id is used twice", item.id));
            }
            let found = item_problems(item).into_iter().chain(missing_pages(item, page_exists));
            problems.extend(found.map(|problem| format!("{}: {problem}", item.id)));
        }
    }
    problems
}

fn item_problems(item: &Item) -> Vec<String> {
    let mut problems = Vec::new();
    let right = item.choices.iter().filter(|choice| choice.correct).count();
    if item.choices.len() < 3 {
        problems.push(format!("{} choices; three or more are needed", item.choices.len()));
    }
    match (item.takes_several(), right) {
        (_, 0) => problems.push("no choice is correct".to_owned()),
        (false, 2..) => problems.push(format!("{right} choices are correct; only a multiple-response item may have several")),
        (true, 1) => problems.push("one choice is correct; a multiple-response item has several".to_owned()),
        _ => {}
    }
    if right == item.choices.len() {
        problems.push("every choice is correct".to_owned());
    }
    let lengths = item.choices.iter().map(|choice| choice.text.chars().count());
    let (shortest, longest) = (lengths.clone().min().unwrap_or_default(), lengths.max().unwrap_or_default());
    if longest as f64 > shortest as f64 * LENGTH_RATIO {
        problems.push(format!("the choices have {shortest} to {longest} characters; the longest may be {LENGTH_RATIO} times the shortest"));
    }
    let stem = prose(&item.stem);
    if let Some(word) = NEGATIONS.iter().find(|word| has_word(&stem, word)) {
        problems.push(format!("the stem says '{word}'; ask for what is so"));
    }
    if ["you", "your", "i", "we", "our"].iter().any(|word| has_word(&stem, word)) {
        problems.push("the stem speaks to somebody; write in the third person".to_owned());
    }
    for choice in &item.choices {
        let lower = choice.text.to_lowercase();
        if let Some(phrase) = ALL_OR_NONE.iter().find(|phrase| lower.contains(*phrase)) {
            problems.push(format!("a choice says '{phrase}'"));
        }
        if choice.feedback.split_whitespace().count() < FEWEST_WORDS {
            problems.push(format!("the feedback of '{}' explains nothing", choice.text));
        }
        match (choice.correct, &choice.misconception) {
            (false, None) => problems.push(format!("'{}' is wrong and names no misconception", choice.text)),
            (true, Some(misconception)) => problems.push(format!("'{}' is correct and names {misconception}", choice.text)),
            (false, Some(id)) if !is_misconception(id) => problems.push(format!("'{id}' is no misconception; they are M01 to M44")),
            _ => {}
        }
    }
    problems.extend(unsorted(item));
    problems
}

/// Answers that are numbers stand in their order.
fn unsorted(item: &Item) -> Option<String> {
    let numbers: Option<Vec<f64>> = item.choices.iter().map(|choice| choice.text.split_whitespace().next()?.parse().ok()).collect();
    let numbers = numbers.filter(|numbers| !numbers.is_sorted())?;
    Some(format!("the choices are numbers and not sorted: {numbers:?}"))
}

fn missing_pages(item: &Item, page_exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let source = |page: &str| page.split('#').next().unwrap_or_default().replace(".html", ".md");
    let pages: BTreeSet<&str> = item.choices.iter().map(|choice| choice.page.as_str()).collect();
    pages.into_iter().filter(|page| !page_exists(&source(page))).map(|page| format!("the book has no page {page}")).collect()
}

/// The stem without its code, in lower case.
fn prose(stem: &str) -> String {
    stem.lines().filter(|line| !line.starts_with("    ")).collect::<Vec<_>>().join("\n").to_lowercase()
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_alphanumeric() && character != '\'').any(|part| part == word)
}

fn is_misconception(id: &str) -> bool {
    let number = id.strip_prefix('M').filter(|digits| digits.len() == 2).and_then(|digits| digits.parse::<u8>().ok());
    number.is_some_and(|number| (1..=44).contains(&number))
}

#[cfg(test)]
mod tests {
    use knowledge_checks::{Choice, Kind};

    use super::*;

    fn choice(text: &str, misconception: Option<&str>) -> Choice {
        Choice {
            text: text.to_owned(),
            correct: misconception.is_none(),
            feedback: "This sentence has ten words, and it explains what follows at ABC.".to_owned(),
            misconception: misconception.map(str::to_owned),
            page: "unit-4/callback.html#state".to_owned(),
        }
    }

    fn item() -> Item {
        Item {
            id: "U4-Q1".to_owned(),
            objective: "LO2".to_owned(),
            kind: Kind::SingleChoice,
            stem: "What does the portal check?\n\n    if !state.eq(&kept) { you did not }".to_owned(),
            choices: vec![choice("the state", None), choice("the nonce", Some("M20")), choice("the code", Some("M21"))],
        }
    }

    type Change = fn(&mut Item);

    /// What is found after a change to an item that is right.
    fn found(change: impl FnOnce(&mut Item)) -> String {
        let mut item = item();
        change(&mut item);
        let mut items = vec![item.clone(), item.clone(), item];
        for (number, item) in items.iter_mut().enumerate().skip(1) {
            *item = self::item();
            item.id = format!("U4-Q{}", number + 1);
        }
        problems(&[KnowledgeCheck { unit: 4, diagnostic: false, items }], &|page| page == "unit-4/callback.md").join("\n")
    }

    #[test]
    fn an_item_that_keeps_the_rules_has_no_problem() {
        assert_eq!(found(|_| ()), "");
    }

    #[test]
    fn each_rule_finds_an_item_that_breaks_it() {
        let cases: [(&str, Change); 14] = [
            ("begins with U4-Q", |it| it.id = "U5-Q1".to_owned()),
            ("used twice", |it| it.id = "U4-Q2".to_owned()),
            ("2 choices", |it| it.choices.truncate(2)),
            ("no choice is correct", |it| it.choices[0] = choice("the state", Some("M19"))),
            ("2 choices are correct", |it| it.choices[1] = choice("the nonce", None)),
            ("has several", |it| it.kind = Kind::MultipleResponse),
            ("characters", |it| it.choices[0].text = "the state that came back".to_owned()),
            ("says 'not'", |it| it.stem = "What does the portal not check?".to_owned()),
            ("third person", |it| it.stem = "What do you check?".to_owned()),
            ("none of these", |it| it.choices[2].text = "None of these".to_owned()),
            ("explains nothing", |it| it.choices[0].feedback = "This is correct.".to_owned()),
            ("names no misconception", |it| it.choices[1].misconception = None),
            ("'M99' is no misconception", |it| it.choices[1] = choice("the nonce", Some("M99"))),
            ("no page unit-9/x.html", |it| it.choices[0].page = "unit-9/x.html".to_owned()),
        ];
        for (expected, change) in cases {
            assert!(found(change).contains(expected), "{expected}: {}", found(change));
        }
    }

    #[test]
    fn numbers_must_stand_in_order() {
        let with = |texts: [&str; 3]| found(|it| it.choices.iter_mut().zip(texts).for_each(|(choice, text)| choice.text = text.to_owned()));
        assert!(with(["60 s", "10 s", "90 s"]).contains("not sorted"));
        assert_eq!(with(["10 s", "60 s", "90 s"]), "");
    }

    #[test]
    fn a_unit_has_three_to_five_items() {
        let problems = problems(&[KnowledgeCheck { unit: 4, diagnostic: false, items: vec![item()] }], &|_| true);
        assert_eq!(problems, ["unit 4: 1 items; a unit has three to five"]);
    }

    #[test]
    fn a_diagnostic_may_have_six() {
        let items: Vec<Item> = (1..=6).map(|number| Item { id: format!("U4-Q{number}"), ..item() }).collect();
        let found = |diagnostic| problems(&[KnowledgeCheck { unit: 4, diagnostic, items: items.clone() }], &|_| true);
        assert_eq!(found(true), [""; 0]);
        assert_eq!(found(false), ["unit 4: 6 items; a unit has three to five"]);
    }
}
