//! What a person at the terminal sees and is asked.

use std::io::{self, BufRead, IsTerminal, Write};

use mock_idp::directory::difference::Colours;

use super::UsageError;

/// Prints to standard output. A reader that closed its end (`mock-idp export | head`) has seen enough.
pub fn say(text: &str) {
    let mut output = io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Colour only on a terminal, and never against `NO_COLOR` (<https://no-color.org>).
pub fn colours() -> Colours {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_none_or(|value| value == "dumb");
    if io::stdout().is_terminal() && !refused && !dumb { Colours::Ansi } else { Colours::None }
}

/// Asks a question that is answered with yes or no. The end of the input means no.
///
/// # Errors
/// [`UsageError`] if nobody is there to answer.
pub fn confirm(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        return Err(UsageError(
            "nobody can be asked here, so nothing was changed; look at the difference and repeat with --yes".to_owned(),
        )
        .into());
    }
    loop {
        say(&format!("{question} [y/N] "));
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            say("\n");
            return Ok(false);
        }
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "" | "n" | "no" => return Ok(false),
            _ => say("Please answer y or n.\n"),
        }
    }
}
