//! A check's result in plain text, for a terminal and for files. No colour, no box drawing.

use std::fmt::Write;

use crate::{
    comparison,
    grading::CheckResult,
    verdict::{Failure, Verdict},
};

/// Where `cargo xtask start` serves the book.
const BOOK: &str = "http://localhost:3000";
const WIDTH: usize = 96;

/// What a learner should read about this result; empty for a pass.
pub fn render(result: &CheckResult) -> String {
    let check = result.check;
    let mut text = match &result.verdict {
        Verdict::Pass => return String::new(),
        Verdict::Skipped(reason) => return format!("SKIPPED: {reason}\n"),
        Verdict::Blocked { by } => {
            return format!("BLOCKED by {by}: this check can run when {by} passes.\n");
        }
        Verdict::Error(message) => {
            return format!("The grader failed, not your app: {message}\n  Please report this, with the seed of this run.\n");
        }
        Verdict::Timeout(message) => paragraph("Result", message),
        Verdict::Fail(failure) => failure_text(failure),
    };
    if check.gate.is_some() {
        text += &paragraph("Gate", "This is a security gate. While it fails, the unit is worth 60 % at most.");
    }
    text += &paragraph("Hint", check.hint);
    text += &paragraph("Read", &format!("{BOOK}/{}", check.page));
    text
}

fn failure_text(failure: &Failure) -> String {
    let mut text = paragraph("Sent", &failure.sent);
    text += &paragraph("Received", &failure.received);
    text += &paragraph("Expected", &failure.expected);
    if !failure.compared.is_empty() {
        text += "  Compare:\n";
        for line in comparison::table(&failure.compared, WIDTH).lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text += &paragraph("Why", &failure.why);
    if let Some(attack) = &failure.attack {
        text += &paragraph("Attack", attack);
    }
    text
}

/// A label and its text, wrapped, in a column of its own.
fn paragraph(label: &str, text: &str) -> String {
    let mut shown = String::new();
    let mut label = format!("{label}:");
    for line in text.lines() {
        for part in wrap(line, WIDTH) {
            let _ = writeln!(shown, "  {label:<10}{part}");
            label.clear();
        }
    }
    shown
}

/// Breaks at spaces; a longer word stays whole. The line's own indentation is kept on each part.
fn wrap(line: &str, width: usize) -> Vec<String> {
    let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
    let mut parts = Vec::new();
    let mut part = indent.clone();
    for word in line.split_whitespace() {
        if part.chars().count() + 1 + word.chars().count() > width && part.trim() != "" {
            parts.push(std::mem::replace(&mut part, indent.clone()));
        }
        if part.trim() != "" {
            part.push(' ');
        }
        part.push_str(word);
    }
    parts.push(part);
    parts
}
