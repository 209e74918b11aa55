use super::*;
use crate::kill_matrix::wrong_submission::{self, Edit};

const ROOT_MANIFEST: &str = r#"
[workspace]
resolver = "3"
members = ["solutions/04-sign-in"]
default-members = ["solutions/04-sign-in"]
[workspace.dependencies]
serde = { version = "1", features = ["derive"] }
mock-idp = { path = "mock-idp" }
[profile.dev]
debug = "line-tables-only"
"#;

const BASE_MANIFEST: &str = r#"
[package]
name = "solution-04"
version.workspace = true
[dependencies]
serde.workspace = true
web-app = { package = "solution-02", path = "../02-web-app" }
[dev-dependencies]
unit-checks.workspace = true
[[test]]
name = "checks"
[lints]
workspace = true
"#;

/// A workspace on disk with one solution.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let base = root.path().join("solutions/04-sign-in");
    fs::create_dir_all(base.join("src")).unwrap();
    fs::create_dir_all(base.join("tests")).unwrap();
    for (path, text) in [
        ("Cargo.toml", ROOT_MANIFEST),
        ("Cargo.lock", "version = 4\n"),
        ("solutions/04-sign-in/Cargo.toml", BASE_MANIFEST),
        ("solutions/04-sign-in/src/lib.rs", "pub fn nonce_matches() -> bool { a == b }\n"),
        ("solutions/04-sign-in/src/main.rs", "fn main() {}\n"),
        ("solutions/04-sign-in/tests/checks.rs", "fn main() {}\n"),
    ] {
        fs::write(root.path().join(path), text).unwrap();
    }
    root
}

fn submission(name: &str, find: &str) -> WrongSubmission {
    let edit = Edit { file: "src/lib.rs".to_owned(), find: find.to_owned(), replace: "true".to_owned() };
    let mut submission = wrong_submission::tests::submission(name);
    submission.recipe.edits = vec![edit];
    submission
}

/// The manifest, on Windows as elsewhere.
fn shown(manifest: &Table) -> String {
    toml::to_string(manifest).unwrap().replace('\\', "/").replace('\'', "\"")
}

#[test]
fn a_package_is_the_base_with_the_edit_and_without_the_tests() {
    let root = workspace();
    let folder = write(root.path(), &root.path().join("target"), &[&submission("no-nonce", "a == b")], &[]).unwrap();
    let package = folder.join("wrong-no-nonce");
    assert_eq!(fs::read_to_string(package.join("src/lib.rs")).unwrap(), "pub fn nonce_matches() -> bool { true }\n");
    assert!(package.join("src/main.rs").is_file() && !package.join("tests").exists());
    assert!(folder.join("Cargo.lock").is_file());
}

#[test]
fn the_package_keeps_the_library_name_and_has_a_binary_of_its_own() {
    let manifest = member_manifest(BASE_MANIFEST.parse().unwrap(), Path::new("/w/solutions/04-sign-in"), "wrong-no-nonce").unwrap();
    insta::assert_snapshot!(shown(&manifest));
}

#[test]
fn the_workspace_lists_the_packages_and_keeps_profiles_and_dependencies() {
    let manifest =
        workspace_manifest(ROOT_MANIFEST.parse().unwrap(), Path::new("/w"), &["wrong-a".to_owned(), "wrong-b".to_owned()]).unwrap();
    insta::assert_snapshot!(shown(&manifest));
}

#[test]
fn an_edit_that_no_longer_fits_names_the_submission() {
    let root = workspace();
    let error = write(root.path(), &root.path().join("target"), &[&submission("no-nonce", "a != b")], &[]).unwrap_err();
    let text = format!("{error:#}");
    assert!(text.contains("solutions/wrong/04/no-nonce.toml") && text.contains("does not occur in src/lib.rs"), "{text}");
}

#[test]
fn an_unchanged_file_keeps_its_time_and_the_package_of_a_submission_that_is_no_more_goes() {
    let root = workspace();
    let target = root.path().join("target");
    let (no_nonce, old) = (submission("no-nonce", "a == b"), submission("old", "a == b"));
    let folder = write(root.path(), &target, &[&no_nonce, &old], &[]).unwrap();
    let written = fs::metadata(folder.join("wrong-no-nonce/src/lib.rs")).unwrap().modified().unwrap();
    write(root.path(), &target, &[&no_nonce], &[]).unwrap();
    assert_eq!(fs::metadata(folder.join("wrong-no-nonce/src/lib.rs")).unwrap().modified().unwrap(), written);
    assert!(!folder.join("wrong-old").exists());
}

#[test]
fn a_submission_that_need_not_be_built_stays_on_the_disk_and_out_of_the_workspace() {
    let root = workspace();
    let target = root.path().join("target");
    let (no_nonce, judged) = (submission("no-nonce", "a == b"), submission("judged", "a == b"));
    write(root.path(), &target, &[&no_nonce, &judged], &[]).unwrap();
    let folder = write(root.path(), &target, &[&no_nonce], &[judged]).unwrap();
    assert!(folder.join("wrong-judged/src/lib.rs").is_file());
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("wrong-no-nonce") && !manifest.contains("wrong-judged"), "{manifest}");
}
