use super::*;
use crate::{
    clock::Clock,
    directory::{
        application::Application,
        seed::{self, CLAIMS_PORTAL_APP_ID, StartState},
    },
    random::Entropy,
};

fn tenants() -> Vec<Arc<Directory>> {
    let mut tenants = seed::start_state(StartState::Unit4, "the-secret");
    let ada = tenants[0].users[0].id.clone();
    tenants[0].photos.push(ProfilePhoto { user_id: ada, content_type: "image/png".to_owned(), content: "cG5n".to_owned() });
    let second = Application::web("second", "http://localhost/");
    let id = tenants[0].register(second, &Entropy::seeded(2)).app_id;
    let id = tenants[0].application(&id).expect("registered").id.clone();
    tenants[0].delete_application(&id, Clock::system().now()).expect("deleted");
    tenants.into_iter().map(Arc::new).collect()
}

fn name(text: &str) -> SnapshotName {
    text.parse().expect("a name")
}

#[test]
fn a_snapshot_gives_back_everything_that_was_saved() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshots = Snapshots::of(folder.path());
    let tenants = tenants();
    snapshots.save(&name("monday"), &tenants, Clock::system().now()).expect("saved");
    let read = snapshots.read(&name("monday")).expect("read");
    assert!(read.iter().eq(tenants.iter().map(Arc::as_ref)));
    assert_eq!((read[0].photos.len(), read[0].deleted_applications.len()), (1, 1));
    assert!(read[0].application(CLAIMS_PORTAL_APP_ID).expect("registered").password_credentials[0].matches("the-secret"));
}

#[test]
fn a_snapshot_is_a_folder_of_directory_files_without_secrets() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Snapshots::of(folder.path()).save(&name("monday"), &tenants(), Clock::system().now()).expect("saved");
    let files = fs::read_dir(folder.path().join("snapshots/monday")).expect("a folder");
    let mut names = Vec::new();
    for file in files {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("text");
        assert!(!text.contains("the-secret") && !text.contains("Practice-2026"), "{}", path.display());
        names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
    }
    names.sort();
    insta::assert_snapshot!(names.join("\n"), @r"
    2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6.beside.json
    2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6.json
    7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48.json
    manifest.json
    ");
}

#[test]
fn a_name_is_given_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshots = Snapshots::of(folder.path());
    snapshots.save(&name("monday"), &tenants(), Clock::system().now()).expect("saved");
    let again = snapshots.save(&name("monday"), &[], Clock::system().now());
    assert!(matches!(again, Err(SnapshotError::Exists(_))));
    assert_eq!(snapshots.read(&name("monday")).expect("the first one").len(), 2);
}

#[test]
fn what_was_deleted_is_gone_and_what_there_is_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshots = Snapshots::of(folder.path());
    for it in ["b", "a", "c"] {
        snapshots.save(&name(it), &tenants()[1..], Clock::system().now()).expect("saved");
    }
    snapshots.delete(&name("b")).expect("deleted");
    assert_eq!(snapshots.list().expect("a list").into_iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>(), ["a", "c"]);
    let error = snapshots.read(&name("b")).expect_err("it is gone").to_string();
    assert_eq!(error, "there is no snapshot 'b'; there are: a, c");
    assert!(matches!(snapshots.delete(&name("b")), Err(SnapshotError::Unknown { .. })));
}

#[test]
fn half_a_snapshot_is_no_snapshot() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshots = Snapshots::of(folder.path());
    fs::create_dir_all(folder.path().join("snapshots/.monday.new")).expect("a folder");
    fs::create_dir_all(folder.path().join("snapshots/empty")).expect("a folder");
    assert_eq!(snapshots.list().expect("a list"), []);
    snapshots.save(&name("monday"), &tenants(), Clock::system().now()).expect("saved over what a crash left");
    assert_eq!(snapshots.list().expect("a list").len(), 1);
}

#[test]
fn a_damaged_file_is_named_with_its_mistake() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let snapshots = Snapshots::of(folder.path());
    snapshots.save(&name("monday"), &tenants(), Clock::system().now()).expect("saved");
    let file = snapshots.path_of(&name("monday")).join(format!("{}.json", seed::FABRIKAM_TENANT_ID));
    let spoiled = fs::read_to_string(&file).expect("text").replace("\"version\": 1", "\"version\": 99");
    fs::write(&file, spoiled).expect("writable");
    let error = snapshots.read(&name("monday")).expect_err("damaged").to_string();
    assert!(error.contains("7c1e5a36") && error.ends_with("$.version: must be 1; this program does not know version 99"), "{error}");
}

#[test]
fn a_name_cannot_lead_out_of_the_folder() {
    for text in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-rf", "a b", "a\0", "ä", "dot.", &"x".repeat(65)] {
        assert!(text.parse::<SnapshotName>().is_err(), "{text}");
    }
    for text in ["a", "2026-11-25", "unit_4.before", &"x".repeat(64)] {
        assert_eq!(text.parse::<SnapshotName>().map(|name| name.to_string()).as_deref(), Ok(text));
    }
    let before = SnapshotName::before("unit-4", time::macros::datetime!(2026-11-25 19:38 UTC));
    assert_eq!(before.as_str(), "before-unit-4-20261125-193800000");
    assert!(before.as_str().parse::<SnapshotName>().is_ok());
}
