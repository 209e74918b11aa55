//! Where the mock listens and which names it answers to: loopback, unless two options say otherwise.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who may connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// An interface beside loopback; only together with `allow_hosts`.
    listen: Option<IpAddr>,
    /// Names in the `Host` header beside `localhost`, `127.0.0.1` and `[::1]`.
    allow_hosts: Vec<String>,
}

impl Access {
    /// Only this machine.
    pub const fn loopback() -> Self {
        Self { listen: None, allow_hosts: Vec::new() }
    }

    /// Another interface, under these names.
    ///
    /// # Errors
    /// [`AddressError::HalfOpen`] if one is given without the other: an interface without names would answer nobody or everybody.
    pub fn new(listen: Option<IpAddr>, allow_hosts: Vec<String>) -> Result<Self, AddressError> {
        if listen.is_some() == allow_hosts.is_empty() { Err(AddressError::HalfOpen) } else { Ok(Self { listen, allow_hosts }) }
    }

    /// Whether a request with this `Host` is answered. A page of another site that had its name point here (DNS rebinding) is not.
    pub fn allows(&self, authority: &str) -> bool {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !authority.ends_with(']') => (host, port),
            _ => (authority, ""),
        };
        // The port may be another than ours: containers and editors forward ports.
        let is_port = port.bytes().all(|byte| byte.is_ascii_digit());
        let is_named = |allowed: &str| allowed.eq_ignore_ascii_case(host);
        is_port && (["localhost", "127.0.0.1", "[::1]"].into_iter().any(is_named) || self.allow_hosts.iter().any(|it| is_named(it)))
    }
}

/// An address that the mock cannot listen on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not `host:port`.
    #[error("'{text}' is no address for {option}; write host and port, for example {option} localhost:8400")]
    Malformed {
        /// What was given.
        text: String,
        /// The option.
        option: &'static str,
    },
    /// Not this machine.
    #[error(
        "{option} {text}: the mock listens on this machine only (localhost, 127.0.0.1, [::1]); another interface needs --listen and --allow-host"
    )]
    NotLoopback {
        /// What was given.
        text: String,
        /// The option.
        option: &'static str,
    },
    /// One of two options that belong together.
    #[error("--listen and --allow-host belong together: the first opens another interface, the second names it")]
    HalfOpen,
}

/// The sockets of one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress {
    /// The interfaces. All loopback addresses belong together: `localhost` is either of them.
    pub interfaces: Vec<IpAddr>,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// The option that moves it, for messages.
    pub option: &'static str,
}

impl ListenAddress {
    /// Reads `localhost:8400`, `127.0.0.1:8400`, `[::1]:8400` or `8400`.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str, option: &'static str, access: &Access) -> Result<Self, AddressError> {
        let (host, port) = text.rsplit_once(':').unwrap_or(("localhost", text));
        let port = port.parse().map_err(|_| AddressError::Malformed { text: text.to_owned(), option })?;
        if !["", "localhost", "127.0.0.1", "[::1]"].contains(&host) {
            return Err(AddressError::NotLoopback { text: text.to_owned(), option });
        }
        let mut interfaces = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        match access.listen {
            Some(everywhere) if everywhere.is_unspecified() => interfaces = vec![everywhere],
            Some(other) => interfaces.push(other),
            None => {}
        }
        Ok(Self { interfaces, port, option })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_bound_on_both_families_and_nothing_else_is_accepted() {
        let access = Access::loopback();
        let address = ListenAddress::parse("localhost:8400", "--http", &access).expect("loopback");
        assert_eq!((address.interfaces.len(), address.port), (2, 8400));
        assert!(matches!(ListenAddress::parse("0.0.0.0:8400", "--http", &access), Err(AddressError::NotLoopback { .. })));
        assert!(matches!(ListenAddress::parse("localhost", "--http", &access), Err(AddressError::Malformed { .. })));
        assert_eq!(Access::new(None, vec!["idp.example".to_owned()]), Err(AddressError::HalfOpen));
    }

    #[test]
    fn a_name_that_points_here_by_rebinding_is_not_answered() {
        let access = Access::loopback();
        assert!(access.allows("localhost:8400") && access.allows("127.0.0.1") && access.allows("[::1]:8443"));
        assert!(access.allows("LOCALHOST:8400") && !access.allows("localhost:8400\"") && !access.allows("localhost:x@evil.example"));
        assert!(!access.allows("evil.example:8400") && !access.allows("localhost.evil.example") && !access.allows(""));
    }
}
