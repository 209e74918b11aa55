//! Checks this unit's app from outside, as `cargo test` does everywhere, and reads its sources for secrets. The checks themselves are in
//! `exercises/checks`.

use std::process::ExitCode;

use unit_checks::{HandedIn, Unit, harness};

fn main() -> ExitCode {
    let env_file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env");
    let files = HandedIn::in_folder(env!("CARGO_MANIFEST_DIR")).with_env_file(env_file);
    harness::main_with_files(Unit::WebApp, env!("CARGO_BIN_EXE_unit-02"), files)
}
