//! What the app remembers about browsers, on the server. The browser itself holds only an id that nobody can guess.
//!
//! The data could travel in a cookie instead. It stays here because a token in a cookie leaves the building with every
//! stolen laptop, and because a session that lives on the server can be ended by the server.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::random::random_value;

/// Values by random id. Each is forgotten after a time; when there are too many, the oldest goes first.
#[derive(Debug)]
pub struct ServerSideStore<T> {
    lifetime: Duration,
    capacity: usize,
    entries: Mutex<HashMap<String, Entry<T>>>,
}

#[derive(Debug)]
struct Entry<T> {
    value: T,
    since: Instant,
}

impl<T: Clone> ServerSideStore<T> {
    /// An empty store. `lifetime` counts from the moment a value is put in; `capacity` keeps a flood of visitors from
    /// filling the memory.
    pub fn new(lifetime: Duration, capacity: usize) -> Self {
        Self { lifetime, capacity, entries: Mutex::default() }
    }

    /// Keeps the value, and returns its new id.
    pub fn insert(&self, value: T) -> String {
        let id = random_value();
        let mut entries = self.entries();
        if entries.len() >= self.capacity {
            entries.retain(|_, entry| entry.since.elapsed() < self.lifetime);
        }
        if entries.len() >= self.capacity {
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.since).map(|(id, _)| id.clone());
            oldest.and_then(|id| entries.remove(&id));
        }
        entries.insert(id.clone(), Entry { value, since: Instant::now() });
        id
    }

    /// The value with this id, if there is one and it is not too old.
    pub fn get(&self, id: &str) -> Option<T> {
        self.entries().get(id).filter(|entry| entry.since.elapsed() < self.lifetime).map(|entry| entry.value.clone())
    }

    /// Puts a new value under an id that is in use. An unknown id stays unknown.
    pub fn replace(&self, id: &str, value: T) {
        if let Some(entry) = self.entries().get_mut(id) {
            entry.value = value;
        }
    }

    /// Takes the value out. Of two requests with the same id, only one gets it.
    pub fn remove(&self, id: &str) -> Option<T> {
        self.entries().remove(id).filter(|entry| entry.since.elapsed() < self.lifetime).map(|entry| entry.value)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry<T>>> {
        self.entries.lock().expect("no code panics while it holds this lock")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ServerSideStore;

    #[test]
    fn a_value_is_kept_until_it_is_removed() {
        let store = ServerSideStore::new(Duration::from_secs(60), 10);
        let id = store.insert("ada");
        assert_eq!(store.get(&id), Some("ada"));
        store.replace(&id, "olga");
        assert_eq!(store.remove(&id), Some("olga"));
        assert_eq!(store.remove(&id), None);
        store.replace(&id, "ada");
        assert_eq!(store.get(&id), None);
    }

    #[test]
    fn an_old_value_is_forgotten() {
        let store = ServerSideStore::new(Duration::ZERO, 10);
        let id = store.insert("ada");
        assert_eq!(store.get(&id), None);
    }

    #[test]
    fn a_full_store_drops_its_oldest_value() {
        let store = ServerSideStore::new(Duration::from_secs(60), 2);
        let ids: Vec<_> = ["one", "two", "three"].into_iter().map(|value| store.insert(value)).collect();
        assert_eq!(store.get(&ids[2]), Some("three"));
        assert_eq!(ids.iter().filter(|id| store.get(id).is_some()).count(), 2);
    }
}
