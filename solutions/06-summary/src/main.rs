//! Unit 6: the web app of ABC Insurance, ready for an incident.

use std::process::ExitCode;

fn main() -> ExitCode {
    call_graph::web_app::serve::run(solution_06::router)
}
