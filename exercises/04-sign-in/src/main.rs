//! Unit 4: the web app of ABC Insurance, with sign-in and roles.

use std::process::ExitCode;

fn main() -> ExitCode {
    web_app::serve::run(unit_04::router)
}
