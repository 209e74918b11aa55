//! `mock-idp`: the command line is in `command_line`, a file for each command.

mod command_line;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    command_line::run().await
}
