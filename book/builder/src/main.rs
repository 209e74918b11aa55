//! Builds, serves and checks the book. The only place that compiles mdBook; `cargo xtask` runs this program.
//!
//! In reading order: [`book_folder`] finds the book, [`site`] builds it, [`minutes`], [`unit_pages`], [`exchanges`],
//! [`outputs`], [`pictures`] and [`questions`] are our preprocessors, [`accessible`] repairs mdBook's template, [`serve`] shows it and builds it again after a change
//! ([`watch`]), [`check`] asks [`pages`], [`includes`], [`code_blocks`], [`images`] and [`links`] what is wrong with it.

mod accessible;
mod book_folder;
mod check;
mod code_blocks;
mod directives;
mod exchanges;
mod foreign_links;
mod html;
mod images;
mod includes;
mod links;
mod minutes;
mod outputs;
mod pages;
mod pictures;
mod prose;
mod questions;
mod reading_level;
mod sequence_diagram;
mod serve;
mod site;
mod spelling;
mod translation;
mod unit_pages;
mod watch;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use book_folder::BookFolder;

/// Builds, serves or checks the book of this workbook. Run it anywhere inside the workspace.
#[derive(Debug, Parser)]
#[command(
    name = "book-builder",
    after_help = "Example:\n  book-builder serve --addr localhost:3000\n\n\
                  Exit codes: 0 done, 1 the check found something, 2 usage, 3 the book cannot be built or served."
)]
struct Flags {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the book to book/html
    #[command(after_help = "Examples:\n  book-builder build\n  book-builder build --language de")]
    Build {
        /// Take the words of book/po/LANGUAGE.po, and write to book/html/LANGUAGE; `qps` is a language that nobody speaks, for tests
        #[arg(long)]
        language: Option<String>,
    },
    /// Write the template for translations to book/po/messages.pot
    #[command(after_help = "Example:\n  book-builder messages")]
    Messages,
    /// Build and serve the book, and build it again when a page changes
    #[command(after_help = "Example:\n  book-builder serve --addr localhost:3000")]
    Serve {
        /// Address of this machine to serve on
        #[arg(long, value_name = "ADDR", default_value = "localhost:3000")]
        addr: String,
    },
    /// Build the book and check pages, headings, links and included code
    #[command(after_help = "Example:\n  book-builder check --target unit-4/validate-id-token.html#nonce")]
    Check {
        /// A page or heading that must exist, because something outside the book links to it; may be repeated
        #[arg(long = "target", value_name = "PAGE#HEADING")]
        targets: Vec<String>,
        /// Print the addresses of other sites that the book links to, one on a line; nothing here asks for them
        #[arg(long)]
        list_foreign: bool,
    },
}

fn main() -> ExitCode {
    match run(&Flags::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("book-builder: {error:#}");
            ExitCode::from(3)
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    let folder = BookFolder::find(&std::env::current_dir()?)?;
    match command {
        Command::Build { language } => {
            let translation = language.as_deref().map(|language| site::translation(&folder, language)).transpose()?;
            let place = language.as_ref().map_or_else(|| folder.html(), |language| folder.html().join(language));
            site::write(&folder, &place, translation)?;
            println!("Wrote the book to {}", place.display());
        }
        Command::Messages => {
            let messages = site::messages(&folder)?;
            println!("Wrote {} messages to {}", messages.count(), messages.write(&folder.translations())?.display());
        }
        Command::Serve { addr } => serve::serve(folder, addr)?,
        Command::Check { targets, list_foreign } => {
            let report = check::check(&folder, targets)?;
            if *list_foreign {
                report.foreign().for_each(|address| println!("{address}"));
            }
            print!("{report}");
            if !report.is_clean() {
                return Ok(ExitCode::from(1));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Flags;

    #[test]
    fn the_command_line_is_well_formed() {
        Flags::command().debug_assert();
    }
}
