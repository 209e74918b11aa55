//! Other languages: the messages of the book as a gettext catalogue, and the book with another catalogue's words.
//!
//! The messages are the paragraphs, headings and cells of the pages as they are written, the titles of `SUMMARY.md`, and the questions. A
//! translation is a file `book/po/LANGUAGE.po`, which is made from the template and kept with gettext's own tools.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use knowledge_checks::KnowledgeCheck;
use mdbook_i18n_helpers::{extract_messages, gettext::translate_book};
use mdbook_preprocessor::book::{Book, BookItem};
use polib::catalog::Catalog;
use polib::message::Message;
use polib::metadata::CatalogMetadata;
use polib::po_file;

use crate::book_folder::BookFolder;
use crate::check::Problem;
use crate::prose::{paragraphs, words};
use crate::site::Site;
use crate::{minutes, questions};

/// The words of another language.
pub struct Translation {
    /// `de`, as in the name of the file and in the `lang` of the pages.
    pub language: String,
    catalog: Catalog,
}

impl std::fmt::Debug for Translation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Translation").field("language", &self.language).field("messages", &self.catalog.count()).finish()
    }
}

impl Translation {
    /// The code of the language that nobody speaks: `qaa` to `qtz` are for private use (ISO 639-2).
    pub const PSEUDO: &str = "qps";

    /// Reads `book/po/LANGUAGE.po`.
    ///
    /// # Errors
    /// When there is no such file, or it is no catalogue.
    pub fn read(folder: &BookFolder, language: &str) -> Result<Self> {
        let file = folder.translations().join(format!("{language}.po"));
        if !file.is_file() {
            let known = languages(folder).join(", ");
            let known = if known.is_empty() { "there is none yet".to_owned() } else { format!("there are {known}") };
            anyhow::bail!("no translation {}; {known}. `cargo xtask book --messages` writes the template for a new one", file.display());
        }
        let catalog = po_file::parse(&file).map_err(|error| anyhow!("{}: {error}", file.display()))?;
        Ok(Self { language: language.to_owned(), catalog })
    }

    /// A language that nobody speaks: every letter that can have an accent has one. What has none was not translated.
    ///
    /// # Errors
    /// When a page cannot be taken apart.
    pub fn pseudo(messages: &Messages) -> Result<Self> {
        let mut catalog = Catalog::new(CatalogMetadata::new());
        for message in messages.0.messages() {
            let translated = Message::build_singular().with_msgid(message.msgid().to_owned()).with_msgstr(accented(message.msgid())).done();
            catalog.append_or_update(translated);
        }
        Ok(Self { language: Self::PSEUDO.to_owned(), catalog })
    }

    /// Puts the words of this language in the place of the book's own. What the catalogue lacks stays as it is.
    ///
    /// # Errors
    /// When a translated page cannot be put together.
    pub fn translate(&self, book: &mut Book) -> Result<()> {
        translate_book(&self.catalog, book).with_context(|| format!("the translation {}", self.language))
    }

    /// The same for the questions.
    pub fn translate_questions(&self, checks: &mut [KnowledgeCheck]) {
        for item in checks.iter_mut().flat_map(|check| &mut check.items) {
            item.stem = self.of(&item.stem);
            for choice in &mut item.choices {
                choice.text = self.of(&choice.text);
                choice.feedback = self.of(&choice.feedback);
            }
        }
    }

    /// The words for one text.
    pub fn of(&self, text: &str) -> String {
        let found = self.catalog.find_message(None, text, None).and_then(|message| message.msgstr().ok().map(str::to_owned));
        found.filter(|translated| !translated.is_empty()).unwrap_or_else(|| text.to_owned())
    }
}

/// The words for one text, if there is a translation.
pub fn translated(translation: Option<&Translation>, text: &str) -> String {
    translation.map_or_else(|| text.to_owned(), |translation| translation.of(text))
}

/// What the pages of the course say in the language that nobody speaks although no translator can change it. Tables that commands write
/// (errors, faults, the proof of the grader) and the names in diagrams are those of the programs.
pub fn check(site: &Site) -> Vec<Problem> {
    let course = site.pages().filter(|(path, _)| path.starts_with("unit-") || *path == "introduction.html");
    let problem = |path: &str, text: &str| Problem::in_page(&path.replace(".html", ".md"), None, format!("no translation reaches: {text}"));
    course
        .flat_map(|(path, page)| {
            paragraphs(&without_diagrams(page)).into_iter().filter(|text| is_plain(text)).map(move |text| problem(path, &text))
        })
        .collect()
}

fn without_diagrams(page: &str) -> String {
    let mut pieces = page.split("<figure class=\"sequence\">");
    let before = pieces.next().unwrap_or_default().to_owned();
    pieces.filter_map(|piece| piece.split_once("</figure>")).fold(before, |text, (_, behind)| text + behind)
}

/// Whether a paragraph of some words has no accent at all.
fn is_plain(text: &str) -> bool {
    const A_FEW: usize = 3;
    let with_vowels = words(text).filter(|word| *word != "code" && word.contains(['a', 'e', 'i', 'o', 'u', 'y'])).count();
    with_vowels >= A_FEW && text.is_ascii()
}

fn languages(folder: &BookFolder) -> Vec<String> {
    let files = fs::read_dir(folder.translations()).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut names: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "po"))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    names
}

/// All messages of the book, without translations.
pub struct Messages(Catalog);

impl Messages {
    /// Collects the messages of a book as it is written, before any preprocessor has run.
    ///
    /// # Errors
    /// When a page cannot be taken apart.
    pub fn of(book: &Book, title: &str, checks: &[KnowledgeCheck]) -> Result<Self> {
        let mut metadata = CatalogMetadata::new();
        title.clone_into(&mut metadata.project_id_version);
        "1.0".clone_into(&mut metadata.mime_version);
        "text/plain; charset=UTF-8".clone_into(&mut metadata.content_type);
        "8bit".clone_into(&mut metadata.content_transfer_encoding);
        let mut messages = Self(Catalog::new(metadata));
        messages.add(title, "book.toml");
        for item in book.iter() {
            match item {
                BookItem::PartTitle(title) => messages.add(title, "src/SUMMARY.md"),
                BookItem::Chapter(chapter) => {
                    messages.add(&chapter.name, "src/SUMMARY.md");
                    let page = crate::pages::place(chapter);
                    let found = extract_messages(&chapter.content).map_err(|error| anyhow!("{page}: {error}"))?;
                    found.iter().for_each(|(line, found)| messages.add(&found.message, &format!("src/{page}:{line}")));
                }
                BookItem::Separator => {}
            }
        }
        for phrase in minutes::PHRASES.into_iter().chain(questions::PHRASES) {
            messages.add(phrase, "builder");
        }
        for check in checks {
            let source = format!("knowledge-checks/unit-{}.toml", check.unit);
            for item in &check.items {
                messages.add(&item.stem, &source);
                item.choices.iter().flat_map(|choice| [&choice.text, &choice.feedback]).for_each(|text| messages.add(text, &source));
            }
        }
        Ok(messages)
    }

    fn add(&mut self, text: &str, source: &str) {
        // A directive stands for a part of another file.
        if text.trim().is_empty() || (text.starts_with("{{#") && text.ends_with("}}")) {
            return;
        }
        let mut sources = source.to_owned();
        if let Some(known) = self.0.find_message(None, text, None) {
            sources = format!("{}\n{source}", known.source());
        }
        self.0.append_or_update(Message::build_singular().with_msgid(text.to_owned()).with_source(sources).done());
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// Writes the template, `messages.pot`, into the folder of the translations.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<PathBuf> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let file = folder.join("messages.pot");
        po_file::write(&self.0, &file).with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}

/// The text with accents, where it is prose: code, addresses, tags, ids of headings and directives stay.
fn accented(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some(letter) = rest.chars().next() {
        // What begins here and is no prose, up to its end.
        let end = match letter {
            '`' => {
                let fence = rest.len() - rest.trim_start_matches('`').len();
                rest[fence..].find(&rest[..fence]).map(|at| at + 2 * fence)
            }
            '<' => rest.find('>').map(|at| at + 1),
            '{' => rest.find('}').map(|at| at + 1),
            ']' if rest.starts_with("](") => rest.find(')').map(|at| at + 1),
            ']' if rest.starts_with("][") => rest[1..].find(']').map(|at| at + 2),
            '&' => rest.find(';').map(|at| at + 1),
            'h' if rest.starts_with("http") => Some(rest.find([' ', ')', '>']).unwrap_or(rest.len())),
            _ => None,
        };
        let (kept, next) = rest.split_at(end.unwrap_or(letter.len_utf8()));
        match end {
            Some(_) => text.push_str(kept),
            None => text.push(with_accent(letter)),
        }
        rest = next;
    }
    text
}

fn with_accent(letter: char) -> char {
    let plain = "aeiouyAEIOUY";
    let accents = "áéíóúýÁÉÍÓÚÝ";
    plain.chars().zip(accents.chars()).find(|(of, _)| *of == letter).map_or(letter, |(_, accent)| accent)
}

#[cfg(test)]
mod tests {
    use mdbook_preprocessor::book::Chapter;

    use super::*;

    fn book(text: &str) -> Book {
        let mut book = Book::new();
        book.push_item(Chapter::new("A page", text.to_owned(), "page.md", Vec::new()));
        book
    }

    fn text_of(book: &Book) -> String {
        book.chapters().map(|chapter| chapter.content.clone()).collect()
    }

    const PAGE: &str = "# A page {#top}\n\n<!-- minutes: 5 -->\n\nRead `code` and [the link](other.md#part).\n\n{{#request a/b}}\n\n\
                        | name | what |\n|---|---|\n| `nonce` | an *old* value |\n\n```rust,ignore\n{{#include x.rs:part}}\n```\n";

    #[test]
    fn prose_is_a_message_and_code_and_directives_are_none() {
        let messages = Messages::of(&book(PAGE), "A book", &[]).unwrap();
        let texts: Vec<_> = messages.0.messages().map(|message| message.msgid().to_owned()).collect();
        for text in ["A book", "A page", "Read `code` and [the link](other.md#part).", "an _old_ value"] {
            assert!(texts.iter().any(|found| found == text), "{text}: {texts:?}");
        }
        assert!(!texts.iter().any(|text| text.contains("{{#")), "{texts:?}");
    }

    #[test]
    fn a_translated_page_keeps_code_links_ids_and_directives() {
        let mut page = book(PAGE);
        let messages = Messages::of(&page, "A book", &[]).unwrap();
        Translation::pseudo(&messages).unwrap().translate(&mut page).unwrap();
        let text = text_of(&page);
        for kept in
            ["{ #top }", "<!-- minutes: 5 -->", "`code`", "(other.md#part)", "{{#request a/b}}", "{{#include x.rs:part}}", "`nonce`"]
        {
            assert!(text.contains(kept), "{kept}: {text}");
        }
        for translated in ["# Á págé", "Réád", "thé línk", "óld"] {
            assert!(text.contains(translated), "{translated}: {text}");
        }
    }

    #[test]
    fn what_no_translation_reaches_is_named() {
        let site = Site::from([
            (
                "unit-1/page.html",
                "<main><p>Only the English words.</p><p>Thé trú words.</p><figure class=\"sequence\"><li>As it was sent.</li></figure></main>",
            ),
            ("appendix/errors.html", "<main><p>What a command wrote.</p></main>"),
        ]);
        let said: Vec<_> = check(&site).iter().map(ToString::to_string).collect();
        assert_eq!(said, ["book/src/unit-1/page.md: no translation reaches: Only the English words."]);
    }

    #[test]
    fn a_text_without_a_translation_stays() {
        let nothing = Translation { language: "de".to_owned(), catalog: Catalog::new(CatalogMetadata::new()) };
        let mut page = book("# A page\n\nText.\n");
        nothing.translate(&mut page).unwrap();
        assert_eq!((text_of(&page).trim(), nothing.of("Text.").as_str()), ("# A page\n\nText.", "Text."));
    }
}
