//! Properties of the whole: what holds for every text, every tree and every size of page.

mod documented;
mod evaluation;
mod paging;

use proptest::prelude::*;

use super::{
    expression::{Comparison, Expression, Literal, Path, TextFunction},
    order, parser, plan, search,
};
use crate::graph::{
    entity_types::USER,
    error::GraphError,
    query::{Consistency, QueryOptions, Understood},
};

/// Pieces of filters, so that random texts are nearly right more often than not.
const PIECES: [&str; 34] = [
    "displayName",
    "accountEnabled",
    "otherMails",
    "identities",
    "x",
    "x/issuer",
    "nothing",
    " eq ",
    " ne ",
    " gt ",
    " in ",
    " has ",
    " and ",
    " or ",
    "not ",
    "startswith(",
    "endswith(",
    "/any(x:",
    "/all(x:",
    "/$count",
    "(",
    ")",
    ",",
    ":",
    "'",
    "''",
    "'Ada'",
    "\"displayName:Ada\"",
    "\"",
    "\\",
    "true",
    "null",
    "2021-11-01T00:00:00Z",
    "99999999999999999999",
];

fn nearly_right() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

/// Reads a text in every way that an option's value can be read.
fn read(text: &str) {
    if let Ok(expression) = parser::parse(text) {
        let _ = plan::condition(&expression, &USER, plan::Query::Advanced);
        let _ = plan::condition(&expression, &USER, plan::Query::Default);
    }
    let _ = search::condition(text, &USER);
    let _ = order::parse(text);
    for option in ["$filter", "$search", "$orderby", "$expand", "$select", "$top", "$skiptoken", "$count", ""] {
        let query = format!("{option}={text}");
        let _ = QueryOptions::parse(&query, Understood::List, Consistency::Eventual).and_then(|options| USER.selection(&options));
    }
}

fn path() -> impl Strategy<Value = Path> {
    let name = prop::sample::select(&["displayName", "web", "redirectUris", "x", "anyone", "notes", "Äpfel"][..]);
    prop::collection::vec(name, 1..4).prop_map(|names| Path(names.into_iter().map(str::to_owned).collect()))
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        any::<String>().prop_map(Literal::Text),
        any::<i64>().prop_map(Literal::Number),
        any::<u128>().prop_map(|number| Literal::Guid(uuid::Uuid::from_u128(number).to_string())),
        prop::sample::select(&["2021-11-01", "2021-11-01T10:00:00Z", "2021-11-01T10:00:00.25+02:00"][..])
            .prop_map(|text| Literal::Time(text.to_owned())),
    ]
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop::sample::select(&Comparison::ALL[..])
}

/// Any tree that a filter can mean. An `And` in an `And` is one longer `And`, and so for `Or`.
fn tree() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        (path(), comparison(), literal()).prop_map(|(path, comparison, literal)| Expression::Compare(path, comparison, literal)),
        (path(), comparison(), literal()).prop_map(|(path, comparison, literal)| Expression::Count(path, comparison, literal)),
        (path(), prop::collection::vec(literal(), 1..4)).prop_map(|(path, literals)| Expression::In(path, literals)),
        (prop::sample::select(&TextFunction::ALL[..]), path(), any::<String>())
            .prop_map(|(function, path, text)| Expression::Match(function, path, text)),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| Expression::And(flat(parts, |part| match part {
                Expression::And(inner) => Ok(inner),
                other => Err(other),
            }))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| Expression::Or(flat(parts, |part| match part {
                Expression::Or(inner) => Ok(inner),
                other => Err(other),
            }))),
            inner.clone().prop_map(|inner| Expression::Not(Box::new(inner))),
            (path(), inner).prop_map(|(path, body)| Expression::Any { path, variable: "x".to_owned(), body: Box::new(body) }),
        ]
    })
}

fn flat(parts: Vec<Expression>, apart: fn(Expression) -> Result<Vec<Expression>, Expression>) -> Vec<Expression> {
    parts.into_iter().flat_map(|part| apart(part).unwrap_or_else(|other| vec![other])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn no_nearly_right_text_makes_a_reader_panic(text in nearly_right()) {
        read(&text);
    }

    #[test]
    fn a_printed_tree_reads_back_as_itself(tree in tree()) {
        let text = tree.to_string();
        prop_assert_eq!(parser::parse(&text), Ok(tree), "{}", text);
    }
}

#[test]
fn depth_and_length_are_limited() {
    for text in ["(".repeat(100_000), "not ".repeat(4_000), "a/any(x:".repeat(2_000), format!("mail eq '{}'", "x".repeat(20_000))] {
        assert_eq!(parser::parse(&text), Err(parser::SyntaxError::TooDeep), "{}", &text[..20]);
    }
    let alternatives = vec!["mail eq 'x'"; 600].join(" or ");
    assert_eq!(parser::parse(&alternatives), Err(parser::SyntaxError::TooDeep));
    let sixteen = parser::parse(&vec!["mail eq 'x'"; 16].join(" or ")).expect("a filter");
    assert_eq!(plan::condition(&sixteen, &USER, plan::Query::Default), Err(GraphError::TooManyAlternatives(16)));
}
