//! Proof that nothing needs the network after the first build: cargo is forbidden to use it, then the cable is pulled.

use std::process::{Command, Stdio};

use anyhow::Result;
use unit_checks::Unit;

use super::{End, passes, requirement::Need};
use crate::{cargo, workspace::Workspace};

/// Brings up loopback in an empty network namespace, and there judges two solutions: whole sign-ins and calls of Graph, unplugged.
const UNPLUGGED: &str = "ip link set lo up && exec \"$0\" test --package solution-04 --package solution-05 --locked --offline";

pub fn run(workspace: &Workspace) -> Result<End> {
    let mut build = cargo::command();
    build.args(["build", "--locked"]).args(packages().iter().flat_map(|package| ["--package", package]));
    build.env("CARGO_NET_OFFLINE", "true").current_dir(&workspace.root);
    match passes(&mut build)? {
        End::Passed => {}
        other => return Ok(other),
    }
    if !can_unplug() {
        let reason = "built offline; not run unplugged, because `unshare --map-root-user --net` with `ip` is not to be had".to_owned();
        return Ok(End::Skipped { need: Need::Sandbox, reason });
    }
    let cargo = cargo::command();
    let mut unplugged = unshare();
    unplugged.args(["sh", "-c", UNPLUGGED]).arg(cargo.get_program()).env("CARGO_NET_OFFLINE", "true");
    for (name, _) in cargo.get_envs().filter(|(_, value)| value.is_none()) {
        unplugged.env_remove(name);
    }
    passes(unplugged.current_dir(&workspace.root))
}

/// What a learner builds. `xtask` itself is running, and on Windows a running program cannot be replaced.
fn packages() -> Vec<String> {
    let of_units = Unit::ALL.iter().flat_map(|unit| ["unit", "solution"].map(|kind| format!("{kind}-{}", unit.number())));
    of_units.chain(["mock-idp", "book-builder"].map(str::to_owned)).collect()
}

fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net"]);
    command
}

/// Linux with the right to make namespaces.
fn can_unplug() -> bool {
    let mut trial = unshare();
    trial.args(["sh", "-c", "ip link set lo up"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    trial.status().is_ok_and(|status| status.success())
}
