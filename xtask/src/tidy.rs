//! `cargo xtask tidy`: rules of the house that neither the compiler nor clippy knows.

mod crypto_provider;
mod endpoint_headers;
mod file_sizes;
mod imports;
mod stray_paths;
mod tracked_files;

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use crate::{
    flags,
    outcome::Outcome,
    terminal::{Ink, Style, count},
    workspace::Workspace,
};

/// One broken rule, with where it is broken and what to do.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub file: String,
    pub line: Option<usize>,
    pub message: String,
}

/// A text file of the project: its path from the root, with `/`, and what it holds.
#[derive(Debug)]
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    findings: &'a [Finding],
    long_files: &'a [(String, usize)],
}

pub fn run(flags: &flags::Tidy, style: Style) -> Result<Outcome> {
    let workspace = Workspace::find()?;
    let files = tracked_files::read(&workspace.root)?;
    let mut findings = judge(&files, &workspace.root);
    findings.extend(crypto_provider::check(&workspace.root)?);
    let long_files = file_sizes::long(&files);
    if flags.json {
        let report = Report { schema: "abc-tidy/v1", findings: &findings, long_files: &long_files };
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", render(&findings, &long_files, files.len(), style));
    }
    Ok(Outcome::from_problems(findings.len()))
}

/// Every rule that needs the text of the files and nothing else.
fn judge(files: &[SourceFile], root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        findings.extend(file_sizes::check(file));
        findings.extend(imports::check(file));
        findings.extend(stray_paths::check(file, root));
        findings.extend(endpoint_headers::check(file));
    }
    findings
}

fn render(findings: &[Finding], long_files: &[(String, usize)], files: usize, style: Style) -> String {
    let mut text = String::new();
    for finding in findings {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        text += &format!("{} {}{line}: {} [{}]\n", style.paint(Ink::Bad, "error"), finding.file, finding.message, finding.rule);
    }
    for (path, lines) in long_files {
        text += &format!("{} {path}: {lines} lines; past 400 it must be split\n", style.paint(Ink::Faint, "note"));
    }
    let verdict = match findings.len() {
        0 => style.paint(Ink::Good, "tidy"),
        number => style.paint(Ink::Bad, count(number, "finding")),
    };
    text + &format!("{verdict}: {files} files read\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_names_file_line_rule_and_remedy() {
        let finding = Finding {
            rule: "imports",
            file: "mock-idp/src/tokens/mint.rs".to_owned(),
            line: Some(12),
            message: "`tokens` must not use `endpoints`".to_owned(),
        };
        insta::assert_snapshot!(render(&[finding], &[("mock-idp/src/oauth/error.rs".to_owned(), 371)], 96, Style::Plain), @r"
        error mock-idp/src/tokens/mint.rs:12: `tokens` must not use `endpoints` [imports]
        note mock-idp/src/oauth/error.rs: 371 lines; past 400 it must be split
        1 finding: 96 files read
        ");
        insta::assert_snapshot!(render(&[], &[], 96, Style::Plain), @"tidy: 96 files read");
    }
}
