//! What can go wrong in an exchange.

use super::{BODY_LIMIT, HEAD_LIMIT, REDIRECT_LIMIT, cookies};

/// Why an exchange gave no page. `Display` is a sentence for the person whose app is tested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// The browser was made with wrong values: a mistake of the test.
    #[error("the test browser cannot be made: {0}")]
    Setup(String),
    /// A test asked for something that is no address.
    #[error("'{0}' is not an address that a browser can open")]
    BadAddress(String),
    /// Nobody listens, or the connection broke.
    #[error("{method} {url}: no answer ({cause})")]
    NoAnswer {
        /// The method.
        method: String,
        /// Where.
        url: String,
        /// What the network said.
        cause: String,
    },
    /// The answer took too long.
    #[error("{method} {url}: no complete answer within {seconds} seconds")]
    TooSlow {
        /// The method.
        method: String,
        /// Where.
        url: String,
        /// The limit.
        seconds: u64,
    },
    /// The body is too large.
    #[error("{url}: the body is larger than {} KiB", BODY_LIMIT / 1024)]
    BodyTooLarge {
        /// Where.
        url: String,
    },
    /// The head is too large.
    #[error("{url}: the headers are larger than {} KiB", HEAD_LIMIT / 1024)]
    HeadTooLarge {
        /// Where.
        url: String,
    },
    /// A cookie is too large, or there are too many.
    #[error("{url}: {cause}")]
    TooManyCookies {
        /// Where.
        url: String,
        /// Which limit.
        cause: cookies::LimitExceeded,
    },
    /// The redirects do not end.
    #[error("more than {REDIRECT_LIMIT} redirects in a row; the next one would lead to {last}")]
    TooManyRedirects {
        /// The address of the redirect that was not followed.
        last: String,
    },
    /// A redirect without a usable address.
    #[error("{url}: the redirect's Location '{location}' is not an address")]
    BadRedirect {
        /// Who sent it.
        url: String,
        /// The header as it came.
        location: String,
    },
    /// An address outside the app and the provider.
    #[error("the browser was sent to {url}, which is neither the app nor the identity provider")]
    ForeignAddress {
        /// The address.
        url: String,
    },
}
