use super::*;

/// A map in which each misconception has a question and each line a page.
fn sound_map() -> CourseMap {
    let line = |section: &str| OutlineLine {
        section: section.to_owned(),
        says: "something".to_owned(),
        at: vec!["unit-4/callback.html#state".to_owned(), "U4-*".to_owned(), "U4-Q1".to_owned(), "README.md".to_owned()],
        planned: None,
    };
    let misconception = |number: usize| Misconception {
        id: format!("M{number:02}"),
        name: "a wrong idea".to_owned(),
        page: "unit-4/callback.html".to_owned(),
        planned: None,
    };
    CourseMap {
        lines: OUTLINE.iter().flat_map(|(section, count)| std::iter::repeat_with(|| line(section)).take(*count)).collect(),
        misconceptions: (1..=44).map(misconception).collect(),
    }
}

fn found(change: impl FnOnce(&mut CourseMap, &mut Facts<'_>)) -> Findings {
    let mut map = sound_map();
    let mut facts = Facts {
        checks: vec![CheckFacts { id: "U4-07".to_owned(), misconceptions: vec!["M19".to_owned()] }],
        killed: [("U4-07".to_owned(), "M19".to_owned())].into(),
        questions: [("U4-Q1".to_owned(), map.misconceptions.iter().map(|it| it.id.clone()).collect())].into(),
        cards: Vec::new(),
        hinted: ["U4-07".to_owned()].into(),
        has_file: &|path| path == "README.md",
        has_page: &|path, anchor| path == "unit-4/callback.html" && anchor.is_none_or(|anchor| anchor == "state"),
    };
    change(&mut map, &mut facts);
    verify(&map, &facts)
}

fn no_longer_offered(facts: &mut Facts<'_>, misconception: &str) {
    facts.questions.values_mut().for_each(|offers| offers.retain(|it| it != misconception));
}

#[test]
fn a_sound_map_has_no_problem_and_joins_what_belongs_together() {
    let findings = found(|_, _| ());
    assert_eq!(findings.problems, [""; 0]);
    let state = &findings.misconceptions[18];
    assert_eq!(state.misconception.id, "M19");
    assert_eq!([&state.checks, &state.proven_by, &state.hints], [&["U4-07"]; 3]);
    assert_eq!((&state.questions[..], state.cards.len()), (&["U4-Q1".to_owned()][..], 0));
}

#[test]
fn each_rule_finds_what_breaks_it() {
    type Change = fn(&mut CourseMap, &mut Facts<'_>);
    let cases: [(&str, Change); 16] = [
        ("section 'roles' has 1 lines; the outline has 2", |map, _| drop(map.lines.remove(0))),
        ("no section 'unit 9'", |map, _| map.lines[0].section = "unit 9".to_owned()),
        ("it is nowhere", |map, _| map.lines[0].at.clear()),
        ("the book has no unit-4/callback.html#nonce", |map, _| map.lines[0].at = vec!["unit-4/callback.html#nonce".to_owned()]),
        ("there is no check U4-99", |map, _| map.lines[0].at = vec!["U4-99".to_owned()]),
        ("there is no check U5-*", |map, _| map.lines[0].at = vec!["U5-*".to_owned()]),
        ("there is no question U4-Q9", |map, _| map.lines[0].at = vec!["U4-Q9".to_owned()]),
        ("there is no file LICENSE", |map, _| map.lines[0].at = vec!["LICENSE".to_owned()]),
        ("each once and in order", |map, _| drop(map.misconceptions.pop())),
        ("the book has no unit-9/x.html", |map, _| map.misconceptions[0].page = "unit-9/x.html".to_owned()),
        ("no wrong submission shows it", |_, facts| no_longer_offered(facts, "M01")),
        ("no question and no review card", |_, facts| no_longer_offered(facts, "M19")),
        ("no line of the outline leads to it", |map, _| map.lines.iter_mut().for_each(|line| line.at = vec!["README.md".to_owned()])),
        ("hints.toml has nothing", |_, facts| facts.hinted.clear()),
        ("U4-07: there is no misconception M77", |_, facts| facts.checks[0].misconceptions.push("M77".to_owned())),
        ("U6-R01: the book has no unit-9/x.html", |_, facts| {
            facts.cards.push(("U6-R01".to_owned(), "M19".to_owned(), "unit-9/x.html".to_owned()));
        }),
    ];
    for (expected, change) in cases {
        let problems = found(change).problems.join("\n");
        assert!(problems.contains(expected), "{expected}: {problems}");
    }
}

#[test]
fn what_is_planned_is_listed_with_its_reason_and_is_no_problem() {
    let findings = found(|map, _| {
        map.lines[0].at.push("U5-*".to_owned());
        map.lines[0].planned = Some("unit 5 is being written".to_owned());
    });
    assert_eq!(findings.problems, [""; 0]);
    assert_eq!(findings.planned, ["roles, 'something': there is no check U5-* (unit 5 is being written)"]);
}

#[test]
fn a_plan_that_came_true_is_named() {
    let findings = found(|map, _| map.misconceptions[0].planned = Some("a card will follow".to_owned()));
    assert_eq!((findings.planned.len(), &findings.no_longer_planned[..]), (0, &["M01 'a wrong idea': a card will follow".to_owned()][..]));
}

#[test]
fn a_review_card_stands_in_for_a_question_where_a_wrong_submission_exists() {
    let findings = found(|_, facts| {
        no_longer_offered(facts, "M19");
        facts.cards.push(("U6-R01".to_owned(), "M19".to_owned(), "unit-4/callback.html#state".to_owned()));
    });
    assert_eq!(findings.problems, [""; 0]);
    assert_eq!(findings.misconceptions[18].cards, ["U6-R01"]);
}
