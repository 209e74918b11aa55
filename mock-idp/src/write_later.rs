//! Values by key that are written to disk a moment after they change.

use std::collections::{HashMap, HashSet};

use serde::{Serialize, de::DeserializeOwned};

/// A value that was put, or that is gone (`json` is `None`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: String,
    /// The value as JSON.
    pub json: Option<Vec<u8>>,
}

/// Values by key. What changed is remembered once somebody said that he will ask for it.
#[derive(Debug, Clone)]
pub struct WriteLater<T> {
    values: HashMap<String, T>,
    changed: Option<HashSet<String>>,
}

impl<T> Default for WriteLater<T> {
    fn default() -> Self {
        Self { values: HashMap::new(), changed: None }
    }
}

impl<T: Clone> WriteLater<T> {
    /// The value under this key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.values.get(key)
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Puts a value under a key.
    pub fn insert(&mut self, key: String, value: T) {
        self.note(&key);
        self.values.insert(key, value);
    }

    /// Changes the value under this key; `None` if there is none.
    pub fn edit<R>(&mut self, key: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let result = change(self.values.get_mut(key)?);
        self.note(key);
        Some(result)
    }

    /// Takes a value out.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        self.note(key);
        self.values.remove(key)
    }

    /// Keeps only the values for which `keep` is true.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let Self { values, changed } = self;
        values.retain(|key, value| {
            let stays = keep(value);
            if let Some(changed) = changed.as_mut().filter(|_| !stays) {
                changed.insert(key.clone());
            }
            stays
        });
    }

    /// Takes all values out.
    pub fn clear(&mut self) {
        self.retain(|_| false);
    }

    fn note(&mut self, key: &str) {
        if let Some(changed) = &mut self.changed {
            changed.insert(key.to_owned());
        }
    }

    /// The keys and values that changed since the last call; those that are gone have none.
    pub fn take_changed(&mut self) -> Vec<(String, Option<T>)> {
        let changed = self.changed.as_mut().map(std::mem::take).unwrap_or_default();
        let with_value = |key: String| {
            let value = self.values.get(&key).cloned();
            (key, value)
        };
        changed.into_iter().map(with_value).collect()
    }

    /// These changes could not be written: they will be among the next ones.
    pub fn not_written(&mut self, changes: &[Change]) {
        changes.iter().for_each(|change| self.note(&change.key));
    }
}

impl<T: DeserializeOwned> WriteLater<T> {
    /// Puts back what was written, in the place of all values, and remembers what changes from here on.
    ///
    /// # Errors
    /// What `serde_json` says of a value that cannot be read.
    pub fn restore(&mut self, written: Vec<(String, Vec<u8>)>) -> Result<(), serde_json::Error> {
        self.values = written.into_iter().map(|(key, json)| Ok((key, serde_json::from_slice(&json)?))).collect::<Result<_, _>>()?;
        self.changed = Some(HashSet::new());
        Ok(())
    }
}

/// The changes as they are written. Slow enough to be done outside of a lock.
pub fn changes<T: Serialize>(changed: Vec<(String, Option<T>)>) -> Vec<Change> {
    let json = |value| serde_json::to_vec(&value).expect("texts, lists and times of this era can be written as JSON");
    changed.into_iter().map(|(key, value)| Change { key, json: value.map(json) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: &mut WriteLater<u32>) -> Vec<(String, Option<Vec<u8>>)> {
        let mut changes: Vec<_> = changes(values.take_changed()).into_iter().map(|it| (it.key, it.json)).collect();
        changes.sort();
        changes
    }

    fn watched() -> WriteLater<u32> {
        let mut values = WriteLater::default();
        values.restore(vec![("a".to_owned(), b"1".to_vec()), ("b".to_owned(), b"2".to_vec())]).expect("numbers");
        values
    }

    #[test]
    fn only_what_changed_is_written_and_only_once() {
        let mut values = watched();
        assert_eq!(written(&mut values), []);
        values.insert("c".to_owned(), 3);
        values.edit("a", |it| *it = 4);
        values.remove("b");
        assert_eq!(values.edit("nothing", |_| ()), None);
        let expected = [("a".to_owned(), Some(b"4".to_vec())), ("b".to_owned(), None), ("c".to_owned(), Some(b"3".to_vec()))];
        assert_eq!(written(&mut values), expected);
        assert_eq!(written(&mut values), []);
    }

    #[test]
    fn what_could_not_be_written_comes_again_as_it_is_by_then() {
        let mut values = watched();
        values.insert("c".to_owned(), 3);
        let failed = changes(values.take_changed());
        values.insert("c".to_owned(), 5);
        values.take_changed();
        values.not_written(&failed);
        assert_eq!(written(&mut values), [("c".to_owned(), Some(b"5".to_vec()))]);
    }

    #[test]
    fn clearing_writes_that_everything_is_gone() {
        let mut values = watched();
        values.clear();
        assert!(values.is_empty());
        assert_eq!(written(&mut values), [("a".to_owned(), None), ("b".to_owned(), None)]);
    }

    #[test]
    fn nothing_is_remembered_for_nobody() {
        let mut values = WriteLater::default();
        values.insert("a".to_owned(), 1);
        assert!(values.take_changed().is_empty());
    }
}
