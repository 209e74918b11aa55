//! What a page's Content-Security-Policy does about scripts (CSP Level 3).

use mock_idp::testing::browser::Page;

/// Whether some policy of the page keeps out scripts that somebody smuggled in: those in the page itself, and those of any address at all.
/// Several policies apply together, so one that does is enough (CSP §8.1).
pub(super) fn forbids_foreign_scripts(page: &Page) -> bool {
    page.hop().header_values("content-security-policy").flat_map(|header| header.split(',')).any(restricts_scripts)
}

fn restricts_scripts(policy: &str) -> bool {
    // Where scripts are not named, the default holds; where there is none either, everything is allowed (CSP §6.8.3).
    let Some(sources) = sources_of(policy, "script-src").or_else(|| sources_of(policy, "default-src")) else { return false };
    let is_exact =
        |source: &str| source.starts_with("'nonce-") || ["'sha256-", "'sha384-", "'sha512-"].iter().any(|hash| source.starts_with(hash));
    // With a nonce or a hash, browsers pay no heed to 'unsafe-inline' (CSP §6.7.3.2).
    let inline = sources.iter().any(|source| source == "'unsafe-inline'") && !sources.iter().any(|source| is_exact(source));
    let anywhere = sources.iter().any(|source| is_everywhere(source)) && !sources.iter().any(|source| source == "'strict-dynamic'");
    !inline && !anywhere
}

/// The nonces of a page's policies, in lower case.
pub(super) fn nonces(page: &Page) -> Vec<String> {
    let policies = page.hop().header_values("content-security-policy").flat_map(|header| header.split([',', ';']));
    let sources = policies.flat_map(str::split_ascii_whitespace).map(str::to_ascii_lowercase);
    sources.filter(|source| source.starts_with("'nonce-")).collect()
}

/// Whether a source names no place in particular.
pub(super) fn is_everywhere(source: &str) -> bool {
    matches!(source, "*" | "http:" | "https:" | "http://*" | "https://*" | "data:" | "blob:")
}

/// The sources of a directive, in lower case. Of two directives of one name the first counts (CSP §2.2.1).
fn sources_of(policy: &str, name: &str) -> Option<Vec<String>> {
    policy.split(';').find_map(|directive| {
        let mut words = directive.split_ascii_whitespace().map(str::to_ascii_lowercase);
        (words.next()? == name).then(|| words.collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_judged_by_what_it_allows_scripts() {
        for right in [
            "default-src 'none'; style-src 'self'",
            "Default-Src 'self'",
            "script-src 'self'; default-src *",
            "script-src 'nonce-abc' 'unsafe-inline' https: 'strict-dynamic'",
            "script-src",
            "default-src 'self' https://cdn.example",
        ] {
            assert!(restricts_scripts(right), "{right}");
        }
        for wrong in [
            "style-src 'self'",
            "frame-ancestors 'none'",
            "default-src * ",
            "default-src 'self'; script-src 'self' 'unsafe-inline'",
            "script-src https:; default-src 'none'",
            "script-src *; script-src 'none'",
            "default-src 'self' https://* http://*",
            "",
        ] {
            assert!(!restricts_scripts(wrong), "{wrong}");
        }
    }
}
