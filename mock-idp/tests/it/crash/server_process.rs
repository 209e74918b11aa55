//! The real binary, which can be killed.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

pub struct ServerProcess {
    pub origin: String,
    child: Child,
    // Whoever prints into a closed pipe dies of it.
    _stdout: BufReader<ChildStdout>,
}

impl ServerProcess {
    /// Starts `mock-idp serve` and waits until it listens.
    pub fn start(data_dir: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mock-idp"));
        command.args(["serve", "--http", "localhost:0", "--https", "localhost:0", "--data-dir"]).arg(data_dir);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the binary was built");
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("text");
        let origin =
            line.strip_prefix("http ").unwrap_or_else(|| panic!("the store did not open; the mock printed {line:?}")).trim().to_owned();
        Self { origin, child, _stdout: stdout }
    }

    /// `kill -9`: nothing of the process runs any more.
    pub fn kill(mut self) {
        self.child.kill().expect("it still runs");
        self.child.wait().expect("it is our child");
    }
}

/// A test that fails leaves no process behind.
impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
