//! `mock-idp import`

use std::path::PathBuf;

use mock_idp::directory::{
    Directory,
    difference::{Difference, shown},
};
use serde::Serialize;

use super::{
    DataDirFlag, Outcome, UsageError,
    files::{self, JudgedFile},
    tenants::Tenants,
    terminal::{self, say},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mock-idp import my-tenant.json\n  mock-idp import my-tenant.json --yes\n\n\
    Each file takes the place of the tenant whose id it holds; other tenants stay. Photos of users who stay are kept.")]
pub struct Import {
    /// The directory files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    data_dir: DataDirFlag,
    /// Do not ask
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the difference as JSON; changes something only together with --yes
    #[arg(long)]
    json: bool,
}

/// What programs are told.
#[derive(Debug, Serialize)]
struct Report<'d> {
    imported: bool,
    differences: &'d [Difference],
}

pub async fn run(flags: Import) -> anyhow::Result<Outcome> {
    let Some(directories) = read(&flags)? else { return Ok(Outcome::Mistakes) };
    let tenants = Tenants::kept_in(&flags.data_dir.data_dir).await?;
    let present = tenants.all().await?;
    let of_tenant = |directory: &Directory| {
        let before = present.iter().find(|it| it.tenant_id() == directory.tenant_id());
        Difference::between(before, Some(directory)).expect("there is a new state")
    };
    let differences: Vec<Difference> = directories.iter().map(of_tenant).collect();
    if !flags.json {
        differences.iter().for_each(|difference| say(&difference.to_text(terminal::colours())));
    }
    // Two states without a difference can still have their entries in another order.
    let is_equal = directories.iter().all(|directory| present.iter().any(|it| it.to_json() == directory.to_json()));
    let wanted = match flags {
        Import { dry_run: true, .. } => false,
        Import { yes: true, .. } => true,
        _ if is_equal => false,
        Import { json: true, .. } => return Err(UsageError("--json asks nothing; add --yes or --dry-run".to_owned()).into()),
        _ => terminal::confirm("Import this?")?,
    };
    if wanted {
        for directory in &directories {
            tenants.replace(directory).await?;
        }
    }
    if flags.json {
        say(&format!("{}\n", serde_json::to_string(&Report { imported: wanted, differences: &differences })?));
    } else if wanted {
        let names: Vec<String> = directories.iter().map(|directory| shown(&directory.organization.display_name)).collect();
        say(&format!("Imported {}.\n", names.join(", ")));
    } else {
        say("Nothing was changed.\n");
    }
    Ok(Outcome::Done)
}

/// The tenants of the files, or nothing if mistakes were told.
fn read(flags: &Import) -> anyhow::Result<Option<Vec<Directory>>> {
    if flags.json {
        let judged = flags.files.iter().map(|file| Ok((file, files::read(file)?))).collect::<anyhow::Result<Vec<_>>>()?;
        if judged.iter().any(|(_, judged)| judged.is_err()) {
            let told: Vec<JudgedFile> = judged.iter().map(|(file, judged)| JudgedFile::of(file, judged)).collect();
            say(&format!("{}\n", serde_json::json!({ "imported": false, "files": told })));
            return Ok(None);
        }
    }
    files::all_without_mistakes(&flags.files)
}
