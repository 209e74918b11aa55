//! What must not be stored: secrets, passwords, codes and refresh tokens keep their last three characters.

use serde_json::Value;

/// Names of parameters and JSON members whose values are masked.
const SECRET_NAMES: [&str; 9] =
    ["client_secret", "client_assertion", "password", "code", "code_verifier", "refresh_token", "device_code", "csrf", "secretText"];

/// The value of a parameter, masked if its name says so.
pub fn parameter(name: &str, value: &str) -> String {
    if SECRET_NAMES.contains(&name) { masked(value) } else { value.to_owned() }
}

/// `…` and the last three characters; `…` alone for a value so short that three would tell it.
pub fn masked(value: &str) -> String {
    let length = value.chars().count();
    if length < 12 { "…".to_owned() } else { format!("…{}", value.chars().skip(length - 3).collect::<String>()) }
}

/// A JSON value with the values of secret members masked, at any depth.
pub fn json(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| match value {
                    Value::String(text) if SECRET_NAMES.contains(&name.as_str()) => (name, Value::String(masked(&text))),
                    other => (name, json(other)),
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(json).collect()),
        other => other,
    }
}

/// A URL or path with query whose secret parameters are masked, in the query and in the fragment.
pub fn url(text: &str) -> String {
    let Some(start) = text.find(['?', '#']) else { return text.to_owned() };
    let (head, tail) = text.split_at(start);
    let separator = &tail[..1];
    let pairs: Vec<String> = tail[1..]
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if SECRET_NAMES.contains(&name) => format!("{name}={}", masked(value)),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{head}{separator}{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    #[test]
    fn a_secret_keeps_its_last_three_characters_wherever_it_stands() {
        assert_eq!(url("/cb?code=0.Aabcdefghijkl&state=s"), "/cb?code=…jkl&state=s");
        assert_eq!(parameter("client_secret", "abcdefghijklmnop"), "…nop");
        assert_eq!(
            json(value!({"a": [{"refresh_token": "0123456789abcdef"}], "id_token": "x.y.z"})),
            value!({"a": [{"refresh_token": "…def"}], "id_token": "x.y.z"})
        );
    }

    #[test]
    fn a_short_secret_is_masked_whole() {
        assert_eq!(masked("secret"), "…");
    }
}
