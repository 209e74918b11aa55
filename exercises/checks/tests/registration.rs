//! The checks of unit 3 that look into the learner's `.env`. Solutions and wrong submissions have none, so they are proven here.

use std::{fs, path::Path, process::Command};

use mock_idp::{Directory, clock::Clock, directory::credential::PasswordCredential, random::Entropy};
use time::Duration;
use unit_checks::{Failure, Grading, GradingReport, HandedIn, Profile, Unit, Verdict, grade};

const SOLUTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../solutions/03-registration");

/// The solution with a secret whose value is known here, and a `.env`.
struct Work {
    folder: tempfile::TempDir,
    app_id: String,
    tenant_id: String,
    secret: String,
    secret_id: String,
}

impl Work {
    fn new() -> Self {
        let read = |name: &str| fs::read_to_string(Path::new(SOLUTION).join("src").join(name)).expect("the solution's file");
        let mut directory = Directory::from_json(&read("directory.json")).expect("a directory file");
        let notes: toml::Table = read("registration.toml").parse().expect("TOML");
        let (secret_id, app_id) =
            (notes["secret_id"].as_str().expect("a text").to_owned(), notes["client_id"].as_str().expect("a text").to_owned());
        let entropy = Entropy::system();
        let secret = entropy.client_secret();
        let mut credential = PasswordCredential::of_secret(&secret, secret_id.clone(), None, &entropy);
        credential.end_date_time = Some(Clock::system().now() + Duration::days(90));
        let id = directory.application(&app_id).expect("the app").id.clone();
        directory.applications.edit(&id, |application| application.password_credentials = vec![credential]);
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("src")).expect("a folder");
        let tenant_id = directory.tenant_id().to_owned();
        let work = Self { folder, app_id, tenant_id, secret, secret_id };
        work.write("src/directory.json", &directory.to_json());
        work.write("src/registration.toml", &read("registration.toml").replace("exported = \"", "exported = \"\" # \""));
        work
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).expect("a file");
    }

    fn env(&self, client_id: &str, tenant_id: &str, secret: &str) {
        let text = format!("CLIENT_ID={client_id}\nAUTHORITY=http://localhost:8400/{tenant_id}\nCLIENT_SECRET='{secret}'\n");
        self.write(".env", &text);
    }

    fn right_env(&self) {
        self.env(&self.app_id, &self.tenant_id, &self.secret);
    }

    fn git(&self, arguments: &[&str]) {
        let ran = Command::new("git").arg("-C").arg(self.folder.path()).args(arguments).output().expect("git");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    async fn grade(&self) -> GradingReport {
        let files = HandedIn::in_folder(self.folder.path()).with_env_file(self.folder.path().join(".env"));
        let grading = Grading { unit: Unit::Registration, work: files.into(), profile: Profile::Strict, seed: 7, only: vec![] };
        grade(&grading, &|_| ()).await.expect("the grader works")
    }
}

fn verdict<'a>(report: &'a GradingReport, id: &str) -> &'a Verdict {
    &report.results.iter().find(|result| result.check.id == id).expect("a check").verdict
}

fn failure<'a>(report: &'a GradingReport, id: &str) -> &'a Failure {
    match verdict(report, id) {
        Verdict::Fail(failure) => failure,
        other => panic!("{id} did not fail: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_right_env_every_check_passes_and_none_is_skipped() {
    let work = Work::new();
    work.right_env();
    work.git(&["init", "--quiet"]);
    work.write(".gitignore", "/.env\n");
    let report = work.grade().await;
    for result in &report.results {
        assert_eq!(result.verdict, Verdict::Pass, "{}", result.check.id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_that_are_swapped_in_env_are_named() {
    let work = Work::new();
    work.env(&work.tenant_id, &work.app_id, &work.secret);
    let report = work.grade().await;
    let received = &failure(&report, "U3-07").received;
    assert!(received.contains("swapped") && received.contains("AADSTS"), "{received}");
    assert_eq!(verdict(&report, "U3-08"), &Verdict::Blocked { by: "U3-07" });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_id_in_the_place_of_the_secret_is_named() {
    let work = Work::new();
    work.env(&work.app_id, &work.tenant_id, &work.secret_id);
    let report = work.grade().await;
    assert_eq!(verdict(&report, "U3-07"), &Verdict::Pass);
    let received = &failure(&report, "U3-08").received;
    assert!(received.contains("the secret's id") && received.contains("AADSTS7000215"), "{received}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_whose_hash_nobody_tells_is_not_judged_but_its_id_in_its_place_is() {
    let work = Work::new();
    let read = fs::read_to_string(work.folder.path().join("src/directory.json")).expect("written");
    let mut directory = Directory::from_json(&read).expect("a directory file");
    let id = directory.application(&work.app_id).expect("the app").id.clone();
    directory.applications.edit(&id, |application| {
        application.password_credentials[0].secret_hash = PasswordCredential::HASH_NOT_TOLD.to_owned();
    });
    work.write("src/directory.json", &directory.to_json());
    work.right_env();
    assert!(matches!(verdict(&work.grade().await, "U3-08"), Verdict::Skipped(reason) if reason.contains("Graph")));
    work.env(&work.app_id, &work.tenant_id, &work.secret_id);
    assert!(failure(&work.grade().await, "U3-08").received.contains("the secret's id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_directory_that_disagree_are_both_held_against_the_matrix() {
    let work = Work::new();
    let notes = fs::read_to_string(work.folder.path().join("src/registration.toml")).expect("written");
    let other = notes.replace("app_role_assignment_required = false", "app_role_assignment_required = true");
    assert_ne!(other, notes);
    work.write("src/registration.toml", &other);
    let report = work.grade().await;
    let compared = failure(&report, "U3-19").compared.iter().map(|it| (it.found.as_str(), it.expected.as_str())).collect::<Vec<_>>();
    assert_eq!(compared, [("true", "false"), ("false", "false")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_env_file_that_git_keeps_or_does_not_ignore_is_refused() {
    let work = Work::new();
    work.right_env();
    work.git(&["init", "--quiet"]);
    let report = work.grade().await;
    assert!(failure(&report, "U3-09").received.contains(".gitignore"));
    work.git(&["add", ".env"]);
    work.write(".gitignore", "/.env\n");
    let report = work.grade().await;
    assert!(failure(&report, "U3-09").received.contains("git keeps"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_env_file_the_three_checks_are_skipped_and_worth_nothing() {
    let report = Work::new().grade().await;
    for id in ["U3-07", "U3-08", "U3-09"] {
        assert!(matches!(verdict(&report, id), Verdict::Skipped(_)), "{id}");
    }
    assert!(report.all_passed());
}
