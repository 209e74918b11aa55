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

    /// What a store would hold.
    type Kept = Arc<Mutex<Option<KeyOrder>>>;

    fn keeper(kept: &Kept) -> Keeper {
        let kept = Arc::clone(kept);
        Keeper::new(move |order| {
            *kept.lock().expect("no panic") = Some(order.clone());
            Ok(())
        })
    }

    #[test]
    fn keys_go_on_in_the_order_that_was_kept() {
        let kept = Kept::default();
        let keys = SigningKeys::test_pool(1).kept_by(keeper(&kept), None);
        let kid = keys.rotate(Rotation::WithoutGrace).expect("kept");
        let order = kept.lock().expect("no panic").clone().expect("a rotation was kept");
        let later = SigningKeys::test_pool(1).kept_by(Keeper::nobody(), Some(&order));
        assert_eq!((later.signing().kid.clone(), later.published().len()), (kid.clone(), 1));
        assert_eq!(later.start_over(|| Ok::<(), ()>(())), Ok(()));
        assert_ne!(later.signing().kid, kid);
    }

    #[test]
    fn a_rotation_during_a_reset_waits_until_the_order_is_forgotten_and_undone() {
        let kept = Kept::default();
        let keys = SigningKeys::test_pool(1).kept_by(keeper(&kept), None);
        keys.rotate(Rotation::WithoutGrace).expect("kept");
        let rotation = keys.clone();
        let mut rotating = None;
        let reset = keys.start_over(|| {
            *kept.lock().expect("no panic") = None;
            // Had it the turn already, its order would be kept while the keys go back to their first order.
            assert!(keys.turn.is_taken());
            rotating = Some(std::thread::spawn(move || rotation.rotate(Rotation::WithGrace)));
            Ok::<(), ()>(())
        });
        let rotated = rotating.expect("begun").join().expect("no panic");
        assert!(reset.is_ok() && rotated.is_ok());
        let in_use = keys.ring.read().expect("no panic").order();
        assert_eq!(kept.lock().expect("no panic").as_ref(), Some(&in_use));
        assert_eq!(in_use.published.len(), SigningKeys::test_pool(1).published().len() + 1);
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
