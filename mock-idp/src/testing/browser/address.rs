//! Reading an address as browsers do (WHATWG URL Standard).

use url::{ParseError, Url};

/// The address that `reference` means on a page at `base`.
///
/// The `url` crate refuses three or more slashes at the beginning; browsers ignore all beyond two ("special authority ignore slashes
/// state"), and read `\` as `/`. An attacker counts on it.
///
/// # Errors
/// When a browser could not read it either.
pub fn resolve(base: &Url, reference: &str) -> Result<Url, ParseError> {
    let trimmed = reference.trim_matches(|letter: char| letter <= ' ');
    let clean: String = trimmed.chars().filter(|letter| !matches!(letter, '\t' | '\n' | '\r')).collect();
    let rest = clean.trim_start_matches(['/', '\\']);
    if clean.len() - rest.len() > 2 { base.join(&format!("//{rest}")) } else { base.join(&clean) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_backslashes_and_tabs_are_read_as_browsers_read_them() {
        let base = Url::parse("http://localhost:5000/a").expect("an address");
        for text in
            ["//evil.example/", "///evil.example/", "/\\evil.example/", "\\\\\\evil.example/", "/\t/evil.example/", " //evil.example/"]
        {
            assert_eq!(resolve(&base, text).as_ref().map(Url::as_str), Ok("http://evil.example/"), "{text:?}");
        }
        assert_eq!(resolve(&base, "/b//c").as_ref().map(Url::as_str), Ok("http://localhost:5000/b//c"));
    }
}
