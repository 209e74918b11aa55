//! Prints what `policy.toml` and `flow.toml` in this folder mean.

use std::{fs, path::Path, process::ExitCode};

use anyhow::Context;
use unit_01::{flow, policy};

fn main() -> ExitCode {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let read = |name: &str| fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read src/{name}"));
    let summaries = [read("policy.toml").and_then(|text| policy::summary(&text)), read("flow.toml").and_then(|text| flow::summary(&text))];
    let mut code = ExitCode::SUCCESS;
    for summary in summaries {
        match summary {
            Ok(text) => println!("{text}"),
            Err(error) => {
                eprintln!("{error:#}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
