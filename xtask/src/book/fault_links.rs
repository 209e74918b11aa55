//! Links of the book to the practice portal that choose a fault.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use mock_idp::Fault;

/// Prints each link to a fault that the mock does not have, and counts them.
///
/// # Errors
/// When a page cannot be read.
pub fn check(root: &Path) -> Result<usize> {
    let mut problems = 0;
    for page in markdown_files(&root.join("book/src"))? {
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        for name in unknown_faults(&text) {
            let place = page.strip_prefix(root).unwrap_or(&page).display();
            println!("{place}: links to the fault '{name}', which the mock does not have");
            problems += 1;
        }
    }
    Ok(problems)
}

fn unknown_faults(text: &str) -> Vec<&str> {
    let linked = text.split("/portal/faults?fault=").skip(1);
    let names = linked.map(|rest| rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default());
    names.filter(|name| !Fault::ALL.iter().any(|fault| fault.name() == *name)).collect()
}

fn markdown_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(markdown_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::unknown_faults;

    #[test]
    fn a_link_to_a_fault_that_does_not_exist_is_found() {
        let page =
            "[a](http://localhost:8400/portal/faults?fault=wrongNonce#inject) [b](http://localhost:8400/portal/faults?fault=wrongNonse)";
        assert_eq!(unknown_faults(page), ["wrongNonse"]);
    }
}
