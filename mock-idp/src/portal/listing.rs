//! Long lists: a search and pages of fifty. A directory may hold a hundred thousand users, so no page looks at more than it shows, unless
//! it searches.

use maud::{Markup, html};
use serde::Deserialize;

use super::{icon::Icon, visit::encoded};
use crate::directory::entries::{Entries, Entry};

/// So many entries are on one page.
const ON_ONE_PAGE: usize = 50;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Part<T> {
    /// Its entries.
    pub entries: Vec<T>,
    /// The id after which the next page begins.
    next: Option<String>,
}

impl Asked {
    /// The words to search for, in small letters; empty for all entries.
    pub fn words(&self) -> String {
        self.q.trim().to_lowercase()
    }

    /// The asked part of a list, of the entries that `matches` accepts.
    pub fn part<'a, T: Entry>(&self, all: &'a Entries<T>, matches: impl Fn(&T) -> bool) -> Part<&'a T> {
        match self.after.as_deref().and_then(|id| all.after(id)) {
            Some(rest) => first(rest.filter(|entry| matches(entry)), |entry| entry.id()),
            None => first(all.iter().filter(|entry| matches(entry)), |entry| entry.id()),
        }
    }

    /// The asked part of a list that is no directory's own.
    pub fn part_of<T>(&self, all: Vec<T>, id: impl Fn(&T) -> &str) -> Part<T> {
        let skipped = self.after.as_deref().and_then(|after| all.iter().position(|entry| id(entry) == after)).map_or(0, |at| at + 1);
        first(all.into_iter().skip(skipped), id)
    }

    /// The search above a list. `script_list` is the id of the list that the script narrows while people type.
    pub fn search(&self, path: &str, label: &str) -> Markup {
        html! {
            form class="filters" role="search" method="get" action=(path) {
                div class="field" {
                    label for="q" { (label) }
                    input id="q" type="search" name="q" value=(self.q) dir="auto" autocomplete="off" spellcheck="false";
                }
                button class="btn line" type="submit" { (Icon::Lens) "Search" }
                @if !self.q.is_empty() { a class="btn" href=(path) { "Show all" } }
            }
        }
    }

    /// The links below a list.
    pub fn pages<T>(&self, path: &str, part: &Part<T>) -> Markup {
        let to = |pairs: &[(&str, &str)]| format!("{path}?{}", encoded(pairs));
        html! {
            @if self.after.is_some() || part.next.is_some() {
                nav class="pad row" aria-label="Pages of the list" {
                    @if self.after.is_some() { a class="btn line" href=(to(&[("q", &self.q)])) { "First page" } }
                    @if let Some(next) = &part.next { a class="btn line" href=(to(&[("q", &self.q), ("after", next)])) { "Next page" } }
                }
            }
        }
    }

    /// What stands in the place of an empty list.
    pub fn nothing(&self, none_at_all: &str) -> Markup {
        html! {
            p class="empty" {
                @if self.q.is_empty() { (none_at_all) } @else { "Nothing matches the search. Search for fewer letters, or show all." }
            }
        }
    }
}

fn first<T>(entries: impl Iterator<Item = T>, id: impl Fn(&T) -> &str) -> Part<T> {
    let mut entries: Vec<T> = entries.take(ON_ONE_PAGE + 1).collect();
    let has_more = entries.len() > ON_ONE_PAGE;
    entries.truncate(ON_ONE_PAGE);
    let next = entries.last().filter(|_| has_more).map(|last| id(last).to_owned());
    Part { entries, next }
}

/// Whether one of the names holds the words, which are in small letters.
pub fn any_holds(names: &[&str], words: &str) -> bool {
    words.is_empty() || names.iter().any(|name| name.to_lowercase().contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::user::User;

    fn asked(q: &str, after: Option<&str>) -> Asked {
        Asked { q: q.to_owned(), after: after.map(str::to_owned) }
    }

    fn users(count: usize) -> Entries<User> {
        (0..count).map(|number| User::member(format!("id-{number}"), format!("user{number}@x.example"), format!("User {number}"))).collect()
    }

    #[test]
    fn a_long_list_comes_in_pages_and_each_entry_once() {
        let all = users(120);
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let part = asked("", after.as_deref()).part(&all, |_| true);
            seen.extend(part.entries.iter().map(|user| user.id.clone()));
            match part.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, all.iter().map(|user| user.id.clone()).collect::<Vec<_>>());
    }

    #[test]
    fn a_search_finds_in_any_case_and_keeps_its_words_on_the_next_page() {
        let all = users(120);
        let asked = asked(" USER ", None);
        let part = asked.part(&all, |user| any_holds(&[&user.display_name], &asked.words()));
        assert_eq!(part.entries.len(), 50);
        let pages = asked.pages("/portal/users", &part).into_string();
        assert!(pages.contains("/portal/users?q=+USER+&amp;after=id-49"), "{pages}");
        assert!(!pages.contains("First page"), "{pages}");
    }

    #[test]
    fn a_list_of_exactly_one_page_has_no_next_one() {
        assert_eq!(asked("", None).part(&users(50), |_| true).next, None);
        assert_eq!(asked("", None).part_of(vec!["a".to_owned()], |id| id).entries, ["a"]);
    }
}
