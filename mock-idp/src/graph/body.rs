//! The JSON object that a call brings along.

use axum::{body::Bytes, extract::rejection::BytesRejection};
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::error::GraphError;
use crate::{directory::file::mistakes::Mistake, random::is_guid};

/// The body of a request as axum hands it over.
pub(super) type Body = Result<Bytes, BytesRejection>;

/// The object in the body, without OData annotations: they belong to the message (OData 4.01 JSON §4.6).
///
/// # Errors
/// [`GraphError::UnreadableBody`]; [`GraphError::NotModelled`] for `…@odata.bind`, which would create relationships.
pub(super) fn object(body: Body) -> Result<Map<String, Value>, GraphError> {
    let bytes = body.map_err(|_| GraphError::UnreadableBody)?;
    let value = serde_json::from_slice(&bytes).map_err(|_| GraphError::UnreadableBody)?;
    let Value::Object(mut members) = value else { return Err(GraphError::UnreadableBody) };
    if let Some(bind) = members.keys().find(|name| name.ends_with("@odata.bind")) {
        return Err(GraphError::NotModelled(format!("{bind} in a request")));
    }
    members.retain(|name, value| {
        strip_annotations(value);
        !is_annotation(name)
    });
    Ok(members)
}

fn is_annotation(name: &str) -> bool {
    name.contains("@odata.") || name.starts_with('@')
}

/// SDKs write the type of every object that they know, at any depth.
fn strip_annotations(value: &mut Value) {
    match value {
        Value::Object(members) => members.retain(|name, value| {
            strip_annotations(value);
            !is_annotation(name)
        }),
        Value::Array(entries) => entries.iter_mut().for_each(strip_annotations),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Refuses members that the call does not know.
///
/// # Errors
/// [`GraphError::UnknownMember`] with the first one.
pub(super) fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), GraphError> {
    let unknown = members.keys().find(|name| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |name| Err(GraphError::UnknownMember(name.clone())))
}

/// A text, if it is there.
///
/// # Errors
/// [`GraphError::InvalidMember`].
pub(super) fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, GraphError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(name, "must be a text")),
    }
}

/// A list of texts, if it is there.
///
/// # Errors
/// [`GraphError::InvalidMember`].
pub(super) fn texts(members: &Map<String, Value>, name: &str) -> Result<Option<Vec<String>>, GraphError> {
    let listed = match members.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(listed)) => listed.iter().map(|text| text.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>(),
        Some(_) => None,
    };
    listed.map(Some).ok_or_else(|| invalid(name, "must be a list of texts"))
}

/// A GUID in lower case, which must be there.
///
/// # Errors
/// [`GraphError::InvalidMember`].
pub(super) fn guid(members: &Map<String, Value>, name: &str) -> Result<String, GraphError> {
    let text = text(members, name)?.ok_or_else(|| invalid(name, "is missing"))?;
    if is_guid(&text) { Ok(text.to_ascii_lowercase()) } else { Err(invalid(name, "must be a GUID")) }
}

/// An instant, if it is there.
///
/// # Errors
/// [`GraphError::InvalidMember`].
pub(super) fn instant(members: &Map<String, Value>, name: &str) -> Result<Option<OffsetDateTime>, GraphError> {
    let parse =
        |text: String| OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| invalid(name, "must be a time such as 2027-05-24T09:00:00Z"));
    text(members, name)?.map(parse).transpose()
}

/// A complex member, if it is there.
///
/// # Errors
/// [`GraphError::InvalidMember`].
pub(super) fn complex(members: &Map<String, Value>, name: &str) -> Result<Map<String, Value>, GraphError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object.clone()),
        Some(_) => Err(invalid(name, "must be an object")),
    }
}

/// The last segment of the address in `{"@odata.id": "…/directoryObjects/{id}"}`, the body of a `$ref` call.
///
/// # Errors
/// [`GraphError::UnreadableBody`], [`GraphError::InvalidMember`].
pub(super) fn reference(body: Body) -> Result<String, GraphError> {
    let bytes = body.map_err(|_| GraphError::UnreadableBody)?;
    let members: Map<String, Value> = serde_json::from_slice(&bytes).map_err(|_| GraphError::UnreadableBody)?;
    let address = text(&members, "@odata.id")?.ok_or_else(|| invalid("@odata.id", "is missing"))?;
    let id = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if is_guid(id) { Ok(id.to_ascii_lowercase()) } else { Err(invalid("@odata.id", "must end with an object id")) }
}

pub(super) fn invalid(property: &str, problem: &str) -> GraphError {
    GraphError::InvalidMember { property: property.to_owned(), problem: problem.trim_end_matches('.').to_owned() }
}

/// The first mistake of a body that was read by the rules of the directory file.
pub(super) fn refusal(mistakes: &[Mistake]) -> GraphError {
    let Some(mistake) = mistakes.first() else { return GraphError::UnreadableBody };
    invalid(mistake.path.trim_start_matches("$."), &mistake.problem)
}

/// `change` laid over `base`: members of complex values one by one, lists as a whole, as OData's PATCH does (OData 4.01 §11.4.3).
pub(super) fn patched(mut base: Map<String, Value>, change: Map<String, Value>) -> Map<String, Value> {
    for (name, new) in change {
        let old = base.remove(&name);
        let merged = match (old, new) {
            (Some(Value::Object(old)), Value::Object(new)) => Value::Object(patched(old, new)),
            (_, new) => new,
        };
        base.insert(name, merged);
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &'static str) -> Result<Map<String, Value>, GraphError> {
        object(Ok(Bytes::from_static(body.as_bytes())))
    }

    #[test]
    fn annotations_are_passed_over_and_bindings_are_refused() {
        let read = read(
            r##"{"@odata.type": "#microsoft.graph.application", "displayName": "x", "tags@odata.type": "y",
                 "appRoles": [{"@odata.type": "#microsoft.graph.appRole", "value": "z"}]}"##,
        );
        assert_eq!(read.map(Value::Object), Ok(json!({ "displayName": "x", "appRoles": [{ "value": "z" }] })));
        assert!(matches!(self::read(r#"{"owners@odata.bind": []}"#), Err(GraphError::NotModelled(_))));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", "[]", "{", "null", "{\"a\": }"] {
            assert_eq!(read(body), Err(GraphError::UnreadableBody), "{body}");
        }
    }

    #[test]
    fn a_patch_changes_what_it_names_and_replaces_lists() {
        let base = json!({ "web": { "redirectUris": ["a", "b"], "logoutUrl": "c" }, "tags": ["d"] });
        let change = json!({ "web": { "redirectUris": ["e"] }, "notes": null });
        let (Value::Object(base), Value::Object(change)) = (base, change) else { panic!("objects") };
        let expected = json!({ "web": { "redirectUris": ["e"], "logoutUrl": "c" }, "tags": ["d"], "notes": null });
        assert_eq!(Value::Object(patched(base, change)), expected);
    }

    #[test]
    fn a_reference_ends_with_an_object_id() {
        let of = |body: &'static str| reference(Ok(Bytes::from_static(body.as_bytes())));
        let id = "2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6";
        assert_eq!(
            of(r#"{"@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/2D4F7A90-1b3c-4e5d-8f60-a1b2c3d4e5f6"}"#),
            Ok(id.to_owned())
        );
        assert!(matches!(of(r#"{"@odata.id": "me"}"#), Err(GraphError::InvalidMember { .. })));
    }
}
