//! Redirect URIs and the front-channel logout URL.
//! Source: Microsoft identity platform, "Redirect URI (reply URL) outline and restrictions".

use std::collections::BTreeSet;

use url::{Host, Url};

use super::{Problem, allows_personal_accounts};
use crate::directory::{
    application::{Application, Platform},
    refusal::Refusal,
};

/// "Maximum URI length".
const LONGEST: usize = 256;

/// "Maximum number of redirect URIs": for work and school accounts, and where personal accounts can sign in.
const MOST: usize = 256;
const MOST_PERSONAL: usize = 100;

/// "Validation differences by supported account types", front-channel logout URL.
const LONGEST_LOGOUT_URL: usize = 255;

/// "Restrictions": characters that are not supported.
const REFUSED: [char; 7] = ['!', '$', '\'', '(', ')', ',', ';'];

/// Who takes the URI. The portal's text box refuses what the manifest and Graph accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UriRules {
    /// The portal's text box: no `http://127.0.0.1`, no wildcard.
    TextBox,
    /// The manifest and Graph.
    Manifest,
}

/// The property in which the URIs of a platform stand.
pub const fn property(platform: Platform) -> &'static str {
    match platform {
        Platform::Web => "web.redirectUris",
        Platform::SinglePage => "spa.redirectUris",
        Platform::PublicClient => "publicClient.redirectUris",
    }
}

/// Notes what is wrong with the redirect URIs of all platforms.
pub(super) fn check(application: &Application, rules: UriRules, found: &mut Vec<Refusal>) {
    let personal = allows_personal_accounts(application.sign_in_audience);
    let (count, limit) = (application.redirect_uris().count(), if personal { MOST_PERSONAL } else { MOST });
    if count > limit {
        found.push(Refusal::invalid("web.redirectUris", Problem::TooMany { count, limit }));
    }
    let mut seen = BTreeSet::new();
    for (platform, uri) in application.redirect_uris() {
        let result = if seen.insert(uri) { self::uri(uri, platform, rules) } else { Err(Problem::Duplicate(uri.to_owned())) };
        let query = || if personal && uri.contains('?') { Err(Problem::Query(uri.to_owned())) } else { Ok(()) };
        let wildcard = || if personal && uri.contains('*') { Err(Problem::Wildcard(uri.to_owned())) } else { Ok(()) };
        found.extend(result.and_then(|()| query()).and_then(|()| wildcard()).err().map(|it| Refusal::invalid(property(platform), it)));
    }
}

/// Judges one redirect URI.
///
/// # Errors
/// The first rule that it breaks.
pub fn uri(uri: &str, platform: Platform, rules: UriRules) -> Result<(), Problem> {
    let length = uri.chars().count();
    if uri.is_empty() {
        return Err(Problem::Required);
    }
    if length > LONGEST {
        return Err(Problem::TooLong { length, limit: LONGEST });
    }
    if let Some(character) = uri.chars().find(|character| REFUSED.contains(character)) {
        return Err(Problem::UriCharacter { uri: uri.to_owned(), character });
    }
    if uri.contains('#') {
        return Err(Problem::Fragment(uri.to_owned()));
    }
    if rules == UriRules::TextBox && uri.contains('*') {
        return Err(Problem::Wildcard(uri.to_owned()));
    }
    let not_a_url = || Problem::NotAUrl(uri.to_owned());
    if uri.chars().any(|character| character.is_whitespace() || character.is_control() || character == '\\') {
        return Err(not_a_url());
    }
    // A wildcard stands for a part of the host's name, where the parser would not take it.
    let parsed = Url::parse(&uri.replace('*', "wildcard")).map_err(|_| not_a_url())?;
    judge_host(uri, &parsed, platform, rules)
}

fn judge_host(uri: &str, parsed: &Url, platform: Platform, rules: UriRules) -> Result<(), Problem> {
    let has_authority = uri.split_once(':').is_some_and(|(_, rest)| rest.starts_with("//"));
    let neither = || Problem::NeitherHttpsNorLocalhost(uri.to_owned());
    match (parsed.scheme(), parsed.host()) {
        ("http" | "https", _) if !has_authority => Err(Problem::NotAUrl(uri.to_owned())),
        ("http" | "https", Some(Host::Ipv6(address))) if address.is_loopback() => Err(Problem::Ipv6Loopback(uri.to_owned())),
        ("https", Some(_)) => Ok(()),
        ("http", Some(Host::Domain("localhost"))) => Ok(()),
        ("http", Some(Host::Ipv4(address))) if address.octets() == [127, 0, 0, 1] => match rules {
            UriRules::TextBox => Err(Problem::LoopbackAddress(uri.to_owned())),
            UriRules::Manifest => Ok(()),
        },
        ("http" | "https", _) => Err(neither()),
        ("javascript" | "data" | "vbscript" | "file" | "blob", _) => Err(neither()),
        // An installed app may have a scheme of its own (RFC 8252 §7.1).
        _ if platform == Platform::PublicClient => Ok(()),
        _ => Err(neither()),
    }
}

/// Notes what is wrong with the front-channel logout URL: https, `https://localhost` included.
pub(super) fn logout_url(application: &Application, found: &mut Vec<Refusal>) {
    let Some(url) = application.web.logout_url.as_deref().filter(|url| !url.is_empty()) else { return };
    let length = url.chars().count();
    let problem = if length > LONGEST_LOGOUT_URL {
        Problem::TooLong { length, limit: LONGEST_LOGOUT_URL }
    } else {
        match Url::parse(url) {
            Ok(parsed) if parsed.scheme() == "https" && parsed.has_host() => return,
            Ok(_) => Problem::NotHttps(url.to_owned()),
            Err(_) => Problem::NotAUrl(url.to_owned()),
        }
    };
    found.push(Refusal::invalid("web.logoutUrl", problem));
}

/// Pairs of URIs that differ in nothing but the port of localhost. The port does not count, so one of them wins and nobody knows which:
/// worth a warning, not a refusal. "Localhost exceptions".
pub fn differ_only_by_port(application: &Application) -> Vec<(String, String)> {
    let uris: Vec<&str> = application.redirect_uris().map(|(_, uri)| uri).collect();
    let without_port = |uri: &str| {
        let url = Url::parse(uri).ok().filter(|url| url.scheme() == "http" && url.host_str() == Some("localhost"))?;
        Some(url[url::Position::BeforePath..].to_owned())
    };
    let keys: Vec<Option<String>> = uris.iter().map(|uri| without_port(uri)).collect();
    let mut pairs = Vec::new();
    for (place, key) in keys.iter().enumerate().filter(|(_, key)| key.is_some()) {
        let others = keys.iter().enumerate().skip(place + 1).filter(|(_, other)| *other == key);
        pairs.extend(others.map(|(other, _)| (uris[place].to_owned(), uris[other].to_owned())));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{super::tests::after, *};

    fn manifest(text: &str) -> Result<(), Problem> {
        uri(text, Platform::Web, UriRules::Manifest)
    }

    #[test]
    fn redirect_uris_are_https_or_local() {
        for good in [
            "https://app.example/cb",
            "https://app.example:8443/cb?x=1",
            "http://localhost",
            "http://localhost:5000/getAToken",
            "HTTP://LOCALHOST:5000/",
            "http://127.0.0.1:5000/cb",
            "https://*.app.example/cb",
        ] {
            assert_eq!(manifest(good), Ok(()), "{good}");
        }
        let text = |uri: &str| uri.to_owned();
        let wrong = [
            ("http://contoso.com/cb", Problem::NeitherHttpsNorLocalhost(text("http://contoso.com/cb"))),
            ("http://localhost.evil.example/", Problem::NeitherHttpsNorLocalhost(text("http://localhost.evil.example/"))),
            ("http://127.0.0.2/cb", Problem::NeitherHttpsNorLocalhost(text("http://127.0.0.2/cb"))),
            ("myapp://auth", Problem::NeitherHttpsNorLocalhost(text("myapp://auth"))),
            ("javascript:alert`1`", Problem::NeitherHttpsNorLocalhost(text("javascript:alert`1`"))),
            ("http://[::1]:5000/cb", Problem::Ipv6Loopback(text("http://[::1]:5000/cb"))),
            ("https://app.example/cb#x", Problem::Fragment(text("https://app.example/cb#x"))),
            ("https://app.example/a b", Problem::NotAUrl(text("https://app.example/a b"))),
            ("https:app.example", Problem::NotAUrl(text("https:app.example"))),
            ("localhost", Problem::NotAUrl(text("localhost"))),
            ("", Problem::Required),
        ];
        for (uri, problem) in wrong {
            assert_eq!(manifest(uri), Err(problem), "{uri}");
        }
    }

    #[test]
    fn seven_characters_are_refused() {
        for character in REFUSED {
            let uri = format!("https://app.example/{character}");
            assert_eq!(manifest(&uri), Err(Problem::UriCharacter { uri: uri.clone(), character }));
        }
    }

    #[test]
    fn a_redirect_uri_has_at_most_256_characters() {
        let of_length = |length: usize| format!("https://app.example/{}", "x".repeat(length - 20));
        assert_eq!(manifest(&of_length(256)), Ok(()));
        assert_eq!(manifest(&of_length(257)), Err(Problem::TooLong { length: 257, limit: 256 }));
    }

    #[test]
    fn the_text_box_is_stricter_than_the_manifest() {
        for uri in ["http://127.0.0.1:5000/cb", "https://*.app.example/cb"] {
            assert_eq!(manifest(uri), Ok(()));
            assert!(self::uri(uri, Platform::Web, UriRules::TextBox).is_err(), "{uri}");
        }
    }

    #[test]
    fn an_installed_app_may_have_a_scheme_of_its_own() {
        for good in ["msal6f1c2c1e://auth", "urn:ietf:wg:oauth:2.0:oob", "http://localhost"] {
            assert_eq!(uri(good, Platform::PublicClient, UriRules::TextBox), Ok(()), "{good}");
        }
        assert!(uri("javascript:x", Platform::PublicClient, UriRules::Manifest).is_err());
    }

    #[test]
    fn a_uri_may_be_registered_once_over_all_platforms() {
        let twice = "http://localhost:5000/getAToken";
        let found = after(|application| application.spa.redirect_uris.push(twice.to_owned()));
        assert_eq!(found, [("spa.redirectUris", format!("'{twice}' is there already; each value may occur once."))]);
    }

    #[test]
    fn there_are_at_most_256_uris() {
        let uris = |count: usize| {
            move |application: &mut Application| {
                application.web.redirect_uris = (0..count).map(|number| format!("https://app.example/{number}")).collect();
            }
        };
        assert_eq!(after(uris(256)), []);
        assert_eq!(after(uris(257))[0].1, "There are 257 entries; at most 256 are allowed.");
    }

    #[test]
    fn the_logout_url_needs_tls() {
        let url = |url: &'static str| after(|application| application.web.logout_url = Some(url.to_owned()));
        assert_eq!(url("https://localhost:5000/logout"), []);
        assert_eq!(url("http://localhost/logout"), [("web.logoutUrl", "'http://localhost/logout' must start with \"HTTPS\".".to_owned())]);
        assert_eq!(url("logout")[0].1, "'logout' must be a valid URL.");
    }

    #[test]
    fn uris_that_differ_only_by_the_port_of_localhost_are_found() {
        let uris = [
            "http://localhost:5000/cb",
            "http://localhost:5001/cb",
            "http://localhost:5000/other",
            "https://a.example:1/cb",
            "https://a.example:2/cb",
        ];
        let mut application = Application::web("x", uris[0]);
        application.web.redirect_uris = uris.map(str::to_owned).into();
        assert_eq!(differ_only_by_port(&application), [(uris[0].to_owned(), uris[1].to_owned())]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_judged(text in ".*") {
            for platform in [Platform::Web, Platform::SinglePage, Platform::PublicClient] {
                let _ = uri(&text, platform, UriRules::Manifest);
            }
        }
    }
}
