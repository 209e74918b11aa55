//! Whether the values in a request are of the types that Graph's properties have, as far as the mock knows these.

use serde_json::{Map, Value};

use super::{
    body,
    entity::EntityType,
    error::GraphError,
    odata::{condition::instant, queryable::Kind},
};

/// Judges the members of a request. `null` takes a value away and is no mistake.
///
/// # Errors
/// [`GraphError::InvalidMember`] with the first one of another type.
pub(super) fn judge(of: &EntityType, members: &Map<String, Value>) -> Result<(), GraphError> {
    let known = members.iter().filter(|(_, value)| !value.is_null());
    known.into_iter().try_for_each(|(name, value)| {
        match (of.queryable(name).map(|known| known.kind), of.collections.contains(&name.as_str())) {
            (Some(kind), _) if !is_of(kind, value) => Err(body::invalid(name, &format!("must be {}", described(kind)))),
            (None, true) if !value.is_array() => Err(body::invalid(name, "must be a list")),
            _ => Ok(()),
        }
    })
}

fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text | Kind::Guid => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::Number => value.is_i64(),
        Kind::NotModelled => true,
        Kind::Time => value.as_str().is_some_and(|text| instant(text).is_some()),
        Kind::Texts | Kind::Guids => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
    }
}

const fn described(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Guid => "a text",
        Kind::Boolean => "true or false",
        Kind::Number => "a whole number",
        Kind::Time => "a time such as 2027-05-24T09:00:00Z",
        Kind::Texts | Kind::Guids => "a list of texts",
        Kind::NotModelled => "another value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::entity_types::USER;
    use serde_json::json;

    fn judged(members: Value) -> Result<(), GraphError> {
        judge(&USER, members.as_object().expect("an object"))
    }

    #[test]
    fn a_value_of_another_type_is_named() {
        assert_eq!(judged(json!({ "city": 7 })), Err(body::invalid("city", "must be a text")));
        assert_eq!(judged(json!({ "accountEnabled": "yes" })), Err(body::invalid("accountEnabled", "must be true or false")));
        assert_eq!(judged(json!({ "businessPhones": [1] })), Err(body::invalid("businessPhones", "must be a list of texts")));
        assert_eq!(judged(json!({ "skills": "Rust" })), Err(body::invalid("skills", "must be a list")));
        assert_eq!(judged(json!({ "city": null, "businessPhones": ["1"], "skills": ["Rust"], "accountEnabled": false })), Ok(()));
    }
}
