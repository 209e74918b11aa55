//! Calls of cargo and what it says: one JSON message a line on standard output, progress on standard error.

use std::{
    ffi::OsString,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use serde::Deserialize;

/// Makes cargo print one JSON object a line.
pub const MESSAGE_FORMAT: &str = "--message-format=json";

/// The cargo that started us, without the variables that it set for us alone.
///
/// Build scripts (that of `ring`, for one) ask to be run again when `CARGO_PKG_NAME` or `CARGO_MANIFEST_DIR` changes; passing
/// ours on would rebuild them on every change between `cargo test` and `cargo xtask`.
pub fn command() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_set_for_us_alone) {
            command.env_remove(name);
        }
    }
    command
}

fn is_set_for_us_alone(variable: &str) -> bool {
    const EXACT: [&str; 7] = [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_CRATE_NAME",
        "CARGO_BIN_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_MANIFEST_LINKS",
        "OUT_DIR",
    ];
    variable.starts_with("CARGO_PKG_") || EXACT.contains(&variable)
}

/// Whether a person watches cargo at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Shown,
    Silent,
}

/// What a build said.
#[derive(Debug)]
pub struct Build {
    pub succeeded: bool,
    pub artifacts: Vec<Artifact>,
    pub diagnostics: Vec<Diagnostic>,
    pub stderr: String,
}

#[derive(Debug, Deserialize)]
pub struct Artifact {
    pub target: Target,
    pub executable: Option<PathBuf>,
    /// True when cargo found the artifact up to date and did not build it.
    pub fresh: bool,
}

#[derive(Debug, Deserialize)]
pub struct Target {
    pub name: String,
}

#[derive(Debug, Deserialize)]
pub struct Diagnostic {
    pub manifest_path: PathBuf,
    pub message: Message,
}

#[derive(Debug, Deserialize)]
pub struct Message {
    pub level: String,
    pub rendered: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerArtifact(Artifact),
    CompilerMessage(Diagnostic),
    #[serde(other)]
    Other,
}

impl Build {
    /// Runs cargo with `arguments`, from `build` on. With `--locked` and everything downloaded, cargo does not touch the network.
    pub fn run(folder: &Path, arguments: &[&str], progress: Progress) -> Result<Self> {
        let mut child = command()
            .args(arguments)
            .arg(MESSAGE_FORMAT)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start cargo; is it on the PATH?")?;
        let stderr = child.stderr.take().context("cargo's standard error is not piped")?;
        let reader = std::thread::spawn(move || collect(stderr, progress));
        let mut messages = String::new();
        let mut stdout = child.stdout.take().context("cargo's standard output is not piped")?;
        stdout.read_to_string(&mut messages).context("cannot read what cargo prints")?;
        let succeeded = child.wait().context("cannot wait for cargo")?.success();
        Ok(Self::from_messages(&messages, reader.join().unwrap_or_default(), succeeded))
    }

    /// The build that printed `messages`.
    pub fn from_messages(messages: &str, stderr: String, succeeded: bool) -> Self {
        let mut build = Self { succeeded, artifacts: Vec::new(), diagnostics: Vec::new(), stderr };
        messages.lines().for_each(|line| build.take(line));
        build
    }

    fn take(&mut self, line: &str) {
        match serde_json::from_str(line) {
            Ok(Line::CompilerArtifact(artifact)) => self.artifacts.push(artifact),
            Ok(Line::CompilerMessage(diagnostic)) => self.diagnostics.push(diagnostic),
            // What a build script or a future cargo prints is none of our business.
            Ok(Line::Other) | Err(_) => {}
        }
    }

    /// The executable named `name`, chosen from cargo's own messages: `target/debug` may hold older files.
    pub fn executable(&self, name: &str) -> Option<&Artifact> {
        self.artifacts.iter().find(|artifact| artifact.target.name == name && artifact.executable.is_some())
    }

    /// The compiler's messages of one level (`error`, `warning`) about one package, without the closing count.
    pub fn messages<'a>(&'a self, manifest: &'a Path, level: &'a str) -> impl Iterator<Item = &'a str> {
        self.diagnostics
            .iter()
            .filter(move |diagnostic| diagnostic.manifest_path == manifest && diagnostic.message.level == level)
            .filter_map(|diagnostic| diagnostic.message.rendered.as_deref())
            .filter(|text| !is_closing_count(text))
    }

    /// What to show when the build failed: the compiler's errors, else what cargo itself complained about.
    pub fn complaint(&self) -> String {
        let errors: Vec<&str> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.message.level == "error")
            .filter_map(|diagnostic| diagnostic.message.rendered.as_deref())
            .filter(|text| !is_closing_count(text))
            .map(str::trim_end)
            .collect();
        if errors.is_empty() { self.stderr.trim_end().to_owned() } else { errors.join("\n\n") }
    }
}

/// `error: aborting due to 2 previous errors`, `warning: 1 warning emitted`.
fn is_closing_count(rendered: &str) -> bool {
    rendered.starts_with("error: aborting due to") || (rendered.starts_with("warning:") && rendered.trim_end().ends_with("emitted"))
}

fn collect(stderr: impl std::io::Read, progress: Progress) -> String {
    let mut collected = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if progress == Progress::Shown {
            // A closed terminal is no reason to stop the build.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        collected.push_str(&line);
        collected.push('\n');
    }
    collected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(lines: &[&str]) -> Build {
        Build::from_messages(&lines.join("\n"), String::new(), true)
    }

    #[test]
    fn the_executable_is_taken_from_the_messages() {
        let build = build(&[
            r#"{"reason":"compiler-artifact","package_id":"x","manifest_path":"/w/e/Cargo.toml","target":{"name":"unit_04","kind":["lib"]},"executable":null,"fresh":true}"#,
            r#"{"reason":"compiler-artifact","package_id":"x","manifest_path":"/w/e/Cargo.toml","target":{"name":"unit-04","kind":["bin"]},"executable":"/t/debug/unit-04","fresh":false}"#,
            r#"{"reason":"build-finished","success":true}"#,
            "not JSON at all",
        ]);
        let artifact = build.executable("unit-04").expect("the message of the binary is there");
        assert_eq!((artifact.executable.as_deref(), artifact.fresh), (Some(Path::new("/t/debug/unit-04")), false));
        assert!(build.executable("unit_04").is_none());
    }

    #[test]
    fn warnings_are_counted_for_one_package_and_without_the_closing_line() {
        let warning = |manifest: &str, text: &str| {
            format!(r#"{{"reason":"compiler-message","manifest_path":"{manifest}","message":{{"level":"warning","rendered":"{text}"}}}}"#)
        };
        let build = build(&[
            &warning("/w/a/Cargo.toml", "warning: unused import"),
            &warning("/w/a/Cargo.toml", "warning: 1 warning emitted"),
            &warning("/w/b/Cargo.toml", "warning: never read"),
        ]);
        assert_eq!(build.messages(Path::new("/w/a/Cargo.toml"), "warning").collect::<Vec<_>>(), ["warning: unused import"]);
    }

    #[test]
    fn only_the_variables_of_our_own_package_are_withheld() {
        assert!(["CARGO_PKG_NAME", "CARGO_MANIFEST_DIR", "OUT_DIR"].into_iter().all(is_set_for_us_alone));
        assert!(!["CARGO_HOME", "CARGO_NET_OFFLINE", "CARGO_TARGET_DIR", "PATH"].into_iter().any(is_set_for_us_alone));
    }
}
