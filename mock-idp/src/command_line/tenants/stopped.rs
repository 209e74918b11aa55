//! Tenants of a data directory in which nobody runs: in the store.

use std::sync::Arc;

use mock_idp::{
    Directory,
    clock::Clock,
    directory::seed::{StartState, start_state},
    random::Entropy,
    server::data_dir::DataDir,
    snapshots::{SnapshotName, Snapshots},
    store::Store,
};

use super::explained;

/// The open store. Its data directory is locked while this lives.
#[derive(Debug)]
pub struct Stopped {
    tenants: mock_idp::directory::Tenants,
    store: Arc<Store>,
    data_dir: DataDir,
}

impl Stopped {
    pub fn open(data_dir: DataDir) -> anyhow::Result<Self> {
        let store = Arc::new(data_dir.store()?);
        let mut directories = store.directories()?;
        if directories.is_empty() {
            directories = start_state(StartState::Unit1, &data_dir.start_state_secret(&Entropy::system())?);
            store.start_over(&directories)?;
        }
        let tenants = mock_idp::directory::Tenants::with_journal(directories, Arc::clone(&store) as _);
        Ok(Self { tenants, store, data_dir })
    }

    pub fn all(&self) -> Vec<Directory> {
        self.tenants.all().iter().map(|directory| Directory::clone(directory)).collect()
    }

    pub fn replace(&self, mut directory: Directory) -> anyhow::Result<()> {
        if let Some(before) = self.tenants.find(directory.tenant_id()) {
            directory.keep_beside(&before);
        }
        Ok(self.tenants.replace(directory)?)
    }

    pub fn go_to_unit(&self, unit: StartState) -> anyhow::Result<()> {
        self.start_over(&start_state(unit, &self.data_dir.start_state_secret(&Entropy::system())?))
    }

    pub fn start_over(&self, directories: &[Directory]) -> anyhow::Result<()> {
        Ok(self.store.start_over(directories)?)
    }

    pub fn save(&self, snapshots: &Snapshots, name: &SnapshotName) -> anyhow::Result<()> {
        snapshots.save(name, &self.tenants.all(), Clock::system().now()).map(drop).map_err(explained)
    }
}
