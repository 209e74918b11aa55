//! Where to go after the sign-in.

/// The page for those who asked for none, or for one that is not ours.
pub const DEFAULT: &str = "/me";

/// Accepts `return_to` only if it is a path of this app; everything else becomes [`DEFAULT`].
///
/// Without this check the app is an "open redirect": a link to our own, well-known address that ends, after an honest
/// sign-in, on a stranger's page that looks like ours (RFC 9700 §4.11).
pub fn local_path(return_to: Option<&str>) -> String {
    // TODO: Step 8. Return the path that was asked for, if it can only be a path of this app. Think of `//evil.example`, of
    // `/\\evil.example`, and of tabs and line breaks, which browsers drop before they read an address, and which no header can hold.
    let _ = return_to;
    DEFAULT.to_owned()
}

#[cfg(test)]
mod tests {
    use super::local_path;

    /// This test passes from the start, because the starter accepts nothing. It must still pass when you are done.
    #[test]
    fn an_address_of_another_site_becomes_the_default() {
        for hostile in
            ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/a\nb", "javascript:alert(1)", ""]
        {
            assert_eq!(local_path(Some(hostile)), "/me", "{hostile:?}");
        }
    }
}
