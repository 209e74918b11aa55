//! Unit 5: the web app of ABC Insurance, with the profile from Microsoft Graph.

use std::process::ExitCode;

fn main() -> ExitCode {
    sign_in::web_app::serve::run(solution_05::router)
}
