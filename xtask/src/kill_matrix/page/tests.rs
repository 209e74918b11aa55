use super::{
    super::{
        comparison::tests::mutant,
        report::{Facts, RightWork},
        wrong_submission::tests::submission,
    },
    *,
};

fn misconceptions() -> BTreeMap<String, String> {
    BTreeMap::from([("M20".to_owned(), "nonce may be missing".to_owned())])
}

fn matrix(coverage: Coverage) -> Matrix {
    let work = |id: &str, runs, only_alone| RightWork {
        id: id.to_owned(),
        unit: "04".to_owned(),
        runs,
        passed: runs,
        passed_only_alone: only_alone,
        failures: Vec::new(),
    };
    let no_nonce = Mutant {
        says: "It never looks at `nonce` & <state>.".to_owned(),
        ..mutant("no-nonce", "U4-09", &["U4-04"], &["U4-09", "U4-04"], &[])
    };
    let facts = Facts {
        coverage,
        judged: Some(("2026-11-25".to_owned(), "2026-11-26".to_owned())),
        right: vec![work("solution-04", 200, 0), work("form-post", 1, 0)],
        skipped: None,
        mutants: vec![no_nonce, mutant("no-state", "U4-03", &[], &["U4-03"], &[])],
    };
    Matrix::new(&["U4-03", "U4-04", "U4-09"], facts)
}

fn machine() -> Machine {
    Machine { cores: 2, system: "linux on x86_64".to_owned(), jobs: 4 }
}

fn page() -> String {
    render(&matrix(Coverage::Whole), &machine(), &misconceptions())
}

/// The submissions of which `page` tells.
fn submissions() -> [WrongSubmission; 2] {
    let mut no_nonce = submission("no-nonce");
    no_nonce.says = "It never looks at `nonce` & <state>.".to_owned();
    no_nonce.recipe.also = vec!["U4-04".to_owned()];
    let mut no_state = submission("no-state");
    no_state.recipe.check = "U4-03".to_owned();
    [no_nonce, no_state]
}

#[test]
fn the_page_tells_what_was_judged_with_which_figures_and_what_that_does_not_prove() {
    insta::assert_snapshot!(page());
}

#[test]
fn a_page_is_written_from_a_complete_run_only() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("course-map.toml"), "line = []\nmisconception = []\n").unwrap();
    for coverage in [Coverage::Unit, Coverage::Part] {
        assert!(write(root.path(), &matrix(coverage), &machine()).unwrap_err().to_string().contains("from a part"));
    }
    let mut broken = matrix(Coverage::Whole);
    broken.mutants[1].error = Some("no port".to_owned());
    assert!(write(root.path(), &broken, &machine()).unwrap_err().to_string().ends_with("could not be judged: no-state"));
    assert!(!root.path().join(PATH).exists());
    write(root.path(), &matrix(Coverage::Whole), &machine()).unwrap();
    assert!(root.path().join(PATH).is_file());
}

#[test]
fn a_page_that_tells_of_the_present_submissions_does_not_drift() {
    assert_eq!(differences(&page(), &submissions(), &misconceptions()), [""; 0]);
}

#[test]
fn a_new_a_removed_and_a_changed_submission_are_named() {
    let [no_nonce, mut changed] = submissions();
    changed.recipe.check = "U4-04".to_owned();
    let new = submission("nonce-optional");
    assert_eq!(
        differences(&page(), &[changed, new], &misconceptions()),
        [
            "says something else about `no-state` than its file",
            "does not list the wrong submission `nonce-optional`",
            "lists `no-nonce`, which is no more",
        ]
    );
    assert_eq!(differences(&page(), &[no_nonce], &misconceptions()), ["lists `no-state`, which is no more"]);
}

#[test]
fn what_is_off_is_told() {
    let mut matrix = matrix(Coverage::Whole);
    matrix.mutants[1].failed.clear();
    let page = render(&matrix, &machine(), &misconceptions());
    assert!(page.contains("- `no-state`: U4-03 passed; it must fail") && page.contains("<td>no</td></tr>"), "{page}");
}
