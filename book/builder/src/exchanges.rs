//! What the book shows of the protocol, from the recordings in `book/exchanges`:
//!
//! - `{{#request sign-in/token}}` and `{{#answer sign-in/token}}` as HTTP writes them;
//! - `{{#claims sign-in/id_token}}`, or some of them: `{{#claims sign-in/id_token: iss, aud}}`;
//! - `{{#sequence sign-in}}`, or a part: `{{#sequence sign-in: protected to callback}}`.

use std::path::Path;

use anyhow::{Context, Result, bail};
use mdbook_preprocessor::book::Book;
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use recorded_exchanges::{Exchange, Recording};
use serde_json::Value;

use crate::{directives, sequence_diagram};

/// The preprocessor.
#[derive(Debug)]
pub struct Exchanges;

impl Preprocessor for Exchanges {
    fn name(&self) -> &'static str {
        "exchanges"
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> mdbook_preprocessor::errors::Result<Book> {
        let folder = context.root.join("exchanges");
        directives::replace(book, |line, _| shown(line, &folder))
    }
}

/// What a line stands for, if it is one of our directives.
fn shown(line: &str, folder: &Path) -> Option<Result<String>> {
    directive(line).map(|directive| replacement(directive, folder))
}

/// `{{#kind recording/what: detail}}`
#[derive(Debug, PartialEq, Eq)]
struct Directive<'a> {
    kind: &'a str,
    recording: &'a str,
    what: &'a str,
    detail: &'a str,
}

/// The directive that a line is, if it is one of ours.
fn directive(line: &str) -> Option<Directive<'_>> {
    let inner = line.strip_prefix("{{#")?.strip_suffix("}}")?;
    let (kind, rest) = inner.split_once(' ')?;
    let (name, detail) = rest.split_once(':').unwrap_or((rest, ""));
    let (recording, what) = name.trim().split_once('/').unwrap_or((name.trim(), ""));
    let is_ours = ["request", "answer", "claims", "sequence"].contains(&kind);
    is_ours.then_some(Directive { kind, recording, what, detail: detail.trim() })
}

fn replacement(directive: Directive<'_>, folder: &Path) -> Result<String> {
    let Directive { kind, recording: name, what, detail } = directive;
    let recording = Recording::read(folder, name)?;
    let block = |language: &str, text: &str| format!("```{language}\n{}\n```", text.trim_end());
    Ok(match kind {
        "request" => block("http", &exchange(&recording, what)?.request.to_text()),
        "answer" => block("http", &exchange(&recording, what)?.answer.to_text()),
        "claims" => block("json", &claims(&recording, what, detail)?),
        _ => sequence_diagram::figure(&recording.title, part(&recording, detail)?),
    })
}

fn exchange<'a>(recording: &'a Recording, id: &str) -> Result<&'a Exchange> {
    let known = || recording.all().iter().map(|exchange| exchange.id.as_str()).collect::<Vec<_>>().join(", ");
    recording.exchange(id).with_context(|| format!("the recording has no exchange '{id}'; it has {}", known()))
}

/// All claims, or those that are named, in that order.
fn claims(recording: &Recording, token: &str, wanted: &str) -> Result<String> {
    let claims = recording.tokens.get(token).and_then(|token| token["claims"].as_object());
    let claims = claims.with_context(|| format!("the recording has no token '{token}'"))?;
    if wanted.is_empty() {
        return Ok(format!("{:#}", Value::Object(claims.clone())));
    }
    let mut lines = Vec::new();
    for name in wanted.split(',').map(str::trim) {
        let value = claims.get(name).with_context(|| format!("the token has no claim '{name}'"))?;
        lines.push(format!("  \"{name}\": {value}"));
    }
    Ok(format!("{{\n{}\n}}", lines.join(",\n")))
}

/// `first to last`, or everything.
fn part<'a>(recording: &'a Recording, detail: &str) -> Result<&'a [Exchange]> {
    if detail.is_empty() {
        return Ok(&recording.exchanges);
    }
    let (first, last) = detail.split_once(" to ").unwrap_or((detail, detail));
    let place = |id: &str| {
        let found = recording.exchanges.iter().position(|exchange| exchange.id == id);
        found.with_context(|| format!("no exchange '{id}' of the browser"))
    };
    let (first, last) = (place(first.trim())?, place(last.trim())?);
    if first > last {
        bail!("the first exchange comes after the last");
    }
    Ok(&recording.exchanges[first..=last])
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDING: &str = r#"{ "title": "A test", "exchanges": [{
        "id": "login", "purpose": "begins", "from": "browser", "to": "app",
        "request": { "method": "GET", "origin": "http://localhost:5000", "target": "/login" },
        "answer": { "status": 302, "headers": [["location", "http://localhost:8400/authorize"]] } }],
        "tokens": { "id_token": { "claims": { "iss": "i", "aud": "a" } } } }"#;

    fn page(text: &str) -> Result<String> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("test.json"), RECORDING).expect("written");
        directives::replaced(text, |line| shown(line, folder.path()))
    }

    #[test]
    fn a_directive_becomes_what_was_recorded() {
        let text = page("# A\n\n{{#request test/login}}\n{{#answer test/login}}\n{{#include x.rs}}\n").unwrap();
        assert_eq!(
            text,
            "# A\n\n```http\nGET http://localhost:5000/login\n```\n```http\nHTTP/1.1 302\nLocation: http://localhost:8400/authorize\n```\n\
             {{#include x.rs}}\n"
        );
        assert!(page("{{#claims test/id_token: aud}}").unwrap().contains("{\n  \"aud\": \"a\"\n}"));
        assert!(page("{{#sequence test}}").unwrap().contains("<svg"));
    }

    #[test]
    fn what_was_not_recorded_is_named_with_what_was() {
        for (text, reason) in [
            ("{{#request test/logout}}", "it has login"),
            ("{{#claims test/id_token: oid}}", "no claim 'oid'"),
            ("{{#claims test/access_token}}", "no token 'access_token'"),
            ("{{#request other/login}}", "cargo xtask book --record"),
            ("{{#sequence test: login to logout}}", "'logout'"),
        ] {
            let error = format!("{:#}", page(text).unwrap_err());
            assert!(error.contains(reason) && error.starts_with(text), "{error}");
        }
    }
}
