//! Reads JSON objects key by key and notes every mistake with its path.
//!
//! After a mistake a stand-in is returned (an empty text, `None`, no entries) so that the rest is read too. The stand-ins never
//! leave: a file or request with a mistake is refused.

use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{mistakes::Mistakes, spelling::did_you_mean};
use crate::random::is_guid;

/// One JSON object of the file, with the place where it stands.
#[derive(Debug)]
pub(crate) struct Object<'j> {
    members: &'j Map<String, Value>,
    path: String,
    mistakes: &'j Mistakes,
    asked_for: Vec<&'static str>,
}

/// The name by which one entry of the file points to another, with the place where it stands.
#[derive(Debug)]
pub(crate) struct Reference {
    /// Where it stands.
    pub(crate) path: String,
    /// An id, a user principal name, a group's name or a role's value.
    pub(crate) name: String,
}

impl<'j> Object<'j> {
    /// The object that `value` is.
    pub(crate) fn of(value: &'j Value, path: impl Into<String>, mistakes: &'j Mistakes) -> Option<Self> {
        let path = path.into();
        match value {
            Value::Object(members) => Some(Self { members, path, mistakes, asked_for: Vec::new() }),
            other => {
                mistakes.note(path, format!("must be an object, not {}", kind(other)));
                None
            }
        }
    }

    /// Where the member of this key stands.
    pub(crate) fn path_of(&self, key: &str) -> String {
        format!("{}{}", self.path, step(key))
    }

    /// Notes a mistake in the member of this key.
    pub(crate) fn wrong(&self, key: &str, problem: impl Into<String>) {
        self.mistakes.note(self.path_of(key), problem);
    }

    /// The member of this key, if `convert` takes it. Graph shows what is not set as `null`, so that counts as absent.
    fn member<T>(&mut self, key: &'static str, expected: &str, convert: impl FnOnce(&'j Value) -> Option<T>) -> Option<T> {
        self.asked_for.push(key);
        let value = self.members.get(key).filter(|value| !value.is_null())?;
        let converted = convert(value);
        if converted.is_none() {
            self.wrong(key, format!("must be {expected}, not {}", kind(value)));
        }
        converted
    }

    fn is_absent(&self, key: &str) -> bool {
        self.members.get(key).is_none_or(Value::is_null)
    }

    /// A text, if it is there.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        self.member(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there and must not be empty.
    pub(crate) fn required_text(&mut self, key: &'static str) -> String {
        let text = self.text_or_empty(key);
        if text.is_empty() && self.members.get(key).is_some_and(Value::is_string) {
            self.wrong(key, "must not be empty");
        }
        text
    }

    /// A text that must be there and may be empty.
    pub(crate) fn text_or_empty(&mut self, key: &'static str) -> String {
        let text = self.text(key);
        if self.is_absent(key) {
            self.wrong(key, "is missing");
        }
        text.unwrap_or_default()
    }

    /// A GUID in lower case, if it is there.
    pub(crate) fn guid(&mut self, key: &'static str) -> Option<String> {
        let text = self.text(key)?;
        if !is_guid(&text) {
            self.wrong(key, format!("'{text}' is not a GUID such as 2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6"));
        }
        Some(text.to_ascii_lowercase())
    }

    /// A GUID that must be there.
    pub(crate) fn required_guid(&mut self, key: &'static str) -> String {
        let guid = self.guid(key);
        if self.is_absent(key) {
            self.wrong(key, "is missing");
        }
        guid.unwrap_or_default()
    }

    /// `true` or `false`, if it is there.
    pub(crate) fn boolean(&mut self, key: &'static str) -> Option<bool> {
        self.member(key, "true or false", Value::as_bool)
    }

    /// A whole number that may be negative, if it is there.
    pub(crate) fn signed_number(&mut self, key: &'static str) -> Option<i64> {
        self.member(key, "a whole number", Value::as_i64)
    }

    /// A whole number from 0, if it is there.
    pub(crate) fn number(&mut self, key: &'static str) -> Option<u64> {
        self.member(key, "a whole number from 0", Value::as_u64)
    }

    /// An instant, if it is there.
    pub(crate) fn instant(&mut self, key: &'static str) -> Option<OffsetDateTime> {
        let text = self.text(key)?;
        let instant = OffsetDateTime::parse(&text, &Rfc3339).ok();
        if instant.is_none() {
            self.wrong(key, format!("'{text}' is not a time such as 2027-05-24T09:00:00Z (RFC 3339)"));
        }
        instant
    }

    /// One of a few words, if it is there.
    pub(crate) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            self.wrong(key, not_one_of(&text, words.iter().map(|(word, _)| *word)));
        }
        found
    }

    /// One of a few words, which must be there.
    pub(crate) fn required_word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        if self.is_absent(key) {
            self.wrong(key, format!("is missing; it is one of {}", words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")));
        }
        self.word(key, words)
    }

    /// A list of texts; an absent one is empty.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        self.references(key).into_iter().map(|reference| reference.name).collect()
    }

    /// A list of texts, each with its path.
    pub(crate) fn references(&mut self, key: &'static str) -> Vec<Reference> {
        let path = self.path_of(key);
        let mut references = Vec::new();
        for (index, value) in self.member(key, "a list", Value::as_array).into_iter().flatten().enumerate() {
            let path = format!("{path}[{index}]");
            match value.as_str() {
                Some(text) => references.push(Reference { path, name: text.to_owned() }),
                None => self.mistakes.note(path, format!("must be a text, not {}", kind(value))),
            }
        }
        references
    }

    /// A text that must be there and that points to another entry.
    pub(crate) fn reference(&mut self, key: &'static str) -> Option<Reference> {
        let name = self.required_text(key);
        (!name.is_empty()).then(|| Reference { path: self.path_of(key), name })
    }

    /// An object, if it is there.
    pub(crate) fn object(&mut self, key: &'static str) -> Option<Object<'j>> {
        let path = self.path_of(key);
        let value = self.member(key, "an object", |value| value.is_object().then_some(value))?;
        Object::of(value, path, self.mistakes)
    }

    /// An object that must be there.
    pub(crate) fn required_object(&mut self, key: &'static str) -> Option<Object<'j>> {
        let object = self.object(key);
        if self.is_absent(key) {
            self.wrong(key, "is missing");
        }
        object
    }

    /// A list of objects; an absent one is empty.
    pub(crate) fn objects(&mut self, key: &'static str) -> Vec<Object<'j>> {
        let path = self.path_of(key);
        let entries = self.member(key, "a list", Value::as_array).into_iter().flatten().enumerate();
        entries.filter_map(|(index, value)| Object::of(value, format!("{path}[{index}]"), self.mistakes)).collect()
    }

    /// The members that were not asked for: those in `kept` as they are, any other is a mistake.
    /// OData annotations (`@odata.type`) are part of an answer, not of the object, and are left out.
    pub(crate) fn rest(self, kept: &[&str]) -> Map<String, Value> {
        let mut rest = Map::new();
        for (key, value) in self.members {
            if self.asked_for.contains(&key.as_str()) || key.contains("@odata.") {
                continue;
            }
            if kept.contains(&key.as_str()) {
                rest.insert(key.clone(), value.clone());
            } else {
                let known = self.asked_for.iter().chain(kept).copied();
                self.wrong(key, format!("unknown key{}", did_you_mean(key, known)));
            }
        }
        rest
    }

    /// Notes every member that was not asked for as a mistake.
    pub(crate) fn no_more(self) {
        self.rest(&[]);
    }
}

/// The step of a path into the member of this key: `.web`, or `["x y"]` for a key that is no word.
pub(super) fn step(key: &str) -> String {
    let plain = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if plain { format!(".{key}") } else { format!("[{}]", Value::from(key)) }
}

/// The sentence about a word that is none of the known ones.
pub(crate) fn not_one_of<'a>(word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let all = known.clone().collect::<Vec<_>>().join(", ");
    format!("'{word}' is not one of {all}{}", did_you_mean(word, known))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
