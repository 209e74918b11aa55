//! Unit 1 in other right styles, and what a failure says. The wrong submissions prove the rest.

use std::{fs, path::Path};

use unit_checks::{Failure, Grading, GradingReport, HandedIn, Profile, Unit, Verdict, grade};

const SOLUTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../solutions/01-introduction/src");
const POLICY: &str = "policy.toml";
const FLOW: &str = "flow.toml";

/// One place of a file, and what takes its place.
type Edit<'a> = (&'a str, &'a str, &'a str);

/// The solution after these edits, judged.
async fn graded(edits: &[Edit<'_>]) -> GradingReport {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("src");
    fs::create_dir(&source).expect("a folder");
    for name in [POLICY, FLOW] {
        let mut text = fs::read_to_string(Path::new(SOLUTION).join(name)).expect("the solution's file");
        for (_, find, replace) in edits.iter().filter(|(file, ..)| *file == name) {
            assert_eq!(text.matches(find).count(), 1, "{find}");
            text = text.replace(find, replace);
        }
        fs::write(source.join(name), text).expect("a file");
    }
    let work = HandedIn::in_folder(folder.path()).into();
    let grading = Grading { unit: Unit::Introduction, work, profile: Profile::Strict, seed: 7, only: vec![] };
    grade(&grading, &|_| ()).await.expect("the grader works")
}

fn failure<'a>(report: &'a GradingReport, id: &str) -> &'a Failure {
    let result = report.results.iter().find(|result| result.check.id == id).expect("a check");
    match &result.verdict {
        Verdict::Fail(failure) => failure,
        other => panic!("{id} did not fail: {other:?}"),
    }
}

/// One message to another place in the order: what is found, and what takes its place.
fn moved(message: &str, before: &str) -> [(String, String); 2] {
    let line = |name: &str| format!("  \"{name}\",\n");
    [(line(message), String::new()), (line(before), line(message) + &line(before))]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_that_works_passes() {
    let orders = [
        ("the keys are fetched when the app starts", [moved("keys-request", "open-page"), moved("keys-answer", "open-page")]),
        ("the keys are fetched while the browser is away", [moved("keys-request", "redirect-back"), moved("keys-answer", "token-answer")]),
        (
            "the keys are fetched before the code is redeemed",
            [moved("keys-request", "token-request"), moved("keys-answer", "token-request")],
        ),
        ("Graph is called before the session starts", [moved("graph-request", "session-start"), moved("graph-answer", "session-start")]),
    ];
    for (what, moves) in orders {
        let edits: Vec<Edit<'_>> = moves.iter().flatten().map(|(find, replace)| (FLOW, find.as_str(), replace.as_str())).collect();
        let report = graded(&edits).await;
        assert!(report.all_passed(), "{what}: {:?}", report.results.iter().map(|it| &it.verdict).collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_write_the_same_decisions_passes() {
    let edits = [
        // What belongs to the visitor anyway may be said to.
        (POLICY, "[\"allow\",  \"allow\",        \"own-only\",  ", "[ 'own-only', \"own-only\", \"own-only\", # their policies\n "),
        // Another order of the rules, and no comment.
        (POLICY, "several-roles = \"union\"\n", ""),
        (POLICY, "same-person = \"tid+oid\"", "same-person='tid+oid'\nseveral-roles = 'union'"),
        (FLOW, "[\"code\", \"client-secret\"]", "[\"client-secret\", \"code\"]"),
        (
            FLOW,
            "{ channel = \"front\", carries = [\"nothing\"] }                   # browser to app",
            "{ carries = [], channel = \"front\" } # ",
        ),
    ];
    let report = graded(&edits).await;
    assert!(report.all_passed(), "{:?}", report.results.iter().map(|it| &it.verdict).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leak_is_told_with_names_and_the_number_of_the_policy() {
    let report = graded(&[(POLICY, "\"own-only\",         \"deny\",      \"deny\"]", "\"allow\", \"deny\", \"deny\"]")]).await;
    let leak = failure(&report, "U1-06");
    assert!(leak.received.contains("client A (") && leak.received.contains("opened policy POL-"), "{}", leak.received);
    assert!(leak.received.contains("which is client B's") && leak.attack.is_some(), "{}", leak.received);
    assert_eq!(leak.misconception, Some("M37"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_taken_for_another_is_told_as_another_misconception() {
    let report = graded(&[(POLICY, "same-person = \"tid+oid\"", "same-person = \"email\"")]).await;
    let leak = failure(&report, "U1-06");
    assert!(leak.received.contains("a new client with client A's old address"), "{}", leak.received);
    assert_eq!(leak.misconception, Some("M11"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_toml_and_a_cell_that_waits_are_named() {
    for (find, replace, expected) in
        [("[pages]", "{ \"pages\": 1 }", "this is no TOML"), ("= [\"login\",  ", "= [\"TODO\", ", "Not filled in yet: 1")]
    {
        let report = graded(&[(POLICY, find, replace)]).await;
        let failure = failure(&report, "U1-01");
        assert!(failure.sent.contains("src/policy.toml") && failure.received.contains(expected), "{}", failure.received);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_finished_file_is_judged_before_the_other() {
    let report = graded(&[(FLOW, "carries = [\"password\"]", "carries = [\"TODO\"]")]).await;
    let verdict = |id: &str| &report.results.iter().find(|result| result.check.id == id).expect("a check").verdict;
    assert!(failure(&report, "U1-01").received.contains("sign-in-form, carries is not filled in yet"));
    assert_eq!((verdict("U1-03"), verdict("U1-06")), (&Verdict::Blocked { by: "U1-01" }, &Verdict::Pass));
}
