//! Free ports: the system names one, we let it go, and the app takes it. No port is given out twice in one run.

use std::{
    collections::HashSet,
    io,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::net::TcpStream;

const ATTEMPTS: usize = 50;

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
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            if self.given.lock().unwrap_or_else(PoisonError::into_inner).insert(port) {
                return Ok(port);
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrInUse, "the system named no free port"))
    }
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
}
