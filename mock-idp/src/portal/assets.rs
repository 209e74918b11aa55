//! GET /portal/assets/{file}: the stylesheet and the script, under names that change with their content.

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::PortalState;

const STYLESHEET: &str = include_str!("assets/portal.css");
const SCRIPT: &str = include_str!("assets/portal.js");

/// The address of the stylesheet.
pub fn stylesheet_path() -> String {
    format!("/portal/assets/{}", file_name(STYLESHEET, "css"))
}

/// The address of the script. Nothing works only with it.
pub fn script_path() -> String {
    format!("/portal/assets/{}", file_name(SCRIPT, "js"))
}

fn file_name(content: &str, extension: &str) -> String {
    format!("portal.{:016x}.{extension}", fingerprint(content.as_bytes()))
}

/// FNV-1a (RFC 9923): tells versions apart, and promises nothing more.
const fn fingerprint(content: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < content.len() {
        hash ^= content[at] as u64;
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/assets/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    let kept_for_ever = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    if name == file_name(STYLESHEET, "css") {
        return ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), kept_for_ever], STYLESHEET).into_response();
    }
    if name == file_name(SCRIPT, "js") {
        return ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), kept_for_ever], SCRIPT).into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_fnv_1a() {
        assert_eq!(fingerprint(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fingerprint(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn stylesheet_and_script_stay_small_and_ask_for_nothing_else() {
        assert!(STYLESHEET.len() < 25_000, "the stylesheet has {} bytes", STYLESHEET.len());
        assert!(SCRIPT.len() < 15_000, "the script has {} bytes", SCRIPT.len());
        for request in ["url(", "@import", "http://", "https://", "innerHTML", "eval("] {
            assert!(!STYLESHEET.contains(request) && !SCRIPT.contains(request), "{request}");
        }
    }
}
