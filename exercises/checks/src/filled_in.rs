//! A TOML file that a learner fills in: where each value stands, and what is wrong with it. Every complaint names the line, the value
//! and the remedy, and all of them are told at once.

use std::{fmt, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// What a cell holds before the learner has decided.
pub const UNFILLED: &str = "TODO";

/// One thing that is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Counted from 1.
    pub line: usize,
    /// What is there, and what to write instead.
    pub text: String,
    /// Whether the cell is only waiting to be filled.
    pub is_unfilled: bool,
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.text)
    }
}

/// The file while it is read. Complaints are collected, so that reading goes on.
#[derive(Debug)]
pub struct FilledIn<'t> {
    text: &'t str,
    /// What was wrong so far.
    pub complaints: Vec<Complaint>,
}

impl<'t> FilledIn<'t> {
    /// Parses the file's text.
    ///
    /// # Errors
    /// When it is no TOML.
    pub fn parse(text: &'t str) -> Result<(Self, DeTable<'t>), Complaint> {
        let file = Self { text, complaints: Vec::new() };
        match DeTable::parse(text) {
            Ok(table) => Ok((file, table.into_inner())),
            Err(error) => {
                let line = file.line(&error.span().unwrap_or_default());
                let text = format!(
                    "this is no TOML: {}. Texts stand in quotation marks, cells of a row are separated by commas.",
                    error.message()
                );
                Err(Complaint { line, text: text.replace('\n', " "), is_unfilled: false })
            }
        }
    }

    /// The line of a place.
    fn line(&self, span: &Range<usize>) -> usize {
        self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
    }

    /// Complains about a place.
    pub fn complain(&mut self, span: &Range<usize>, text: impl Into<String>) {
        self.complaints.push(Complaint { line: self.line(span), text: text.into(), is_unfilled: false });
    }

    /// Says that a place waits to be filled in.
    pub fn wait(&mut self, span: &Range<usize>, text: impl Into<String>) {
        self.complaints.push(Complaint { line: self.line(span), text: text.into(), is_unfilled: true });
    }

    /// The table of this name. Complains about a missing one.
    pub fn table<'a>(&mut self, root: &'a DeTable<'t>, name: &str) -> Option<(Range<usize>, &'a DeTable<'t>)> {
        match root.get(name).map(|value| (value.span(), value.get_ref())) {
            Some((span, DeValue::Table(table))) => return Some((span, table)),
            Some((span, _)) => {
                self.complain(&span, format!("{name} is a single value. Write a line [{name}], and its values in the lines below."))
            }
            None => {
                self.complain(&(0..0), format!("the table [{name}] is missing. Write a line [{name}], and its values in the lines below."))
            }
        }
        None
    }

    /// The value under this key, or a complaint that it is missing.
    pub fn value<'a>(&mut self, place: &Range<usize>, table: &'a DeTable<'t>, key: &str) -> Option<&'a Spanned<DeValue<'t>>> {
        let found = table.get(key);
        if found.is_none() {
            let quoted = if key.contains(['.', '/']) { format!("\"{key}\"") } else { key.to_owned() };
            self.complain(place, format!("the line {quoted} = … is missing."));
        }
        found
    }

    /// Complains about every key that is none of these.
    pub fn no_other_keys(&mut self, table: &DeTable<'t>, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let text = format!(
                "'{}' is none of the names here. They are: {}. A name with a dot needs quotation marks.",
                key.get_ref(),
                known.join(", ")
            );
            self.complain(&key.span(), text);
        }
    }

    /// One of these values, by its word. `place` says which cell it is: `row Client, column /me`.
    pub fn choice<T: Copy>(&mut self, value: &Spanned<DeValue<'t>>, place: &str, choices: &[(&str, T)]) -> Option<T> {
        let words = || choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let Some(text) = value.get_ref().as_str().map(str::trim) else {
            let found = value.get_ref().type_str();
            self.complain(
                &value.span(),
                format!("{place} is of the type {found}. Write one of these words in quotation marks: {}.", words()),
            );
            return None;
        };
        let chosen = choices.iter().find(|(word, _)| *word == text).map(|(_, chosen)| *chosen);
        if chosen.is_none() {
            if text.is_empty() || text.starts_with(UNFILLED) {
                self.wait(&value.span(), format!("{place} is not filled in yet. Write one of: {}.", words()));
            } else {
                self.complain(&value.span(), format!("{place} says '{text}', which is not possible there. Write one of: {}.", words()));
            }
        }
        chosen
    }
}
