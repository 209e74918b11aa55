//! The answer to one item, as it stands in the answer to the batch.

use axum::{
    body::to_bytes,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

/// What became of one item.
#[derive(Debug)]
pub(super) struct ItemReply {
    id: String,
    status: StatusCode,
    headers: Map<String, Value>,
    /// Nothing where the answer has no body, as for 204.
    body: Option<Value>,
}

/// Reads the answer to the item with this id.
pub(super) async fn of(id: String, response: Response) -> ItemReply {
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let body = (!bytes.is_empty()).then(|| value_of(&head.headers, &bytes));
    ItemReply { id, status: head.status, headers: shown(&head.headers), body }
}

impl ItemReply {
    pub(super) fn into_json(self) -> Value {
        let mut reply = json!({ "id": self.id, "status": self.status.as_u16(), "headers": self.headers });
        if let Some(body) = self.body {
            reply["body"] = body;
        }
        reply
    }
}

/// JSON as it is, text as a string, anything else in base64.
fn value_of(headers: &HeaderMap, bytes: &[u8]) -> Value {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let encoded = || Value::String(STANDARD.encode(bytes));
    if content_type.starts_with("application/json") {
        serde_json::from_slice(bytes).unwrap_or_else(|_| encoded())
    } else if content_type.starts_with("text/") {
        std::str::from_utf8(bytes).map_or_else(|_| encoded(), |text| Value::String(text.to_owned()))
    } else {
        encoded()
    }
}

/// The headers of the answer. Those about the connection and about scripts belong to the batch as a whole.
fn shown(headers: &HeaderMap) -> Map<String, Value> {
    let of_the_whole = |name: &HeaderName| name.as_str().starts_with("access-control-") || *name == header::CONTENT_LENGTH;
    let text =
        |(name, value): (&HeaderName, &header::HeaderValue)| Some((title_case(name), Value::String(value.to_str().ok()?.to_owned())));
    headers.iter().filter(|(name, _)| !of_the_whole(name)).filter_map(text).collect()
}

/// `Retry-After` for `retry-after`: in JSON the case of a name counts, and clients look for the usual one.
fn title_case(name: &HeaderName) -> String {
    match name.as_str() {
        "odata-version" => "OData-Version".to_owned(),
        "etag" => "ETag".to_owned(),
        own if own.starts_with("x-ms-") || own.ends_with("request-id") => own.to_owned(),
        plain => plain.split('-').map(capitalised).collect::<Vec<_>>().join("-"),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[tokio::test]
    async fn an_image_is_answered_in_base64_and_an_empty_answer_has_no_body() {
        let image = ([(header::CONTENT_TYPE, "image/png")], vec![0x89, 0x50]).into_response();
        assert_eq!(of("1".to_owned(), image).await.into_json()["body"], "iVA=");
        let nothing = of("2".to_owned(), StatusCode::NO_CONTENT.into_response()).await.into_json();
        assert_eq!(nothing, json!({ "id": "2", "status": 204, "headers": {} }));
    }

    #[tokio::test]
    async fn names_of_headers_are_written_as_clients_look_for_them() {
        let throttled = ([("retry-after", "7"), ("etag", "x"), ("access-control-allow-origin", "*")], StatusCode::TOO_MANY_REQUESTS);
        let reply = of("1".to_owned(), (throttled.1, throttled.0).into_response()).await.into_json();
        assert_eq!(reply["headers"], json!({ "Retry-After": "7", "ETag": "x" }));
    }
}
