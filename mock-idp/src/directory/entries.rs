//! The entries of one kind in a tenant: all users, all groups and so on.
//!
//! They keep the order in which they came, are found by id or name without looking at all of them, and cost nothing to clone: a
//! snapshot shares what has not changed since. What did change is remembered until it is taken, for the store.

use std::{
    collections::BTreeSet,
    ops::{Bound, Index as At},
    sync::Arc,
};

use imbl::{OrdMap, OrdSet};
use serde::{Serialize, de::DeserializeOwned};

/// By what an entry is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Index {
    /// The object id.
    Id,
    /// The application (client) id.
    AppId,
    /// The user principal name.
    UserPrincipalName,
    /// The mail address.
    Mail,
    /// The display name. Not unique.
    DisplayName,
    /// An object id among the direct members of a group.
    Member,
    /// The object id of whoever holds an assignment or a grant.
    Principal,
    /// The object id of the resource's service principal.
    Resource,
    /// The object id of the client's service principal.
    Client,
    /// A name under which an application offers its API.
    IdentifierUri,
    /// The object id of an owner.
    Owner,
    /// The display name of a directory role that a user holds.
    DirectoryRole,
}

/// Something that a tenant holds many of.
pub trait Entry: Clone + PartialEq + Serialize + DeserializeOwned {
    /// The name of the kind in the store. Never changes.
    const KIND: &'static str;

    /// The object id.
    fn id(&self) -> &str;

    /// By what else the entry is found.
    fn keys(&self) -> Vec<(Index, String)>;
}

/// An entry that was put, or that is gone (`json` is `None`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// [`Entry::KIND`].
    pub kind: &'static str,
    /// Where the entry stands among those of its kind.
    pub position: u64,
    /// The entry as JSON.
    pub json: Option<Vec<u8>>,
}

/// All entries of one kind.
#[derive(Debug, Clone)]
pub struct Entries<T> {
    entries: OrdMap<u64, Arc<T>>,
    index: OrdSet<(Index, String, u64)>,
    next: u64,
    changed: BTreeSet<u64>,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self { entries: OrdMap::new(), index: OrdSet::new(), next: 0, changed: BTreeSet::new() }
    }
}

impl<T: Entry> Entries<T> {
    /// All entries, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.entries.values().map(Arc::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry with this object id, in any case.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.by(Index::Id, id).next()
    }

    /// The entries that an index has under this value, in any case.
    pub fn by<'a>(&'a self, index: Index, value: &str) -> impl Iterator<Item = &'a T> {
        self.positions(index, value).into_iter().filter_map(|position| self.entries.get(&position)).map(Arc::as_ref)
    }

    /// The values that an index has, each once, in lower case and in their order. Looks at one entry per value.
    pub fn values(&self, index: Index) -> Vec<String> {
        let mut found = Vec::new();
        let mut next = self.index.range((index, String::new(), 0)..).next();
        while let Some((of, value, _)) = next.filter(|(of, ..)| *of == index) {
            let end = (Bound::Excluded((*of, value.clone(), u64::MAX)), Bound::Unbounded);
            found.push(value.clone());
            next = self.index.range(end).next();
        }
        found
    }

    /// The entries after the one with this id, in their order; `None` if there is no such entry.
    pub fn after(&self, id: &str) -> Option<impl Iterator<Item = &T>> {
        let position = self.positions(Index::Id, id).first().copied()?;
        Some(self.entries.range(position + 1..).map(|(_, entry)| entry.as_ref()))
    }

    /// Where the entry with this id stands among all that ever were.
    pub fn place(&self, id: &str) -> Option<u64> {
        self.positions(Index::Id, id).first().copied()
    }

    /// The entries after a place, whether or not an entry stands there still.
    pub fn after_place(&self, place: u64) -> impl Iterator<Item = &T> {
        self.entries.range((Bound::Excluded(place), Bound::Unbounded)).map(|(_, entry)| entry.as_ref())
    }

    /// Adds an entry at the end.
    pub fn push(&mut self, entry: T) {
        self.put(self.next, entry);
    }

    /// Changes the entry with this id; `None` if there is none. An entry that is equal afterwards counts as unchanged.
    pub fn edit<R>(&mut self, id: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let position = self.positions(Index::Id, id).first().copied()?;
        let mut entry = self.entries.get(&position)?.as_ref().clone();
        let result = change(&mut entry);
        self.put(position, entry);
        Some(result)
    }

    /// Changes every entry.
    pub fn edit_each(&mut self, mut change: impl FnMut(&mut T)) {
        let before = self.entries.clone();
        for (position, entry) in &before {
            let mut entry = entry.as_ref().clone();
            change(&mut entry);
            self.put(*position, entry);
        }
    }

    /// Takes the entry with this id out.
    pub fn remove(&mut self, id: &str) -> Option<T> {
        let position = self.positions(Index::Id, id).first().copied()?;
        self.take(position)
    }

    /// Keeps only the entries for which `keep` is true.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        let leaving: Vec<u64> = self.entries.iter().filter(|(_, entry)| !keep(entry)).map(|(position, _)| *position).collect();
        for position in leaving {
            self.take(position);
        }
    }

    /// Takes all entries out.
    pub fn clear(&mut self) {
        self.retain(|_| false);
    }

    /// What changed since the last call.
    pub fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changed).into_iter().map(|position| self.change(position)).collect()
    }

    /// Every entry, as if all had just been put.
    pub fn all_entries(&self) -> Vec<Change> {
        self.entries.keys().map(|position| self.change(*position)).collect()
    }

    fn change(&self, position: u64) -> Change {
        let json = |entry: &Arc<T>| serde_json::to_vec(entry.as_ref()).expect("texts, lists and times of this era can be written as JSON");
        Change { kind: T::KIND, position, json: self.entries.get(&position).map(json) }
    }

    /// Puts an entry back where the store had it. It does not count as changed.
    ///
    /// # Errors
    /// What `serde_json` says of an entry that cannot be read.
    pub fn restore(&mut self, position: u64, json: &[u8]) -> Result<(), serde_json::Error> {
        self.put(position, serde_json::from_slice(json)?);
        self.changed.remove(&position);
        Ok(())
    }

    fn positions(&self, index: Index, value: &str) -> Vec<u64> {
        let value = value.to_lowercase();
        self.index.range((index, value.clone(), 0)..=(index, value, u64::MAX)).map(|(_, _, position)| *position).collect()
    }

    fn put(&mut self, position: u64, entry: T) {
        let before = self.entries.get(&position);
        if before.is_some_and(|before| **before == entry) {
            return;
        }
        let old = before.map(|before| keys(before.as_ref())).unwrap_or_default();
        let new = keys(&entry);
        for (index, value) in old.difference(&new) {
            self.index.remove(&(*index, value.clone(), position));
        }
        for (index, value) in new.difference(&old) {
            self.index.insert((*index, value.clone(), position));
        }
        self.entries.insert(position, Arc::new(entry));
        self.next = self.next.max(position + 1);
        self.changed.insert(position);
    }

    fn take(&mut self, position: u64) -> Option<T> {
        let entry = self.entries.remove(&position)?;
        for (index, value) in keys(entry.as_ref()) {
            self.index.remove(&(index, value, position));
        }
        self.changed.insert(position);
        Some(Arc::unwrap_or_clone(entry))
    }
}

fn keys<T: Entry>(entry: &T) -> BTreeSet<(Index, String)> {
    let mut keys: BTreeSet<_> = entry.keys().into_iter().map(|(index, value)| (index, value.to_lowercase())).collect();
    keys.insert((Index::Id, entry.id().to_lowercase()));
    keys
}

/// Equal are those with equal entries in equal order.
impl<T: Entry> PartialEq for Entries<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<T: Entry> Extend<T> for Entries<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, entries: I) {
        entries.into_iter().for_each(|entry| self.push(entry));
    }
}

impl<T: Entry> FromIterator<T> for Entries<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        let mut all = Self::default();
        all.extend(entries);
        all
    }
}

/// The entry at this place in the order; panics beyond the end, as a slice does.
impl<T: Entry> At<usize> for Entries<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        self.iter().nth(place).expect("a place before the end")
    }
}

impl<T: Entry> Serialize for Entries<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Thing {
        id: String,
        name: String,
    }

    impl Entry for Thing {
        const KIND: &'static str = "thing";

        fn id(&self) -> &str {
            &self.id
        }

        fn keys(&self) -> Vec<(Index, String)> {
            vec![(Index::DisplayName, self.name.clone())]
        }
    }

    fn thing(id: &str, name: &str) -> Thing {
        Thing { id: id.to_owned(), name: name.to_owned() }
    }

    fn named<'a>(things: &'a Entries<Thing>, name: &str) -> Vec<&'a str> {
        things.by(Index::DisplayName, name).map(|thing| thing.id.as_str()).collect()
    }

    #[test]
    fn entries_are_found_by_id_and_name_in_any_case() {
        let things: Entries<Thing> = [thing("A", "One"), thing("b", "two"), thing("c", "ONE")].into_iter().collect();
        assert_eq!(things.get("a").map(|thing| thing.name.as_str()), Some("One"));
        assert_eq!(named(&things, "one"), ["A", "c"]);
        assert_eq!(things.after("B").expect("there is one").map(|thing| thing.id.as_str()).collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn an_edited_entry_keeps_its_place_and_is_found_by_its_new_name_only() {
        let mut things: Entries<Thing> = [thing("a", "one"), thing("b", "two")].into_iter().collect();
        things.edit("a", |it| it.name = "three".to_owned());
        assert_eq!((named(&things, "one"), named(&things, "three")), (vec![], vec!["a"]));
        assert_eq!(things[0].id, "a");
    }

    #[test]
    fn the_values_of_an_index_come_once_each_and_in_order() {
        let mut things: Entries<Thing> = [thing("b", "Two"), thing("a", "one"), thing("c", "ONE")].into_iter().collect();
        assert_eq!((things.values(Index::DisplayName), things.values(Index::Member)), (vec!["one".to_owned(), "two".to_owned()], vec![]));
        things.remove("b");
        assert_eq!(things.values(Index::DisplayName), ["one"]);
    }

    #[test]
    fn a_snapshot_does_not_see_later_changes() {
        let mut things: Entries<Thing> = [thing("a", "one")].into_iter().collect();
        let snapshot = things.clone();
        things.remove("a");
        assert_eq!((snapshot.len(), things.len()), (1, 0));
        assert_eq!(named(&snapshot, "one"), ["a"]);
    }

    #[test]
    fn changes_bring_another_set_to_the_same_state() {
        let mut things: Entries<Thing> = [thing("a", "one"), thing("b", "two"), thing("c", "three")].into_iter().collect();
        let mut copy = Entries::<Thing>::default();
        let mut apply = |changes: Vec<Change>| {
            for change in changes {
                match change.json {
                    Some(json) => copy.restore(change.position, &json).expect("our own JSON"),
                    None => drop(copy.take(change.position)),
                }
            }
            copy.clone()
        };
        assert_eq!(apply(things.take_changes()), things);
        things.edit("b", |_| ());
        assert!(things.take_changes().is_empty());
        things.remove("a");
        things.edit("b", |it| it.name = "zwei".to_owned());
        things.push(thing("d", "four"));
        assert_eq!(apply(things.take_changes()), things);
    }
}
