//! `mock-idp snapshot`

use std::path::Path;

use clap::Subcommand;
use mock_idp::{
    clock::Clock,
    directory::difference::shown,
    snapshots::{Manifest, SnapshotName},
};
use time::macros::format_description;

use super::{DataDirFlag, Outcome, tenants::Tenants, terminal::say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: mock-idp snapshot save before-lunch\n\n\
    A snapshot is a folder of directory files in DATA_DIR/snapshots. It holds all tenants, but no sessions and no keys.")]
pub struct Snapshot {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Saves the present state
    #[command(after_help = "Example: mock-idp snapshot save before-lunch")]
    Save(Named),
    /// Lists what was saved
    #[command(after_help = "Example: mock-idp snapshot list")]
    List {
        #[command(flatten)]
        data_dir: DataDirFlag,
        /// Print JSON: [{"name", "savedDateTime", "savedBy", "tenants": [...]}]
        #[arg(long)]
        json: bool,
    },
    /// Brings a saved state back; the present one is saved first
    #[command(after_help = "Example: mock-idp snapshot restore before-lunch")]
    Restore(Named),
    /// Deletes a saved state
    #[command(after_help = "Example: mock-idp snapshot delete before-lunch")]
    Delete(Named),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// Letters, digits, `.`, `_` and `-`
    name: SnapshotName,
    #[command(flatten)]
    data_dir: DataDirFlag,
}

pub async fn run(flags: Snapshot) -> anyhow::Result<Outcome> {
    match flags.act {
        Act::Save(Named { name, data_dir }) => {
            Tenants::kept_in(&data_dir.data_dir).await?.save(&name).await?;
            say(&format!("Saved as {name}. This brings it back:\n  {}\n", restore_command(&name, &data_dir.data_dir)));
        }
        Act::List { data_dir, json } => list(&Tenants::kept_in(&data_dir.data_dir).await?.snapshots()?, json)?,
        Act::Restore(Named { name, data_dir }) => restore(&name, &data_dir.data_dir).await?,
        Act::Delete(Named { name, data_dir }) => {
            Tenants::kept_in(&data_dir.data_dir).await?.delete(&name).await?;
            say(&format!("Deleted {name}.\n"));
        }
    }
    Ok(Outcome::Done)
}

async fn restore(name: &SnapshotName, data_dir: &Path) -> anyhow::Result<()> {
    let tenants = Tenants::kept_in(data_dir).await?;
    // Before anything is saved: a name that does not exist must not leave a snapshot behind.
    tenants.check(name)?;
    let before = SnapshotName::before("restore", Clock::system().now());
    tenants.save(&before).await?;
    tenants.go_to_snapshot(name).await?;
    say(&format!("Restored {name}. The state before is saved; this brings it back:\n  {}\n", restore_command(&before, data_dir)));
    Ok(())
}

fn list(snapshots: &[(SnapshotName, Manifest)], json: bool) -> anyhow::Result<()> {
    if json {
        let one = |(name, it): &(SnapshotName, Manifest)| -> serde_json::Result<serde_json::Value> {
            let mut object = serde_json::to_value(it)?;
            object["name"] = name.as_str().into();
            Ok(object)
        };
        let all = snapshots.iter().map(one).collect::<Result<Vec<_>, _>>()?;
        say(&format!("{}\n", serde_json::to_string(&all)?));
        return Ok(());
    }
    if snapshots.is_empty() {
        say("No snapshot was saved. `mock-idp snapshot save NAME` saves one.\n");
    }
    for (name, manifest) in snapshots {
        let at = manifest.saved_date_time.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC"))?;
        let tenant = |it: &mock_idp::snapshots::SavedTenant| {
            format!("{} ({} users, {} app registrations)", shown(&it.display_name), it.users, it.applications)
        };
        let tenants: Vec<String> = manifest.tenants.iter().map(tenant).collect();
        say(&format!("{name}  {at}  {}\n", tenants.join(", ")));
    }
    Ok(())
}

/// What brings a snapshot back, to be copied.
pub fn restore_command(name: &SnapshotName, data_dir: &Path) -> String {
    if data_dir == Path::new(".mock-idp") {
        format!("mock-idp snapshot restore {name}")
    } else {
        format!("mock-idp snapshot restore {name} --data-dir '{}'", data_dir.display())
    }
}
