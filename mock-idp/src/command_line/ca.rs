//! `mock-idp ca`

use anyhow::Context;
use mock_idp::{
    clock::Clock,
    server::{certificates::TRUST, data_dir::DataDir},
};

use super::{DataDirFlag, Outcome, terminal::say};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  mock-idp ca\n  export SSL_CERT_FILE=$(mock-idp ca --path)")]
pub struct Ca {
    #[command(flatten)]
    data_dir: DataDirFlag,
    /// Print nothing but the path
    #[arg(long, conflicts_with = "json")]
    path: bool,
    /// Print JSON: {"path", "variables": [{"name", "readBy"}]}
    #[arg(long)]
    json: bool,
}

pub fn run(flags: &Ca) -> anyhow::Result<Outcome> {
    let folder = &flags.data_dir.data_dir;
    let folder = std::path::absolute(folder).with_context(|| format!("cannot resolve {}", folder.display()))?;
    let path = folder.join("ca.pem");
    if !path.exists() {
        // Made once, at the first start or here, whichever comes first.
        DataDir::open(&folder)?.certificates(&Clock::system())?;
    }
    let shown = path.display();
    if flags.path {
        say(&format!("{shown}\n"));
    } else if flags.json {
        let variables: Vec<_> = TRUST.iter().map(|(name, read_by)| serde_json::json!({ "name": name, "readBy": read_by })).collect();
        say(&format!("{}\n", serde_json::json!({ "path": path, "variables": variables })));
    } else {
        let line = |(name, read_by): &(&str, &str)| format!("  {:<60}  {read_by}\n", format!("{name}={shown}"));
        let lines: String = TRUST.iter().map(line).collect();
        say(&format!(
            "{shown}\n\nIt vouches for https://localhost of this data directory and for nothing else: its private key was thrown away.\n\
             A program trusts it with one of these variables:\n{lines}"
        ));
    }
    Ok(Outcome::Done)
}
