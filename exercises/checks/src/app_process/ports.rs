//! Free ports: we bind one, let it go, and the app takes it. No port is given out twice in one run, nor to two runs that go on at the same time in
//! this process.
//!
//! They lie below the ranges from which the systems take ports for outgoing connections and for listeners on port 0 (Linux from 32768, macOS and
//! Windows from 49152). A port of those ranges can go to somebody else in the moment between our letting go and the app's binding: to the
//! stand-in provider of another check, say, which then answers in the app's place.

use std::{
    collections::BTreeSet,
    io,
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::net::TcpStream;

const ATTEMPTS: usize = 50;

/// Where the ports come from.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// The ports of a machine are there once, and so is the list of those that runs of this process use.
static IN_USE: InUse = InUse(Mutex::new(BTreeSet::new()));

/// What runs have been given and not yet given back. Without it, two runs side by side could be given the same port in the moment between our letting
/// go and an app's binding.
#[derive(Debug, Default)]
struct InUse(Mutex<BTreeSet<u16>>);

impl InUse {
    fn ports(&self) -> MutexGuard<'_, BTreeSet<u16>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The ports of one run. Cloning gives another handle to the same list; the last handle gives all of them back.
#[derive(Debug, Clone)]
pub struct Ports {
    given: Arc<Given>,
}

#[derive(Debug)]
struct Given {
    ports: Mutex<Vec<u16>>,
    in_use: &'static InUse,
}

impl Drop for Given {
    fn drop(&mut self) {
        let given = self.ports.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.in_use.ports().retain(|port| !given.contains(port));
    }
}

impl Default for Ports {
    fn default() -> Self {
        Self::noted_in(&IN_USE)
    }
}

impl Ports {
    fn noted_in(in_use: &'static InUse) -> Self {
        Self { given: Arc::new(Given { ports: Mutex::default(), in_use }) }
    }

    /// A port on which nobody listened a moment ago, on either family.
    ///
    /// # Errors
    /// When the system has none.
    pub fn next(&self) -> io::Result<u16> {
        for _ in 0..ATTEMPTS {
            let port = in_range(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port());
            if is_free(port) && self.given.in_use.ports().insert(port) {
                self.given.ports.lock().unwrap_or_else(PoisonError::into_inner).push(port);
                return Ok(port);
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "the system named no free port"))
    }
}

/// The system's choice is different each time and for each process; it serves as our dice.
fn in_range(choice: u16) -> u16 {
    RANGE.start + choice % (RANGE.end - RANGE.start)
}

/// A system without IPv6 refuses its address for another reason than "in use".
fn is_free(port: u16) -> bool {
    let v6_in_use = matches!(TcpListener::bind(("::1", port)), Err(error) if error.kind() == io::ErrorKind::AddrInUse);
    TcpListener::bind(("127.0.0.1", port)).is_ok() && !v6_in_use
}

/// Whether somebody else listens on a port, or it cannot be bound.
pub async fn is_taken(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok() || TcpListener::bind(("127.0.0.1", port)).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice() {
        let ports = Ports::default();
        let given: BTreeSet<u16> = (0..20).map(|_| ports.next().expect("a free port")).collect();
        assert_eq!(given.len(), 20);
    }

    #[test]
    fn two_runs_at_the_same_time_are_given_different_ports() {
        let run = || {
            let ports = Ports::default();
            let given: Vec<u16> = (0..20).map(|_| ports.next().expect("a free port")).collect();
            (ports, given)
        };
        let ended: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
            running.into_iter().map(|run| run.join().expect("a run ends")).collect()
        });
        assert_eq!(ended.iter().flat_map(|(_, given)| given).collect::<BTreeSet<_>>().len(), 8 * 20);
    }

    #[test]
    fn the_last_handle_gives_the_ports_back() {
        let in_use: &'static InUse = Box::leak(Box::default());
        let (ports, other_run) = (Ports::noted_in(in_use), Ports::noted_in(in_use));
        let (port, kept) = (ports.next().expect("a free port"), other_run.next().expect("a free port"));
        let handle = ports.clone();
        drop(ports);
        assert!(in_use.ports().contains(&port), "a run that goes on keeps its ports");
        drop(handle);
        assert_eq!(in_use.ports().iter().copied().collect::<Vec<_>>(), [kept]);
    }

    #[test]
    fn ports_lie_below_those_that_the_system_gives_to_others() {
        let port = Ports::default().next().expect("a free port");
        assert!(RANGE.contains(&port), "{port}");
    }

    #[test]
    fn a_port_with_a_listener_on_either_family_is_not_free() {
        let v4 = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        assert!(!is_free(v4.local_addr().expect("an address").port()));
        if let Ok(v6) = TcpListener::bind(("::1", 0)) {
            assert!(!is_free(v6.local_addr().expect("an address").port()));
        }
    }
}
