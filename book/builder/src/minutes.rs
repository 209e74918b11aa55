//! How long a page takes: written as `<!-- minutes: 5 -->`, shown as "About 5 minutes".
//!
//! An exercise page says `<!-- minutes: 3, exercise: 45 -->`. The first page of a unit shows the sum of its unit, which
//! is computed and never written down.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::path::Path;
use std::sync::Arc;

use mdbook_preprocessor::book::{Book, Chapter};
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::translation::{Translation, translated};

/// A page that takes longer holds two ideas.
pub const LONGEST_PAGE: u32 = 8;

/// How the statement begins.
pub const OPENING: &str = "<!-- minutes:";
const CLOSING: &str = "-->";

const ONE_MINUTE: &str = "About 1 minute.";
const MINUTES: &str = "About {reading} minutes.";
const MINUTES_AND_EXERCISE: &str = "About {reading} minutes to read, and {exercise} for the exercise.";
const UNIT_MINUTES: &str = "The whole unit: about {reading} minutes.";
const UNIT_MINUTES_AND_EXERCISE: &str = "The whole unit: about {reading} minutes to read, and {exercise} for the exercise.";

/// What this preprocessor says, for translators.
pub const PHRASES: [&str; 5] = [ONE_MINUTE, MINUTES, MINUTES_AND_EXERCISE, UNIT_MINUTES, UNIT_MINUTES_AND_EXERCISE];

/// The time that a page or a unit takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// Minutes of reading.
    pub reading: u32,
    /// Minutes of work in the exercise.
    pub exercise: u32,
}

impl AddAssign for Time {
    fn add_assign(&mut self, other: Self) {
        self.reading += other.reading;
        self.exercise += other.exercise;
    }
}

impl Time {
    /// The time that a page states, and the place of the statement in its text.
    ///
    /// # Errors
    /// What is wrong, for the author of the page.
    pub fn of_page(text: &str) -> std::result::Result<(Self, std::ops::Range<usize>), String> {
        let start = text.find(OPENING).ok_or("it does not say how long it takes; write <!-- minutes: 5 --> below its title")?;
        let length = text[start..].find(CLOSING).ok_or("the comment with the minutes has no end")?;
        let statement = &text[start + OPENING.len()..start + length];
        let wrong =
            || format!("`{OPENING}{statement}{CLOSING}` is not of the form <!-- minutes: 3 --> or <!-- minutes: 3, exercise: 45 -->");
        let (reading, exercise) = match statement.split_once(',') {
            Some((reading, exercise)) => (reading, exercise.trim().strip_prefix("exercise:").ok_or_else(wrong)?),
            None => (statement, "0"),
        };
        let number = |text: &str| text.trim().parse().map_err(|_| wrong());
        let time = Self { reading: number(reading)?, exercise: number(exercise)? };
        if !(1..=LONGEST_PAGE).contains(&time.reading) {
            return Err(format!("it says {} minutes; a page takes from 1 to {LONGEST_PAGE}", time.reading));
        }
        Ok((time, start..start + length + CLOSING.len()))
    }

    fn sentence(self, words: &impl Fn(&str) -> String) -> String {
        let sentence = match (self.reading, self.exercise) {
            (1, 0) => ONE_MINUTE,
            (_, 0) => MINUTES,
            _ => MINUTES_AND_EXERCISE,
        };
        self.filled_in(&words(sentence))
    }

    fn unit_sentence(self, words: &impl Fn(&str) -> String) -> String {
        self.filled_in(&words(if self.exercise == 0 { UNIT_MINUTES } else { UNIT_MINUTES_AND_EXERCISE }))
    }

    fn filled_in(self, sentence: &str) -> String {
        sentence.replace("{reading}", &self.reading.to_string()).replace("{exercise}", &self.exercise.to_string())
    }
}

/// The preprocessor. A page with a wrong statement keeps its comment, which no reader sees; `check` reports it.
#[derive(Debug)]
pub struct Minutes {
    /// The language in which it says so, if it is not the book's own.
    pub translation: Option<Arc<Translation>>,
}

impl Preprocessor for Minutes {
    fn name(&self) -> &'static str {
        "minutes"
    }

    fn run(&self, _context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let units = units(&book);
        let words = |text: &str| translated(self.translation.as_deref(), text);
        book.for_each_chapter_mut(|chapter| show(chapter, &units, &words));
        Ok(book)
    }
}

/// The time of each unit, by its folder.
fn units(book: &Book) -> BTreeMap<String, Time> {
    let mut units = BTreeMap::<String, Time>::new();
    for chapter in book.chapters() {
        if let (Some(folder), Ok((time, _))) = (unit_folder(chapter), Time::of_page(&chapter.content)) {
            *units.entry(folder.to_owned()).or_default() += time;
        }
    }
    units
}

fn unit_folder(chapter: &Chapter) -> Option<&str> {
    chapter.path.as_deref().and_then(Path::parent).and_then(Path::to_str).filter(|folder| folder.starts_with("unit-"))
}

fn show(chapter: &mut Chapter, units: &BTreeMap<String, Time>, words: &impl Fn(&str) -> String) {
    let Ok((time, place)) = Time::of_page(&chapter.content) else { return };
    let is_first_page = chapter.path.as_deref().is_some_and(|path| path.ends_with("index.md"));
    let unit = unit_folder(chapter).filter(|_| is_first_page).and_then(|folder| units.get(folder));
    // A unit of one page has nothing to add up.
    let unit_sentence = unit.filter(|unit| **unit != time).map(|unit| format!(" {}", unit.unit_sentence(words)));
    let shown = format!("<p class=\"minutes\">{}{}</p>", time.sentence(words), unit_sentence.unwrap_or_default());
    chapter.content.replace_range(place, &shown);
}

#[cfg(test)]
mod tests {
    use mdbook_preprocessor::book::Chapter;

    use super::{Time, show, units};

    fn page(path: &str, minutes: &str) -> Chapter {
        Chapter::new("A page", format!("# A page\n\n<!-- minutes: {minutes} -->\n\nText."), path, Vec::new())
    }

    #[test]
    fn a_page_states_its_minutes_and_those_of_its_exercise() {
        let time = |statement: &str| Time::of_page(statement).unwrap().0;
        assert_eq!(time("<!-- minutes: 5 -->"), Time { reading: 5, exercise: 0 });
        assert_eq!(time("<!-- minutes: 3, exercise: 45 -->"), Time { reading: 3, exercise: 45 });
    }

    #[test]
    fn a_wrong_statement_is_explained() {
        for (wrong, expected) in [
            ("# A page", "does not say"),
            ("<!-- minutes: 5", "no end"),
            ("<!-- minutes: five -->", "is not of the form"),
            ("<!-- minutes: 3, task: 45 -->", "is not of the form"),
            ("<!-- minutes: 0 -->", "from 1 to 8"),
            ("<!-- minutes: 9 -->", "from 1 to 8"),
        ] {
            let said = Time::of_page(wrong).unwrap_err();
            assert!(said.contains(expected), "{wrong}: {said}");
        }
    }

    #[test]
    fn the_first_page_of_a_unit_shows_the_sum() {
        let mut book = mdbook_preprocessor::book::Book::new();
        book.push_item(page("unit-4/index.md", "3"));
        book.push_item(page("unit-4/callback.md", "7"));
        book.push_item(page("unit-4/exercise.md", "2, exercise: 45"));
        book.push_item(page("unit-5/index.md", "1"));
        let units = units(&book);
        let mut shown = Vec::new();
        book.for_each_chapter_mut(|chapter| {
            show(chapter, &units, &str::to_owned);
            shown.push(chapter.content.lines().nth(2).unwrap_or_default().to_owned());
        });
        assert_eq!(
            shown,
            [
                "<p class=\"minutes\">About 3 minutes. The whole unit: about 12 minutes to read, and 45 for the exercise.</p>",
                "<p class=\"minutes\">About 7 minutes.</p>",
                "<p class=\"minutes\">About 2 minutes to read, and 45 for the exercise.</p>",
                "<p class=\"minutes\">About 1 minute.</p>",
            ]
        );
    }
}
