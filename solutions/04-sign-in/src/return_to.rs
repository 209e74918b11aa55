//! Where to go after the sign-in.

/// The page for those who asked for none, or for one that is not ours.
pub const DEFAULT: &str = "/me";

/// Accepts `return_to` only if it is a path of this app; everything else becomes [`DEFAULT`].
///
/// Without this check the app is an "open redirect": a link to our own, well-known address that ends, after an honest
/// sign-in, on a stranger's page that looks like ours (RFC 9700 §4.11). The trap is that browsers are generous:
/// `//evil.example` and `/\evil.example` are addresses of another host, and tabs and line breaks are dropped before
/// reading. So this is a list of what is allowed, not of what is forbidden.
pub fn local_path(return_to: Option<&str>) -> String {
    return_to.filter(|path| is_local_path(path)).unwrap_or(DEFAULT).to_owned()
}

fn is_local_path(path: &str) -> bool {
    let begins_at_our_root = path.starts_with('/') && !path.starts_with("//");
    let only_plain_letters = path.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\');
    begins_at_our_root && only_plain_letters
}

#[cfg(test)]
mod tests {
    use super::local_path;
    use url::Url;

    #[test]
    fn a_path_of_this_app_is_kept() {
        for path in ["/", "/me", "/policies/POL-7731", "/my/policies?page=2&sort=id", "/a//b", "/caf%C3%A9"] {
            assert_eq!(local_path(Some(path)), path);
        }
    }

    #[test]
    fn an_address_of_another_site_becomes_the_default() {
        for hostile in [
            "https://evil.example/",
            "http:evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            " //evil.example",
            "javascript:alert(1)",
            "data:text/html,hello",
            "me",
            "@evil.example",
            ".evil.example",
            "/me\r\nSet-Cookie: a=b",
            "",
        ] {
            assert_eq!(local_path(Some(hostile)), "/me", "{hostile:?}");
        }
        assert_eq!(local_path(None), "/me");
    }

    #[test]
    fn what_is_kept_stays_on_our_host_when_a_browser_reads_it() {
        let page = Url::parse("http://localhost:5000/getAToken").unwrap();
        for path in ["/.//evil.example", "/..//evil.example", "/%2f/evil.example", "/a/..//evil.example", "/@evil.example"] {
            let target = page.join(&local_path(Some(path))).unwrap();
            assert_eq!(target.host_str(), Some("localhost"), "{path:?}");
        }
    }
}
