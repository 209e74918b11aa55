//! Who is answered, and what the pages may do in the reader's browser.

use axum::extract::Request;
use axum::http::header::{HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::html;

/// Names for this machine. A page of another site that had its own name point here (DNS rebinding) uses none of them.
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Answers only to our own names, and sets the headers that every answer has.
pub async fn pass(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let mut response = if host.is_some_and(is_ours) {
        next.run(request).await
    } else {
        // RFC 9110 §15.5.20. Nothing of the request is repeated.
        (StatusCode::MISDIRECTED_REQUEST, "The book does not answer to that host name. Use localhost.").into_response()
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Whether a `Host` header names this machine. The port may be another than ours: containers and editors forward ports.
fn is_ours(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, port),
        _ => (host, ""),
    };
    port.bytes().all(|byte| byte.is_ascii_digit()) && HOSTS.iter().any(|ours| ours.eq_ignore_ascii_case(name))
}

/// The `Content-Security-Policy` of a page (Content Security Policy Level 3 §6). Everything comes from the book itself.
///
/// mdBook writes short scripts into its pages: those run by their hashes, no other can. It writes `style` attributes, too,
/// which hashes do not cover in every browser. The table of contents without scripts is a frame of the book itself.
pub fn content_security_policy(page: &str) -> String {
    let scripts: String =
        html::inline_scripts(page).map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script)))).collect();
    format!(
        "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'self'"
    )
}

#[cfg(test)]
mod tests {
    use super::{content_security_policy, is_ours};

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in ["localhost:3000", "LOCALHOST", "127.0.0.1:3000", "[::1]:3010", "[::1]"] {
            assert!(is_ours(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:3000",
            "localhost:x",
            "0.0.0.0:3000",
        ] {
            assert!(!is_ours(host), "{host}");
        }
    }

    #[test]
    fn a_script_in_the_page_runs_by_its_hash_and_no_other_script_does() {
        // The example of Content Security Policy Level 3 §8.3.
        let policy = content_security_policy("<script>alert('Hello, world.');</script><script src=\"book.js\"></script>");
        assert!(policy.contains("script-src 'self' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=';"), "{policy}");
    }
}
