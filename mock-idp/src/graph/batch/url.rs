//! The address of one item: relative to the version that the batch was sent to.

use axum::http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::BatchError;
use crate::graph::Version;

/// What must not stand in a request target as it is. The documentation writes filters with plain spaces; a `#` belongs to the name of a
/// guest, for there are no fragments here. What is encoded already stays so.
const NEEDS_ENCODING: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'\\').add(b'^').add(b'|');

/// Path and query of an item in this server. The SDK for Python writes the address of the service in front of it, which is taken away
/// where it is our own.
///
/// # Errors
/// [`BatchError::AbsoluteUrl`], [`BatchError::UnreadableUrl`].
pub(super) fn of_item(version: Version, origin: &str, url: &str) -> Result<Uri, BatchError> {
    let base = format!("{origin}/graph/{}/", version.segment());
    let url = url.strip_prefix(&base).unwrap_or(url);
    let path = url.split(['?', '#']).next().unwrap_or_default();
    if path.contains("://") || url.starts_with("//") {
        return Err(BatchError::AbsoluteUrl(url.to_owned()));
    }
    let encoded = utf8_percent_encode(url.trim_start_matches('/'), NEEDS_ENCODING);
    format!("/graph/{}/{encoded}", version.segment()).parse().map_err(|_| BatchError::UnreadableUrl(url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(url: &str) -> Result<String, BatchError> {
        of_item(Version::V1, "https://localhost:8443", url).map(|uri| uri.to_string())
    }

    #[test]
    fn the_slash_in_front_may_be_left_out_and_spaces_may_stand() {
        assert_eq!(uri("me"), Ok("/graph/v1.0/me".to_owned()));
        let filtered = uri("/users?$filter=city eq null&$count=true");
        assert_eq!(filtered, Ok("/graph/v1.0/users?$filter=city%20eq%20null&$count=true".to_owned()));
    }

    #[test]
    fn the_name_of_a_guest_is_not_cut_at_its_sharp_sign() {
        assert_eq!(uri("/users/a#EXT#@b"), Ok("/graph/v1.0/users/a%23EXT%23@b".to_owned()));
        assert_eq!(uri("/users/a%23EXT%23@b"), Ok("/graph/v1.0/users/a%23EXT%23@b".to_owned()));
    }

    #[test]
    fn our_own_address_may_stand_in_front() {
        assert_eq!(uri("https://localhost:8443/graph/v1.0/users/a%40b?$top=1"), Ok("/graph/v1.0/users/a%40b?$top=1".to_owned()));
    }

    #[test]
    fn an_absolute_url_is_refused() {
        for url in ["https://graph.microsoft.com/v1.0/me", "//elsewhere.example/me"] {
            assert_eq!(uri(url), Err(BatchError::AbsoluteUrl(url.to_owned())));
        }
        assert!(uri("https://localhost:8443/mock/reset").is_err() && uri("https://localhost:84431/graph/v1.0/me").is_err());
        assert!(uri("/users?$filter=x eq 'http://y'").is_ok());
    }
}
