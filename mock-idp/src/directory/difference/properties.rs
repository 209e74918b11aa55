//! Which properties differ between two states of one entry.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::names::Names;

/// Properties that are never shown, because whoever reads them could try passwords against them.
const HIDDEN: [&str; 2] = ["passwordHash", "secretHash"];

/// Properties that hold object ids of people and groups, which are shown by name.
const PRINCIPALS: [&str; 2] = ["members", "owners"];

/// One property of an entry that differs. A property of a hidden kind (a hash) has neither value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PropertyChange {
    /// Where it stands in the entry: `web.redirectUris`, `appRoles[Client].isEnabled`.
    pub path: String,
    /// The value before; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<Value>,
    /// The value after; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Value>,
}

/// The properties in which two states of an entry differ, in the order of their names.
pub(super) fn changes(old: &impl Serialize, new: &impl Serialize, names: &Names<'_>) -> Vec<PropertyChange> {
    let value = |entry: Result<Value, serde_json::Error>| entry.expect("texts, lists and times of this era can be written as JSON");
    let mut found = Vec::new();
    let comparison = Comparison { names };
    comparison.values("", &value(serde_json::to_value(old)), &value(serde_json::to_value(new)), &mut found);
    found
}

/// What came to a list of texts and what went.
pub(super) fn of_texts(path: &str, old: &[&str], new: &[&str]) -> Vec<PropertyChange> {
    let (before, after): (BTreeSet<_>, BTreeSet<_>) = (old.iter().collect(), new.iter().collect());
    let gone = old.iter().filter(|it| !after.contains(it)).map(|it| (Some(Value::from(*it)), None));
    let come = new.iter().filter(|it| !before.contains(it)).map(|it| (None, Some(Value::from(*it))));
    gone.chain(come).map(|(old, new)| PropertyChange { path: path.to_owned(), old, new }).collect()
}

/// One object of a list.
struct Member<'v> {
    /// What tells it from the others.
    key: String,
    /// How people call it.
    label: String,
    object: &'v Map<String, Value>,
}

struct Comparison<'n> {
    names: &'n Names<'n>,
}

impl Comparison<'_> {
    /// Graph shows what is not set as `null`, so that counts as absent.
    fn values(&self, path: &str, old: &Value, new: &Value, found: &mut Vec<PropertyChange>) {
        let before = found.len();
        match (old, new) {
            _ if old == new => return,
            (Value::Object(old), Value::Object(new)) => return self.objects(path, old, new, found),
            (Value::Array(old), Value::Array(new)) => self.lists(path, old, new, found),
            _ => {}
        }
        if found.len() == before {
            found.push(PropertyChange { path: path.to_owned(), old: visible(old), new: visible(new) });
        }
    }

    fn objects(&self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>, found: &mut Vec<PropertyChange>) {
        let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for key in keys {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let (old, new) = (old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null));
            match HIDDEN.contains(&key.as_str()) {
                true if old == new => {}
                true => found.push(PropertyChange { path, old: None, new: None }),
                false if PRINCIPALS.contains(&key.as_str()) => self.values(&path, &self.named(old), &self.named(new), found),
                false => self.values(&path, old, new, found),
            }
        }
    }

    /// Lists of texts and lists of objects that can be told apart. For any other list nothing is found here, so it is shown whole.
    fn lists(&self, path: &str, old: &[Value], new: &[Value], found: &mut Vec<PropertyChange>) {
        if let (Some(old), Some(new)) = (texts(old), texts(new)) {
            return found.extend(of_texts(path, &old, &new));
        }
        let (Some(before), Some(after)) = (self.members(old), self.members(new)) else { return };
        for old in &before {
            let path = format!("{path}[{}]", old.label);
            match after.iter().find(|new| new.key == old.key) {
                Some(new) => self.objects(&path, old.object, new.object, found),
                None => found.push(PropertyChange { path, old: Some(without_hashes(old.object)), new: None }),
            }
        }
        for new in after.iter().filter(|new| before.iter().all(|old| old.key != new.key)) {
            let path = format!("{path}[{}]", new.label);
            found.push(PropertyChange { path, old: None, new: Some(without_hashes(new.object)) });
        }
    }

    /// The objects of a list; `None` if something in it cannot be told from the others.
    fn members<'v>(&self, list: &'v [Value]) -> Option<Vec<Member<'v>>> {
        let member = |value: &'v Value| {
            let object = value.as_object()?;
            let (key, label) = self.names.of_member(object)?;
            Some(Member { key, label, object })
        };
        let members: Vec<_> = list.iter().map(member).collect::<Option<_>>()?;
        let keys: BTreeSet<&String> = members.iter().map(|member| &member.key).collect();
        (keys.len() == members.len()).then_some(members)
    }

    /// A list of object ids as a list of names.
    fn named(&self, ids: &Value) -> Value {
        let name = |id: &Value| id.as_str().map_or_else(|| id.clone(), |id| Value::from(self.names.of_principal(id)));
        match ids {
            Value::Array(ids) => ids.iter().map(name).collect(),
            other => other.clone(),
        }
    }
}

fn texts(list: &[Value]) -> Option<Vec<&str>> {
    list.iter().map(Value::as_str).collect()
}

fn visible(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Object(object) => Some(without_hashes(object)),
        Value::Array(list) => Some(list.iter().map(|it| visible(it).unwrap_or(Value::Null)).collect()),
        other => Some(other.clone()),
    }
}

fn without_hashes(object: &Map<String, Value>) -> Value {
    let kept = object.iter().filter(|(key, value)| !HIDDEN.contains(&key.as_str()) && !value.is_null());
    kept.map(|(key, value)| (key.clone(), visible(value).unwrap_or(Value::Null))).collect::<Map<_, _>>().into()
}
