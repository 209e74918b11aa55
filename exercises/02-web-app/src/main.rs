//! Unit 2: the web app of ABC Insurance. Everything is in the library, so that the next unit can build on it.

use std::process::ExitCode;

fn main() -> ExitCode {
    unit_02::serve::run(unit_02::router)
}
