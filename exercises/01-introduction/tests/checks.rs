//! Checks this unit's files, as `cargo test` does everywhere. The checks themselves are in `exercises/checks`.

use std::process::ExitCode;

use unit_checks::{HandedIn, Unit, harness};

fn main() -> ExitCode {
    harness::main_of_files(Unit::Introduction, HandedIn::in_folder(env!("CARGO_MANIFEST_DIR")))
}
