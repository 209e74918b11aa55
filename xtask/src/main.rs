//! `cargo xtask`: the command line of the workbook. Flags are in `flags`, each subcommand in the file of its name.

mod book;
mod book_server;
mod browser;
mod cargo;
mod check_exercises;
mod child_group;
mod ci;
mod export;
mod flags;
mod grade;
mod hint;
mod html_table;
mod kill_matrix;
mod map;
mod outcome;
mod quiz;
mod start;
mod stop_signal;
mod terminal;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::{
    flags::{Command, Flags},
    outcome::{Outcome, exit_code},
    terminal::Style,
};

fn main() -> ExitCode {
    let flags = Flags::parse();
    let result = run(&flags);
    if let Err(error) = &result {
        eprintln!("error: {error:#}");
    }
    exit_code(&result)
}

fn run(flags: &Flags) -> Result<Outcome> {
    let style = Style::detect(flags.plain);
    match &flags.command {
        Command::Start(flags) => start::run(flags, style),
        Command::Grade(flags) => grade::run(flags, style),
        Command::Hint(flags) => hint::run(flags, style),
        Command::Quiz(flags) => quiz::run(flags, style),
        Command::Export(flags) => export::run(flags),
        Command::Book(flags) => book::run(flags, style),
        Command::CheckExercises(flags) => check_exercises::run(flags, style).map(|findings| findings.outcome),
        Command::KillMatrix(flags) => kill_matrix::run(flags, style),
        Command::Map(flags) => map::run(flags, style),
        Command::Tidy(flags) => tidy::run(flags, style),
        Command::Ci(flags) => ci::run(flags, style),
    }
}
