//! The binary as people and scripts call it, in a data directory of its own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use mock_idp::{Directory, directory::seed::CLAIMS_PORTAL_APP_ID};
use serde_json::Value;
use tempfile::TempDir;

/// How a command ended.
struct Ended {
    code: i32,
    out: String,
    err: String,
}

struct Shell {
    folder: TempDir,
}

impl Shell {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mock-idp"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let output = self.command(arguments).output().expect("the binary runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// What a command that must succeed prints.
    fn done(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}\n{}{}", ended.out, ended.err);
        ended.out
    }

    fn serve(&self) -> Serving {
        let mut child = self.command(&["serve", "--http", "0", "--https", "0"]).stdout(Stdio::piped()).spawn().expect("the binary runs");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let ready = lines.map_while(Result::ok).any(|line| line.starts_with("Stop with"));
        assert!(ready, "the mock tells when it is ready");
        Serving { child }
    }
}

/// A mock that runs until this is dropped.
struct Serving {
    child: Child,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

fn has_claims_portal(export: &str) -> bool {
    Directory::from_json(export).expect("our own export").application(CLAIMS_PORTAL_APP_ID).is_some()
}

#[test]
fn export_reset_import_export_gives_equal_bytes() {
    let shell = Shell::new();
    shell.done(&["import", &hostile().display().to_string(), "--yes"]);
    shell.done(&["reset", "--unit", "4"]);
    for serving in [None, Some(shell.serve())] {
        for tenant in ["abc-insurance.example", "fabrikam.example"] {
            shell.done(&["export", "--tenant", tenant, "--out", "first.json"]);
            shell.done(&["reset"]);
            assert_ne!(shell.done(&["export", "--tenant", "abc-insurance.example"]), read(&shell.path("first.json")));
            shell.done(&["import", "first.json", "--yes"]);
            let second = shell.done(&["export", "--tenant", tenant]);
            assert!(second == read(&shell.path("first.json")), "{tenant} differs, server: {}", serving.is_some());
            shell.done(&["reset", "--unit", "4"]);
        }
    }
}

#[test]
fn an_import_shows_what_changes_and_needs_a_yes() {
    let shell = Shell::new();
    let exported = shell.done(&["export"]);
    std::fs::write(shell.path("new.json"), exported.replace("Ada Adjuster", "Ada Smith")).expect("writable");
    let asked = shell.run(&["import", "new.json"]);
    assert_eq!(asked.code, 2, "{}", asked.err);
    assert!(
        asked.out.contains("~ user ada.adjuster@abc-insurance.example\n      displayName: \"Ada Adjuster\" -> \"Ada Smith\""),
        "{}",
        asked.out
    );
    assert!(asked.err.contains("repeat with --yes"), "{}", asked.err);
    assert!(shell.done(&["import", "new.json", "--dry-run"]).ends_with("Nothing was changed.\n"));
    assert_eq!(shell.done(&["export"]), exported);
    shell.done(&["import", "new.json", "--yes"]);
    assert!(shell.done(&["export"]).contains("Ada Smith"));
    // Nothing left to ask about.
    assert!(shell.done(&["import", "new.json"]).ends_with("no difference\nNothing was changed.\n"));
    let told: Value = serde_json::from_str(&shell.done(&["import", "new.json", "--json", "--dry-run"])).expect("JSON");
    assert_eq!((&told["imported"], &told["differences"][0]["effect"]), (&Value::Bool(false), &Value::from("unchanged")));
}

#[test]
fn a_file_with_mistakes_is_refused_with_all_of_them() {
    let shell = Shell::new();
    std::fs::write(shell.path("bad.json"), r#"{"version": 99, "organization": {"id": "x", "id": "y"}, "user": []}"#).expect("writable");
    for command in [vec!["check-directory", "bad.json"], vec!["import", "bad.json", "--yes"], vec!["serve", "--directory", "bad.json"]] {
        let ended = shell.run(&command);
        assert_eq!(ended.code, 1, "{command:?}");
        for path in ["$.version:", "$.organization.id:", "$.user:"] {
            assert!(ended.err.contains(path), "{command:?}: {}", ended.err);
        }
    }
    let told: Value = serde_json::from_str(&shell.run(&["check-directory", "bad.json", "--json"]).out).expect("JSON");
    assert!(told["files"][0]["mistakes"].as_array().is_some_and(|mistakes| mistakes.len() >= 4), "{told}");
}

#[test]
fn snapshots_are_saved_listed_restored_and_deleted_whether_a_mock_runs_or_not() {
    let shell = Shell::new();
    shell.done(&["reset", "--unit", "4"]);
    for serving in [None, Some(shell.serve())] {
        let name = if serving.is_some() { "while-running" } else { "while-stopped" };
        let before = shell.done(&["export"]);
        assert!(has_claims_portal(&before));
        shell.done(&["snapshot", "save", name]);
        let again = shell.run(&["snapshot", "save", name]);
        assert_eq!((again.code, again.err.contains("already")), (2, true), "{}", again.err);
        shell.done(&["reset"]);
        assert!(!has_claims_portal(&shell.done(&["export"])));
        shell.done(&["snapshot", "restore", name]);
        assert!(shell.done(&["export"]) == before);
        assert!(shell.done(&["snapshot", "list"]).contains(&format!("{name}  ")));
        shell.done(&["snapshot", "delete", name]);
        let gone = shell.run(&["snapshot", "restore", name]);
        assert_eq!((gone.code, gone.err.contains("there is no snapshot")), (2, true), "{}", gone.err);
    }
}

#[test]
fn a_reset_tells_how_to_get_the_state_back() {
    let shell = Shell::new();
    shell.done(&["reset", "--unit", "4"]);
    let before = shell.done(&["export"]);
    let told = shell.done(&["reset", "--unit", "2"]);
    let command = told.lines().last().expect("a command").trim().strip_prefix("mock-idp ").expect("of this program").to_owned();
    shell.done(&command.split(' ').collect::<Vec<_>>());
    assert!(shell.done(&["export"]) == before);
}

#[test]
fn a_fault_is_injected_listed_and_cleared_in_the_mock_that_runs() {
    let shell = Shell::new();
    let ended = shell.run(&["fault", "inject", "wrongNonce"]);
    assert!(ended.code == 2 && ended.err.contains("no mock runs"), "{}", ended.err);
    let _serving = shell.serve();
    let said = shell.done(&["fault", "inject", "wrongNonce", "--username", "ada@abc.example"]);
    assert_eq!(said, "In force: wrongNonce, once, for ada@abc.example. ID token: a nonce that the app never sent.\n");
    assert!(shell.done(&["fault", "list"]).contains("In force:\n  wrongNonce, once, for ada@abc.example."));
    assert_eq!(shell.done(&["fault", "clear"]), "No fault is in force.\n");
    assert!(shell.done(&["fault", "list"]).ends_with("\nNo fault is in force.\n"));
    assert_eq!(shell.run(&["fault", "inject", "nonsense"]).code, 2);
}

#[test]
fn bad_input_is_told_apart_by_exit_code() {
    let shell = Shell::new();
    std::fs::create_dir(shell.path("folder")).expect("a folder");
    let fabrikam = Directory::fabrikam().to_json().replace("Finn Fabrikam", "Finn Changed");
    for name in ["a.json", "b.json"] {
        std::fs::write(shell.path(name), &fabrikam).expect("writable");
    }
    let cases: [(&[&str], i32, &str); 9] = [
        (&["check-directory", "missing.json"], 3, "cannot read missing.json: No such file"),
        (&["check-directory", "folder"], 3, "cannot read folder: "),
        (&["import", "a.json", "b.json", "--yes"], 2, "a.json and b.json hold the same tenant"),
        (&["export", "--tenant", "contoso.example"], 2, "no tenant is called 'contoso.example'; there are: abc-insurance.example"),
        (&["export", "--out", "folder"], 2, "folder is a folder; name a file"),
        (&["snapshot", "save", "../x"], 2, "'../x' is no name for a snapshot"),
        (&["reset", "--unit", "7"], 2, "the course has the units 1 to 6"),
        (&["export", "--data-dir", "a.json"], 3, "a.json"),
        (&["import", "a.json", "--json"], 2, "add --yes or --dry-run"),
    ];
    for (arguments, code, says) in cases {
        let ended = shell.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.err);
        assert!(ended.err.contains(says), "{arguments:?}: {}", ended.err);
    }
}

#[test]
fn the_authority_is_told_with_the_variables_that_name_it() {
    let shell = Shell::new();
    let path = shell.done(&["ca", "--path"]);
    assert!(read(Path::new(path.trim())).starts_with("-----BEGIN CERTIFICATE-----"));
    let text = shell.done(&["ca"]);
    for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
        assert!(text.contains(&format!("{variable}={}", path.trim())), "{text}");
    }
    assert_eq!(shell.done(&["ca", "--path"]), path);
}

/// A tenant whose names try to do harm.
fn hostile() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile.json")
}
