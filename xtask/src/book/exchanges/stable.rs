//! Values that differ from run to run, replaced by values that do not.

use std::collections::BTreeMap;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use mock_idp::{random::derived_bytes, testing::browser::Hop};
use serde_json::{Value, json};

/// Names whose values are shown as the same few letters, wherever they stand.
const OPAQUE: [(&str, &str); 14] = [
    ("id_token", "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIs…"),
    ("id_token_hint", "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIs…"),
    ("access_token", "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIs…"),
    ("refresh_token", "1.AXoAkHpPLTwb…"),
    ("code", "1.AXoAkHpPLTwb…"),
    ("client_secret", "kR4~…"),
    ("code_verifier", "dBjftJeZ4CVP…"),
    ("client_info", "eyJ1aWQiOiI2…"),
    ("session_state", "00c1a5ae-…"),
    ("csrf", "…"),
    ("password", "…"),
    ("interaction", "…"),
    ("n", "w5LMx9wXqH0K…"),
    ("trace_id", "f3b1…"),
];
/// Names whose values the reader should recognize at the other place where they stand.
const RECOGNIZABLE: [&str; 3] = ["state", "nonce", "code_challenge"];
/// Claims and members that say nothing to the reader, and differ.
const ALSO_OPAQUE: [&str; 12] =
    ["uti", "rh", "aio", "sid", "correlation_id", "timestamp", "date", "request-id", "client-request-id", "x5c", "x5t", "xms_ftd"];
/// Headers that matter to the reader.
const HEADERS: [&str; 6] = ["authorization", "content-type", "location", "retry-after", "set-cookie", "www-authenticate"];

/// When the recorded tokens were issued, as far as the reader knows: 21 September 2026.
const ISSUED: i64 = 1_790_000_000;

/// What stands for what, in one recording.
#[derive(Debug, Default)]
pub struct Stable {
    shown: BTreeMap<String, String>,
    /// Texts that are replaced everywhere: addresses with ports.
    addresses: Vec<(String, String)>,
}

impl Stable {
    pub fn new(addresses: Vec<(String, String)>) -> Self {
        Self { shown: BTreeMap::new(), addresses }
    }

    /// What is shown for this value.
    fn value(&mut self, name: &str, value: &str) -> Option<String> {
        if let Some((_, shown)) = OPAQUE.iter().find(|(opaque, _)| *opaque == name) {
            return Some((*shown).to_owned());
        }
        if ALSO_OPAQUE.contains(&name) {
            return Some("…".to_owned());
        }
        if name == "claims" {
            // As it stands in an address, where %22 is no part of a number.
            return Some(with_time_of_recording(&value.replace("%22", "\"")).replace('"', "%22"));
        }
        // Of the provider's message in an address the numbers at its end differ.
        if let (true, Some((message, _))) = (name == "error_description", value.split_once("+Trace+ID")) {
            return Some(format!("{message}…"));
        }
        if !RECOGNIZABLE.contains(&name) || value.is_empty() {
            return None;
        }
        let earlier = self.shown.keys().filter(|key| key.starts_with(&format!("{name}="))).count();
        let shown = self.shown.entry(format!("{name}={value}"));
        Some(
            shown
                .or_insert_with(|| format!("{}…", &URL_SAFE_NO_PAD.encode(derived_bytes(&["recording", name, &earlier.to_string()]))[..12]))
                .clone(),
        )
    }

    /// Path and query, or an address.
    pub fn address(&mut self, address: &str) -> String {
        let Some((path, query)) = address.split_once('?') else { return self.text(address) };
        let parameters: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) => format!("{name}={}", self.value(name, value).unwrap_or_else(|| value.to_owned())),
                None => pair.to_owned(),
            })
            .collect();
        self.text(&format!("{path}?{}", parameters.join("&")))
    }

    /// A form, in the order of its fields; passwords and such are cut.
    pub fn form(&mut self, fields: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
        let mut shown = |(name, value): (String, String)| {
            let value = self.value(&name, &value).unwrap_or_else(|| self.text(&value));
            (name, value)
        };
        fields.into_iter().map(&mut shown).collect()
    }

    /// The headers that matter. An app may set two cookies in either order.
    pub fn headers<'a>(&mut self, headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
        let wanted = headers.into_iter().filter(|(name, _)| HEADERS.contains(name));
        let mut shown: Vec<_> = wanted.map(|(name, value)| (name.to_owned(), self.header(name, value))).collect();
        shown.sort();
        shown
    }

    fn header(&mut self, name: &str, value: &str) -> String {
        match (name, value.split_once('=')) {
            ("set-cookie", Some((cookie, rest))) => {
                let attributes = rest.split_once(';').map(|(_, attributes)| format!(";{attributes}")).unwrap_or_default();
                // Whether it is one that ends at once is what the reader should see of the dates.
                let kept: Vec<&str> = attributes.split(';').filter(|it| !it.trim().to_ascii_lowercase().starts_with("expires")).collect();
                format!("{cookie}=…{}", kept.join(";"))
            }
            ("authorization", _) => match value.split_once(' ') {
                Some((scheme @ "Bearer", _)) => format!("{scheme} {}", OPAQUE[2].1),
                Some((scheme, _)) => format!("{scheme} …"),
                None => "…".to_owned(),
            },
            ("location", _) => self.address(value),
            ("www-authenticate", _) => self.text(&challenge(value)),
            _ => self.text(value),
        }
    }

    /// A JSON body.
    pub fn json(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let issued = members.get("iat").and_then(Value::as_i64);
                members.iter().map(|(name, member)| (name.clone(), self.member(name, member, issued))).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::String(text) => Value::String(self.text(text)),
            other => other.clone(),
        }
    }

    fn member(&mut self, name: &str, value: &Value, issued: Option<i64>) -> Value {
        match (name, value, issued) {
            ("iat" | "nbf" | "exp" | "auth_time", Value::Number(time), Some(issued)) => {
                json!(ISSUED + time.as_i64().unwrap_or(issued) - issued)
            }
            // The code of an error of Graph, and no authorization code: those never stand in a body.
            ("code", Value::String(text), _) => json!(text),
            // Of the provider's message the numbers at its end differ.
            ("error_description", Value::String(text), _) => {
                json!(self.text(text.split(" Trace ID").next().unwrap_or_default().lines().next().unwrap_or_default()))
            }
            (_, Value::String(text), _) => Value::String(self.value(name, text).unwrap_or_else(|| self.text(text))),
            (name, Value::Array(_), _) if ALSO_OPAQUE.contains(&name) => json!(["…"]),
            (_, other, _) => self.json(other),
        }
    }

    /// A text, with the ports of the book in it.
    pub fn text(&self, text: &str) -> String {
        self.addresses.iter().fold(text.to_owned(), |text, (found, shown)| text.replace(found, shown))
    }
}

/// A challenge whose claims name the time of the recording (base64 of JSON).
fn challenge(header: &str) -> String {
    let Some((before, rest)) = header.split_once("claims=\"") else { return header.to_owned() };
    let (claims, after) = rest.split_once('"').unwrap_or((rest, ""));
    let decoded = STANDARD.decode(claims).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    format!("{before}claims=\"{}\"{after}", STANDARD.encode(with_time_of_recording(&decoded)))
}

/// A text in which every number of ten digits, a time of this century, is that of the recording.
fn with_time_of_recording(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let length = rest[start..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len() - start);
        let number = &rest[start..start + length];
        shown += &rest[..start];
        shown += &if length == 10 { ISSUED.to_string() } else { number.to_owned() };
        rest = &rest[start + length..];
    }
    shown + rest
}

/// Header and claims of a token.
pub fn token(stable: &mut Stable, token: &str) -> Value {
    let part = |number: usize| -> Value {
        let bytes = token.split('.').nth(number).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    };
    let mut header = part(0);
    if let Some(header) = header.as_object_mut() {
        header.remove("x5t");
    }
    json!({ "header": header, "claims": stable.json(&part(1)) })
}

/// The JSON of an answer that the browser got.
pub fn body(hop: &Hop) -> Option<Value> {
    let is_json = hop.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    is_json.then(|| serde_json::from_str(&hop.body).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stable() -> Stable {
        Stable::new(vec![("localhost:23456".to_owned(), "localhost:5000".to_owned())])
    }

    #[test]
    fn a_value_that_comes_back_is_recognized_and_another_one_is_not() {
        let mut stable = stable();
        let sent = stable.address("http://localhost:23456/authorize?state=abc&nonce=n&scope=openid");
        let back = stable.address("/getAToken?code=secret&state=abc");
        let state = |text: &str| text.split("state=").nth(1).map(|rest| rest.split('&').next().unwrap_or_default().to_owned());
        assert_eq!(state(&sent), state(&back));
        assert_ne!(state(&sent), state(&stable.address("/x?state=other")));
        assert!(sent.starts_with("http://localhost:5000/authorize?") && sent.ends_with("&scope=openid"), "{sent}");
        assert!(!back.contains("secret"));
    }

    #[test]
    fn two_runs_show_the_same_token() {
        let claims =
            |now: i64| json!({ "iat": now, "exp": now + 3600, "uti": format!("u{now}"), "nonce": format!("n{now}"), "name": "Ada" });
        assert_eq!(stable().json(&claims(5)), stable().json(&claims(99)));
        assert_eq!(stable().json(&claims(5))["exp"], json!(ISSUED + 3600));
    }

    #[test]
    fn a_challenge_names_the_time_of_the_recording() {
        let claims = STANDARD.encode(r#"{"nbf":{"value":"1795713554"}}"#);
        let shown = stable().header("www-authenticate", &format!("Bearer realm=\"\", claims=\"{claims}\""));
        assert!(shown.ends_with(&format!("claims=\"{}\"", STANDARD.encode(r#"{"nbf":{"value":"1790000000"}}"#))), "{shown}");
        assert_eq!(with_time_of_recording("a12b1234567890c12345678901"), "a12b1790000000c12345678901");
    }

    #[test]
    fn a_cookie_keeps_its_attributes_and_not_its_value() {
        assert_eq!(stable().header("set-cookie", "abc_login=xyz%3D; HttpOnly; Path=/"), "abc_login=…; HttpOnly; Path=/");
        assert_eq!(stable().header("authorization", "Basic abc"), "Basic …");
    }
}
