//! Where to serve: an address of this machine that no other machine can reach.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;

/// One port on one or both loopback addresses.
#[derive(Debug, PartialEq, Eq)]
pub struct Loopback {
    host: String,
    addresses: Vec<IpAddr>,
    port: u16,
}

impl Loopback {
    /// Reads `localhost:3000`, `127.0.0.1:3000` or `[::1]:3000`. `localhost` means both loopback addresses, because
    /// browsers differ in which one they try first.
    ///
    /// # Errors
    /// When it is no such address. The book is for this machine: other addresses are refused.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || format!("{text} is no address; write for example localhost:3000");
        let (host, port) = text.rsplit_once(':').with_context(wrong)?;
        let port = port.parse().ok().with_context(wrong)?;
        let addresses = match host {
            "localhost" => vec![IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)],
            _ => vec![host.trim_start_matches('[').trim_end_matches(']').parse().ok().with_context(wrong)?],
        };
        if let Some(foreign) = addresses.iter().find(|address| !address.is_loopback()) {
            bail!("{foreign} can be reached by other machines; the book is served on localhost only");
        }
        Ok(Self { host: host.to_owned(), addresses, port })
    }

    /// Takes the port on every address. A machine without IPv6 has one address less, and that is no error.
    ///
    /// # Errors
    /// When the port is in use, or no address can be listened on.
    pub async fn listen(&self) -> Result<Vec<TcpListener>> {
        let mut listeners = Vec::new();
        let mut port = self.port;
        let mut last_error = None;
        for &address in &self.addresses {
            match TcpListener::bind(SocketAddr::new(address, port)).await {
                Ok(listener) => {
                    // With port 0 the system chooses, and the second address must get the same one.
                    port = listener.local_addr().context("a listener has an address")?.port();
                    listeners.push(listener);
                }
                Err(error) if error.kind() == ErrorKind::AddrInUse => {
                    let free = if port > u16::MAX - 10 { port - 10 } else { port + 10 };
                    bail!(
                        "port {port} is in use; use --book with another one, for example --book localhost:{free} \
                         (with `cargo xtask book --serve`: --addr localhost:{free})"
                    )
                }
                Err(error) => last_error = Some(error),
            }
        }
        match last_error {
            Some(error) if listeners.is_empty() => Err(error).with_context(|| format!("cannot listen on {}:{port}", self.host)),
            _ => Ok(listeners),
        }
    }

    /// What a person types into the browser.
    pub fn url(&self, listeners: &[TcpListener]) -> String {
        let port = listeners.first().and_then(|listener| listener.local_addr().ok()).map_or(self.port, |address| address.port());
        format!("http://{}:{port}", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::Loopback;

    #[test]
    fn localhost_means_both_loopback_addresses() {
        let addresses = |text| Loopback::parse(text).unwrap().addresses.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(addresses("localhost:3000"), ["127.0.0.1", "::1"]);
        assert_eq!(addresses("127.0.0.1:3000"), ["127.0.0.1"]);
        assert_eq!(addresses("[::1]:3000"), ["::1"]);
    }

    #[test]
    fn an_address_for_other_machines_is_refused() {
        for (text, expected) in [
            ("0.0.0.0:3000", "other machines"),
            ("192.0.2.7:3000", "other machines"),
            ("example.com:3000", "no address"),
            ("localhost", "no address"),
            ("localhost:seven", "no address"),
        ] {
            let said = Loopback::parse(text).unwrap_err().to_string();
            assert!(said.contains(expected), "{text}: {said}");
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_named_with_the_remedy() {
        let first = Loopback::parse("127.0.0.1:0").unwrap().listen().await.unwrap();
        let port = first[0].local_addr().unwrap().port();
        let said = Loopback::parse(&format!("localhost:{port}")).unwrap().listen().await.unwrap_err().to_string();
        assert!(said.starts_with(&format!("port {port} is in use; use --book with another one, for example --book localhost:")), "{said}");
    }

    #[tokio::test]
    async fn the_url_has_the_port_that_was_taken() {
        let loopback = Loopback::parse("127.0.0.1:0").unwrap();
        let listeners = loopback.listen().await.unwrap();
        let port = listeners[0].local_addr().unwrap().port();
        assert_eq!(loopback.url(&listeners), format!("http://127.0.0.1:{port}"));
    }
}
