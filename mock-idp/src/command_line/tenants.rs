//! The tenants of a data directory: in its store while nobody runs there, else in the memory of the mock that runs there.

pub mod running;
mod stopped;

use std::path::Path;

use mock_idp::{
    Directory,
    directory::seed::StartState,
    server::data_dir::{DataDir, DataDirError},
    snapshots::{Manifest, SnapshotError, SnapshotName, Snapshots},
};

use super::UsageError;
use running::Running;
use stopped::Stopped;

/// All tenants of one data directory.
#[derive(Debug)]
pub struct Tenants {
    snapshots: Snapshots,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Nobody runs there, and nobody will while this lives.
    Stopped(Stopped),
    /// A mock runs there and answers to `/mock`.
    Running(Running),
}

impl Tenants {
    /// The tenants of this data directory. One in which nothing was kept yet begins as unit 1.
    pub async fn kept_in(data_dir: &Path) -> anyhow::Result<Self> {
        let snapshots = Snapshots::of(data_dir);
        let place = match DataDir::open(data_dir) {
            Ok(opened) => Place::Stopped(Stopped::open(opened)?),
            Err(DataDirError::InUse { by: Some(process), .. }) => Place::Running(Running::reach(process).await?),
            Err(error) => return Err(error.into()),
        };
        Ok(Self { snapshots, place })
    }

    /// All of them, in their order.
    pub async fn all(&self) -> anyhow::Result<Vec<Directory>> {
        match &self.place {
            Place::Stopped(stopped) => Ok(stopped.all()),
            Place::Running(running) => running.all().await,
        }
    }

    /// Puts a tenant in the place of the one with the same id, or adds it.
    pub async fn replace(&self, directory: &Directory) -> anyhow::Result<()> {
        match &self.place {
            Place::Stopped(stopped) => stopped.replace(directory.clone()),
            Place::Running(running) => running.replace(directory).await,
        }
    }

    /// Goes to where a unit begins. Everybody is signed out.
    pub async fn go_to_unit(&self, unit: StartState) -> anyhow::Result<()> {
        match &self.place {
            Place::Stopped(stopped) => stopped.go_to_unit(unit),
            Place::Running(running) => running.go_to_unit(unit).await,
        }
    }

    /// Goes to what a snapshot holds. Everybody is signed out.
    pub async fn go_to_snapshot(&self, name: &SnapshotName) -> anyhow::Result<()> {
        match &self.place {
            Place::Stopped(stopped) => stopped.start_over(&self.snapshots.read(name).map_err(explained)?),
            Place::Running(running) => running.go_to_snapshot(name).await,
        }
    }

    /// Saves the present state.
    pub async fn save(&self, name: &SnapshotName) -> anyhow::Result<()> {
        match &self.place {
            Place::Stopped(stopped) => stopped.save(&self.snapshots, name),
            Place::Running(running) => running.save(name).await,
        }
    }

    /// Deletes a snapshot.
    pub async fn delete(&self, name: &SnapshotName) -> anyhow::Result<()> {
        match &self.place {
            Place::Stopped(_) => self.snapshots.delete(name).map_err(explained),
            Place::Running(running) => running.delete(name).await,
        }
    }

    /// All snapshots.
    pub fn snapshots(&self) -> anyhow::Result<Vec<(SnapshotName, Manifest)>> {
        self.snapshots.list().map_err(explained)
    }

    /// Whether the snapshot of this name can be brought back.
    pub fn check(&self, name: &SnapshotName) -> anyhow::Result<()> {
        self.snapshots.read(name).map(drop).map_err(explained)
    }
}

/// A name that is taken or unknown is the caller's mistake, a folder that cannot be read is not.
fn explained(error: SnapshotError) -> anyhow::Error {
    match error {
        SnapshotError::Exists(_) | SnapshotError::Unknown { .. } => UsageError(error.to_string()).into(),
        SnapshotError::Io { .. } | SnapshotError::Damaged { .. } => error.into(),
    }
}
