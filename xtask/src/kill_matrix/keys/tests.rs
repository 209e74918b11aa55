use std::fs;

use super::{super::wrong_submission::Edit, *};
use crate::kill_matrix::wrong_submission::tests::submission;

const GRADER: [&str; 2] = ["sources", "compiler"];

/// A workspace with a solution that is built with another one, which is built with a third by the root's list.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("Cargo.toml", "[workspace]\n[workspace.dependencies]\npolicy = { path = 'policy' }\n[profile.dev]\nopt-level = 0\n"),
        ("Cargo.lock", "version = 4\n"),
        ("solutions/04-sign-in/Cargo.toml", "[dependencies]\nweb-app = { path = '../02-web-app' }\nserde = '1'\n"),
        ("solutions/04-sign-in/src/lib.rs", "pub fn nonce_matches() -> bool { a == b }\n"),
        ("solutions/04-sign-in/src/session.rs", "// the session\n"),
        ("solutions/04-sign-in/tests/checks.rs", "fn main() {}\n"),
        ("solutions/02-web-app/Cargo.toml", "[dependencies]\npolicy.workspace = true\n"),
        ("solutions/02-web-app/src/lib.rs", "// pages\n"),
        ("policy/Cargo.toml", ""),
        ("policy/src/lib.rs", "// policies\n"),
        ("solutions/alternatives/Cargo.toml", "[workspace]\nmembers = ['form-post']\n"),
        ("solutions/alternatives/form-post/src/main.rs", "fn main() {}\n"),
    ] {
        write(root.path(), path, text);
    }
    root
}

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn no_nonce(replace: &str) -> WrongSubmission {
    let mut submission = submission("no-nonce");
    submission.recipe.edits = vec![Edit { file: "src/lib.rs".to_owned(), find: "a == b".to_owned(), replace: replace.to_owned() }];
    submission
}

/// The keys of a wrong submission, a solution and a right app in another style.
fn keys_of(root: &Path, grader: [&str; 2], unit: Unit) -> [String; 3] {
    let keys = Keys::with_grader(root, grader).unwrap();
    [
        keys.of(Source::Wrong(&no_nonce("true")), unit).unwrap(),
        keys.solution(&root.join("solutions/04-sign-in"), unit).unwrap(),
        keys.of(Source::Alternative("form-post"), unit).unwrap(),
    ]
}

#[test]
fn a_result_is_never_found_after_a_change_of_anything_that_it_follows_from() {
    let root = workspace();
    let before = keys_of(root.path(), GRADER, Unit::SignIn);
    assert_eq!(keys_of(root.path(), GRADER, Unit::SignIn), before, "nothing has changed");
    for (path, concerned) in [
        ("Cargo.toml", [true, true, true]),
        ("Cargo.lock", [true, true, true]),
        ("solutions/04-sign-in/Cargo.toml", [true, true, false]),
        ("solutions/04-sign-in/src/lib.rs", [true, true, false]),
        ("solutions/04-sign-in/src/session.rs", [true, true, false]),
        ("solutions/02-web-app/src/lib.rs", [true, true, false]),
        ("solutions/02-web-app/Cargo.toml", [true, true, false]),
        ("policy/src/lib.rs", [true, true, false]),
        ("solutions/alternatives/form-post/src/main.rs", [false, false, true]),
        ("solutions/alternatives/Cargo.toml", [false, false, true]),
    ] {
        let old = fs::read_to_string(root.path().join(path)).unwrap();
        write(root.path(), path, &format!("{old}\n"));
        let after = keys_of(root.path(), GRADER, Unit::SignIn);
        let changed: Vec<bool> = before.iter().zip(&after).map(|(before, after)| before != after).collect();
        assert_eq!(changed, concerned, "{path}");
        write(root.path(), path, &old);
    }
    write(root.path(), "solutions/02-web-app/src/new.rs", "");
    assert_ne!(keys_of(root.path(), GRADER, Unit::SignIn)[..2], before[..2], "a new file of a dependency");
}

#[test]
fn another_grader_another_compiler_or_another_unit_is_another_key() {
    let root = workspace();
    let keys = |grader, unit| keys_of(root.path(), grader, unit);
    let before = keys(GRADER, Unit::SignIn);
    for other in [keys(["other", "compiler"], Unit::SignIn), keys(["sources", "other"], Unit::SignIn), keys(GRADER, Unit::WebApp)] {
        assert!(before.iter().zip(&other).all(|(before, other)| before != other));
    }
}

#[test]
fn another_edit_is_another_key_and_another_expectation_is_not() {
    let root = workspace();
    let keys = Keys::with_grader(root.path(), GRADER).unwrap();
    let key = |submission: &WrongSubmission| keys.wrong(submission, Unit::SignIn).unwrap();
    let before = key(&no_nonce("true"));
    assert_ne!(key(&no_nonce("false")), before);
    // The verdicts stay true; what they are held against is read anew each time.
    let mut listed = no_nonce("true");
    listed.recipe.also.push("U4-04".to_owned());
    assert_eq!(key(&listed), before);
}

#[test]
fn what_plays_no_part_in_a_verdict_is_left_out() {
    let root = workspace();
    let before = keys_of(root.path(), GRADER, Unit::SignIn);
    write(root.path(), "solutions/04-sign-in/tests/checks.rs", "fn main() { changed(); }\n");
    assert_eq!(keys_of(root.path(), GRADER, Unit::SignIn), before);
}

#[test]
fn the_packages_of_a_build_are_all_that_it_is_made_of() {
    let root = workspace();
    let keys = Keys::with_grader(root.path(), GRADER).unwrap();
    let folders = |source| {
        let folders = keys.packages(source, Unit::SignIn).unwrap().into_keys();
        folders.map(|folder| folder.strip_prefix(root.path()).unwrap().to_owned()).collect::<Vec<_>>()
    };
    let no_nonce = no_nonce("true");
    assert_eq!(folders(Source::Wrong(&no_nonce)), ["policy", "solutions/02-web-app"].map(PathBuf::from));
    assert_eq!(folders(Source::Solution), ["policy", "solutions/02-web-app", "solutions/04-sign-in"].map(PathBuf::from));
}

/// A package of ours that the checks use and that is missing in the list could change without a trace.
#[test]
fn every_package_that_this_program_is_made_of_is_part_of_the_grader() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let keys = Keys::new(root).unwrap();
    // No verdict follows from the questions of the knowledge checks.
    let questions = root.join(knowledge_checks::FOLDER);
    let mut open = vec![root.join("xtask")];
    while let Some(folder) = open.pop() {
        for dependency in keys.dependencies(&folder).unwrap().into_iter().filter(|dependency| *dependency != questions) {
            for part in ["src", "Cargo.toml"] {
                let path = dependency.join(part);
                let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                assert!(super::super::source_digest::GRADER.contains(&path.as_str()), "{path} is missing in source_digest::GRADER");
            }
            open.push(dependency);
        }
    }
}

/// The name of the grader is written by `build.rs` when the program is built. Here it is read off the disk once more.
#[test]
fn the_grader_in_this_program_is_the_one_on_the_disk() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    assert_eq!(super::super::source_digest::of_grader(root).unwrap(), env!("GRADER_SOURCES"));
}
