//! What `$filter` and `$search` leave of a list, and where an index saves looking at all of it.

use super::{
    condition::{Condition, Constant, Test},
    expression::Comparison,
    list::Collection,
    plan::{self, Query},
    search,
};
use crate::graph::{entity::EntityType, error::GraphError, query::QueryOptions};

/// Where to look for the objects that meet a condition.
#[derive(Debug)]
pub enum Candidates<'c, T> {
    /// Everywhere.
    All,
    /// Among these, which an index gave.
    Few(Vec<&'c T>),
}

impl<'c, T> Candidates<'c, T> {
    /// The objects to look at.
    pub fn objects(self, from: &'c impl Collection<T>) -> Vec<&'c T> {
        match self {
            Self::All => from.all().collect(),
            Self::Few(few) => few,
        }
    }
}

/// The condition that the options set for objects of a type; `None` if every object is wanted.
///
/// # Errors
/// [`GraphError::UnsupportedReferenceFilter`], and those of [`plan::condition`] and [`search::condition`].
pub fn condition(options: &QueryOptions, of: &'static EntityType) -> Result<Option<Condition>, GraphError> {
    let filter = options.filter.as_ref().map(|filter| plan::condition(filter, of, options.query())).transpose()?;
    // Relationships such as `memberOf` lead to objects of several types, of which the directory's own index knows the ids alone.
    let needs_more = |filter: &Condition| !of.derived.is_empty() && !filter.asks_only(&|property| property == "id");
    if options.query() == Query::Default && filter.as_ref().is_some_and(needs_more) {
        return Err(GraphError::UnsupportedReferenceFilter);
    }
    let search = options.search.as_ref().map(|search| search::condition(search, of)).transpose()?;
    Ok(match (filter, search) {
        (Some(filter), Some(search)) => Some(Condition::And(vec![filter, search])),
        (filter, search) => filter.or(search),
    })
}

/// Looks for an `eq` or `in` on an indexed property that every object must meet.
pub fn candidates<'c, T>(from: &'c impl Collection<T>, condition: Option<&Condition>, of: &'static EntityType) -> Candidates<'c, T> {
    let few = condition.and_then(|condition| indexed(from, condition, of)).or_else(|| from.listed());
    few.map_or(Candidates::All, Candidates::Few)
}

fn indexed<'c, T>(from: &'c impl Collection<T>, part: &Condition, of: &'static EntityType) -> Option<Vec<&'c T>> {
    let (path, test) = match part {
        Condition::And(parts) => return parts.iter().find_map(|part| indexed(from, part, of)),
        Condition::Is(path, test) => (path, test),
        _ => return None,
    };
    let index = of.queryable(path)?.index?;
    let values: Vec<&str> = match test {
        Test::Compare(Comparison::Eq, Constant::Text(value)) => vec![value],
        Test::In(constants) => {
            let mut values = constants.iter().map(Constant::as_text).collect::<Option<Vec<_>>>()?;
            values.sort_unstable();
            values.dedup();
            values
        }
        _ => return None,
    };
    let mut found = Vec::new();
    for value in values {
        found.extend(from.indexed(index, value)?);
    }
    Some(found)
}
