//! A condition holds for an object exactly when a slow and simple evaluator says so.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::graph::{
    entity::EntityType,
    odata::{
        condition::descend,
        expression::{Comparison, Expression, Literal, Path, TextFunction},
        parser, plan,
        queryable::{CONTAINS, COUNT, ENDS_WITH, EQ, GE, GT_LT, Kind, LE, NULL, Operators, Queryable, QueryableCollection, STARTS_WITH},
    },
};

const ALL: Operators = EQ | GE | LE | GT_LT | STARTS_WITH | ENDS_WITH | CONTAINS | NULL | COUNT;

static THING: EntityType = EntityType {
    name: "microsoft.graph.thing",
    properties: &["name", "flag", "size", "made", "tags", "parts", "web"],
    default: &["name"],
    collections: &["tags", "parts"],
    queryable: &[
        Queryable::new("name", Kind::Text, ALL, 0),
        Queryable::new("web/uri", Kind::Text, ALL, 0),
        Queryable::new("flag", Kind::Boolean, ALL, 0),
        Queryable::new("size", Kind::Number, ALL, 0),
        Queryable::new("made", Kind::Time, ALL, 0),
        Queryable::new("tags", Kind::Texts, ALL, 0),
    ],
    queryable_collections: &[QueryableCollection {
        path: "parts",
        elements: &[Queryable::new("label", Kind::Text, ALL, 0), Queryable::new("weight", Kind::Number, ALL, 0)],
    }],
    navigation: &[],
    derived: &[],
};

/// Few texts, so that equal ones meet; capitals, so that case would matter.
fn text() -> impl Strategy<Value = String> {
    prop::sample::select(&["", "a", "A", "ab", "AB", "b", "Ba", "é", "É", "o'b"][..]).prop_map(str::to_owned)
}

fn instant() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["2021-11-01T00:00:00Z", "2021-11-01T01:00:00+01:00", "2022-01-01T00:00:00Z"][..])
}

fn object() -> impl Strategy<Value = Value> {
    let part = (text(), -2..3_i64).prop_map(|(label, weight)| json!({ "label": label, "weight": weight }));
    let optional = |strategy: BoxedStrategy<Value>| prop_oneof![1 => Just(Value::Null), 4 => strategy];
    (
        optional(text().prop_map(Value::from).boxed()),
        optional(any::<bool>().prop_map(Value::from).boxed()),
        optional((-2..3_i64).prop_map(Value::from).boxed()),
        optional(instant().prop_map(Value::from).boxed()),
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(part, 0..3),
        optional(text().prop_map(|uri| json!({ "uri": uri })).boxed()),
    )
        .prop_map(|(name, flag, size, made, tags, parts, web)| {
            json!({ "name": name, "flag": flag, "size": size, "made": made, "tags": tags, "parts": parts, "web": web })
        })
}

fn named(name: &str) -> Path {
    Path(name.split('/').map(str::to_owned).collect())
}

/// Tests of a text, a number or another single value, below these paths.
fn single(texts: &'static [&'static str], numbers: &'static [&'static str]) -> BoxedStrategy<Expression> {
    let texts = move || prop::sample::select(texts).prop_map(named);
    let numbers = move || prop::sample::select(numbers).prop_map(named);
    let comparison = || prop::sample::select(&Comparison::ALL[..]);
    let equality = prop::sample::select(&[Comparison::Eq, Comparison::Ne][..]);
    prop_oneof![
        (texts(), comparison(), text()).prop_map(|(path, how, text)| Expression::Compare(path, how, Literal::Text(text))),
        (texts(), equality).prop_map(|(path, how)| Expression::Compare(path, how, Literal::Null)),
        (texts(), prop::collection::vec(text().prop_map(Literal::Text), 1..3)).prop_map(|(path, texts)| Expression::In(path, texts)),
        (prop::sample::select(&TextFunction::ALL[..]), texts(), text()).prop_map(|(how, path, text)| Expression::Match(how, path, text)),
        (numbers(), comparison(), -2..3_i64).prop_map(|(path, how, number)| Expression::Compare(path, how, Literal::Number(number))),
    ]
    .boxed()
}

fn filter() -> impl Strategy<Value = Expression> {
    let comparison = || prop::sample::select(&Comparison::ALL[..]);
    let leaf = prop_oneof![
        4 => single(&["name", "web/uri"], &["size"]),
        1 => (comparison(), any::<bool>()).prop_map(|(how, flag)| Expression::Compare(named("flag"), how, Literal::Boolean(flag))),
        1 => (comparison(), instant())
            .prop_map(|(how, time)| Expression::Compare(named("made"), how, Literal::Time(time.to_owned()))),
        1 => (prop::sample::select(&["tags", "parts"][..]), 0..3_i64)
            .prop_map(|(path, count)| Expression::Count(named(path), Comparison::Eq, Literal::Number(count))),
        1 => any_of("tags", prop_oneof![
            text().prop_map(|text| Expression::Compare(named("x"), Comparison::Eq, Literal::Text(text))),
            text().prop_map(|text| Expression::Match(TextFunction::StartsWith, named("x"), text)),
        ].boxed()),
        1 => any_of("parts", connected(single(&["x/label"], &["x/weight"]))),
    ];
    connected(leaf.boxed())
}

fn any_of(path: &'static str, body: BoxedStrategy<Expression>) -> BoxedStrategy<Expression> {
    body.prop_map(move |body| Expression::Any { path: named(path), variable: "x".to_owned(), body: Box::new(body) }).boxed()
}

fn connected(leaf: BoxedStrategy<Expression>) -> BoxedStrategy<Expression> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::Or),
            inner.prop_map(|inner| Expression::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

/// What OData 4.01 Part 2, section 5.1.1 says, word by word. `element` is what the variable of an `any` stands for.
fn says(filter: &Expression, object: &Value, element: Option<&Value>) -> bool {
    let value = |path: &Path| match (element, path.0.split_first()) {
        (Some(element), Some((_, rest))) => at(element, rest),
        _ => at(object, &path.0),
    };
    match filter {
        Expression::And(parts) => !parts.iter().any(|part| !says(part, object, element)),
        Expression::Or(parts) => parts.iter().filter(|part| says(part, object, element)).count() > 0,
        Expression::Not(inner) => !says(inner, object, element),
        Expression::In(path, literals) => literals.iter().any(|literal| compares(&value(path), Comparison::Eq, literal)),
        Expression::Compare(path, comparison, literal) => compares(&value(path), *comparison, literal),
        Expression::Count(path, _, literal) => value(path).as_array().map(Vec::len).unwrap_or(0).to_string() == literal.to_string(),
        Expression::Match(function, path, text) => {
            let (Some(value), text) = (value(path).as_str().map(str::to_lowercase), text.to_lowercase()) else { return false };
            match function {
                TextFunction::StartsWith => value.get(..text.len()) == Some(text.as_str()),
                TextFunction::EndsWith => value.strip_suffix(text.as_str()).is_some(),
                TextFunction::Contains => text.is_empty() || value.matches(text.as_str()).count() > 0,
            }
        }
        Expression::Any { path, body, .. } => {
            value(path).as_array().is_some_and(|elements| elements.iter().any(|element| says(body, object, Some(element))))
        }
    }
}

fn at(value: &Value, names: &[String]) -> Value {
    names.iter().fold(value.clone(), |value, name| value[name.as_str()].clone())
}

fn compares(value: &Value, comparison: Comparison, literal: &Literal) -> bool {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let ordering = match (value, literal) {
        (Value::Null, Literal::Null) => Some(Equal),
        (Value::String(value), Literal::Text(text)) => Some(value.to_lowercase().cmp(&text.to_lowercase())),
        (Value::Bool(value), Literal::Boolean(flag)) => Some(value.cmp(flag)),
        (Value::Number(value), Literal::Number(number)) => value.as_i64().map(|value| value.cmp(number)),
        (Value::String(value), Literal::Time(time)) => {
            let parse = |text: &str| {
                time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).expect("one of three instants")
            };
            Some(parse(value).cmp(&parse(time)))
        }
        _ => None,
    };
    match comparison {
        Comparison::Eq => ordering == Some(Equal),
        Comparison::Ne => ordering != Some(Equal),
        Comparison::Gt => ordering == Some(Greater),
        Comparison::Ge => matches!(ordering, Some(Greater | Equal)),
        Comparison::Lt => ordering == Some(Less),
        Comparison::Le => matches!(ordering, Some(Less | Equal)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_holds_exactly_when_a_simple_evaluator_says_so(filter in filter(), object in object()) {
        let text = filter.to_string();
        let parsed = parser::parse(&text).expect("a printed filter");
        let condition = plan::condition(&parsed, &THING, plan::Query::Advanced).expect("everything is supported");
        let holds = condition.holds(&|path| Cow::Borrowed(descend(&object, path)));
        prop_assert_eq!(holds, says(&filter, &object, None), "{} on {}", text, object);
    }
}
