//! Programs that we did not write, against the mock: MSAL, the Graph SDKs, and a real browser. See `clients/README.md`.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};

use super::{End, requirement::Need};

/// The scripts' word for "this machine lacks what I need".
const CANNOT_RUN: i32 = 3;
const CANNOT_RUN_LINE: &str = "cannot run: ";

/// MSAL and the SDKs of Microsoft Graph. All are run, whatever the first ones say; the worst end is told.
pub fn real_clients(root: &Path) -> Result<End> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let scripts = [(python, "clients/msal-python/run.py"), (python, "clients/graph-python/run.py"), ("node", "clients/graph-node/run.mjs")];
    let mut ends = Vec::new();
    for (interpreter, script) in scripts {
        ends.push(of_script(script, run(root, interpreter, script, &[], Need::Clients)?));
    }
    Ok(worst(ends))
}

/// The same end with the script's name before its reason.
fn of_script(script: &str, end: End) -> End {
    match end {
        End::Passed => End::Passed,
        End::Failed(reason) => End::Failed(format!("{script}: {reason}")),
        End::Skipped { need, reason } => End::Skipped { need, reason: format!("{script}: {reason}") },
    }
}

/// The first failure, else the first skip.
fn worst(ends: Vec<End>) -> End {
    let rank = |end: &End| match end {
        End::Failed(_) => 0,
        End::Skipped { .. } => 1,
        End::Passed => 2,
    };
    ends.into_iter().min_by_key(rank).unwrap_or(End::Passed)
}

pub fn browser(root: &Path) -> Result<End> {
    run(root, "node", "clients/browser/run.mjs", &[], Need::Browser)
}

/// Runs a script, shows what it prints, and tells how it ended.
///
/// # Errors
/// When the interpreter is there and cannot be run.
pub fn run(root: &Path, interpreter: &str, script: &str, arguments: &[&str], need: Need) -> Result<End> {
    if !root.join(script).is_file() {
        return Ok(End::Failed(format!("{script} is missing")));
    }
    let started =
        Command::new(interpreter).arg(script).args(arguments).current_dir(root).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(End::Skipped { need, reason: format!("there is no {interpreter} on the PATH") });
        }
        Err(error) => return Err(error).with_context(|| format!("cannot run `{interpreter} {script}`")),
    };
    let mut last_lines = LastLines::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("{line}");
            last_lines.take(line);
        }
    }
    let status = child.wait().with_context(|| format!("cannot wait for {script}"))?;
    Ok(end(status.code(), last_lines, need))
}

/// What is kept of a script's output: the reason why it cannot run, and the last line, which counts its proofs.
#[derive(Debug, Default)]
struct LastLines {
    cannot_run: Option<String>,
    last: String,
}

impl LastLines {
    fn take(&mut self, line: String) {
        if let Some(reason) = line.strip_prefix(CANNOT_RUN_LINE) {
            self.cannot_run = Some(reason.to_owned());
        }
        self.last = line;
    }
}

fn end(code: Option<i32>, lines: LastLines, need: Need) -> End {
    match code {
        Some(0) => End::Passed,
        Some(CANNOT_RUN) => End::Skipped { need, reason: lines.cannot_run.unwrap_or(lines.last) },
        Some(_) => End::Failed(lines.last),
        None => End::Failed("the script was ended by a signal".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(code: i32, output: &str) -> End {
        let mut lines = LastLines::default();
        output.lines().for_each(|line| lines.take(line.to_owned()));
        end(Some(code), lines, Need::Clients)
    }

    #[test]
    fn a_script_that_cannot_run_is_skipped_with_its_reason() {
        let reason = "no pip".to_owned();
        assert_eq!(after(3, "making the environment\ncannot run: no pip\nbye\n"), End::Skipped { need: Need::Clients, reason });
    }

    #[test]
    fn a_script_that_fails_is_a_failure_with_its_count() {
        assert_eq!(after(1, "FAIL refresh\n3 passed, 1 failed\n"), End::Failed("3 passed, 1 failed".to_owned()));
        assert_eq!(after(0, "4 passed, 0 failed\n"), End::Passed);
    }

    #[test]
    fn a_missing_script_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(real_clients(folder.path()).unwrap(), End::Failed(reason) if reason.starts_with("clients/msal-python/run.py")));
    }

    #[test]
    fn a_failure_outweighs_a_skip_and_a_skip_a_pass() {
        let skip = || End::Skipped { need: Need::Clients, reason: "no npm".to_owned() };
        let fail = || End::Failed("1 failed".to_owned());
        assert_eq!(worst(vec![End::Passed, skip(), fail()]), fail());
        assert_eq!(worst(vec![End::Passed, skip(), End::Passed]), skip());
        assert_eq!(worst(vec![End::Passed]), End::Passed);
    }
}
