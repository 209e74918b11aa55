//! Requests and answers as text, the way HTTP writes them (RFC 9112), with long lines broken where a reader would break them.

use std::fmt::Write;

use crate::{Answer, Request};

/// A longer first line, or form, is broken into one parameter a line.
const LONGEST_LINE: usize = 100;

impl Request {
    /// `GET /authorize?...`, the headers, and the form.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {}{}\n", self.method, self.origin, broken(&self.target));
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{}: {value}", title_case(name));
        }
        if !self.form.is_empty() {
            let pairs: Vec<String> = self.form.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let _ = writeln!(text, "\n{}", pairs.join("\n&"));
        }
        text
    }
}

impl Answer {
    /// `HTTP/1.1 302`, the headers, and the JSON.
    pub fn to_text(&self) -> String {
        let mut text = format!("HTTP/1.1 {}\n", self.status);
        for (name, value) in &self.headers {
            let _ = writeln!(text, "{}: {}", title_case(name), broken(value));
        }
        if let Some(json) = &self.json {
            let _ = writeln!(text, "\n{json:#}");
        }
        text
    }
}

/// An address with one parameter a line, if it is long.
fn broken(address: &str) -> String {
    match address.split_once('?') {
        Some((path, query)) if address.len() > LONGEST_LINE => format!("{path}\n    ?{}", query.replace('&', "\n    &")),
        _ => address.to_owned(),
    }
}

/// `content-type` as people write it.
fn title_case(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_request_is_written_as_http_writes_it() {
        let request = Request {
            method: "POST".to_owned(),
            origin: "http://localhost:8400".to_owned(),
            target: "/token".to_owned(),
            headers: vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())],
            form: vec![("grant_type".to_owned(), "authorization_code".to_owned()), ("code".to_owned(), "0.A…".to_owned())],
        };
        assert_eq!(
            request.to_text(),
            "POST http://localhost:8400/token\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=authorization_code\n&code=0.A…\n"
        );
    }

    #[test]
    fn a_long_address_has_one_parameter_a_line() {
        let location = format!("http://localhost:8400/authorize?client_id={}&scope=openid", "c".repeat(80));
        let answer = Answer { status: 302, headers: vec![("location".to_owned(), location)], json: None, page: None };
        assert!(answer.to_text().contains("/authorize\n    ?client_id=ccc") && answer.to_text().ends_with("\n    &scope=openid\n"));
        let answer = Answer { status: 400, headers: Vec::new(), json: Some(json!({ "error": "invalid_grant" })), page: None };
        assert_eq!(answer.to_text(), "HTTP/1.1 400\n\n{\n  \"error\": \"invalid_grant\"\n}\n");
    }
}
