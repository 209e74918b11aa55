//! Directory files that are given on the command line.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use mock_idp::directory::{Directory, file::Mistake};
use serde::Serialize;

use super::UsageError;

/// A file that could be read, and what is in it.
pub type Judged = Result<Directory, Vec<Mistake>>;

/// Reads a directory file.
///
/// # Errors
/// When the file cannot be read. Mistakes in it are no error of ours.
pub fn read(file: &Path) -> anyhow::Result<Judged> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let problem = format!("is not UTF-8 from byte {at} on; save the file as UTF-8");
            return Ok(Err(vec![Mistake { path: "$".to_owned(), problem }]));
        }
    };
    // Some editors begin a file with a mark that JSON does not have (RFC 8259 §8.1 lets a reader ignore it).
    let json = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(Directory::from_json(json).map_err(|error| error.mistakes().to_vec()))
}

/// Reads directory files of different tenants. If one of them has mistakes, all mistakes are printed and there is no result.
///
/// # Errors
/// When a file cannot be read; [`UsageError`] when two files hold the same tenant.
pub fn all_without_mistakes(files: &[PathBuf]) -> anyhow::Result<Option<Vec<Directory>>> {
    let mut found = Vec::new();
    let mut mistaken = false;
    for file in files {
        match read(file)? {
            Ok(directory) => found.push(directory),
            Err(mistakes) => {
                mistaken = true;
                eprint!("{}", report(file, &mistakes));
            }
        }
    }
    if mistaken {
        return Ok(None);
    }
    let mut by_tenant = BTreeMap::new();
    for (file, directory) in files.iter().zip(&found) {
        if let Some(other) = by_tenant.insert(directory.tenant_id(), file) {
            let (tenant, file, other) = (directory.tenant_id(), file.display(), other.display());
            return Err(UsageError(format!("{other} and {file} hold the same tenant, {tenant}; name one of them")).into());
        }
    }
    Ok(Some(found))
}

/// The mistakes of one file, one in a line.
pub fn report(file: &Path, mistakes: &[Mistake]) -> String {
    let count = match mistakes.len() {
        1 => "1 mistake".to_owned(),
        several => format!("{several} mistakes"),
    };
    let lines: String = mistakes.iter().map(|mistake| format!("  {mistake}\n")).collect();
    format!("{}: {count}\n{lines}", file.display())
}

/// A file as programs are told of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JudgedFile {
    /// The path as it was given.
    pub file: String,
    /// The tenant, where the file has no mistakes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

impl JudgedFile {
    /// What is told of this file.
    pub fn of(file: &Path, judged: &Judged) -> Self {
        let tenant_id = judged.as_ref().ok().map(|directory| directory.tenant_id().to_owned());
        Self { file: file.display().to_string(), tenant_id, mistakes: judged.as_ref().err().cloned().unwrap_or_default() }
    }
}
