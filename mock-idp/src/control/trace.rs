//! GET /mock/trace?since=seq
//!
//! What happened, one event a request, oldest first. The mock keeps tokens whole in its memory; here they leave without their
//! signatures, so that a copy of the trace is no set of keys.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use serde::Serialize;
use serde_json::Value;

use super::{ControlState, error::ControlError};
use crate::trace::Event;

/// The answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventList {
    events: Vec<Event>,
    /// What to ask for next: `?since=`.
    last_seq: u64,
}

pub(super) async fn since(State(state): State<ControlState>, RawQuery(query): RawQuery) -> Result<Json<EventList>, ControlError> {
    let since = seq(query.as_deref().unwrap_or_default())?;
    let events: Vec<Event> = state.trace.since(since).into_iter().map(without_signatures).collect();
    let last_seq = events.last().map_or(since, |event| event.seq);
    Ok(Json(EventList { events, last_seq }))
}

fn seq(query: &str) -> Result<u64, ControlError> {
    let given = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "since").map(|(_, value)| value.into_owned());
    given.map_or(Ok(0), |text| text.parse().map_err(|_| ControlError::InvalidSince(text)))
}

fn without_signatures(mut event: Event) -> Event {
    event.url = strip(&event.url);
    let request = event.request.headers.values_mut().chain(event.request.params.values_mut());
    request.chain(event.response.headers.values_mut()).for_each(|text| *text = strip(text));
    event.response.body = strip_json(event.response.body);
    event
}

fn strip_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(strip(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(strip_json).collect()),
        Value::Object(members) => Value::Object(members.into_iter().map(|(name, value)| (name, strip_json(value))).collect()),
        other => other,
    }
}

/// The text with `…` in the place of the signature of every JWT in it. All JWTs begin with `eyJ`, the encoding of `{"`.
fn strip(text: &str) -> String {
    let is_part_of_token = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let mut stripped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("eyJ") {
        let (before, from_token) = rest.split_at(start);
        let end = from_token.find(|letter| !is_part_of_token(letter)).unwrap_or(from_token.len());
        let (token, after) = from_token.split_at(end);
        stripped.push_str(before);
        match token.rsplit_once('.') {
            Some((signed, signature)) if signed.contains('.') && !signature.is_empty() => {
                stripped.push_str(signed);
                stripped.push_str(".…");
            }
            _ => stripped.push_str(token),
        }
        rest = after;
    }
    stripped.push_str(rest);
    stripped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_loses_its_signature_wherever_it_stands() {
        assert_eq!(strip("eyJhbGci.eyJhdWQi.c2ln-bmF0_dXJl"), "eyJhbGci.eyJhdWQi.…");
        assert_eq!(strip("/x#id_token=eyJa.eyJb.sig&state=s"), "/x#id_token=eyJa.eyJb.…&state=s");
        assert_eq!(strip("Bearer eyJa.eyJb.sig"), "Bearer eyJa.eyJb.…");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "eyJ", "eyJa.eyJb", "eyJa.eyJb.", "a.b.c", "ünïcode eyJ…"] {
            assert_eq!(strip(text), text);
        }
    }

    #[test]
    fn since_is_a_number() {
        assert_eq!((seq(""), seq("since=12")), (Ok(0), Ok(12)));
        assert_eq!(seq("since=-1"), Err(ControlError::InvalidSince("-1".to_owned())));
    }
}
