//! A program with all that it starts itself, so that nothing of it is left behind.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

/// How long a polite request to end is given before it is no longer polite.
const GRACE: Duration = Duration::from_secs(3);

/// A running program in a process group of its own: Ctrl-C at the terminal does not reach it, we stop it ourselves.
#[derive(Debug)]
pub struct ChildGroup {
    child: Child,
    /// Kept, because a child that has been waited for has no id any more while its own children may live on.
    #[cfg(unix)]
    group: Option<u32>,
}

impl ChildGroup {
    pub fn spawn(mut command: Command) -> Result<Self> {
        #[cfg(unix)]
        command.process_group(0);
        let child = command.kill_on_drop(true).spawn().with_context(|| format!("cannot start {:?}", command.as_std().get_program()))?;
        Ok(Self {
            #[cfg(unix)]
            group: child.id(),
            child,
        })
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Asks the group to end, waits a little, then ends it.
    pub async fn stop(&mut self) {
        #[cfg(unix)]
        if let Some(group) = self.group {
            signal(group, "TERM").await;
            if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
                signal(group, "KILL").await;
            }
        }
        // On Windows cargo's compilers end with cargo, which keeps them in a job.
        let _ = self.child.start_kill();
        let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
    }
}

/// Sends a signal to a process group. The shell's own `kill` is there where the program is not.
#[cfg(unix)]
async fn signal(group: u32, name: &str) {
    use std::process::Stdio;
    let script = format!("kill -s {name} -- -{group}");
    // The group may have ended by itself in the meantime.
    let _ = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Stdio;

    use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};

    use super::*;

    #[tokio::test]
    async fn a_child_of_the_child_ends_too() {
        let mut command = Command::new("sh");
        // The grandchild inherits the pipe: it is closed only when both have ended.
        command.args(["-c", "sleep 600 & echo started; wait"]).stdout(Stdio::piped());
        let mut group = ChildGroup::spawn(command).unwrap();
        let mut output = BufReader::new(group.child().stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).await.unwrap();
        assert_eq!(line, "started\n");
        group.stop().await;
        let mut rest = String::new();
        let end = tokio::time::timeout(GRACE, output.read_to_string(&mut rest)).await;
        assert!(end.is_ok(), "somebody still holds the pipe");
    }
}
