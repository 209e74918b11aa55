//! What Graph's index knows of a property: which operators a filter may use on it, and whether a list can be sorted by it.
//!
//! "Advanced query capabilities on Microsoft Entra ID objects" has two columns for each operator: what works by default, and what
//! needs the advanced query parameters, `ConsistencyLevel: eventual` with `$count=true`.

use super::expression::{Comparison, TextFunction};
use crate::directory::entries::Index;

/// What may be asked of one property.
#[derive(Debug, Clone, Copy)]
pub struct Queryable {
    /// The property's name, or its path: `web/redirectUris`. Empty for an element of a collection of texts.
    pub path: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// What works without the advanced query parameters.
    pub default: Operators,
    /// What works with them, too.
    pub advanced: Operators,
    /// Whether a list can be sorted by it.
    pub sorting: Sorting,
    /// The index of the directory that finds objects by it.
    pub index: Option<Index>,
}

/// What values a property has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of OData's types")]
pub enum Kind {
    Text,
    Guid,
    Boolean,
    Number,
    Time,
    Texts,
    Guids,
    /// Graph can filter by it, the mock cannot.
    NotModelled,
}

/// A collection of complex objects, for example `identities`.
#[derive(Debug, Clone, Copy)]
pub struct QueryableCollection {
    /// The property's name, or its path.
    pub path: &'static str,
    /// What may be asked of an element.
    pub elements: &'static [Queryable],
}

/// A set of operators: constants of this module, joined with `|`.
pub type Operators = u16;

/// `eq`, and with it `in`. Negations (`ne`, `not`) come with it in advanced queries.
pub const EQ: Operators = 1;
/// `ge`
pub const GE: Operators = 1 << 1;
/// `le`
pub const LE: Operators = 1 << 2;
/// `gt` and `lt`
pub const GT_LT: Operators = 1 << 3;
/// `startsWith`
pub const STARTS_WITH: Operators = 1 << 4;
/// `endsWith`
pub const ENDS_WITH: Operators = 1 << 5;
/// `contains`
pub const CONTAINS: Operators = 1 << 6;
/// `eq null`
pub const NULL: Operators = 1 << 7;
/// `/$count eq 0`
pub const COUNT: Operators = 1 << 8;

/// Whether `$orderby` may name a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorting {
    /// It may not.
    Unsupported,
    /// It may.
    Default,
    /// It may in advanced queries.
    Advanced,
}

impl Queryable {
    /// A property that supports these operators, by default and in advanced queries, and that nothing can be sorted by.
    pub const fn new(path: &'static str, kind: Kind, default: Operators, advanced: Operators) -> Self {
        Self { path, kind, default, advanced, sorting: Sorting::Unsupported, index: None }
    }

    /// A property, with all that is in it, that Graph can filter by and the mock cannot.
    pub const fn not_modelled(path: &'static str) -> Self {
        Self::new(path, Kind::NotModelled, 0, 0)
    }

    /// The same, with sorting.
    pub const fn sorted(self, sorting: Sorting) -> Self {
        Self { sorting, ..self }
    }

    /// The same, found by an index of the directory.
    pub const fn indexed(self, index: Index) -> Self {
        Self { index: Some(index), ..self }
    }
}

/// The bit of a comparison. `ne` is `eq`, negated.
pub const fn of_comparison(comparison: Comparison) -> Operators {
    match comparison {
        Comparison::Eq | Comparison::Ne => EQ,
        Comparison::Ge => GE,
        Comparison::Le => LE,
        Comparison::Gt | Comparison::Lt => GT_LT,
    }
}

/// The bit of a function.
pub const fn of_function(function: TextFunction) -> Operators {
    match function {
        TextFunction::StartsWith => STARTS_WITH,
        TextFunction::EndsWith => ENDS_WITH,
        TextFunction::Contains => CONTAINS,
    }
}
