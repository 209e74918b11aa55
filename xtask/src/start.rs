//! `cargo xtask start`: the mock identity provider and the book, until Ctrl-C.

mod env_file;
pub mod policies;
mod url_table;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use mock_idp::{
    directory::seed::{ABC_INSURANCE_TENANT_ID, StartState},
    random::Entropy,
    server::{self, Access, RunningServer, ServeOptions, Storage},
    snapshots::SnapshotName,
};

use crate::{
    book_server::{BookServer, Serving},
    flags,
    outcome::Outcome,
    start::{env_file::Setting, url_table::Addresses},
    stop_signal::StopSignal,
    terminal::{Ink, Style},
    workspace::Workspace,
};

/// Data directory at the workspace root, the same as that of `mock-idp serve`.
const DATA_DIR: &str = ".mock-idp";

/// Long enough for the 32 bytes that `SESSION_KEY` needs: 48 bytes are 64 characters.
const SESSION_KEY_BYTES: usize = 48;

pub fn run(flags: &flags::Start, style: Style) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    runtime.block_on(serve(flags, style))
}

async fn serve(flags: &flags::Start, style: Style) -> Result<Outcome> {
    // First of all, so that a Ctrl-C during the start is not lost.
    let mut stop = StopSignal::listen()?;
    let workspace = Workspace::find()?;
    let data_dir = match &flags.data_dir {
        Some(folder) => std::path::absolute(folder).with_context(|| format!("cannot resolve {}", folder.display()))?,
        None => workspace.root.join(DATA_DIR),
    };
    let state = flags.unit.and_then(StartState::unit);
    let keeps_something = !flags.ephemeral && data_dir.exists();
    let idp = server::start(ServeOptions {
        http: flags.http.clone(),
        https: flags.https.clone(),
        storage: if flags.ephemeral { Storage::Ephemeral } else { Storage::Durable },
        data_dir: data_dir.clone(),
        directories: Vec::new(),
        start_state: state,
        access: Access::loopback(),
    })
    .await
    .context("the mock identity provider does not start")?;

    // What is kept nowhere still needs files for the app that uses it; they go when the mock does.
    let scratch = flags.ephemeral.then(tempfile::tempdir).transpose().context("cannot make a temporary folder")?;
    let folder = scratch.as_ref().map_or(data_dir.as_path(), tempfile::TempDir::path);
    let policies = policies::write(folder)?;
    let ca = authority(&idp, folder)?;
    print!("{}", url_table::render(&addresses(&idp, &flags.book, ca, where_it_stands(state, keeps_something)), style));
    if let Some(snapshot) = idp.saved_snapshot() {
        print!("{}", how_to_restore(snapshot, &data_dir));
    }
    if let Some(state) = state {
        print!("{}", prepare_env_file(&workspace, &idp, state, &policies)?);
    }
    println!("\n{}", style.paint(Ink::Strong, "Ctrl-C stops everything."));

    let mut book = BookServer::new(&workspace, &flags.book, "--book");
    tokio::select! {
        () = stop.received() => {}
        () = run_book(&mut book, flags, style) => stop.received().await,
    }
    println!("\nStopping.");
    book.stop().await;
    idp.shutdown().await;
    Ok(Outcome::Done)
}

/// Builds and serves the book. Its failure is reported and does not stop the mock.
async fn run_book(book: &mut BookServer, flags: &flags::Start, style: Style) {
    match book.start().await {
        Ok(Serving { url }) => {
            println!("{} {url}", style.paint(Ink::Good, "The book is ready:"));
            if flags.open
                && let Err(error) = crate::browser::open(&url)
            {
                println!("{} {error:#}; open {url} yourself", style.paint(Ink::Unsure, "No browser:"));
            }
            let ended = book.ended().await;
            println!("{} {ended}. The mock keeps running.", style.paint(Ink::Bad, "The book stopped:"));
        }
        Err(error) => println!("{} {error:#}\nThe mock keeps running.", style.paint(Ink::Bad, "The book is not served:")),
    }
}

/// Where the certificate authority is. One that is kept nowhere is written to `folder`.
fn authority(idp: &RunningServer, folder: &Path) -> Result<PathBuf> {
    match idp.ca_path() {
        Some(path) => Ok(path),
        None => {
            let path = folder.join("ca.pem");
            fs::write(&path, idp.ca_pem()).with_context(|| format!("cannot write {}", path.display()))?;
            Ok(path)
        }
    }
}

/// The command that brings back what was there before `--unit`. It works while the mock runs and while it does not.
fn how_to_restore(snapshot: &SnapshotName, data_dir: &Path) -> String {
    let data_dir = data_dir.display();
    format!(
        "\nThe state before is saved. This brings it back, whether the mock runs or not:\n  \
         cargo run -q -p mock-idp -- snapshot restore {snapshot} --data-dir \"{data_dir}\"\n"
    )
}

fn where_it_stands(loaded: Option<StartState>, keeps_something: bool) -> String {
    match loaded {
        Some(state) => format!("start of unit {}", state.number()),
        None if keeps_something => "as you left it".to_owned(),
        None => "a new beginning".to_owned(),
    }
}

fn addresses(idp: &RunningServer, book: &str, ca: PathBuf, state: String) -> Addresses {
    Addresses {
        http: idp.http_origin(),
        https: idp.https_origin(),
        tenant: ABC_INSURANCE_TENANT_ID.to_owned(),
        book: format!("http://{book}"),
        ca,
        state,
        app_id: idp.app_id().map(str::to_owned),
    }
}

/// Writes `.env` when there is none; else fills in what it had to leave open, and says which lines differ. Gives the text to print.
fn prepare_env_file(workspace: &Workspace, idp: &RunningServer, state: StartState, policies: &Path) -> Result<String> {
    let path: PathBuf = workspace.root.join(".env");
    let settings = settings(idp, policies);
    let unit = state.number();
    match fs::read_to_string(&path) {
        Ok(text) => {
            let (text, filled) = env_file::without_placeholders(&settings, &text);
            let differences = env_file::differences(&settings, &text).with_context(|| format!("cannot read {}", path.display()))?;
            let mut told = env_file::render_differences(&differences, unit);
            if !filled.is_empty() {
                fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
                told = format!("\nPut {} into .env, where a placeholder stood.{told}", filled.join(" and "));
            }
            Ok(told)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::write(&path, env_file::text(&settings, unit)).with_context(|| format!("cannot write {}", path.display()))?;
            Ok(format!("\nWrote .env at the workspace root: the settings of your app for unit {unit}.\n"))
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn settings(idp: &RunningServer, policies: &Path) -> Vec<Setting> {
    let session_key = Entropy::system().token(SESSION_KEY_BYTES);
    let policies = policies.to_string_lossy();
    let registered = |value: Option<&str>, proposal: &str| match value {
        Some(value) => (value.to_owned(), None),
        None => (proposal.to_owned(), Some("unit 3 puts the real value here")),
    };
    let (client_id, client_id_note) = registered(idp.app_id(), env_file::UNREGISTERED_CLIENT_ID);
    let (client_secret, secret_note) = registered(idp.client_secret(), env_file::UNREGISTERED_CLIENT_SECRET);
    vec![
        Setting::exact("AUTHORITY", format!("{}/{ABC_INSURANCE_TENANT_ID}", idp.http_origin())),
        Setting { name: "CLIENT_ID", value: client_id, free: client_id_note },
        Setting { name: "CLIENT_SECRET", value: client_secret, free: secret_note },
        Setting::exact("REDIRECT_URI", "http://localhost:5000/getAToken"),
        Setting::exact("SCOPE", "User.Read"),
        Setting::exact("ENDPOINT", format!("{}/graph/v1.0/me", idp.http_origin())),
        Setting::exact("PORT", "5000"),
        Setting { name: "SESSION_KEY", value: session_key, free: Some("any text of 32 bytes or more") },
        Setting::exact("POLICY_DATA", policies),
    ]
}
