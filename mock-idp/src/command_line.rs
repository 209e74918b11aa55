//! What `mock-idp` can be told to do, and how it ends.

mod ca;
mod check_directory;
mod export;
mod fault;
mod files;
mod import;
mod reset;
mod serve;
mod snapshot;
mod tenants;
mod terminal;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// A local mock of the Microsoft identity platform and Microsoft Graph.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:\n  mock-idp serve --directory my-tenant.json\n  mock-idp export --out my-tenant.json\n\n\
                  export, import, snapshot and reset work on the data directory, whether a mock runs there or not.\n\
                  Exit codes: 0 done, 1 a directory file has mistakes, 2 usage, 3 infrastructure."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the mock until Ctrl-C
    Serve(serve::Serve),
    /// Writes a tenant as a directory file; secrets and passwords leave as hashes
    Export(export::Export),
    /// Puts tenants of directory files in the place of those with the same id, after showing what changes
    Import(import::Import),
    /// Checks directory files and lists every mistake with its place
    CheckDirectory(check_directory::CheckDirectory),
    /// Saves, lists, restores and deletes named states of all tenants
    Snapshot(snapshot::Snapshot),
    /// Goes to the state in which a unit of the course begins; the present state is saved as a snapshot first
    Reset(reset::Reset),
    /// Makes the mock that runs misbehave
    Fault(fault::FaultCommand),
    /// Tells where the certificate authority is, and how programs are made to trust it
    Ca(ca::Ca),
}

/// Where everything is kept.
#[derive(Debug, clap::Args)]
struct DataDirFlag {
    /// The data directory
    #[arg(long, value_name = "DIR", default_value = ".mock-idp")]
    data_dir: PathBuf,
}

/// The end of a command that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// What was asked for was done.
    Done,
    /// A file was judged and has mistakes.
    Mistakes,
}

/// The command was called in a way that makes no sense here, though the flags could be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

/// Reads the command line and does what it says.
pub async fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve(flags) => serve::run(flags).await,
        Command::Export(flags) => export::run(flags).await,
        Command::Import(flags) => import::run(flags).await,
        Command::CheckDirectory(flags) => check_directory::run(&flags),
        Command::Snapshot(flags) => snapshot::run(flags).await,
        Command::Reset(flags) => reset::run(flags).await,
        Command::Fault(flags) => fault::run(flags).await,
        Command::Ca(flags) => ca::run(&flags),
    };
    if let Err(error) = &done {
        eprintln!("mock-idp: {error:#}");
    }
    exit_code(&done)
}

fn exit_code(done: &anyhow::Result<Outcome>) -> ExitCode {
    match done {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Mistakes) => ExitCode::from(1),
        Err(error) if error.is::<UsageError>() => ExitCode::from(2),
        Err(_) => ExitCode::from(3),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example() {
        fn check(command: &clap::Command, path: &str) {
            for sub in command.get_subcommands() {
                let path = format!("{path} {}", sub.get_name());
                let help = sub.get_after_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains(&path), "{path} has no example");
                check(sub, &path);
            }
        }
        check(&Arguments::command(), "mock-idp");
    }
}
