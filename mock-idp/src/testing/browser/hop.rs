//! The record of one exchange.

use url::Url;

use super::{cookies::CookieRefusal, request::Site};

/// One request and its answer, as they were. Values are not masked: whoever prints a hop masks it.
#[derive(Debug, Clone)]
pub struct Hop {
    /// Who was asked.
    pub site: Site,
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: Url,
    /// The form in the body, if one was sent.
    pub form: Option<Vec<(String, String)>>,
    /// The cookies that were sent.
    pub cookies: Vec<(String, String)>,
    /// Names of cookies that `SameSite` kept back.
    pub withheld_cookies: Vec<String>,
    /// The status.
    pub status: u16,
    /// The headers of the answer, names in lower case.
    pub headers: Vec<(String, String)>,
    /// `Set-Cookie` headers that the browser refused, with the reason.
    pub refused_cookies: Vec<(String, CookieRefusal)>,
    /// The body as text.
    pub body: String,
}

impl Hop {
    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All headers of this name (lower case).
    pub fn header_values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the answer is a redirect.
    pub fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308) && self.header("location").is_some()
    }
}
