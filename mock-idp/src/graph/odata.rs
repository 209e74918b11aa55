//! The part of OData that Microsoft Graph's lists speak: `$filter`, `$search`, `$orderby`, pages and counts.
//!
//! A text becomes tokens ([`lexer`]), the tokens an [`Expression`](expression::Expression) ([`parser`]), and the expression, once it is
//! held against what Graph supports on a type ([`queryable`]), a [`Condition`](condition::Condition) that an object meets or not.
//! [`list`] puts the options of a call together; every list of the stub goes through it.
//!
//! Sources: OASIS, "OData Version 4.01. Part 2: URL Conventions", section 5.1; Microsoft Graph, "Use the $filter query parameter",
//! "Use the $search query parameter", "Advanced query capabilities on Microsoft Entra ID objects" (the tables of operators), and
//! "Paging Microsoft Graph data in your app".

pub mod condition;
pub mod expression;
pub mod filtering;
pub mod lexer;
pub mod list;
pub mod order;
pub mod pages;
pub mod parser;
pub mod plan;
pub mod queryable;
pub mod search;
pub mod words;

#[cfg(test)]
mod tests;
