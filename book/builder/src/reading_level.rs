//! How hard a page is to read, by the Automated Readability Index (Smith and Senter, 1967): 4.71 × letters per word + 0.5 × words per sentence − 21.43.
//! It is a grade of school in the United States, and needs no syllables, which nobody can count in `OAuth`. Names of things (`authentication`)
//! make it higher than the sentences are; what it finds for certain are long sentences.

use crate::check::Problem;
use crate::prose::{paragraphs, words};
use crate::site::Site;

/// The hardest page may have this grade: that of pupils of 14 years.
const HARDEST: f64 = 9.0;
/// Fewer words say nothing about a page.
const FEWEST_WORDS: usize = 60;

/// The index of every page with enough prose, by its path.
pub fn of_pages(site: &Site) -> Vec<(String, f64)> {
    let pages = site.pages().filter(|(path, _)| !matches!(*path, "print.html" | "404.html" | "toc.html" | "index.html"));
    pages.filter_map(|(path, page)| Some((path.to_owned(), index(&paragraphs(page))?))).collect()
}

/// Pages that are too hard.
pub fn check(site: &Site) -> Vec<Problem> {
    let hard = of_pages(site).into_iter().filter(|(_, index)| *index > HARDEST);
    hard.map(|(path, index)| {
        let page = path.replace(".html", ".md");
        Problem::in_page(
            &page,
            None,
            format!("its reading level is {index:.1}, and at most {HARDEST:.0} is wanted; make its sentences shorter"),
        )
    })
    .collect()
}

/// The index of a text; `None` if it is too short.
fn index(paragraphs: &[String]) -> Option<f64> {
    let (mut letters, mut count, mut sentences) = (0, 0, 0);
    for paragraph in paragraphs {
        for word in words(paragraph) {
            letters += word.chars().filter(|letter| letter.is_alphanumeric()).count();
            count += 1;
        }
        sentences += ends(paragraph).max(1);
    }
    if count < FEWEST_WORDS {
        return None;
    }
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    Some(4.71 * number(letters) / number(count) + 0.5 * number(count) / number(sentences) - 21.43)
}

/// Where sentences, or parts that can be read as sentences, end.
fn ends(paragraph: &str) -> usize {
    let letters: Vec<char> = paragraph.chars().collect();
    let is_end = |place: usize| ".!?:;".contains(letters[place]) && letters.get(place + 1).is_none_or(|next| next.is_whitespace());
    (0..letters.len()).filter(|place| is_end(*place)).count()
}

#[cfg(test)]
mod tests {
    use super::{ends, index};

    #[test]
    fn long_words_and_long_sentences_are_harder() {
        let text = |sentence: &str| vec![sentence.repeat(40)];
        let easy = index(&text("The app asks. ")).unwrap();
        let long = index(&text("The app asks the one who knows it and then it waits for what the one may say to it next. ")).unwrap();
        let hard = index(&text("Organizations authenticate administrators. ")).unwrap();
        assert!(easy < long && long < hard, "{easy} {long} {hard}");
        assert_eq!(index(&["Too short.".to_owned()]), None);
    }

    #[test]
    fn a_dot_inside_of_a_word_ends_no_sentence() {
        assert_eq!(ends("See abc.example and v2.0. Then go: now!"), 3);
    }
}
