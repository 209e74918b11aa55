//! Headers that tell the browser what not to do. They are on every answer.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;

// ANCHOR: headers
/// Adds the headers to an answer that the app has made.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add_security_headers(response.headers_mut());
    response
}

fn add_security_headers(headers: &mut HeaderMap) {
    // Do not guess that a text is a script because it looks like one.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Do not show our pages inside another site's page, where a click could be stolen.
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Run no script at all, and take styles only from us. There is no `form-action` here, because browsers apply it
    // to the redirect after a form too, and sign-out is a form whose redirect leads to the identity provider.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"),
    );
    // Do not tell the next site which page the visitor came from. The address of the callback holds a code.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Keep no copy: after sign-out, the Back button must show nothing. A handler that knows better has set its own.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // The same address answers with a page or with JSON.
    headers.entry(VARY).or_insert(HeaderValue::from_static("Accept"));
}
// ANCHOR_END: headers

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::add_security_headers;

    #[test]
    fn a_handler_may_choose_its_own_cache_control() {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", "max-age=3600".parse().unwrap());
        add_security_headers(&mut headers);
        assert_eq!(headers["cache-control"], "max-age=3600");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}
