//! What every handler may know about the request it answers: when, under which ids, at which origin.

use std::net::IpAddr;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use time::OffsetDateTime;

use crate::{clock::Clock, random::Entropy, random::is_guid};

/// The scheme of the listener that took the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// TLS with the local authority's certificate.
    Https,
}

impl Scheme {
    /// `http` or `https`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// When the request came, its ids, and the origin that it was sent to. Made once a request by the server, read by every handler.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The instant of the request.
    pub now: OffsetDateTime,
    /// `http://localhost:8400`: issuer and URLs in the answer follow it.
    pub origin: String,
    /// Our id of the request: `trace_id` in errors, `request-id` at Graph, `x-ms-request-id` in headers.
    pub request_id: String,
    /// The caller's `client-request-id`, else an id of ours.
    pub correlation_id: String,
    /// Where the connection comes from, if it came over a socket.
    pub ip_address: Option<IpAddr>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
}

impl RequestContext {
    /// Reads the request's head. Who the other end of the connection is, the caller adds.
    pub fn of(headers: &HeaderMap, authority: &str, scheme: Scheme, clock: &Clock, entropy: &Entropy) -> Self {
        let given = headers.get("client-request-id").and_then(|value| value.to_str().ok()).filter(|text| is_guid(text));
        let correlation_id = given.map_or_else(|| entropy.guid(), str::to_owned);
        Self {
            now: clock.now(),
            origin: format!("{}://{authority}", scheme.as_str()),
            request_id: entropy.guid(),
            correlation_id,
            ip_address: None,
            user_agent: headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned),
        }
    }

    /// The instant as Entra's errors write it: `2016-01-09 02:02:12Z`.
    pub fn timestamp(&self) -> String {
        let format = time::macros::format_description!("[year]-[month]-[day] [hour]:[minute]:[second]Z");
        self.now.format(&format).expect("a UTC instant has all these parts")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or((StatusCode::INTERNAL_SERVER_ERROR, "the request came without a context"))
    }
}

/// The host and port that the request was sent to: the `Host` header, or the authority of HTTP/2.
pub fn authority_of(headers: &HeaderMap, uri: &axum::http::Uri) -> Option<String> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // Names of hosts are the same in any case (RFC 9110 §4.2.3); issuers are compared letter by letter.
    host.or_else(|| uri.authority().map(ToString::to_string)).map(|authority| authority.to_ascii_lowercase())
}
