//! `$orderby`: by what a list is sorted. OData 4.01 Part 2, section 5.1.5.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    condition::instant,
    list::{View, value_at},
    plan::Query,
    queryable::{Kind, Sorting},
};
use crate::graph::{entity::EntityType, error::GraphError, query::QueryOptions};

/// One property of `$orderby`, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBy {
    /// The property's name or path.
    pub path: String,
    /// Which way.
    pub direction: Direction,
}

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "`asc` and `desc`")]
pub enum Direction {
    Ascending,
    Descending,
}

/// A property that a list is sorted by.
#[derive(Debug, Clone, Copy)]
pub struct SortKey {
    path: &'static str,
    kind: Kind,
    direction: Direction,
}

/// Reads `displayName desc,createdDateTime`; `None` if it is nothing like it.
pub fn parse(text: &str) -> Option<Vec<OrderBy>> {
    let single = |part: &str| {
        let mut words = part.split_whitespace();
        let path = words.next()?.to_owned();
        let direction = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => Direction::Ascending,
            Some("desc") => Direction::Descending,
            Some(_) => return None,
        };
        words.next().is_none().then_some(OrderBy { path, direction })
    };
    text.split(',').map(single).collect()
}

/// Holds `$orderby` against what Graph can sort a type by.
///
/// # Errors
/// [`GraphError::UnknownSortProperty`], [`GraphError::UnsupportedSortProperty`], and [`GraphError::SortingNotSupported`] for what needs
/// an advanced query: some properties, and sorting what a filter or a search left.
pub fn check(options: &QueryOptions, of: &'static EntityType) -> Result<Vec<SortKey>, GraphError> {
    let is_restricted = options.filter.is_some() || options.search.is_some();
    let advanced = options.query() == Query::Advanced;
    let mut keys = Vec::new();
    for OrderBy { path, direction } in &options.order_by {
        let name = path.split('/').next().unwrap_or_default();
        of.property(name).ok_or_else(|| GraphError::UnknownSortProperty { property: path.clone(), on: of.name })?;
        let found = of.queryable(path).filter(|property| property.sorting != Sorting::Unsupported);
        let property = found.ok_or_else(|| GraphError::UnsupportedSortProperty { property: path.clone(), resource: of.resource() })?;
        if !advanced && (is_restricted || property.sorting == Sorting::Advanced) {
            return Err(GraphError::SortingNotSupported);
        }
        keys.push(SortKey { path: property.path, kind: property.kind, direction: *direction });
    }
    Ok(keys)
}

/// Sorts; objects that no key tells apart keep their order. Without a value comes first, as in OData 4.01 Part 2, section 5.1.5.
pub fn sort<T>(objects: &mut Vec<&T>, keys: &[SortKey], view: &impl View<T>) {
    if keys.is_empty() {
        return;
    }
    let rank = |object: &T| keys.iter().map(|key| Rank::of(&value_at(view, object, key.path), key.kind)).collect::<Vec<_>>();
    let mut ranked: Vec<(Vec<Rank>, &T)> = objects.iter().map(|object| (rank(object), *object)).collect();
    ranked.sort_by(|(one, _), (other, _)| {
        let each = keys.iter().zip(one.iter().zip(other));
        let mut orderings = each.map(|(key, (one, other))| match key.direction {
            Direction::Ascending => one.cmp(other),
            Direction::Descending => other.cmp(one),
        });
        orderings.find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    });
    *objects = ranked.into_iter().map(|(_, object)| object).collect();
}

/// A value among others of its property.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Nothing,
    Number(i128),
    Text(String),
}

impl Rank {
    fn of(value: &Value, kind: Kind) -> Self {
        match (value, kind) {
            (Value::String(text), Kind::Time) => instant(text).map_or(Self::Nothing, |time| Self::Number(time.unix_timestamp_nanos())),
            (Value::String(text), _) => Self::Text(text.to_lowercase()),
            (Value::Bool(value), _) => Self::Number(i128::from(*value)),
            (Value::Number(number), _) => number.as_i64().map_or(Self::Nothing, |number| Self::Number(i128::from(number))),
            _ => Self::Nothing,
        }
    }
}
