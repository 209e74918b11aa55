//! `mock-idp export`

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use mock_idp::directory::difference::shown;

use super::{DataDirFlag, Outcome, UsageError, tenants::Tenants, terminal::say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: mock-idp export --tenant abc-insurance.example --out my-tenant.json")]
pub struct Export {
    #[command(flatten)]
    data_dir: DataDirFlag,
    /// The tenant, by its id or one of its domains [default: the first one]
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// The file to write; `-` is standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// Write private keys of key credentials too; without this they are left out
    #[arg(long)]
    with_private_keys: bool,
}

pub async fn run(flags: Export) -> anyhow::Result<Outcome> {
    let tenants = Tenants::kept_in(&flags.data_dir.data_dir).await?.all().await?;
    let found = match &flags.tenant {
        Some(name) => tenants.iter().find(|directory| directory.is_named(name)),
        None => tenants.first(),
    };
    let directory = found.ok_or_else(|| {
        let name =
            |it: &mock_idp::Directory| format!("{} ({})", it.organization.default_domain().unwrap_or(it.tenant_id()), it.tenant_id());
        let known: Vec<String> = tenants.iter().map(name).collect();
        let asked = flags.tenant.as_deref().unwrap_or_default();
        UsageError(format!("no tenant is called '{}'; there are: {}", shown(asked), known.join(", ")))
    })?;
    let json = if flags.with_private_keys { directory.to_json_with_private_keys() } else { directory.to_json() };
    if flags.out == Path::new("-") {
        say(&json);
    } else {
        write(&flags.out, &json)?;
        eprintln!("wrote {} to {}", shown(&directory.organization.display_name), flags.out.display());
    }
    Ok(Outcome::Done)
}

/// Writes the file whole or not at all.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", path.display());
    if path.is_dir() {
        return Err(UsageError(format!("{} is a folder; name a file with --out", path.display())).into());
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    fs::write(&beside, text).with_context(failed)?;
    fs::rename(&beside, path).with_context(failed)
}
