//! The list of a unit's pages, in place of `<!-- pages -->` on its first page: title, link, minutes. Written once, in
//! `SUMMARY.md` and on the pages themselves, so that it cannot be wrong here.

use std::fmt::Write;

use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::errors::Result;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::minutes::Time;

const PLACE: &str = "<!-- pages -->";

/// The preprocessor. It runs before `Minutes`, which takes the statements away that this one reads.
#[derive(Debug)]
pub struct UnitPages;

impl Preprocessor for UnitPages {
    fn name(&self) -> &'static str {
        "unit-pages"
    }

    fn run(&self, _context: &PreprocessorContext, mut book: Book) -> Result<Book> {
        book.for_each_chapter_mut(|chapter| {
            if chapter.content.contains(PLACE) {
                chapter.content = chapter.content.replace(PLACE, &list(chapter));
            }
        });
        Ok(book)
    }
}

fn list(unit: &Chapter) -> String {
    let mut list = "| page | minutes |\n|---|---|\n".to_owned();
    for item in &unit.sub_items {
        let BookItem::Chapter(page) = item else { continue };
        let (Some(path), Ok((time, _))) = (&page.path, Time::of_page(&page.content)) else { continue };
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let minutes = match time.exercise {
            0 => time.reading.to_string(),
            exercise => format!("{}, and about {exercise} for the exercise", time.reading),
        };
        writeln!(list, "| [{}]({file}) | {minutes} |", page.name).expect("a text takes everything");
    }
    list
}

#[cfg(test)]
mod tests {
    use mdbook_preprocessor::book::{BookItem, Chapter};

    use super::list;

    #[test]
    fn the_list_has_the_pages_of_the_unit_with_their_minutes() {
        let page = |name: &str, path: &str, text: &str| BookItem::Chapter(Chapter::new(name, text.to_owned(), path, Vec::new()));
        let mut unit = Chapter::new("Unit 4", String::new(), "unit-4/index.md", Vec::new());
        unit.sub_items = vec![
            page("The callback", "unit-4/callback.md", "<!-- minutes: 7 -->"),
            page("Exercise", "unit-4/exercise.md", "<!-- minutes: 3, exercise: 45 -->"),
        ];
        assert_eq!(
            list(&unit),
            "| page | minutes |\n|---|---|\n\
             | [The callback](callback.md) | 7 |\n\
             | [Exercise](exercise.md) | 3, and about 45 for the exercise |\n"
        );
    }
}
