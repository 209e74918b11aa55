//! `cargo xtask book`: builds, serves or checks the book, by running `book-builder`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use mock_idp::Fault;

use crate::{
    book_server::{BookServer, PACKAGE, Serving},
    cargo::{Build, Progress},
    exchanges, flags,
    kill_matrix::{page, wrong_submission},
    outcome::Outcome,
    stop_signal::StopSignal,
    terminal::{Style, shows_progress},
    workspace::Workspace,
};

pub fn run(flags: &flags::Book, style: Style) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    if flags.record {
        let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
        exchanges::write(&workspace.root, progress)?;
        return Ok(Outcome::Done);
    }
    if flags.serve { serve(&workspace, &flags.addr) } else { build(&workspace, flags.check, style) }
}

fn build(workspace: &Workspace, check: bool, style: Style) -> Result<Outcome> {
    let progress = if shows_progress(style) { Progress::Shown } else { Progress::Silent };
    let build = Build::run(&workspace.root, &["build", "--package", PACKAGE, "--locked"], progress)?;
    let Some(program) = build.executable(PACKAGE).and_then(|artifact| artifact.executable.as_ref()).filter(|_| build.succeeded) else {
        bail!("`cargo build -p {PACKAGE}` failed:\n{}", build.complaint());
    };
    let mut command = Command::new(program);
    command.arg(if check { "check" } else { "build" }).current_dir(&workspace.root).stdin(Stdio::null());
    if check {
        command.args(pages(unit_checks::checks::ALL.iter().map(|check| check.page)).iter().flat_map(|page| ["--target", page]));
    }
    let status = command.status().with_context(|| format!("cannot run {}", program.display()))?;
    match status.code() {
        Some(0) if check => check_records(&workspace.root, progress),
        Some(0) => Ok(Outcome::Done),
        Some(1) => Ok(Outcome::BelowTheMark),
        _ => bail!("{PACKAGE} ended with {status}"),
    }
}

/// Links to the practice portal that choose a fault which the mock does not have.
fn check_fault_links(root: &Path) -> Result<usize> {
    let mut problems = 0;
    for page in markdown_files(&root.join("book/src"))? {
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        for name in unknown_faults(&text) {
            let place = page.strip_prefix(root).unwrap_or(&page).display();
            println!("{place}: links to the fault '{name}', which the mock does not have");
            problems += 1;
        }
    }
    Ok(problems)
}

fn unknown_faults(text: &str) -> Vec<&str> {
    let linked = text.split("/portal/faults?fault=").skip(1);
    let names = linked.map(|rest| rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default());
    names.filter(|name| !Fault::ALL.iter().any(|fault| fault.name() == *name)).collect()
}

fn markdown_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(markdown_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What the book was told by a run: the page about the grader, and the exchanges of the protocol.
fn check_records(root: &Path, progress: Progress) -> Result<Outcome> {
    let submissions = wrong_submission::read_all(&root.join("solutions/wrong"))?;
    let of_grader = page::drift(root, &submissions)?;
    for problem in &of_grader {
        println!("{}: {problem}", page::PATH);
    }
    if !of_grader.is_empty() {
        println!("`cargo xtask kill-matrix --page` judges what is new or changed, and writes the page.");
    }
    let of_exchanges = exchanges::drift(root, progress)?;
    for problem in &of_exchanges {
        println!("{problem}");
    }
    if of_exchanges.is_empty() {
        println!("The recorded exchanges are those of a new run.");
    }
    let of_links = check_fault_links(root)?;
    Ok(Outcome::from_problems(of_grader.len() + of_exchanges.len() + of_links))
}

/// Every page and heading that a check sends its reader to, once.
fn pages(pages: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut pages: Vec<_> = pages.collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

fn serve(workspace: &Workspace, address: &str) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the async runtime")?;
    runtime.block_on(async {
        let mut stop = StopSignal::listen()?;
        let mut book = BookServer::new(workspace, address, "--addr");
        println!("Building the book.");
        let end = tokio::select! {
            () = stop.received() => Ok(Outcome::Done),
            end = until_it_ends(&mut book) => end,
        };
        book.stop().await;
        end
    })
}

async fn until_it_ends(book: &mut BookServer) -> Result<Outcome> {
    let Serving { url } = book.start().await?;
    println!("The book is ready: {url}\nCtrl-C stops it.");
    bail!("the book's server stopped: {}", book.ended().await)
}

#[cfg(test)]
mod tests {
    use super::unknown_faults;

    #[test]
    fn a_link_to_a_fault_that_does_not_exist_is_found() {
        let page =
            "[a](http://localhost:8400/portal/faults?fault=wrongNonce#inject) [b](http://localhost:8400/portal/faults?fault=wrongNonse)";
        assert_eq!(unknown_faults(page), ["wrongNonse"]);
    }
}
