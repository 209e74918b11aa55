//! Sending the browser elsewhere.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

/// `302 Found`: the answer to a GET. After a POST use `axum::response::Redirect::to`, which is `303 See Other`: there the
/// browser must go on with a GET.
#[derive(Clone, Debug)]
pub struct Found(String);

/// Sends the browser to this address.
pub fn found(location: &str) -> Found {
    Found(location.to_owned())
}

impl IntoResponse for Found {
    fn into_response(self) -> Response {
        match HeaderValue::try_from(self.0) {
            Ok(location) => (StatusCode::FOUND, [(LOCATION, location)]).into_response(),
            // A line break in an address would let a visitor write headers of his own. It is never sent.
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::response::IntoResponse;

    use super::found;

    #[test]
    fn a_redirect_is_302() {
        let response = found("/login").into_response();
        assert_eq!(response.status(), StatusCode::FOUND);
        assert_eq!(response.headers()["location"], "/login");
    }

    #[test]
    fn an_address_with_a_line_break_is_not_sent() {
        let response = found("/login\r\nSet-Cookie: a=b").into_response();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(!response.headers().contains_key("location"));
    }
}
