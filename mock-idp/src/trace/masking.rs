//! What must not be stored: secrets, passwords, codes and refresh tokens keep their last three characters.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// Names of parameters and JSON members whose values are masked.
const SECRET_NAMES: [&str; 9] =
    ["client_secret", "client_assertion", "password", "code", "code_verifier", "refresh_token", "device_code", "csrf", "secretText"];

/// The value of a parameter, masked if its name says so.
pub fn parameter(name: &str, value: &str) -> String {
    if is_secret(name) { masked(value) } else { value.to_owned() }
}

/// Whether a parameter or member of this name holds a secret. In any case: a client that misspells a name still sends its secret.
fn is_secret(name: &str) -> bool {
    SECRET_NAMES.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

/// `…` and the last three characters; `…` alone for a value so short that three would tell it.
pub fn masked(value: &str) -> String {
    let length = value.chars().count();
    if length < 12 { "…".to_owned() } else { format!("…{}", value.chars().skip(length - 3).collect::<String>()) }
}

/// A JSON value with the values of secret members masked, at any depth. The `code` of an error of Microsoft Graph is no secret: it
/// stands in an object `error` or `innerError` and names what went wrong ("Microsoft Graph error responses and resource types").
pub fn json(value: Value) -> Value {
    within(value, false)
}

fn within(value: Value, an_error: bool) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| match value {
                    Value::String(text) if is_secret(&name) && !(an_error && name == "code") => (name, Value::String(masked(&text))),
                    other => {
                        let an_error = matches!(name.as_str(), "error" | "innerError");
                        (name, within(other, an_error))
                    }
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| within(item, false)).collect()),
        other => other,
    }
}

/// A URL or path with query whose secret parameters are masked, in the query and in the fragment.
pub fn url(text: &str) -> String {
    let mut masked_url = String::with_capacity(text.len());
    // Each piece keeps its separator, so that nothing else changes.
    for piece in text.split_inclusive(['?', '#', '&']) {
        match piece.split_once('=') {
            Some((name, value)) if is_secret(&percent_decode_str(name).decode_utf8_lossy()) => {
                let end = value.trim_end_matches(['?', '#', '&']);
                masked_url.push_str(&format!("{name}={}{}", masked(end), &value[end.len()..]));
            }
            _ => masked_url.push_str(piece),
        }
    }
    masked_url
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
    fn a_secret_is_masked_behind_a_query_in_a_fragment_and_under_an_encoded_name() {
        assert_eq!(url("/cb?x=1#code=0.Aabcdefghijkl&state=s#t"), "/cb?x=1#code=…jkl&state=s#t");
        assert_eq!(url("/t?client%5Fsecret=abcdefghijklmnop"), "/t?client%5Fsecret=…nop");
        assert_eq!(url("/t?Client_Secret=abcdefghijklmnop#"), "/t?Client_Secret=…nop#");
        assert_eq!(parameter("Code", "0.Aabcdefghijkl"), "…jkl");
    }

    proptest::proptest! {
        #[test]
        fn a_url_without_secrets_stays_as_it_is(text in "[a-b/?#&=%é]*") {
            proptest::prop_assert_eq!(url(&text), text);
        }
    }

    #[test]
    fn the_code_of_a_graph_error_is_read_by_people_and_a_code_anywhere_else_is_masked() {
        let error = value!({"error": {"code": "TooManyRequests", "innerError": {"code": "TooManyRetries"}, "message": "…"}});
        assert_eq!(json(error.clone()), error);
        assert_eq!(
            json(value!({"code": "0.Aabcdefghijkl", "error": {"details": {"code": "0.Aabcdefghijkl"}, "password": "abcdefghijklmnop"}})),
            value!({"code": "…jkl", "error": {"details": {"code": "…jkl"}, "password": "…nop"}})
        );
    }

    #[test]
    fn a_short_secret_is_masked_whole() {
        assert_eq!(masked("secret"), "…");
    }
}
