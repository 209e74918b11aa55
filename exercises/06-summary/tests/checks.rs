//! Checks this unit's app from outside, as `cargo test` does everywhere. The checks themselves are in `exercises/checks`.

use std::process::ExitCode;

use unit_checks::{Unit, harness};

fn main() -> ExitCode {
    harness::main(Unit::Summary, env!("CARGO_BIN_EXE_unit-06"))
}
