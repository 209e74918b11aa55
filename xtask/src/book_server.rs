//! The book: built by cargo, then run as a program of its own, so that nothing else has to compile mdBook.

use std::{
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::TcpStream,
    process::Command,
};

use crate::{cargo, child_group::ChildGroup, workspace::Workspace};

pub const PACKAGE: &str = "book-builder";

/// mdBook reads the whole book before it answers.
const READY_WITHIN: Duration = Duration::from_secs(120);
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// Of what a failed build or server said, this much is shown.
const LAST_LINES: usize = 15;

/// The book, being built or served.
#[derive(Debug)]
pub struct BookServer {
    root: PathBuf,
    address: String,
    option: &'static str,
    running: Option<ChildGroup>,
}

/// The book can be read.
#[derive(Debug)]
pub struct Serving {
    pub url: String,
}

impl BookServer {
    /// `option` is the flag that moves the address, for messages.
    pub fn new(workspace: &Workspace, address: &str, option: &'static str) -> Self {
        Self { root: workspace.root.clone(), address: address.to_owned(), option, running: None }
    }

    /// Builds the server, starts it, waits until it answers.
    pub async fn start(&mut self) -> Result<Serving> {
        let address = free_address(&self.address, self.option)?;
        let mut command = Command::new(self.build().await?);
        command.args(["serve", "--addr", &self.address]).current_dir(&self.root);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let group = self.running.insert(ChildGroup::spawn(command)?);
        let mut complaints = tokio::spawn(read_all(group.child().stderr.take()));
        let ready = tokio::select! {
            ended = group.child().wait() => Err(ended.context("cannot wait for the book's server")?),
            ready = answers(address) => Ok(ready),
        };
        match ready {
            Ok(true) => Ok(Serving { url: format!("http://{}", self.address) }),
            Ok(false) => bail!("the server did not answer within {} s", READY_WITHIN.as_secs()),
            Err(status) => {
                let said = (&mut complaints).await.unwrap_or_default();
                bail!("its server ended ({status}). Last it said:\n{}", last_lines(&said))
            }
        }
    }

    /// Builds the program and says where cargo put it.
    async fn build(&mut self) -> Result<PathBuf> {
        let mut command = Command::from(cargo::command());
        command.args(["build", "--package", PACKAGE, "--locked", cargo::MESSAGE_FORMAT]).current_dir(&self.root);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let group = self.running.insert(ChildGroup::spawn(command)?);
        let (stdout, stderr) = (group.child().stdout.take(), group.child().stderr.take());
        let (messages, said, status) = tokio::join!(read_all(stdout), read_all(stderr), group.child().wait());
        let build = cargo::Build::from_messages(&messages, said, status.context("cannot wait for cargo")?.success());
        let built = build.executable(PACKAGE).and_then(|artifact| artifact.executable.clone()).filter(|_| build.succeeded);
        built.with_context(|| format!("`cargo build -p {PACKAGE}` failed. Last it said:\n{}", last_lines(&build.complaint())))
    }

    /// Waits until the server ends by itself, and says how.
    pub async fn ended(&mut self) -> String {
        match &mut self.running {
            Some(group) => group.child().wait().await.map_or_else(|error| error.to_string(), |status| status.to_string()),
            None => "it was not started".to_owned(),
        }
    }

    pub async fn stop(&mut self) {
        if let Some(mut group) = self.running.take() {
            group.stop().await;
        }
    }
}

/// Checks early, before a minute of compiling, that nobody else listens there.
fn free_address(address: &str, option: &str) -> Result<SocketAddr> {
    let resolved =
        address.to_socket_addrs().with_context(|| format!("{address} is no address; write for example {option} localhost:3000"))?;
    let mut first = None;
    for address in resolved {
        match TcpListener::bind(address) {
            Ok(_) => first = first.or(Some(address)),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                bail!("port {} is in use; use {option} with another one", address.port())
            }
            // A machine without IPv6 still has the other loopback address.
            Err(_) => {}
        }
    }
    first.with_context(|| format!("cannot listen on {address}; use {option} with another address"))
}

async fn answers(address: SocketAddr) -> bool {
    let limit = tokio::time::Instant::now() + READY_WITHIN;
    while tokio::time::Instant::now() < limit {
        if TcpStream::connect(address).await.is_ok() {
            return true;
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
    false
}

async fn read_all(stream: Option<impl AsyncRead + Unpin>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        // What could be read before the error is worth showing.
        let _ = stream.read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_the_option_that_moves_it() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = holder.local_addr().unwrap().port();
        let error = free_address(&format!("127.0.0.1:{port}"), "--book").unwrap_err();
        assert_eq!(error.to_string(), format!("port {port} is in use; use --book with another one"));
    }

    #[test]
    fn something_that_is_no_address_says_how_to_write_one() {
        assert!(free_address("three thousand", "--book").unwrap_err().to_string().contains("--book localhost:3000"));
    }

    #[test]
    fn only_the_end_of_a_long_log_is_shown() {
        let log: String = (1..=40).map(|number| format!("{number}\n")).collect();
        assert!(last_lines(&log).starts_with("26\n") && last_lines(&log).ends_with("40"));
    }
}
