//! Checks this unit's app and the files beside it. The checks themselves are in `exercises/checks`.

use std::process::ExitCode;

use unit_checks::{HandedIn, Unit, harness};

fn main() -> ExitCode {
    harness::main_with_files(Unit::Summary, env!("CARGO_BIN_EXE_unit-06"), HandedIn::in_folder(env!("CARGO_MANIFEST_DIR")))
}
