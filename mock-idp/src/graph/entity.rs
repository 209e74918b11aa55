//! Objects as Graph answers them: which properties are shown, and what stands for one that has no value.
//!
//! `$select` chooses properties at run time, so an object is a map here and not a struct.

use serde_json::{Map, Value};

use super::{error::GraphError, query::QueryOptions};

/// A resource type, as far as its properties go.
#[derive(Debug, Clone, Copy)]
pub struct EntityType {
    /// Its full name, for example `microsoft.graph.user`.
    pub name: &'static str,
    /// All its properties.
    pub properties: &'static [&'static str],
    /// Those that are shown unless `$select` says otherwise.
    pub default: &'static [&'static str],
    /// Those that hold a list: `[]` when there is nothing, never `null`.
    pub collections: &'static [&'static str],
}

/// The properties that an answer shows, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    names: Vec<&'static str>,
    /// What `$select` adds to the context URL; nothing without it.
    context: String,
}

impl EntityType {
    /// What `$select` chooses, or the default. Names are compared without case, as Graph does.
    ///
    /// # Errors
    /// [`GraphError::UnknownProperty`].
    pub fn selection(&self, options: &QueryOptions) -> Result<Selection, GraphError> {
        let Some(asked) = &options.select else { return Ok(Selection { names: self.default.to_vec(), context: String::new() }) };
        let mut names = Vec::new();
        for name in asked {
            let known = self.properties.iter().find(|known| known.eq_ignore_ascii_case(name));
            let known = *known.ok_or_else(|| GraphError::UnknownProperty { property: name.clone(), on: self.name })?;
            if !names.contains(&known) {
                names.push(known);
            }
        }
        let context = format!("({})", names.join(","));
        Ok(Selection { names, context })
    }

    /// The selected properties of an object whose values are `known`.
    pub fn show(&self, selection: &Selection, known: &Map<String, Value>) -> Map<String, Value> {
        selection.names.iter().map(|name| ((*name).to_owned(), self.value(name, known))).collect()
    }

    fn value(&self, name: &str, known: &Map<String, Value>) -> Value {
        let value = known.get(name).filter(|value| !value.is_null());
        let nothing = || if self.collections.contains(&name) { Value::Array(Vec::new()) } else { Value::Null };
        value.cloned().unwrap_or_else(nothing)
    }
}

impl Selection {
    /// `(id,mail)` for the context URL of an answer to `$select=id,mail`.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The names of the properties.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TYPE: EntityType = EntityType {
        name: "microsoft.graph.thing",
        properties: &["id", "mail", "phones", "secretNumber"],
        default: &["id", "mail", "phones"],
        collections: &["phones"],
    };

    fn shown(select: Option<&str>) -> Result<Value, GraphError> {
        let select = select.map(|names| names.split(',').map(str::to_owned).collect());
        let selection = TYPE.selection(&QueryOptions { select, ..QueryOptions::default() })?;
        let known = json!({ "id": "1", "secretNumber": 7, "notOfTheType": true });
        Ok(Value::Object(TYPE.show(&selection, known.as_object().expect("an object"))))
    }

    #[test]
    fn a_property_without_a_value_is_null_and_a_list_is_empty() {
        assert_eq!(shown(None), Ok(json!({ "id": "1", "mail": null, "phones": [] })));
    }

    #[test]
    fn select_shows_what_it_names_and_nothing_else() {
        assert_eq!(shown(Some("secretnumber,MAIL,mail")), Ok(json!({ "secretNumber": 7, "mail": null })));
    }

    #[test]
    fn select_refuses_what_the_type_does_not_have() {
        let unknown = GraphError::UnknownProperty { property: "notOfTheType".to_owned(), on: "microsoft.graph.thing" };
        assert_eq!(shown(Some("id,notOfTheType")), Err(unknown));
    }
}
