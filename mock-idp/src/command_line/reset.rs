//! `mock-idp reset`

use mock_idp::{clock::Clock, directory::seed::StartState, snapshots::SnapshotName};

use super::{DataDirFlag, Outcome, snapshot::restore_command, tenants::Tenants, terminal::say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: mock-idp reset --unit 4\n\n\
    Everybody is signed out. The present state is saved as a snapshot before, and the command that brings it back is printed.")]
pub struct Reset {
    #[command(flatten)]
    data_dir: DataDirFlag,
    /// The unit, 1 to 6; from 4 on the app `claims-portal` is registered
    #[arg(long, value_name = "N", default_value = "1", value_parser = unit)]
    unit: StartState,
}

fn unit(text: &str) -> Result<StartState, String> {
    let number = text.strip_prefix("unit-").unwrap_or(text).parse().ok();
    number.and_then(StartState::unit).ok_or_else(|| "the course has the units 1 to 6; write for example `--unit 4`".to_owned())
}

pub async fn run(flags: Reset) -> anyhow::Result<Outcome> {
    let data_dir = &flags.data_dir.data_dir;
    let tenants = Tenants::kept_in(data_dir).await?;
    let number = flags.unit.number();
    let name = SnapshotName::before(&format!("unit-{number}"), Clock::system().now());
    tenants.save(&name).await?;
    tenants.go_to_unit(flags.unit).await?;
    say(&format!(
        "This is where unit {number} begins. The state before is saved; this brings it back:\n  {}\n",
        restore_command(&name, data_dir)
    ));
    Ok(Outcome::Done)
}
