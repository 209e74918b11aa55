//! `cargo xtask export registration`: writes the files of unit 3 from the mock that runs, else from its data directory. `export quiz` is in `quiz`.

mod graph_batch;
mod quiz;

use std::{fs, path::Path, process::Stdio};

use anyhow::{Context, Result, bail};
use mock_idp::{
    Directory,
    clock::Clock,
    directory::{
        application::Application,
        seed::{ABC_INSURANCE_TENANT_ID, CLAIMS_PORTAL_APP_ID},
    },
};
use time::format_description::well_known::Rfc3339;
use unit_checks::Unit;

use crate::{
    cargo, flags,
    outcome::{Outcome, UsageError},
    workspace::Workspace,
};

/// The data directory of `cargo xtask start`.
const DATA_DIR: &str = ".mock-idp";

/// The name of the app in the exercise.
const APP_NAME: &str = "claims-portal";

pub fn run(flags: &flags::Export) -> Result<Outcome> {
    match &flags.what {
        flags::ExportWhat::Registration(flags) => registration(flags),
        flags::ExportWhat::Quiz(flags) => quiz::run(flags),
    }
}

fn registration(flags: &flags::ExportRegistration) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    if let Some(answer) = &flags.from_graph_json {
        return from_graph(&workspace, answer);
    }
    if !has_data(&workspace.root) {
        return Err(UsageError(format!("there is no {DATA_DIR} yet; run `cargo xtask start --unit 3` and register the app first")).into());
    }
    let directory = directory(&workspace.root)?;
    if is_ready_made(&directory) {
        let message = format!(
            "the mock's {APP_NAME} is the ready-made one with which units 4 to 6 begin, not yours; your own state may be among those that \
             `cargo run -q -p mock-idp -- snapshot list` shows"
        );
        return Err(UsageError(message).into());
    }
    write(&workspace, &directory)?;
    report(&directory);
    Ok(Outcome::Done)
}

/// Writes the files from what Microsoft Graph answered for a real tenant.
///
/// # Errors
/// As [`graph_batch::read`].
pub fn from_graph(workspace: &Workspace, answer: &Path) -> Result<Outcome> {
    let directory = graph_batch::read(answer)?;
    write(workspace, &directory)?;
    report(&directory);
    Ok(Outcome::Done)
}

fn report(directory: &Directory) {
    match directory.applications.iter().find(|app| app.display_name == APP_NAME) {
        Some(_) => eprintln!("Wrote src/directory.json and src/registration.toml of unit-03. Secrets are in them as hashes only."),
        None => eprintln!("Wrote src/directory.json of unit-03. No app is called {APP_NAME} yet, so src/registration.toml has no ids."),
    }
}

/// Before own work is graded: exports, if there is an app to export. Says so.
pub fn before_grading(workspace: &Workspace) -> Result<()> {
    if !has_data(&workspace.root) {
        return Ok(());
    }
    let directory = directory(&workspace.root)?;
    if is_ready_made(&directory) {
        eprintln!("The mock's {APP_NAME} is the ready-made one of units 4 to 6. The files in src/ are graded as they are.");
    } else if directory.applications.iter().any(|app| app.display_name == APP_NAME) {
        write(workspace, &directory)?;
        eprintln!("Exported {APP_NAME} from the practice provider to src/directory.json and src/registration.toml of unit-03.");
    }
    Ok(())
}

/// Whether the app is the one of a start state: to export it would replace a learner's own work by ours.
fn is_ready_made(directory: &Directory) -> bool {
    directory.application(CLAIMS_PORTAL_APP_ID).is_some()
}

fn has_data(root: &Path) -> bool {
    root.join(DATA_DIR).join("store.redb").is_file()
}

/// The tenant as it is now. `mock-idp export` asks the mock that runs in the data directory, or reads its store.
fn directory(root: &Path) -> Result<Directory> {
    let mut export = cargo::command();
    export.args(["run", "--quiet", "--locked", "-p", "mock-idp", "--", "export", "--tenant", ABC_INSURANCE_TENANT_ID, "--data-dir"]);
    let output = export.arg(root.join(DATA_DIR)).current_dir(root).stdin(Stdio::null()).output().context("cannot run `mock-idp export`")?;
    if !output.status.success() {
        bail!("`mock-idp export` failed:\n{}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let text = String::from_utf8(output.stdout).context("`mock-idp export` printed what is no text")?;
    Directory::from_json(&text).context("`mock-idp export` printed what is no directory file")
}

fn write(workspace: &Workspace, directory: &Directory) -> Result<()> {
    let source = workspace.package(&Unit::Registration.to_string())?.folder().join("src");
    let notes_path = source.join("registration.toml");
    let notes = fs::read_to_string(&notes_path).with_context(|| format!("cannot read {}", notes_path.display()))?;
    let application = directory.applications.iter().find(|app| app.display_name == APP_NAME);
    let notes = noted(&notes, &values(directory, application)?);
    let path = source.join("directory.json");
    fs::write(&path, directory.to_json()).with_context(|| format!("cannot write {}", path.display()))?;
    fs::write(&notes_path, notes).with_context(|| format!("cannot write {}", notes_path.display()))
}

/// What the directory knows of the notes. The decisions are the learner's.
fn values(directory: &Directory, application: Option<&Application>) -> Result<Vec<(&'static str, String)>> {
    let Some(application) = application else { return Ok(Vec::new()) };
    let now = Clock::system().now().replace_nanosecond(0)?;
    let secret = application.password_credentials.iter().rev().find(|secret| secret.is_current(now));
    Ok(vec![
        ("exported", now.format(&Rfc3339)?),
        ("client_id", application.app_id.clone()),
        ("tenant_id", directory.tenant_id().to_owned()),
        ("secret_id", secret.map(|secret| secret.key_id.clone()).unwrap_or_default()),
    ])
}

/// The notes with these values; everything else as it was. A value that has no line yet gets one at the top.
fn noted(notes: &str, values: &[(&str, String)]) -> String {
    let mut text = notes.replace("\r\n", "\n");
    for (name, value) in values {
        let line = format!("{name} = \"{value}\"");
        let is_it = |candidate: &&str| candidate.split_once('=').is_some_and(|(key, _)| key.trim() == *name);
        text = match text.lines().find(is_it).map(str::to_owned) {
            Some(present) => text.lines().map(|it| if it == present { line.as_str() } else { it }).collect::<Vec<_>>().join("\n") + "\n",
            None => format!("{line}\n{text}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use mock_idp::directory::seed::{StartState, start_state};

    use super::*;

    #[test]
    fn the_ready_made_app_of_later_units_is_not_taken_for_the_learners_own() {
        assert!(start_state(StartState::Unit4, "a secret").iter().any(is_ready_made));
        assert!(!start_state(StartState::Unit3, "a secret").iter().any(is_ready_made));
    }

    #[test]
    fn the_values_are_filled_in_and_everything_else_stays() {
        let notes = "# mine\nclient_id = \"\"\n\n[decisions]\nreason = \"client_id is public\"\n";
        let values = [("client_id", "a".to_owned()), ("tenant_id", "b".to_owned())];
        let expected = "tenant_id = \"b\"\n# mine\nclient_id = \"a\"\n\n[decisions]\nreason = \"client_id is public\"\n";
        assert_eq!(noted(notes, &values), expected);
        assert_eq!(noted(expected, &values), expected);
    }
}
