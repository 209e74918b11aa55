//! What the terminal can show: colour, lines, progress.

use std::{fmt::Display, io::IsTerminal};

/// How text is decorated. `Plain` has no colour and no box drawing, for screen readers, logs and programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    /// Aligned tables with ruled lines, no colour: a pipe or a terminal that does not want colour.
    Ruled,
    Coloured,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Good,
    Bad,
    Unsure,
    Strong,
    Faint,
}

impl Style {
    /// Colour only on a terminal, and never against `NO_COLOR` (<https://no-color.org>) or `--plain`.
    pub fn detect(plain: bool) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
        // The console of Windows before Windows Terminal shows the codes instead of the colours.
        let understood = !cfg!(windows) || std::env::var_os("WT_SESSION").is_some() || std::env::var_os("TERM").is_some();
        match plain {
            true => Self::Plain,
            false if std::io::stdout().is_terminal() && !refused && !dumb && understood => Self::Coloured,
            false => Self::Ruled,
        }
    }

    pub fn paint(self, ink: Ink, text: impl Display) -> String {
        let code = match ink {
            Ink::Good => "32",
            Ink::Bad => "31",
            Ink::Unsure => "33",
            Ink::Strong => "1",
            Ink::Faint => "2",
        };
        match self {
            Self::Coloured => format!("\x1b[{code}m{text}\x1b[0m"),
            Self::Plain | Self::Ruled => text.to_string(),
        }
    }

    /// A ruled line under a heading; nothing in plain text.
    pub fn rule(self, width: usize) -> String {
        match self {
            Self::Plain => String::new(),
            Self::Ruled | Self::Coloured => format!("{}\n", "─".repeat(width)),
        }
    }
}

/// Progress is drawn for a person who waits, never into a file or another program.
pub fn shows_progress(style: Style) -> bool {
    style != Style::Plain && std::io::stderr().is_terminal()
}

/// `1 check`, `2 checks`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Every line of `text` after `prefix`.
pub fn indent(text: &str, prefix: &str) -> String {
    text.lines().map(|line| format!("{prefix}{line}\n")).collect()
}

/// `text` in lines of at most 96 characters, broken at spaces; later lines are indented.
pub fn wrap(text: &str) -> String {
    const WIDTH: usize = 96;
    let mut wrapped = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            wrapped += &format!("{line}\n");
            line = "     ".to_owned();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    wrapped + &format!("{line}\n")
}

/// What the app under test said may hold control characters; they must not reach the terminal.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_neither_colour_nor_rules() {
        assert_eq!(Style::Plain.paint(Ink::Bad, "fail"), "fail");
        assert_eq!(Style::Plain.rule(9), "");
        assert_eq!(Style::Ruled.rule(3), "───\n");
    }

    #[test]
    fn a_long_text_is_broken_at_spaces_and_loses_no_word() {
        let text = "word ".repeat(60);
        let wrapped = wrap(&text);
        assert!(
            wrapped.lines().all(|line| line.chars().count() <= 96) && wrapped.lines().skip(1).all(|line| line.starts_with("      word"))
        );
        assert_eq!(wrapped.split_whitespace().count(), 60);
        assert_eq!(wrap(&"x".repeat(120)), format!("{}\n", "x".repeat(120)));
    }

    #[test]
    fn escape_sequences_of_an_app_are_made_visible() {
        assert_eq!(printable("a\x1b[2Jb\tc\n"), "a\u{fffd}[2Jb\tc\n");
    }
}
