//! The text of the pages.

use mock_idp::oauth::error::{Place, ProtocolError};

use super::{CoursePage, Entry};
use crate::html_table::{code, html, table};

const GENERATED: &str =
    "<!-- Written by `cargo xtask book --record`. Do not edit it: change book/aadsts.toml, then run the command again. -->\n";

/// So many words are read in a minute; `book-builder check` counts in the same way.
const WORDS_A_MINUTE: usize = 180;

/// What a page is called, here and in the contents.
pub fn title(entry: &Entry) -> String {
    format!("AADSTS{}: {}", entry.number, entry.title)
}

/// The page about one number.
pub fn of_entry(entry: &Entry, course_page: Option<&CoursePage>) -> String {
    let errors = ProtocolError::with_number(entry.number);
    let beginning = messages(&errors) + &facts(&errors);
    let mut text = format!("## What it means {{#meaning}}\n\n{}\n\n", entry.meaning.trim());
    text += &format!("## Usual causes {{#causes}}\n\n{}\n", list(&entry.cause));
    text += &format!("## What to do {{#remedy}}\n\n{}", list(&entry.remedy));
    if let Some(fault) = entry.fault {
        text += &format!(
            "\nTo see it on purpose, choose the fault `{}` on the page [Faults](http://localhost:8400/portal/faults) of the practice portal.\n",
            fault.name()
        );
    }
    if let Some(CoursePage { link, title }) = course_page {
        text += &format!("\nThe course explains it: [{title}]({link}).\n");
    }
    text += "\n[All errors](index.md)\n";
    heading(&title(entry), &text) + &beginning + &text
}

/// Title, minutes, and who wrote the page.
fn heading(title: &str, prose: &str) -> String {
    let words = prose.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    // And those of the title, of the comment and of the sentence before the message.
    let minutes = (words + 45).div_ceil(WORDS_A_MINUTE);
    format!("# {title}\n\n<!-- minutes: {minutes} -->\n{GENERATED}\n")
}

fn list(items: &[String]) -> String {
    items.iter().map(|item| format!("- {}\n", item.trim())).collect()
}

/// The texts of a number, each once.
fn messages(errors: &[ProtocolError]) -> String {
    let mut texts: Vec<String> = errors.iter().map(|error| format!("AADSTS{}: {error}", error.number())).collect();
    texts.dedup();
    let sentence = match texts.len() {
        1 => "The message. In place of the braces it has your values:\n\n",
        _ => "It is one of these messages. In place of the braces it has your values:\n\n",
    };
    let sentence = if texts.iter().any(|text| text.contains('{')) { sentence } else { "The message:\n\n" };
    format!("{sentence}```text\n{}\n```\n\n", texts.join("\n\n"))
}

/// Where each answer is seen, and what stands in it.
fn facts(errors: &[ProtocolError]) -> String {
    let mut seen: Vec<Seen> = errors.iter().flat_map(Seen::of).collect();
    seen.sort_by_key(|it| it.place);
    seen.dedup();
    let has_suberror = seen.iter().any(|it| it.suberror.is_some());
    let columns = ["where", "<code>error</code>", "HTTP status", "<code>suberror</code>"];
    let shown = if has_suberror { 4 } else { 3 };
    let row = |it: &Seen| {
        let word = |word: Option<&str>| word.map_or("none".to_owned(), code);
        let mut cells = vec![html(where_seen(it.place)), word(it.error), it.status.clone(), word(it.suberror)];
        cells.truncate(shown);
        cells
    };
    table("Where you see it", &columns[..shown], seen.iter().map(row)) + "\n"
}

/// An error as it is seen in one place.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    place: Place,
    error: Option<&'static str>,
    status: String,
    suberror: Option<&'static str>,
}

impl Seen {
    fn of(error: &ProtocolError) -> Vec<Self> {
        let (code, _, status) = error.wire();
        let at = |place: Place| match place {
            // What the practice provider answers.
            Place::Page => Self { place, error: None, status: "400 (Entra ID does not document it)".to_owned(), suberror: None },
            Place::SignInForm => Self { place, error: None, status: "200 (Entra ID does not document it)".to_owned(), suberror: None },
            Place::Redirect | Place::SilentRedirect => {
                let error = Some(error.code_at_authorize().as_str());
                Self { place, error, status: "302".to_owned(), suberror: None }
            }
            Place::Token | Place::Discovery => {
                let suberror = error.suberror().map(|it| it.as_str());
                Self { place, error: Some(code.as_str()), status: status.as_u16().to_string(), suberror }
            }
        };
        error.places().iter().copied().map(at).collect()
    }
}

fn where_seen(place: Place) -> &'static str {
    match place {
        Place::Page => "a page of the provider, in the browser",
        Place::SignInForm => "the sign-in page, above the field",
        Place::Redirect => "the redirect to your app's redirect URI",
        Place::SilentRedirect => "the redirect, if your app asked for no page (`prompt=none`)",
        Place::Token => "the answer to your app's token request",
        Place::Discovery => "the answer to your app's discovery request",
    }
}

/// The list of all numbers.
pub fn index(entries: &[Entry]) -> String {
    let row = |entry: &Entry| {
        let seen: Vec<Seen> = ProtocolError::with_number(entry.number).iter().flat_map(Seen::of).collect();
        // In a narrow column the words break after an underscore.
        let words = each_once(seen.iter().filter_map(|it| it.error).map(|word| code(word).replace('_', "_<wbr>")));
        let who = each_once(seen.iter().map(|it| who_sees(it.place).to_owned()));
        let number = format!("<a href=\"{0}.html\">{0}</a>", entry.number);
        vec![number, html(&entry.title), if words.is_empty() { "none".to_owned() } else { words }, who]
    };
    let columns = ["number", "what is wrong", "<code>error</code>", "who sees it"];
    heading("Errors", INTRODUCTION) + INTRODUCTION + &table("The errors of the practice provider", &columns, entries.iter().map(row))
}

fn who_sees(place: Place) -> &'static str {
    match place {
        Place::Page | Place::SignInForm => "the person, on a page",
        Place::Redirect | Place::SilentRedirect => "your app, in a redirect",
        Place::Token => "your app, at its token request",
        Place::Discovery => "your app, at its discovery request",
    }
}

fn each_once(words: impl Iterator<Item = String>) -> String {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found.join("; ")
}

const INTRODUCTION: &str = "\
You will find what an error of the identity provider means, and what to do about it.

An error of Entra ID has a number, for example **AADSTS50011**. The practice provider uses the same numbers. Look for the number in the table: the
search of your browser (Ctrl-F) finds it. Each page tells what the provider found, the usual causes, and what to do.

Where do you see the number?

- **A person sees it on a page of the provider.** Then your app hears nothing: the provider does not know yet whether it may send the browser
  there, or the person may not sign in.
- **Your app sees it in a redirect** to its redirect URI, as `error_description`. The number is at the beginning of the text.
- **Your app sees it in a JSON answer**, as `error_description` and as `error_codes`. Write it to your log: the visitor can do nothing about it.

The number is for people. Your code decides by `error`, such as `invalid_grant`: Microsoft says that numbers and texts may change. Entra ID has
many more numbers than this table; look those up at <https://login.microsoftonline.com/error>.

";
