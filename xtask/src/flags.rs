//! The whole command line: every subcommand and every flag. Those of `export` have a file of their own.

mod export;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::TypedValueParser};

pub use export::{Export, ExportQuiz, ExportRegistration, ExportWhat, QuizFormat};

/// The workbook's own commands: start the practice environment, grade your work, check the project.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = "Examples:\n  cargo xtask start --unit 4\n  cargo xtask grade --unit 4\n\n\
                  Exit codes: 0 done, 1 own work below the mark or a check of the project failed, 2 usage, 3 infrastructure."
)]
pub struct Flags {
    /// No colour, no box drawing, one fact a line
    #[arg(long, global = true)]
    pub plain: bool,

    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the mock identity provider and the book; Ctrl-C stops both
    Start(Start),
    /// Grade your own work: points, feedback, next step
    Grade(Grade),
    /// The next level of help for one check
    Hint(Hint),
    /// Write the files of unit 3 from what you made in the portal, or the knowledge checks for a learning platform
    Export(Export),
    /// Answer the knowledge checks of the units, with an explanation for each answer
    Quiz(Quiz),
    /// Build, serve or check the book
    Book(Book),
    /// Maintainers: starters fail as designed, solutions pass
    CheckExercises(CheckExercises),
    /// Maintainers: every wrong submission is caught by the check that names it
    KillMatrix(KillMatrix),
    /// Maintainers: every line of the outline and every misconception is somewhere in the course
    Map(Map),
    /// Maintainers: import directions, file lengths, file names, stray paths
    Tidy(Tidy),
    /// Maintainers: exactly what continuous integration runs
    Ci(Ci),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cargo xtask start --unit 4\n\n\
    Runs until Ctrl-C. With --unit, a file `.env` is written at the workspace root when there is none; otherwise the lines \
    that differ are printed.")]
pub struct Start {
    /// Open the book in a browser when it is ready
    #[arg(long)]
    pub open: bool,

    /// Begin in the state in which this unit begins (4 or later: the app `claims-portal` is registered)
    ///
    /// The present state is saved as a snapshot first, and the command that brings it back is printed. Without this option the mock
    /// goes on with what is kept; where nothing is kept yet it begins as unit 1.
    #[arg(long, value_name = "N", value_parser = unit_number)]
    pub unit: Option<u8>,

    /// Keep nothing: all is in memory, and the data directory is neither read nor written
    #[arg(long, conflicts_with = "data_dir")]
    pub ephemeral: bool,

    /// Where the mock keeps everything [default: .mock-idp at the workspace root]
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Address of the mock over http
    #[arg(long, value_name = "ADDR", default_value = "localhost:8400")]
    pub http: String,

    /// Address of the mock over https
    #[arg(long, value_name = "ADDR", default_value = "localhost:8443")]
    pub https: String,

    /// Address of the book
    #[arg(long, value_name = "ADDR", default_value = "localhost:3000")]
    pub book: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask grade --unit 4\n  cargo xtask grade --unit 4 --cmd \"python app.py\" --profile core\n\n\
    The mark is: every check passes. A failed security gate caps the unit at 60 %.")]
pub struct Grade {
    /// Only this unit [default: every unit that has checks]
    #[arg(long, value_name = "N", value_parser = unit_number)]
    pub unit: Option<u8>,

    /// Grade an app in any language: the command that starts it, run in the current folder
    ///
    /// The identity provider is then on https. Its certificate authority is named in SSL_CERT_FILE, REQUESTS_CA_BUNDLE and
    /// NODE_EXTRA_CA_CERTS.
    #[arg(long, value_name = "COMMAND", requires = "unit")]
    pub cmd: Option<String>,

    /// Unit 3 in a real tenant: the file with Microsoft Graph's answer to exercises/03-registration/graph-batch.json
    #[arg(long, value_name = "FILE", requires = "unit", conflicts_with = "cmd")]
    pub from_graph_json: Option<PathBuf>,

    /// `core`: what every correct app does; `strict`: also validates the ID token itself [default: strict, with --cmd core]
    #[arg(long, value_enum)]
    pub profile: Option<ProfileName>,

    /// Repeat the run that printed this seed [default: random]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,

    /// Explain every failure, not only the security gates and the next three
    #[arg(long)]
    pub all: bool,

    /// Print one JSON object instead of tables
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask hint U4-09\n  cargo xtask hint U4-09 --level 1\n\n\
    Levels: 0 what the last grading saw, 1 the idea, 2 the place, 3 code with holes, 4 the solution beside your code. Levels 3 and 4 \
    open after two failed gradings of the check.")]
pub struct Hint {
    /// The check's id, as the grading prints it
    #[arg(value_name = "CHECK")]
    pub check: String,

    /// This level instead of the next one
    #[arg(long, value_name = "0-4", value_parser = clap::value_parser!(u8).range(0..=4).map(usize::from))]
    pub level: Option<usize>,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask quiz --unit 4\n  cargo xtask quiz --unit 4 --json\n\n\
    Type the number of an answer and Enter; Ctrl-D ends. Unit 6 has review cards. Nothing is kept and nothing is graded.")]
pub struct Quiz {
    /// Only this unit; 6 shows the review cards [default: every unit that has a knowledge check]
    #[arg(long, value_name = "N", value_parser = unit_number)]
    pub unit: Option<u8>,

    /// Put the answers in the order of the run that printed this seed [default: random]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,

    /// Print the items as JSON instead of asking them
    #[arg(long)]
    pub json: bool,

    /// Maintainers: hold the items against the rules of a good question
    #[arg(long, conflicts_with_all = ["unit", "seed", "json"])]
    pub check: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    Core,
    Strict,
}

#[derive(Debug, Default, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask book --serve\n  cargo xtask book --record\n  cargo xtask book --screenshots\n  cargo xtask book --pdf\n  cargo xtask book --messages\n  cargo xtask book --language de"
)]
pub struct Book {
    /// Serve the book and rebuild it when a page changes, until Ctrl-C
    #[arg(long, conflicts_with = "check")]
    pub serve: bool,

    /// Check links, anchors and knowledge checks, and that every page named by a check exists
    #[arg(long)]
    pub check: bool,

    /// Run the solutions and the commands again, and write down what the book shows of them and of the mock
    #[arg(long, conflicts_with_all = ["serve", "check"])]
    pub record: bool,

    /// Take the pictures of the book anew; with --check, compare what the pages say with what they said when they were taken
    ///
    /// Needs Node.js with npm, and Chromium: /usr/bin/chromium, or the path in CHROMIUM.
    #[arg(long, conflicts_with_all = ["serve", "record"])]
    pub screenshots: bool,

    /// Build the book and print it to book/html/book.pdf; needs what --screenshots needs
    #[arg(long, conflicts_with_all = ["serve", "check", "record", "screenshots"])]
    pub pdf: bool,

    /// Write book/po/messages.pot, the template for translations
    #[arg(long, conflicts_with_all = ["serve", "check", "record", "screenshots", "pdf"])]
    pub messages: bool,

    /// Build the book with the words of book/po/LANGUAGE.po, in book/html/LANGUAGE
    #[arg(long, value_name = "LANGUAGE", conflicts_with_all = ["serve", "check", "record", "screenshots", "pdf", "messages"])]
    pub language: Option<String>,

    /// Address for --serve
    #[arg(long, value_name = "ADDR", default_value = "localhost:3000")]
    pub addr: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cargo xtask check-exercises --unit 4")]
pub struct CheckExercises {
    /// Only this unit
    #[arg(long, value_name = "N", value_parser = unit_number)]
    pub unit: Option<u8>,

    /// Only the right-but-different apps of solutions/alternatives
    #[arg(long)]
    pub alternatives: bool,

    /// Seed of the checks [default: random, printed]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,
}

#[derive(Debug, Default, Args)]
#[command(after_help = "Examples:\n  cargo xtask kill-matrix\n  cargo xtask kill-matrix --only no-nonce --fresh\n  \
    cargo xtask kill-matrix --unit 4 --jobs 1\n  cargo xtask kill-matrix --page --seeds 200\n\n\
    What was judged is kept in target/kill-matrix and not judged again while nothing changes that its verdicts follow from. An \
    interrupted run goes on where it stopped.")]
pub struct KillMatrix {
    /// Only the wrong submissions of this unit
    #[arg(long, value_name = "N", value_parser = unit_number)]
    pub unit: Option<u8>,

    /// Only the wrong submission of this name
    #[arg(long, value_name = "NAME")]
    pub only: Option<String>,

    /// Seed of the checks [default: random, printed]
    #[arg(long, value_name = "N", value_parser = seed)]
    pub seed: Option<u64>,

    /// Judge each solution with so many seeds, from 1 on or from --seed [default: 1, with --page 200]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub seeds: Option<usize>,

    /// Judge so many at the same time [default: two for each core]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub jobs: Option<usize>,

    /// Write the page of the book about it, book/src/appendix/grader-proof.md
    #[arg(long)]
    pub page: bool,

    /// Judge all, also what was judged before and has not changed since
    #[arg(long)]
    pub fresh: bool,

    /// Print the matrix as JSON (schema abc-kill-matrix/v1)
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cargo xtask map\n\nThe map is course-map.toml at the workspace root.")]
pub struct Map {
    /// Print the joined map as JSON (schema abc-course-map/v1)
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cargo xtask tidy")]
pub struct Tidy {
    /// Print the findings as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask ci\n  cargo xtask ci --only kill-matrix\n  CI_REQUIRE=clients,browser cargo xtask ci\n\n\
    What needs a package registry, a browser or root is skipped where it cannot be had, and listed at the end. \
    CI_REQUIRE=clients,browser,sandbox,crates turns such a skip into a failure.")]
pub struct Ci {
    /// Add the long proofs
    #[arg(long)]
    pub full: bool,

    /// Run this stage and no other; may be repeated
    #[arg(long, value_name = "STAGE", value_enum)]
    pub only: Vec<StageName>,
}

/// The stages of `ci`, in the order in which they run: cheap ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    Fmt,
    Tidy,
    Map,
    Clippy,
    Docs,
    Offline,
    Book,
    CheckExercises,
    KillMatrix,
    Seeds,
    Crash,
    Clients,
    Browser,
}

/// `4`, `04` or `unit-04`.
fn unit_number(text: &str) -> Result<u8, String> {
    let digits = text.strip_prefix("unit-").unwrap_or(text);
    match digits.parse() {
        Ok(number @ 1..=6) => Ok(number),
        _ => Err("the workbook has the units 1 to 6; write for example `--unit 4`".to_owned()),
    }
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| "a whole number from 1 on, such as 4".to_owned())
}

/// Decimal, or hexadecimal with `0x` as the reports print it.
fn seed(text: &str) -> Result<u64, String> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    }
    .map_err(|_| "a seed is a whole number, such as 7 or 0x5eed".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Flags::command().debug_assert();
    }

    #[test]
    fn every_subcommand_shows_an_example() {
        for command in Flags::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains(&format!("cargo xtask {}", command.get_name())), "{} has no example", command.get_name());
        }
    }

    #[test]
    fn a_unit_is_accepted_in_three_spellings() {
        assert_eq!([unit_number("4"), unit_number("04"), unit_number("unit-04")], [Ok(4), Ok(4), Ok(4)]);
        assert!(unit_number("7").is_err() && unit_number("four").is_err());
    }

    #[test]
    fn a_seed_is_decimal_or_hexadecimal() {
        assert_eq!((seed("24301"), seed("0x5eed")), (Ok(24301), Ok(24301)));
        assert!(seed("-1").is_err());
    }

    #[test]
    fn a_command_without_a_unit_is_a_usage_error() {
        let error = Flags::try_parse_from(["cargo xtask", "grade", "--cmd", "python app.py"]).expect_err("--cmd needs --unit");
        assert_eq!(error.exit_code(), 2);
    }
}
