//! `$search`: words in properties. Microsoft Graph, "Use the $search query parameter", section "Using $search on directory object
//! collections".
//!
//! Each clause stands in double quotes, with the property's name before a colon; `AND`, `OR` and `NOT`, in capitals, and parentheses
//! stand outside: `"displayName:Video" OR "mail:video"`. Names and descriptions are cut into words ([`words`]); any other text is
//! compared from its beginning.

use super::{
    condition::{Condition, Test},
    expression::TextFunction,
    queryable::Kind,
    words,
};
use crate::graph::{entity::EntityType, error::GraphError};

/// How deep parentheses and `NOT` may stand in each other, and how many clauses there may be.
const MAX_DEPTH: usize = 50;
const MAX_CLAUSES: usize = 100;

/// Properties that are cut into words.
const BY_WORDS: [&str; 2] = ["displayName", "description"];

/// The condition that a search means for objects of a type.
///
/// # Errors
/// [`GraphError::InvalidSearch`] for what cannot be read; [`GraphError::UnsupportedFilter`] for a property that cannot be searched.
pub fn condition(text: &str, of: &'static EntityType) -> Result<Condition, GraphError> {
    let mut reader = Reader { rest: text, whole: text, of, clauses: 0 };
    let condition = reader.either(0)?;
    if reader.rest.is_empty() { Ok(condition) } else { Err(reader.wrong()) }
}

struct Reader<'t> {
    rest: &'t str,
    whole: &'t str,
    of: &'static EntityType,
    clauses: usize,
}

impl Reader<'_> {
    fn either(&mut self, depth: usize) -> Result<Condition, GraphError> {
        let mut parts = vec![self.all(depth)?];
        while self.take("OR") {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Or(parts) })
    }

    /// Clauses without an operator between them are joined as with `AND` (OData 4.01 Part 2, section 5.1.7).
    fn all(&mut self, depth: usize) -> Result<Condition, GraphError> {
        let mut parts = vec![self.single(depth)?];
        while self.take("AND") || self.rest.starts_with(['"', '(']) || self.rest.starts_with("NOT") {
            parts.push(self.single(depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::And(parts) })
    }

    fn single(&mut self, depth: usize) -> Result<Condition, GraphError> {
        self.clauses += 1;
        if depth > MAX_DEPTH || self.clauses > MAX_CLAUSES {
            return Err(GraphError::InvalidSearch("Recursion depth exceeded allowed limit".to_owned()));
        }
        self.skip_spaces();
        if self.take("NOT") {
            return Ok(Condition::Not(Box::new(self.single(depth + 1)?)));
        }
        if self.take("(") {
            let inner = self.either(depth + 1)?;
            return if self.take(")") { Ok(inner) } else { Err(self.wrong()) };
        }
        let clause = self.quoted().ok_or_else(|| self.wrong())?;
        self.skip_spaces();
        self.clause(&clause)
    }

    /// `displayName:Video`
    fn clause(&self, clause: &str) -> Result<Condition, GraphError> {
        let Some((name, text)) = clause.split_once(':') else {
            return Err(GraphError::InvalidSearch(format!("The clause '{clause}' names no property")));
        };
        let name = name.trim();
        let unknown = || GraphError::InvalidSearch(format!("Could not find a property named '{name}' on type '{}'", self.of.name));
        let known = self.of.property(name.split('/').next().unwrap_or_default()).ok_or_else(unknown)?;
        if BY_WORDS.contains(&known) {
            return Ok(Condition::Is(known.to_owned(), Test::Words(words::searched(text))));
        }
        let property = self.of.queryable(name);
        let begins = Test::Match(TextFunction::StartsWith, text.to_lowercase());
        match property.map(|property| (property.path, property.kind)) {
            Some((path, Kind::Text | Kind::Guid)) => Ok(Condition::Is(path.to_owned(), begins)),
            Some((path, Kind::Texts | Kind::Guids)) => Ok(Condition::Any(path.to_owned(), Box::new(Condition::Is(String::new(), begins)))),
            _ => Err(GraphError::UnsupportedFilter { property: name.to_owned(), resource: self.of.resource() }),
        }
    }

    /// What stands between double quotes; a backslash before a quote or a backslash goes.
    fn quoted(&mut self) -> Option<String> {
        let mut characters = self.rest.strip_prefix('"')?.chars();
        let mut text = String::new();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => text.push(characters.next()?),
                character => text.push(character),
            }
        }
        self.rest = characters.as_str();
        Some(text)
    }

    fn take(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        self.skip_spaces();
        true
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn wrong(&self) -> GraphError {
        let position = self.whole[..self.whole.len() - self.rest.len()].chars().count();
        GraphError::InvalidSearch(format!("Syntax error at position {position} in '{}'", self.whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::entity_types::GROUP;
    use serde_json::json;
    use std::borrow::Cow;

    fn finds(search: &str) -> Result<bool, GraphError> {
        let group = json!({ "displayName": "OneVideo Makers", "description": "One of many", "mail": "onevideo@abc.example" });
        Ok(condition(search, &GROUP)?.holds(&|path| Cow::Borrowed(&group[path])))
    }

    #[test]
    fn the_documented_examples_find_what_they_say() {
        for search in [
            r#""displayName:OneVideo" OR "mail:onevideo""#,
            r#""displayName:OneVideo""#,
            r#""description:One" AND ("displayName:Video" OR "displayName:Drive")"#,
            r#""description:One" "displayName:video""#,
            r#"NOT "displayName:Drive""#,
        ] {
            assert_eq!(finds(search), Ok(true), "{search}");
        }
        for search in [r#""displayName:deo""#, r#""mail:video""#, r#""description:One" AND "displayName:Drive""#] {
            assert_eq!(finds(search), Ok(false), "{search}");
        }
    }

    #[test]
    fn quotes_and_backslashes_are_escaped_by_a_backslash() {
        assert_eq!(finds(r#""displayName:\"OneVideo\"""#), Ok(false));
        assert_eq!(finds(r#""mail:one\\video""#), Ok(false));
        assert_eq!(finds(r#""mail:one\video""#), Ok(true));
    }

    #[test]
    fn what_is_no_search_is_refused() {
        for search in ["", "displayName:One", r#""One""#, r#""displayName:One"#, r#"("displayName:One""#, r#""displayName:One" or"#] {
            assert!(matches!(finds(search), Err(GraphError::InvalidSearch(_))), "{search}");
        }
        assert!(matches!(finds(r#""colour:red""#), Err(GraphError::InvalidSearch(_))));
        assert!(matches!(finds(r#""mailEnabled:true""#), Err(GraphError::UnsupportedFilter { .. })));
        assert!(matches!(finds(&"(".repeat(10_000)), Err(GraphError::InvalidSearch(_))));
    }
}
