//! All tenants of this mock.

use std::sync::{Arc, PoisonError, RwLock};

use super::Directory;

/// All tenants, shared. A reader takes a snapshot and holds no lock; a writer replaces one tenant's snapshot.
#[derive(Debug, Clone, Default)]
pub struct Tenants {
    directories: Arc<RwLock<Vec<Arc<Directory>>>>,
}

impl Tenants {
    /// These tenants, in this order.
    pub fn new(directories: impl IntoIterator<Item = Directory>) -> Self {
        let tenants = Self::default();
        directories.into_iter().for_each(|directory| tenants.replace(directory));
        tenants
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

    /// The tenant to which the user with this sign-in name belongs.
    pub fn of_user(&self, user_principal_name: &str) -> Option<Arc<Directory>> {
        self.all().into_iter().find(|directory| directory.user_by_principal_name(user_principal_name).is_some())
    }

    /// Puts `directory` in the place of the tenant of the same id, or adds it.
    pub fn replace(&self, directory: Directory) {
        let mut directories = self.directories.write().unwrap_or_else(PoisonError::into_inner);
        match directories.iter_mut().find(|it| it.tenant_id() == directory.tenant_id()) {
            Some(place) => *place = Arc::new(directory),
            None => directories.push(Arc::new(directory)),
        }
    }

    /// Puts these tenants in the place of all there are.
    pub fn replace_all(&self, all: impl IntoIterator<Item = Arc<Directory>>) {
        *self.directories.write().unwrap_or_else(PoisonError::into_inner) = all.into_iter().collect();
    }

    /// Changes one tenant; `None` if there is none of that id or domain.
    pub fn edit<R>(&self, name: &str, change: impl FnOnce(&mut Directory) -> R) -> Option<R> {
        let mut directories = self.directories.write().unwrap_or_else(PoisonError::into_inner);
        let place = directories.iter_mut().find(|it| it.is_named(name))?;
        Some(change(Arc::make_mut(place)))
    }
}
