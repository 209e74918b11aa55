//! All tenants of this mock.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use super::{Directory, application::Application, entries::Change, first_party, organization::Organization, turn::Turn};

/// All tenants, shared. A reader takes a snapshot and holds no lock. Writers take turns: each changes a copy, hands the changes to the
/// journal, and publishes the copy when the journal has them, so that nobody reads what could still be lost.
#[derive(Debug, Clone)]
pub struct Tenants {
    directories: Arc<RwLock<Vec<Arc<Directory>>>>,
    turn: Arc<Turn>,
    journal: Arc<dyn Journal>,
}

/// Keeps what changed.
pub trait Journal: fmt::Debug + Send + Sync {
    /// Makes the changes of one write durable, all or none.
    ///
    /// # Errors
    /// [`JournalError`] when they cannot be kept. Then nothing was changed.
    fn keep(&self, changes: &[TenantChanges<'_>]) -> Result<(), JournalError>;
}

/// What one write changed in one tenant, or in all.
#[derive(Debug)]
pub enum TenantChanges<'d> {
    /// All tenants are void, and so is whatever else was kept: sign-in sessions, refresh tokens, rotations of the signing keys.
    StartedOver,
    /// Entries were put or taken out.
    Edited {
        /// The tenant.
        organization: &'d Organization,
        /// The entries.
        entries: Vec<Change>,
    },
    /// The tenant is new, or another one took its place: whatever was kept of it is void.
    Replaced {
        /// The tenant.
        organization: &'d Organization,
        /// All its entries.
        entries: Vec<Change>,
    },
    /// The tenant is gone.
    Removed {
        /// Its id.
        tenant_id: String,
    },
}

/// Changes that could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the change could not be stored, so it was not made: {0}")]
pub struct JournalError(pub String);

/// Why a tenant was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such tenant.
    #[error("there is no tenant '{0}'")]
    UnknownTenant(String),
    /// The change could not be kept.
    #[error(transparent)]
    NotKept(#[from] JournalError),
}

/// Keeps nothing: all is gone with the process.
#[derive(Debug)]
struct InMemory;

impl Journal for InMemory {
    fn keep(&self, _: &[TenantChanges<'_>]) -> Result<(), JournalError> {
        Ok(())
    }
}

impl Tenants {
    /// These tenants, in this order, in memory only.
    pub fn new(directories: impl IntoIterator<Item = Directory>) -> Self {
        Self::with_journal(directories, Arc::new(InMemory))
    }

    /// These tenants, which `journal` holds already. It is told of every change from here on.
    pub fn with_journal(directories: impl IntoIterator<Item = Directory>, journal: Arc<dyn Journal>) -> Self {
        let directories = directories.into_iter().map(|mut directory| {
            directory.take_changes();
            Arc::new(directory)
        });
        Self { directories: Arc::new(RwLock::new(directories.collect())), turn: Arc::default(), journal }
    }

    /// Snapshots of all tenants.
    pub fn all(&self) -> Vec<Arc<Directory>> {
        self.directories.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The tenant with this id or verified domain.
    pub fn find(&self, name: &str) -> Option<Arc<Directory>> {
        self.all().into_iter().find(|directory| directory.is_named(name))
    }

    /// The tenant in which the application with this client id is registered.
    pub fn home_of(&self, app_id: &str) -> Option<Arc<Directory>> {
        self.all().into_iter().find(|directory| directory.application(app_id).is_some())
    }

    /// The application with this client id: the provider's own, or registered in some tenant.
    pub fn application(&self, app_id: &str) -> Option<Application> {
        first_party::application(app_id).or_else(|| self.home_of(app_id)?.application(app_id).cloned())
    }

    /// The tenant to which the user with this sign-in name belongs.
    pub fn of_user(&self, user_principal_name: &str) -> Option<Arc<Directory>> {
        self.all().into_iter().find(|directory| directory.user_by_principal_name(user_principal_name).is_some())
    }

    /// Puts `directory` in the place of the tenant of the same id, or adds it.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn replace(&self, mut directory: Directory) -> Result<(), JournalError> {
        let _turn = self.turn.take();
        let mut all = self.all();
        directory.take_changes();
        self.journal.keep(&[whole(&directory)])?;
        match all.iter_mut().find(|it| it.tenant_id() == directory.tenant_id()) {
            Some(place) => *place = Arc::new(directory),
            None => all.push(Arc::new(directory)),
        }
        self.publish(all);
        Ok(())
    }

    /// Puts these tenants in the place of all there are.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn replace_all(&self, directories: impl IntoIterator<Item = Arc<Directory>>) -> Result<(), JournalError> {
        let _turn = self.turn.take();
        let new: Vec<Arc<Directory>> = directories.into_iter().collect();
        let is_gone = |old: &Arc<Directory>| new.iter().all(|it| it.tenant_id() != old.tenant_id());
        let gone = self.all().into_iter().filter(is_gone).map(|old| TenantChanges::Removed { tenant_id: old.tenant_id().to_owned() });
        let changes: Vec<TenantChanges<'_>> = gone.chain(new.iter().map(|directory| whole(directory))).collect();
        self.journal.keep(&changes)?;
        self.publish(new);
        Ok(())
    }

    /// Begins anew with these tenants: all else that is kept is void, too.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn start_over(&self, directories: impl IntoIterator<Item = Arc<Directory>>) -> Result<(), JournalError> {
        let _turn = self.turn.take();
        let new: Vec<Arc<Directory>> = directories.into_iter().collect();
        let whole_tenants = new.iter().map(|directory| whole(directory));
        self.journal.keep(&std::iter::once(TenantChanges::StartedOver).chain(whole_tenants).collect::<Vec<_>>())?;
        self.publish(new);
        Ok(())
    }

    /// Changes one tenant. If `change` fails, or the journal cannot keep it, nothing is changed.
    ///
    /// # Errors
    /// What `change` returns; or [`EditError`], as the caller's own error.
    pub fn edit<R, E: From<EditError>>(&self, name: &str, change: impl FnOnce(&mut Directory) -> Result<R, E>) -> Result<R, E> {
        let _turn = self.turn.take();
        let mut all = self.all();
        let place = all.iter_mut().find(|it| it.is_named(name)).ok_or_else(|| EditError::UnknownTenant(name.to_owned()))?;
        // Lists share what they hold, so the copy costs nothing; only what changes is made anew.
        let mut directory = Directory::clone(place);
        let result = change(&mut directory)?;
        let entries = directory.take_changes();
        if !entries.is_empty() || directory.organization != place.organization {
            let changes = TenantChanges::Edited { organization: &directory.organization, entries };
            self.journal.keep(&[changes]).map_err(EditError::from)?;
            *place = Arc::new(directory);
            self.publish(all);
        }
        Ok(result)
    }

    fn publish(&self, all: Vec<Arc<Directory>>) {
        *self.directories.write().unwrap_or_else(PoisonError::into_inner) = all;
    }
}

/// A tenant with all its entries, whatever changed in it before.
pub(crate) fn whole(directory: &Directory) -> TenantChanges<'_> {
    TenantChanges::Replaced { organization: &directory.organization, entries: directory.all_entries() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::user::User;

    /// A disk that is full.
    #[derive(Debug)]
    struct Full;

    impl Journal for Full {
        fn keep(&self, _: &[TenantChanges<'_>]) -> Result<(), JournalError> {
            Err(JournalError("no space left".to_owned()))
        }
    }

    fn add_user(directory: &mut Directory) -> Result<(), EditError> {
        directory.users.push(User::member("u", "u@fabrikam.example", "U"));
        Ok(())
    }

    #[test]
    fn what_cannot_be_kept_is_not_seen() {
        let tenants = Tenants::with_journal([Directory::fabrikam()], Arc::new(Full));
        assert!(matches!(tenants.edit("fabrikam.example", add_user), Err(EditError::NotKept(_))));
        assert_eq!(tenants.all(), [Arc::new(Directory::fabrikam())]);
    }

    #[test]
    fn a_change_that_fails_half_way_changes_nothing() {
        let tenants = Tenants::new([Directory::fabrikam()]);
        let half = |directory: &mut Directory| add_user(directory).and(Err::<(), _>(EditError::UnknownTenant("x".to_owned())));
        assert!(tenants.edit("fabrikam.example", half).is_err());
        assert!(tenants.of_user("u@fabrikam.example").is_none());
        assert_eq!(tenants.edit("fabrikam.example", add_user), Ok(()));
        assert!(tenants.of_user("u@fabrikam.example").is_some());
    }

    #[test]
    fn a_reader_keeps_the_snapshot_that_it_took() {
        let tenants = Tenants::new([Directory::fabrikam()]);
        let before = tenants.find("fabrikam.example").expect("there is one");
        assert_eq!(tenants.edit("fabrikam.example", add_user), Ok(()));
        assert!(before.user_by_principal_name("u@fabrikam.example").is_none());
    }
}
