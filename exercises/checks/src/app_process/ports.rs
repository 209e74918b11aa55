//! Free ports: we bind one, let it go, and the app takes it. No port is given out twice in one run.
//!
//! They lie below the ranges from which the systems take ports for outgoing connections and for listeners on port 0 (Linux from 32768, macOS and
//! Windows from 49152). A port of those ranges can go to somebody else in the moment between our letting go and the app's binding: to the
//! stand-in provider of another check, say, which then answers in the app's place.

use std::{
    collections::HashSet,
    io,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::net::TcpStream;

const ATTEMPTS: usize = 50;

/// Where the ports come from.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// The ports given out so far. Cloning gives another handle to the same list.
#[derive(Debug, Clone, Default)]
pub struct Ports {
    given: Arc<Mutex<HashSet<u16>>>,
}

impl Ports {
    /// A port on which nobody listened a moment ago, on either family.
    ///
    /// # Errors
    /// When the system has none.
    pub fn next(&self) -> io::Result<u16> {
        for _ in 0..ATTEMPTS {
            let port = in_range(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port());
            if is_free(port) && self.given.lock().unwrap_or_else(PoisonError::into_inner).insert(port) {
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
        let given: HashSet<u16> = (0..20).map(|_| ports.next().expect("a free port")).collect();
        assert_eq!(given.len(), 20);
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
