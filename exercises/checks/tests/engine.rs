//! The engine against apps and checks that misbehave. The apps are in `apps/wrong_app.rs`.

use std::{collections::BTreeMap, pin::Pin, sync::Mutex, time::Duration};

use unit_checks::{
    AppCommand, AppUse, Check, Compared, Failure, Grading, GradingReport, HandedIn, Profile, Unit, Verdict, Work, build_failed,
    check::Run,
    grading::grade_with,
    render,
    stage::Stage,
    verdict::{Outcome, Problem},
};

const fn check(id: &'static str, depends_on: &'static [&'static str], run: Run) -> Check {
    Check {
        id,
        unit: Unit::SignIn,
        title: "a check of the engine's tests",
        points: 1,
        gate: None,
        depends_on,
        profile: Profile::Core,
        misconceptions: &[],
        hint: "No hint.",
        page: "unit-4/index.html",
        app: AppUse::Shared,
        limit: Duration::from_secs(20),
        run,
    }
}

const fn opens(id: &'static str, depends_on: &'static [&'static str]) -> Check {
    check(id, depends_on, |stage| {
        Box::pin(async move {
            stage.browser().open("/").await?;
            Ok(())
        })
    })
}

const FAILS: Run = |_| Box::pin(async { Err(Failure::new("sent", "received", "expected", "why").into()) });
const PANICS: Run = |_| Box::pin(async { panic!("a mistake in the check") });

async fn grade(kind: &str, registry: &'static [Check]) -> GradingReport {
    grade_as(kind, registry, Profile::Strict, &[]).await
}

async fn grade_as(kind: &str, registry: &'static [Check], profile: Profile, only: &[&str]) -> GradingReport {
    grade_work(app(kind).into(), registry, profile, only).await
}

fn app(kind: &str) -> AppCommand {
    let mut app = AppCommand::binary(env!("CARGO_BIN_EXE_unit-checks-wrong-app"));
    app.args.push(kind.to_owned());
    app
}

async fn grade_work(work: Work, registry: &'static [Check], profile: Profile, only: &[&str]) -> GradingReport {
    let only = only.iter().map(|id| (*id).to_owned()).collect();
    grade_with(registry, &Grading { unit: Unit::SignIn, work, profile, seed: 7, only }, &|_| ()).await.expect("the grader works")
}

fn words(report: &GradingReport) -> Vec<(&'static str, &'static str)> {
    report.results.iter().map(|result| (result.check.id, result.verdict.word())).collect()
}

fn failure<'a>(report: &'a GradingReport, id: &str) -> &'a Failure {
    match report.results.iter().find(|result| result.check.id == id).map(|result| &result.verdict) {
        Some(Verdict::Fail(failure)) => failure,
        other => panic!("{id} did not fail: {other:?}"),
    }
}

static CHAIN: [Check; 3] = [opens("T-1", &[]), opens("T-2", &["T-1"]), opens("T-3", &["T-2"])];

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_never_listens_fails_the_first_check_and_blocks_the_rest_by_it() {
    let report = grade("never-listens", &CHAIN).await;
    assert_eq!(words(&report), [("T-1", "fail"), ("T-2", "blocked"), ("T-3", "blocked")]);
    assert_eq!(report.results[2].verdict, Verdict::Blocked { by: "T-1" });
    let received = &failure(&report, "T-1").received;
    assert!(received.contains("within 10 seconds") && received.contains("thinking"), "{received}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_crashes_at_its_start_is_quoted_without_its_secret() {
    let report = grade("crashes", &CHAIN).await;
    let received = &failure(&report, "T-1").received;
    assert!(received.contains("ended (exit status: 101)") || received.contains("ended (exit code: 101)"), "{received}");
    assert!(received.contains("index out of bounds") && received.contains("the secret is …"), "{received}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_does_not_exist_is_named() {
    let app = AppCommand::binary("/no/such/program");
    let grading = Grading { unit: Unit::SignIn, work: app.into(), profile: Profile::Strict, seed: 7, only: vec![] };
    let report = grade_with(&CHAIN, &grading, &|_| ()).await.expect("the grader works");
    assert!(failure(&report, "T-1").received.contains("/no/such/program cannot be started"));
}

static IMPATIENT: [Check; 1] = [Check { limit: Duration::from_millis(300), ..opens("T-1", &[]) }];

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_an_app_that_hangs_times_out() {
    let report = grade("hangs", &IMPATIENT).await;
    assert_eq!(words(&report), [("T-1", "timeout")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_prints_two_megabytes_passes() {
    let report = grade("floods", &CHAIN).await;
    assert!(report.all_passed(), "{:?}", words(&report));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_of_anything_is_a_failure_that_says_what() {
    for (kind, expected) in [
        ("sends-too-much", "the body is larger than 1024 KiB"),
        ("sends-away", "the browser was sent to http://evil.example/"),
        ("sends-in-circles", "more than 10 redirects in a row"),
    ] {
        let report = grade(kind, &CHAIN).await;
        let received = &failure(&report, "T-1").received;
        assert!(received.contains(expected), "{kind}: {received}");
    }
}

static WITH_PANIC: [Check; 3] = [opens("T-1", &[]), check("T-2", &[], PANICS), check("T-3", &["T-2"], FAILS)];

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_panics_is_an_error_and_loses_no_other_result() {
    let report = grade("answers", &WITH_PANIC).await;
    assert_eq!(words(&report), [("T-1", "pass"), ("T-2", "error"), ("T-3", "blocked")]);
    assert_eq!(report.results[1].verdict, Verdict::Error("the check T-2 panicked: a mistake in the check".to_owned()));
}

static WITH_BOOM: [Check; 3] = [
    check("T-1", &[], |stage| {
        Box::pin(async move {
            stage.browser().get("/boom").await?;
            Ok(())
        })
    }),
    check("T-2", &[], opens_often),
    check("T-3", &[], opens_often),
];

fn opens_often(stage: &Stage) -> Pin<Box<dyn Future<Output = Outcome> + Send + '_>> {
    Box::pin(async move {
        for _ in 0..20 {
            stage.browser().open("/").await?;
        }
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_brings_the_shared_app_down_fails_alone() {
    let report = grade("dies-at-boom", &WITH_BOOM).await;
    assert_eq!(words(&report), [("T-1", "fail"), ("T-2", "pass"), ("T-3", "pass")]);
    let received = &failure(&report, "T-1").received;
    assert!(received.contains("The app has ended") && received.contains("boom it is"), "{received}");
}

static STRICTER: [Check; 3] = [opens("T-1", &[]), Check { profile: Profile::Strict, ..check("T-2", &[], FAILS) }, opens("T-3", &["T-2"])];

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_check_is_skipped_under_core_and_blocks_nobody() {
    let report = grade_as("answers", &STRICTER, Profile::Core, &[]).await;
    assert_eq!(words(&report), [("T-1", "pass"), ("T-2", "skipped"), ("T-3", "pass")]);
    assert_eq!((report.points(), report.max_points()), (2, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_check_brings_along_what_it_depends_on_and_is_reported_alone() {
    let report = grade_as("answers", &CHAIN, Profile::Strict, &["T-3"]).await;
    assert_eq!(words(&report), [("T-3", "pass")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_does_not_exist_is_named() {
    let grading = Grading {
        unit: Unit::SignIn,
        work: AppCommand::binary("app").into(),
        profile: Profile::Strict,
        seed: 7,
        only: vec!["U4-99".to_owned()],
    };
    let error = grade_with(&CHAIN, &grading, &|_| ()).await.expect_err("there is no such check");
    assert_eq!(error.to_string(), "unit-04 has no check 'U4-99'; it has T-1, T-2, T-3");
}

static MIXED: [Check; 2] = [opens("T-1", &[]), Check { app: AppUse::Fresh, ..check("T-2", &[], not_on_this_machine) }];

fn not_on_this_machine(_: &Stage) -> Pin<Box<dyn Future<Output = Outcome> + Send + '_>> {
    Box::pin(async { Err(Problem::Inapplicable("no such thing here".to_owned())) })
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_tells_when_each_check_begins_and_ends() {
    let heard: Mutex<BTreeMap<&str, Vec<Option<&str>>>> = Mutex::default();
    let app = AppCommand::binary(env!("CARGO_BIN_EXE_unit-checks-wrong-app"));
    let grading = Grading { unit: Unit::SignIn, work: app.into(), profile: Profile::Strict, seed: 7, only: vec![] };
    grade_with(&MIXED, &grading, &|news| heard.lock().expect("no panic").entry(news.check.id).or_default().push(news.ended))
        .await
        .expect("the grader works");
    let heard = heard.into_inner().expect("no panic");
    assert_eq!(heard["T-1"], [None, Some("pass")]);
    assert_eq!(heard["T-2"], [None, Some("skipped")]);
}

/// Reads a file, and visits the app as well.
static APP_AND_FILE: [Check; 2] = [
    opens("T-1", &[]),
    check("T-2", &[], |stage| {
        Box::pin(async move {
            assert_eq!(stage.files()?.text("notes.toml")?, "handed in");
            Ok(())
        })
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn files_are_read_beside_an_app_and_a_check_of_files_does_not_count_without_them() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("src")).expect("a folder");
    std::fs::write(folder.path().join("src/notes.toml"), "handed in").expect("a file");
    let both = Work::from(app("answers")).with_files(HandedIn::in_folder(folder.path()));
    let report = grade_work(both, &APP_AND_FILE, Profile::Strict, &[]).await;
    assert_eq!(words(&report), [("T-1", "pass"), ("T-2", "pass")]);
    let report = grade("answers", &APP_AND_FILE).await;
    assert_eq!(words(&report), [("T-1", "pass"), ("T-2", "skipped")]);
}

#[test]
fn a_build_that_fails_fails_the_first_check_and_blocks_the_others_by_it() {
    let report = build_failed(Unit::WebApp, Profile::Core, 7, "error[E0425]: cannot find value `port`");
    assert_eq!(report.results[0].check.id, "U2-01");
    assert!(failure(&report, "U2-01").received.contains("E0425"));
    assert!(report.results[1..].iter().all(|result| result.verdict == Verdict::Blocked { by: "U2-01" }));
    assert_eq!(report.score(), 0);
}

#[test]
fn a_failed_gate_caps_the_points() {
    let mut report = build_failed(Unit::SignIn, Profile::Strict, 7, "");
    let all = report.max_points();
    for result in &mut report.results {
        result.verdict = if result.check.id == "U4-09" { Verdict::Fail(Failure::new("s", "r", "e", "w")) } else { Verdict::Pass };
    }
    assert!(report.points() > all * 60 / 100);
    assert_eq!(report.score(), all * 60 / 100);
}

#[test]
fn a_failure_is_put_into_words() {
    let mut report = build_failed(Unit::SignIn, Profile::Strict, 7, "");
    let result = report.results.iter_mut().find(|result| result.check.id == "U4-09").expect("the check exists");
    result.verdict = Verdict::Fail(
        Failure::new(
            "A sign-in in which the ID token is wrong: its nonce is not the one that the app sent.",
            "GET http://localhost:5000/me answered 200, a page headed \"Your account\". Afterwards the user is signed in: the app accepted \
             this token.",
            "no session: the nonce of the token is compared with the nonce of this login, and a missing one counts as wrong",
            "The nonce is the only thing in the token that belongs to this login.",
        )
        .compares([Compared::equal("nonce", "Zx81", "f3Qk")])
        .attack("A token from another sign-in, stolen or recorded, is brought in here and opens a session as its owner."),
    );
    insta::assert_snapshot!(render(result));
}
