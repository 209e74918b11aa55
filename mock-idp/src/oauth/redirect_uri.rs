//! Redirect URIs and how they are matched.
//! Source: Microsoft identity platform, "Redirect URI (reply URL) outline and restrictions"; RFC 8252 §7.3 for the port.

use serde::{Deserialize, Serialize};

/// A redirect URI as text: `url::Url` would add the slash that Entra's comparison notices.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

impl RedirectUri {
    /// Takes the text as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request that asks for this URI may be answered at the `registered` one: the same text, with scheme and host in any
    /// case; for `http://localhost` the port does not count.
    pub fn matches(&self, registered: &str) -> bool {
        let (asked, registered) = (Parts::of(&self.0), Parts::of(registered));
        let ports_agree = asked.port == registered.port || (asked.host == "localhost" && asked.scheme == "http");
        asked.scheme == registered.scheme && asked.host == registered.host && ports_agree && asked.rest == registered.rest
    }

    /// The `registered` URI as it would be asked for here: for `http://localhost` with this one's port, so that the two differ only in
    /// what counts.
    pub fn as_if_registered(&self, registered: &str) -> String {
        let (asked, known) = (Parts::of(&self.0), Parts::of(registered));
        let local = |parts: &Parts<'_>| parts.scheme == "http" && parts.host == "localhost";
        if !local(&asked) || !local(&known) || asked.port.is_empty() {
            return registered.to_owned();
        }
        format!("http://localhost:{}{}", asked.port, known.rest)
    }

    /// `scheme://host:port` for a `form-action` directive; `scheme:` for the private scheme of an installed app, which has no origin
    /// (RFC 8252 §7.1). `None` if the text is not a URI.
    pub fn origin(&self) -> Option<String> {
        let url = url::Url::parse(&self.0).ok()?;
        let origin = url.origin();
        Some(if origin.is_tuple() { origin.ascii_serialization() } else { format!("{}:", url.scheme()) })
    }

    /// The URI to send an answer to: one without a path gets a slash in query and fragment mode.
    pub fn with_path(&self) -> String {
        let Some((scheme, after)) = self.0.split_once("://") else { return self.0.clone() };
        let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        if rest.starts_with('/') { self.0.clone() } else { format!("{scheme}://{authority}/{rest}") }
    }
}

/// A URI in the parts that the comparison treats differently.
struct Parts<'a> {
    scheme: String,
    host: String,
    port: &'a str,
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let (scheme, after) = text.split_once("://").unwrap_or(("", text));
        let (authority, rest) = after.split_at(after.find(['/', '?', '#']).unwrap_or(after.len()));
        let (host, port) = match authority.rfind(':') {
            // Only digits are a port: in `localhost:5000@evil.example` the host is what follows the `@`.
            Some(colon) if authority[colon + 1..].bytes().all(|byte| byte.is_ascii_digit()) => {
                (&authority[..colon], &authority[colon + 1..])
            }
            _ => (authority, ""),
        };
        Self { scheme: scheme.to_ascii_lowercase(), host: host.to_ascii_lowercase(), port, rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(asked: &str, registered: &str) -> bool {
        RedirectUri::new(asked).matches(registered)
    }

    #[test]
    fn the_port_of_localhost_does_not_count_and_everything_else_does() {
        let registered = "http://localhost:5000/getAToken";
        assert!(matches("http://localhost:41234/getAToken", registered) && matches("http://localhost/getAToken", registered));
        assert!(matches("HTTP://LOCALHOST:5000/getAToken", registered));
        for other in [
            "http://localhost:5000/getatoken",
            "http://localhost:5000/getAToken/",
            "https://localhost:5000/getAToken",
            "http://127.0.0.1:5000/getAToken",
            "http://localhost:5000/getAToken?x=1",
            "http://localhost.evil.example/getAToken",
            "http://localhost:5000@evil.example/getAToken",
            "//localhost/getAToken",
            "",
        ] {
            assert!(!matches(other, registered), "{other}");
        }
    }

    #[test]
    fn a_registered_uri_is_shown_with_the_port_that_was_asked_for() {
        let asked = RedirectUri::new("http://localhost:41234/getatoken");
        assert_eq!(asked.as_if_registered("http://localhost:5000/getAToken"), "http://localhost:41234/getAToken");
        assert_eq!(asked.as_if_registered("https://app.example/cb"), "https://app.example/cb");
    }

    #[test]
    fn the_port_of_another_host_counts() {
        assert!(!matches("https://app.example:444/cb", "https://app.example/cb"));
        assert!(!matches("http://127.0.0.1:5001/cb", "http://127.0.0.1:5000/cb"));
    }

    #[test]
    fn an_answer_to_a_uri_without_a_path_goes_to_its_root() {
        assert_eq!(RedirectUri::new("http://localhost:5000").with_path(), "http://localhost:5000/");
        assert_eq!(RedirectUri::new("http://localhost:5000/a").with_path(), "http://localhost:5000/a");
        assert_eq!(RedirectUri::new("http://localhost:5000?to=/a").with_path(), "http://localhost:5000/?to=/a");
        assert_eq!(RedirectUri::new("urn:ietf:wg:oauth:2.0:oob").with_path(), "urn:ietf:wg:oauth:2.0:oob");
    }

    #[test]
    fn a_private_scheme_is_an_origin_of_its_own() {
        assert_eq!(RedirectUri::new("http://LOCALHOST:5000/a").origin().as_deref(), Some("http://localhost:5000"));
        assert_eq!(RedirectUri::new("msal6f1c2c1e://auth").origin().as_deref(), Some("msal6f1c2c1e:"));
        assert_eq!(RedirectUri::new("no uri; script-src *").origin(), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_compared_and_matches_itself(text in ".*") {
            let uri = RedirectUri::new(text.clone());
            proptest::prop_assert!(uri.matches(&text));
            let _ = (uri.origin(), uri.with_path());
        }
    }
}
