//! Objects as Graph answers them: which properties are shown, and what stands for one that has no value.
//!
//! `$select` chooses properties at run time, so an object is a map here and not a struct.

use serde_json::{Map, Value};

use super::{
    error::GraphError,
    odata::queryable::{Queryable, QueryableCollection},
    query::QueryOptions,
};

/// A resource type, as far as its properties go.
#[derive(Debug)]
pub struct EntityType {
    /// Its full name, for example `microsoft.graph.user`.
    pub name: &'static str,
    /// All its properties.
    pub properties: &'static [&'static str],
    /// Those that are shown unless `$select` says otherwise.
    pub default: &'static [&'static str],
    /// Those that hold a list: `[]` when there is nothing, never `null`.
    pub collections: &'static [&'static str],
    /// What `$filter`, `$search` and `$orderby` may name.
    pub queryable: &'static [Queryable],
    /// Collections of complex objects that `$filter` may look into.
    pub queryable_collections: &'static [QueryableCollection],
    /// Relationships to other objects.
    pub navigation: &'static [Navigation],
    /// The types that a list of this type has its objects from; none if the type stands for itself.
    pub derived: &'static [&'static EntityType],
}

/// A relationship of a type.
#[derive(Debug)]
pub struct Navigation {
    /// Its name, for example `owners`.
    pub name: &'static str,
    /// The type of what it leads to, where `$expand` can follow it; `None` where the mock cannot.
    pub to: Option<&'static EntityType>,
}

/// The properties that an answer shows, in order.
#[derive(Debug, Clone)]
pub struct Selection {
    names: Vec<&'static str>,
    is_default: bool,
    /// The relationships that `$expand` names.
    expansions: Vec<Expansion>,
}

/// A relationship to show inside an object.
#[derive(Debug, Clone)]
pub struct Expansion {
    /// Its name.
    pub name: &'static str,
    /// What is shown of each object that it leads to.
    pub selection: Selection,
}

impl EntityType {
    /// What `$select` and `$expand` choose, or the default. Names are compared without case, as Graph does.
    ///
    /// # Errors
    /// [`GraphError::UnknownProperty`]; [`GraphError::NotModelled`] for a relationship that the mock cannot expand.
    pub fn selection(&self, options: &QueryOptions) -> Result<Selection, GraphError> {
        let mut selection = self.named(options.select.as_deref())?;
        for expand in &options.expand {
            let unknown = || GraphError::UnknownProperty { property: expand.name.clone(), on: self.name };
            let navigation = self.navigation(&expand.name).ok_or_else(unknown)?;
            let to = navigation.to.ok_or_else(|| GraphError::NotModelled(format!("$expand={} on {}", navigation.name, self.name)))?;
            selection.expansions.push(Expansion { name: navigation.name, selection: to.named(expand.select.as_deref())? });
        }
        Ok(selection)
    }

    fn named(&self, select: Option<&[String]>) -> Result<Selection, GraphError> {
        let Some(asked) = select else {
            return Ok(Selection { names: self.default.to_vec(), is_default: true, expansions: Vec::new() });
        };
        let mut names = Vec::new();
        for name in asked {
            let known = self.property(name).ok_or_else(|| GraphError::UnknownProperty { property: name.clone(), on: self.name })?;
            if !names.contains(&known) {
                names.push(known);
            }
        }
        Ok(Selection { names, is_default: false, expansions: Vec::new() })
    }

    /// The property with this name, as it is spelled.
    pub fn property(&self, name: &str) -> Option<&'static str> {
        let own = self.properties.iter().find(|known| known.eq_ignore_ascii_case(name) && self.navigation(known).is_none()).copied();
        own.or_else(|| self.derived.iter().find_map(|derived| derived.property(name)))
    }

    /// The relationship with this name.
    pub fn navigation(&self, name: &str) -> Option<&'static Navigation> {
        self.navigation.iter().find(|known| known.name.eq_ignore_ascii_case(name))
    }

    /// What may be asked of the property at a path.
    pub fn queryable(&self, path: &str) -> Option<&'static Queryable> {
        let own = self.queryable.iter().find(|known| known.path.eq_ignore_ascii_case(path));
        own.or_else(|| self.derived.iter().find_map(|derived| derived.queryable(path)))
    }

    /// What may be asked of the elements of the collection at a path.
    pub fn collection(&self, path: &str) -> Option<&'static QueryableCollection> {
        self.queryable_collections.iter().find(|known| known.path.eq_ignore_ascii_case(path))
    }

    /// The type's name as messages about queries write it: `User`.
    pub fn resource(&self) -> String {
        let short = self.name.rsplit('.').next().unwrap_or_default();
        let (first, rest) = short.split_at(short.len().min(1));
        first.to_uppercase() + rest
    }

    /// The selected properties of an object whose values are `known`. Expanded relationships are the caller's to add.
    pub fn show(&self, selection: &Selection, known: &Map<String, Value>) -> Map<String, Value> {
        let names: Vec<&str> = match (selection.is_default, &selection.names) {
            (true, _) => self.default.to_vec(),
            (false, names) => names.iter().copied().filter(|name| self.property(name).is_some()).collect(),
        };
        names.into_iter().map(|name| (name.to_owned(), self.value(name, known))).collect()
    }

    fn value(&self, name: &str, known: &Map<String, Value>) -> Value {
        let value = known.get(name).filter(|value| !value.is_null());
        let nothing = || if self.collections.contains(&name) { Value::Array(Vec::new()) } else { Value::Null };
        value.cloned().unwrap_or_else(nothing)
    }
}

impl Selection {
    /// `(id,mail)` for the context URL of an answer to `$select=id,mail`; `(owners())` after `$expand=owners`.
    pub fn context(&self) -> String {
        let selected = self.names.iter().filter(|_| !self.is_default).map(|name| (*name).to_owned());
        let expanded = self.expansions.iter().map(|expansion| match expansion.selection.context() {
            context if context.is_empty() => format!("{}()", expansion.name),
            context => format!("{}{context}", expansion.name),
        });
        let parts: Vec<String> = selected.chain(expanded).collect();
        if parts.is_empty() { String::new() } else { format!("({})", parts.join(",")) }
    }

    /// The names of the properties.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The relationships to show inside each object.
    pub fn expansions(&self) -> &[Expansion] {
        &self.expansions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::query::{Consistency, Understood};
    use serde_json::json;

    static TYPE: EntityType = EntityType {
        name: "microsoft.graph.thing",
        properties: &["id", "mail", "phones", "secretNumber"],
        default: &["id", "mail", "phones"],
        collections: &["phones"],
        queryable: &[],
        queryable_collections: &[],
        navigation: &[Navigation { name: "parts", to: Some(&TYPE) }, Navigation { name: "makers", to: None }],
        derived: &[],
    };

    fn options(query: &str) -> QueryOptions {
        QueryOptions::parse(query, Understood::One, Consistency::Session).expect("good options")
    }

    fn shown(select: Option<&str>) -> Result<Value, GraphError> {
        let selection = TYPE.selection(&options(&select.map(|names| format!("$select={names}")).unwrap_or_default()))?;
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

    fn expanding(name: &str) -> Result<String, GraphError> {
        TYPE.selection(&options(&format!("$expand={name}($select=id)"))).map(|selection| selection.context())
    }

    #[test]
    fn expand_follows_what_the_mock_can_follow_and_refuses_the_rest() {
        assert_eq!(expanding("Parts"), Ok("(parts(id))".to_owned()));
        assert!(matches!(expanding("makers"), Err(GraphError::NotModelled(_))));
        assert!(matches!(expanding("mail"), Err(GraphError::UnknownProperty { .. })));
    }
}
