//! A filter that Graph can answer, ready to be held against objects.

use std::borrow::Cow;

use serde_json::Value;
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    expression::{Comparison, TextFunction},
    words,
};

/// A condition that an object meets or not. Texts are in lower case: the directory compares without case.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "as in `Expression`")]
pub enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// The value at the path meets the test.
    Is(String, Test),
    /// An element of the collection at the path meets the condition, whose paths begin at the element.
    Any(String, Box<Condition>),
}

/// A test of one value.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "as in `Expression`")]
pub enum Test {
    Compare(Comparison, Constant),
    In(Vec<Constant>),
    Match(TextFunction, String),
    Count(Comparison, i64),
    /// Words of a search, by `words::searched`.
    Words(Vec<String>),
}

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "OData's primitive types")]
pub enum Constant {
    Null,
    Boolean(bool),
    Number(i64),
    Text(String),
    Time(OffsetDateTime),
}

/// The values of an object by path. An empty path is the object itself.
pub type Values<'v, 'o> = &'v dyn Fn(&str) -> Cow<'o, Value>;

impl Condition {
    /// Whether an object with these values meets the condition.
    pub fn holds(&self, values: Values<'_, '_>) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.holds(values)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(values)),
            Self::Not(inner) => !inner.holds(values),
            Self::Is(path, test) => test.passes(&values(path)),
            Self::Any(path, body) => {
                let elements = values(path);
                let elements = elements.as_array().map(Vec::as_slice).unwrap_or_default();
                elements.iter().any(|element| body.holds(&|path| Cow::Borrowed(descend(element, path))))
            }
        }
    }
}

impl Condition {
    /// Whether all properties that the condition asks for are among those that `is_visible` accepts.
    pub fn asks_only(&self, is_visible: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().all(|part| part.asks_only(is_visible)),
            Self::Not(inner) => inner.asks_only(is_visible),
            Self::Is(path, _) | Self::Any(path, _) => is_visible(path.split('/').next().unwrap_or_default()),
        }
    }
}

impl Test {
    fn passes(&self, value: &Value) -> bool {
        match self {
            Self::Compare(Comparison::Ne, constant) => !constant.equals(value),
            Self::Compare(comparison, constant) => constant.compare(*comparison, value),
            Self::In(constants) => constants.iter().any(|constant| constant.equals(value)),
            Self::Match(function, text) => value.as_str().is_some_and(|value| matches(*function, &value.to_lowercase(), text)),
            Self::Words(searched) => value.as_str().is_some_and(|value| words::has_all(value, searched)),
            Self::Count(comparison, number) => {
                let count = value.as_array().map_or(0, Vec::len);
                ordering_is(*comparison, i64::try_from(count).unwrap_or(i64::MAX).cmp(number))
            }
        }
    }
}

impl Constant {
    fn equals(&self, value: &Value) -> bool {
        self.compare(Comparison::Eq, value)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Compares `value` with this. A value of another type, or none, is neither greater nor smaller nor equal.
    fn compare(&self, comparison: Comparison, value: &Value) -> bool {
        let ordering = match (self, value) {
            (Self::Null, Value::Null) => return matches!(comparison, Comparison::Eq),
            (Self::Boolean(constant), Value::Bool(value)) => value.cmp(constant),
            (Self::Number(constant), value) if value.is_i64() => value.as_i64().unwrap_or_default().cmp(constant),
            (Self::Text(constant), Value::String(value)) => value.to_lowercase().as_str().cmp(constant.as_str()),
            (Self::Time(constant), Value::String(value)) => match instant(value) {
                Some(value) => value.cmp(constant),
                None => return false,
            },
            _ => return false,
        };
        ordering_is(comparison, ordering)
    }
}

const fn ordering_is(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Eq => ordering.is_eq(),
        Comparison::Ne => ordering.is_ne(),
        Comparison::Gt => ordering.is_gt(),
        Comparison::Ge => ordering.is_ge(),
        Comparison::Lt => ordering.is_lt(),
        Comparison::Le => ordering.is_le(),
    }
}

fn matches(function: TextFunction, value: &str, text: &str) -> bool {
    match function {
        TextFunction::StartsWith => value.starts_with(text),
        TextFunction::EndsWith => value.ends_with(text),
        TextFunction::Contains => value.contains(text),
    }
}

/// The value at a path within a JSON value; `null` where there is none.
pub fn descend<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('/').filter(|segment| !segment.is_empty()).fold(value, |value, segment| value.get(segment).unwrap_or(&Value::Null))
}

/// An instant as JSON and filters write it: with a zone, or a date, which begins at midnight UTC.
pub fn instant(text: &str) -> Option<OffsetDateTime> {
    let date = || Date::parse(text, &time::macros::format_description!("[year]-[month]-[day]")).ok();
    OffsetDateTime::parse(text, &Rfc3339).ok().or_else(|| date().map(|date| date.midnight().assume_utc()))
}
