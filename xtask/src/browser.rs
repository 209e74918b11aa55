//! Opens a page in the browser of the person at the keyboard.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

pub fn open(url: &str) -> Result<()> {
    let (program, arguments): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", "", url])
    } else if cfg!(target_os = "macos") {
        ("open", &[url])
    } else {
        ("xdg-open", &[url])
    };
    let opened = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = opened.with_context(|| format!("`{program}` cannot be run"))?;
    anyhow::ensure!(status.success(), "`{program}` failed");
    Ok(())
}
