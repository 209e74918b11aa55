//! `mock-idp check-directory`

use std::path::PathBuf;

use mock_idp::directory::difference::shown;

use super::{
    Outcome,
    files::{self, JudgedFile},
    terminal::say,
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: mock-idp check-directory my-tenant.json\n\n\
    Ends with 1 if a file has mistakes, with 3 if one cannot be read.")]
pub struct CheckDirectory {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON: {"files": [{"file", "tenantId", "mistakes": [{"path", "problem"}]}]}
    #[arg(long)]
    json: bool,
}

pub fn run(flags: &CheckDirectory) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut told = Vec::new();
    for file in &flags.files {
        let judged = files::read(file)?;
        told.push(JudgedFile::of(file, &judged));
        if judged.is_err() {
            outcome = Outcome::Mistakes;
        }
        if flags.json {
            continue;
        }
        match judged {
            Ok(directory) => {
                let (users, groups, applications) = (directory.users.len(), directory.groups.len(), directory.applications.len());
                let name = shown(&directory.organization.display_name);
                let file = file.display();
                say(&format!("{file}: no mistakes. {name}: {users} users, {groups} groups, {applications} app registrations\n"));
            }
            Err(mistakes) => eprint!("{}", files::report(file, &mistakes)),
        }
    }
    if flags.json {
        say(&format!("{}\n", serde_json::json!({ "files": told })));
    }
    Ok(outcome)
}
