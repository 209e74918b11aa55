//! What a rotation changes: which keys are published, which of them signs, which comes next.

use std::{
    fmt,
    sync::{Arc, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::{KeyRing, SigningKey, SigningKeys};
use crate::directory::JournalError;

/// The keys by their ids, as a rotation left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyOrder {
    published: Vec<String>,
    signing: String,
    spare: Vec<String>,
    known: Vec<String>,
}

/// Who keeps the order of the keys. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Keeper {
    keep: Arc<Keep>,
}

type Keep = dyn Fn(&KeyOrder) -> Result<(), JournalError> + Send + Sync;

impl Keeper {
    /// Nobody: the order is gone with the process.
    pub fn nobody() -> Self {
        Self::new(|_| Ok(()))
    }

    /// `keep` is told of every new order before it counts.
    pub fn new(keep: impl Fn(&KeyOrder) -> Result<(), JournalError> + Send + Sync + 'static) -> Self {
        Self { keep: Arc::new(keep) }
    }

    pub(super) fn keep(&self, order: &KeyOrder) -> Result<(), JournalError> {
        (self.keep)(order)
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Keeper").finish_non_exhaustive()
    }
}

impl KeyRing {
    pub(super) fn order(&self) -> KeyOrder {
        let ids = |keys: &[Arc<SigningKey>]| keys.iter().map(|key| key.kid.clone()).collect();
        KeyOrder {
            published: ids(&self.published),
            signing: self.published[self.signing].kid.clone(),
            spare: ids(&self.spare),
            known: ids(&self.known),
        }
    }

    /// These keys in another order; `None` if it names a key that is not there, or none that signs.
    fn in_order(&self, order: &KeyOrder) -> Option<Self> {
        let all: Vec<&Arc<SigningKey>> = self.published.iter().chain(&self.spare).collect();
        let key = |id: &String| all.iter().find(|key| key.kid == *id).map(|key| Arc::clone(key));
        let keys = |ids: &[String]| ids.iter().map(key).collect::<Option<Vec<_>>>();
        let published = keys(&order.published)?;
        Some(Self {
            signing: published.iter().position(|key| key.kid == order.signing)?,
            published,
            spare: keys(&order.spare)?,
            known: keys(&order.known)?,
        })
    }
}

impl SigningKeys {
    /// The same keys, whose order `keeper` keeps from here on. They begin in the order that was kept, if one was; a key that was made
    /// anew since then makes that order void.
    pub fn kept_by(self, keeper: Keeper, kept: Option<&KeyOrder>) -> Self {
        if let Some(ring) = kept.and_then(|order| self.initial.in_order(order)) {
            *self.ring.write().unwrap_or_else(PoisonError::into_inner) = ring;
        }
        Self { keeper, ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::tokens::signing_keys::Rotation;

    #[test]
    fn keys_go_on_in_the_order_that_was_kept() {
        let kept: Arc<Mutex<Option<KeyOrder>>> = Arc::default();
        let keep = Arc::clone(&kept);
        let keeper = Keeper::new(move |order| {
            *keep.lock().expect("no panic") = Some(order.clone());
            Ok(())
        });
        let keys = SigningKeys::test_pool(1).kept_by(keeper, None);
        let kid = keys.rotate(Rotation::WithoutGrace).expect("kept");
        let order = kept.lock().expect("no panic").clone().expect("a rotation was kept");
        let later = SigningKeys::test_pool(1).kept_by(Keeper::nobody(), Some(&order));
        assert_eq!((later.signing().kid.clone(), later.published().len()), (kid.clone(), 1));
        later.reset();
        assert_ne!(later.signing().kid, kid);
    }

    #[test]
    fn a_rotation_that_cannot_be_kept_does_not_take_place() {
        let full = Keeper::new(|_| Err(JournalError("no space left".to_owned())));
        let keys = SigningKeys::test_pool(1).kept_by(full, None);
        let before = keys.signing().kid.clone();
        assert!(keys.rotate(Rotation::WithGrace).is_err());
        assert_eq!(keys.signing().kid, before);
    }

    #[test]
    fn an_order_of_other_keys_is_void() {
        let order = KeyOrder { published: vec!["gone".to_owned()], signing: "gone".to_owned(), spare: vec![], known: vec![] };
        let keys = SigningKeys::test_pool(1).kept_by(Keeper::nobody(), Some(&order));
        assert_eq!(keys.signing().kid, SigningKeys::test_pool(1).signing().kid);
    }
}
