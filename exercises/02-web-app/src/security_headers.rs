//! Headers that tell the browser what not to do. They are on every answer.

use axum::extract::Request;
use axum::http::header::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;

/// Adds the headers to an answer that the app has made.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add_security_headers(response.headers_mut());
    response
}

fn add_security_headers(headers: &mut HeaderMap) {
    // TODO: Step 10. Insert `X-Content-Type-Options: nosniff`, `X-Frame-Options: DENY` and a `Content-Security-Policy` that
    // forbids everything (`default-src 'none'`) but styles from this app (`style-src 'self'`). Unless the handler has set its own, add
    // `Cache-Control: no-store`. `axum::http::header` has a constant for each name, and `HeaderValue::from_static` makes
    // a value.
    let _ = headers;
}
