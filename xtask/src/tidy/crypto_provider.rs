//! One crypto provider in the graph. Two of them make rustls panic at run time, when it has to choose.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::Finding;
use crate::cargo;

/// The provider that must stay out; `ring` is the one we use (`aws-lc-rs` costs a learner a minute of compiling).
const OTHER_PROVIDER: &str = "aws-lc-rs";

pub fn check(root: &Path) -> Result<Option<Finding>> {
    for edges in ["normal,build", "all"] {
        let output = cargo::command()
            .args(["tree", "--workspace", "--offline", "--invert", OTHER_PROVIDER, "--edges", edges])
            .current_dir(root)
            .output()
            .context("cannot run `cargo tree`")?;
        let (tree, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if let Some(finding) = judge(output.status.success(), &tree, &complaint)? {
            return Ok(Some(finding));
        }
    }
    Ok(None)
}

/// A package that is not in the lock file is an error to cargo, and what we hope for.
fn judge(succeeded: bool, tree: &str, complaint: &str) -> Result<Option<Finding>> {
    if !succeeded && complaint.contains("did not match any packages") {
        return Ok(None);
    }
    if !succeeded {
        bail!("`cargo tree` failed; run `cargo fetch --locked` once, then try again:\n{}", complaint.trim_end());
    }
    let mut users = tree.lines().filter(|line| !line.trim().is_empty());
    Ok(users.next().map(|_| Finding {
        rule: "crypto-provider",
        file: "Cargo.lock".to_owned(),
        line: None,
        message: format!(
            "{OTHER_PROVIDER} is a second crypto provider beside ring; it comes in by: {}",
            users.next().unwrap_or("?").trim()
        ),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_provider_is_named_with_who_brings_it() {
        let tree = "aws-lc-rs v1.19.0\n└── rustls v0.23.46\n";
        let finding = judge(true, tree, "").unwrap().expect("the provider is in the tree");
        assert!(finding.message.ends_with("└── rustls v0.23.46"), "{}", finding.message);
    }

    #[test]
    fn an_absent_provider_is_fine_and_a_broken_cargo_is_not() {
        assert_eq!(judge(false, "", "error: package ID specification `aws-lc-rs` did not match any packages").unwrap(), None);
        assert_eq!(judge(true, "", "warning: nothing to print.").unwrap(), None);
        assert!(judge(false, "", "error: could not parse the lock file").is_err());
    }
}
