//! JSON of which nothing is lost in silence.
//!
//! `serde_json` keeps the last of two members of one name. In a file that a person edits this hides a mistake: half of what was written
//! has no effect. RFC 8259 §4 calls such an object unpredictable.

use std::{cell::RefCell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{mistakes::Mistakes, reader};

/// Reads JSON and notes every member that occurs twice in one object.
///
/// # Errors
/// What `serde_json` says of a text that is not JSON.
pub(super) fn parse(text: &str, mistakes: &Mistakes) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let path = RefCell::new("$".to_owned());
    let value = Reading { mistakes, path: &path }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads one value; knows where it stands.
#[derive(Clone, Copy)]
struct Reading<'m> {
    mistakes: &'m Mistakes,
    path: &'m RefCell<String>,
}

impl Reading<'_> {
    /// Does something one step further down.
    fn below<T>(self, step: &str, read: impl FnOnce(Self) -> T) -> T {
        let length = self.path.borrow().len();
        self.path.borrow_mut().push_str(step);
        let result = read(self);
        self.path.borrow_mut().truncate(length);
        result
    }
}

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = self.below(&format!("[{}]", values.len()), |reading| list.next_element_seed(reading))? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = self.below(&reader::step(&key), |reading| {
                if object.contains_key(&key) {
                    let twice = "occurs twice in one object, so it is not clear which of them counts; delete one";
                    reading.mistakes.note(reading.path.borrow().as_str(), twice);
                }
                members.next_value_seed(reading)
            })?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mistakes(text: &str) -> Vec<String> {
        let mistakes = Mistakes::default();
        parse(text, &mistakes).expect("JSON");
        mistakes.none_or(()).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_key_that_occurs_twice_is_named_with_its_place() {
        let found = mistakes(r#"{"a": 1, "b": [{}, {"x y": 1, "a": {"a": 2, "a": 3}, "x y": 2}]}"#);
        let places: Vec<&str> = found.iter().filter_map(|it| it.split(": ").next()).collect();
        assert_eq!(places, ["$.b[1].a.a", "$.b[1][\"x y\"]"]);
        assert!(mistakes(r#"{"a": {"b": 1}, "b": {"b": 1}}"#).is_empty());
    }

    #[test]
    fn numbers_keep_their_value() {
        for text in ["0.1", "1e-7", "123456789.12345679", "18446744073709551615", "-9223372036854775808", "1.0", "5e-324"] {
            let once = parse(text, &Mistakes::default()).expect("a number");
            let again = parse(&once.to_string(), &Mistakes::default()).expect("a number");
            assert_eq!(once.to_string(), again.to_string(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn json_without_a_double_key_is_read_as_serde_json_reads_it(numbers in proptest::collection::btree_map(".*", any::<f64>(), 0..5)) {
            let text = serde_json::json!({ "numbers": numbers, "list": [null, true, -1, "text"] }).to_string();
            let mistakes = Mistakes::default();
            prop_assert_eq!(parse(&text, &mistakes).ok(), serde_json::from_str(&text).ok());
            prop_assert!(mistakes.none_or(()).is_ok());
        }
    }
}
