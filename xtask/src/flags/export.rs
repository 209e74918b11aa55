//! The flags of `cargo xtask export`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::unit_number;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask export registration\n  cargo xtask export quiz --format gift --out quiz.gift")]
pub struct Export {
    /// What to write
    #[command(subcommand)]
    pub what: ExportWhat,
}

#[derive(Debug, Subcommand)]
pub enum ExportWhat {
    /// What you made in the portal: src/directory.json and src/registration.toml of unit 3
    Registration(ExportRegistration),
    /// The knowledge checks, for a learning platform
    Quiz(ExportQuiz),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask export registration\n  cargo xtask export registration --from-graph-json answer.json\n\n\
    Reads the mock that runs, else its data directory. Secrets are written as hashes, and what you wrote yourself stays.")]
pub struct ExportRegistration {
    /// A real tenant: the file with Microsoft Graph's answer to exercises/03-registration/graph-batch.json
    #[arg(long, value_name = "FILE")]
    pub from_graph_json: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cargo xtask export quiz --format moodle-xml --unit 4 --out unit-4.xml")]
pub struct ExportQuiz {
    /// The format that the platform reads
    #[arg(long, value_enum)]
    pub format: QuizFormat,

    /// Only this unit [default: every unit that has a knowledge check]
    #[arg(long, value_name = "N", value_parser = unit_number)]
    pub unit: Option<u8>,

    /// Write into this file instead of printing
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum QuizFormat {
    /// Moodle's text format
    Gift,
    /// The knowledge check of a module of Microsoft Learn
    LearnYaml,
    /// Moodle's own format, with everything that GIFT cannot say
    MoodleXml,
    /// QTI 2.1, which many platforms read: a zip file
    Qti,
}
