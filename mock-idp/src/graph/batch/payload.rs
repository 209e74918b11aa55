//! The body of a batch: its items, their shape judged, in an order in which they can run.

use std::collections::BTreeSet;

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The most items of one batch.
const LARGEST_BATCH: usize = 20;

/// Why a batch is refused as a whole, or an item for its address. `Display` is the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// No JSON, or no list `requests` of objects with the members of an item.
    #[error("Invalid batch payload format. {0}")]
    Malformed(String),
    /// A batch without items.
    #[error("Batch request must contain at least one request.")]
    Empty,
    /// More than twenty items.
    #[error("Number of batch request steps exceeds the maximum value of {LARGEST_BATCH}.")]
    TooMany,
    /// Two items with one id, in any case.
    #[error("Request Id {0} has to be unique in a batch.")]
    RepeatedId(String),
    /// An item whose id says nothing.
    #[error("Request Id has to be specified for every request in a batch.")]
    NoId,
    /// An item that waits for one that is not there.
    #[error("Request {id} depends on request {on}, which is not part of the batch.")]
    UnknownDependency {
        /// The item.
        id: String,
        /// What it waits for.
        on: String,
    },
    /// Items that wait for each other.
    #[error("Request {0} depends on itself, directly or through others.")]
    CircularDependency(String),
    /// An item with a body that does not say what the body is.
    #[error("Request {0} has a body and therefore needs the header Content-Type.")]
    NoContentType(String),
    /// A body that is neither JSON nor base64.
    #[error("The body of request {0} is not JSON, so it has to be a base64 encoded string.")]
    UnreadableBody(String),
    /// A header that HTTP does not allow.
    #[error("Request {id} has a header '{name}' that cannot be sent.")]
    UnreadableHeader {
        /// The item.
        id: String,
        /// The header.
        name: String,
    },
    /// A method that HTTP does not have, or that a batch cannot hold.
    #[error("Request {id} has the method '{method}', which a batch cannot hold.")]
    UnknownMethod {
        /// The item.
        id: String,
        /// Its method.
        method: String,
    },
    /// A whole URL in place of a relative one.
    #[error("The URL of a request in a batch is relative to the version, like /me; '{0}' is not.")]
    AbsoluteUrl(String),
    /// Something that is no URL.
    #[error("'{0}' is not a relative URL.")]
    UnreadableUrl(String),
    /// A batch in a batch.
    #[error("Request {0} is a batch itself; batches cannot be nested.")]
    Nested(String),
}

#[derive(Deserialize)]
struct Payload {
    requests: Vec<RawItem>,
}

/// An item as it arrives.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawItem {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    depends_on: Option<Vec<String>>,
}

/// One call of a batch.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// As it was written.
    pub(super) id: String,
    /// The id in lower case: ids are compared without case.
    pub(super) key: String,
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Keys of the items that must have succeeded before.
    pub(super) depends_on: Vec<String>,
}

/// The items of a batch, each after those that it depends on, else in the order of the batch.
///
/// # Errors
/// [`BatchError`].
pub(super) fn read(body: &[u8]) -> Result<Vec<Item>, BatchError> {
    let payload: Payload = serde_json::from_slice(body).map_err(|error| BatchError::Malformed(error.to_string()))?;
    match payload.requests.len() {
        0 => return Err(BatchError::Empty),
        1..=LARGEST_BATCH => {}
        _ => return Err(BatchError::TooMany),
    }
    let mut keys = BTreeSet::new();
    if let Some(repeated) = payload.requests.iter().find(|item| !keys.insert(item.id.to_lowercase())) {
        return Err(BatchError::RepeatedId(repeated.id.clone()));
    }
    let items = payload.requests.into_iter().map(|raw| item(raw, &keys)).collect::<Result<Vec<_>, _>>()?;
    in_order(items)
}

fn item(raw: RawItem, keys: &BTreeSet<String>) -> Result<Item, BatchError> {
    let RawItem { id, method, url, headers, body, depends_on } = raw;
    if id.trim().is_empty() {
        return Err(BatchError::NoId);
    }
    let known = Method::from_bytes(method.to_uppercase().as_bytes()).ok().filter(|method| *method != Method::CONNECT);
    let method = known.ok_or(BatchError::UnknownMethod { id: id.clone(), method })?;
    let path = url.split('?').next().unwrap_or_default();
    if path.trim_matches('/').eq_ignore_ascii_case("$batch") {
        return Err(BatchError::Nested(id));
    }
    let depends_on: Vec<String> = depends_on.unwrap_or_default().iter().map(|on| on.to_lowercase()).collect();
    if let Some(unknown) = depends_on.iter().find(|on| !keys.contains(*on)) {
        return Err(BatchError::UnknownDependency { id, on: unknown.clone() });
    }
    let headers = read_headers(&id, headers.unwrap_or_default())?;
    let body = body.filter(|body| !body.is_null()).map(|body| read_body(&id, &headers, body)).transpose()?.unwrap_or_default();
    Ok(Item { key: id.to_lowercase(), id, method, url, headers, body, depends_on })
}

fn read_headers(id: &str, headers: Map<String, Value>) -> Result<HeaderMap, BatchError> {
    let header = |(name, value): (String, Value)| {
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let pair = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(&text).ok());
        pair.ok_or(BatchError::UnreadableHeader { id: id.to_owned(), name })
    };
    headers.into_iter().map(header).collect()
}

/// JSON where the header says so, else the bytes that the base64 stands for.
fn read_body(id: &str, headers: &HeaderMap, body: Value) -> Result<Vec<u8>, BatchError> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.ok_or_else(|| BatchError::NoContentType(id.to_owned()))?;
    if content_type.to_ascii_lowercase().starts_with("application/json") {
        return Ok(body.to_string().into_bytes());
    }
    let decoded = body.as_str().and_then(decode);
    decoded.ok_or_else(|| BatchError::UnreadableBody(id.to_owned()))
}

/// Either alphabet of RFC 4648, with padding or without.
fn decode(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let [url_safe, standard] = [&alphabet::URL_SAFE, &alphabet::STANDARD].map(|letters| GeneralPurpose::new(letters, config));
    url_safe.decode(text).or_else(|_| standard.decode(text)).ok()
}

fn in_order(mut waiting: Vec<Item>) -> Result<Vec<Item>, BatchError> {
    let mut done = BTreeSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|item| item.depends_on.iter().all(|on| done.contains(on)));
        let Some(ready) = ready else { return Err(BatchError::CircularDependency(waiting[0].id.clone())) };
        let item = waiting.remove(ready);
        done.insert(item.key.clone());
        ordered.push(item);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn order(requests: Value) -> Result<Vec<String>, BatchError> {
        let body = json!({ "requests": requests }).to_string();
        read(body.as_bytes()).map(|items| items.into_iter().map(|item| item.id).collect())
    }

    fn get(id: &str, depends_on: &[&str]) -> Value {
        json!({ "id": id, "method": "GET", "url": "/me", "dependsOn": depends_on })
    }

    #[test]
    fn an_item_runs_after_those_that_it_depends_on() {
        assert_eq!(order(json!([get("c", &["B"]), get("b", &["a"]), get("a", &[])])), Ok(["a", "b", "c"].map(str::to_owned).into()));
    }

    #[test]
    fn items_that_wait_for_each_other_are_refused() {
        assert_eq!(order(json!([get("1", &["2"]), get("2", &["1"])])), Err(BatchError::CircularDependency("1".to_owned())));
        let unknown = BatchError::UnknownDependency { id: "1".to_owned(), on: "9".to_owned() };
        assert_eq!(order(json!([get("1", &["9"])])), Err(unknown));
    }

    #[test]
    fn ids_are_unique_without_regard_to_case() {
        assert_eq!(order(json!([get("a", &[]), get("A", &[])])), Err(BatchError::RepeatedId("A".to_owned())));
        assert_eq!(order(json!([get(" ", &[])])), Err(BatchError::NoId));
    }

    #[test]
    fn a_batch_holds_one_to_twenty_items() {
        let many = |count: usize| Value::Array((0..count).map(|number| get(&number.to_string(), &[])).collect());
        assert_eq!(order(many(20)).map(|ids| ids.len()), Ok(20));
        assert_eq!(order(many(21)), Err(BatchError::TooMany));
        assert_eq!(order(many(0)), Err(BatchError::Empty));
    }

    #[test]
    fn a_body_needs_its_content_type_and_is_json_or_base64() {
        let with = |headers: Value, body: Value| {
            let payload = json!({ "requests": [{ "id": "1", "method": "put", "url": "/me", "headers": headers, "body": body }] });
            read(payload.to_string().as_bytes()).map(|mut items| items.remove(0).body)
        };
        assert_eq!(with(json!({}), json!({"a": 1})), Err(BatchError::NoContentType("1".to_owned())));
        assert_eq!(with(json!({"content-type": "application/json"}), json!({"a": 1})), Ok(br#"{"a":1}"#.to_vec()));
        for image in ["_9g", "_9g=", "/9g="] {
            assert_eq!(with(json!({"Content-Type": "image/jpeg"}), json!(image)), Ok(vec![0xff, 0xd8]));
        }
        assert_eq!(with(json!({"Content-Type": "image/jpeg"}), json!({})), Err(BatchError::UnreadableBody("1".to_owned())));
    }

    #[test]
    fn what_is_no_batch_is_refused_with_the_reason() {
        for body in ["", "[]", "{}", r#"{"requests":[{"id":1}]}"#, r#"{"requests":[{"id":"1","method":"GET"}]}"#] {
            assert!(matches!(read(body.as_bytes()), Err(BatchError::Malformed(_))), "{body}");
        }
        let nested = json!([{ "id": "1", "method": "POST", "url": "/$batch" }]);
        assert_eq!(order(nested), Err(BatchError::Nested("1".to_owned())));
    }
}
