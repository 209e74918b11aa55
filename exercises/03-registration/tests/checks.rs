//! Checks this unit's files, and the `.env` at the root of the workspace. The checks themselves are in `exercises/checks`.

use std::process::ExitCode;

use unit_checks::{HandedIn, Unit, harness};

fn main() -> ExitCode {
    let env_file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env");
    harness::main_of_files(Unit::Registration, HandedIn::in_folder(env!("CARGO_MANIFEST_DIR")).with_env_file(env_file))
}
