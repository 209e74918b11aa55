//! An endpoint's file opens with its verb and path, and cites the page it obeys.

use super::{Finding, SourceFile};

/// A file of `endpoints` that says nothing of these was written from memory.
const SOURCES: [&str; 4] = ["RFC ", "OIDC ", "OpenID Connect", "Microsoft identity platform"];

pub fn check(file: &SourceFile) -> Vec<Finding> {
    let Some(name) = file.path.strip_prefix("mock-idp/src/endpoints/") else {
        return Vec::new();
    };
    // Parts of an endpoint lie in its folder; the header is the endpoint's own.
    if name.contains('/') || !file.text.contains("fn routes(") {
        return Vec::new();
    }
    let finding = |line, message: &str| Finding { rule: "endpoint-header", file: file.path.clone(), line, message: message.to_owned() };
    let mut findings = Vec::new();
    let first = file.text.lines().next().unwrap_or_default();
    if !is_header(first) {
        findings.push(finding(Some(1), "open with the verb and the path: `//! GET|POST /{tenant}/oauth2/v2.0/authorize`"));
    }
    if !SOURCES.iter().any(|source| file.text.contains(source)) {
        findings.push(finding(None, "cite what the endpoint obeys: an RFC, OIDC Core or a page of the Microsoft identity platform"));
    }
    findings
}

fn is_header(line: &str) -> bool {
    let Some((verbs, path)) = line.strip_prefix("//! ").and_then(|rest| rest.split_once(' ')) else {
        return false;
    };
    verbs.split('|').all(|verb| matches!(verb, "GET" | "POST" | "PUT" | "PATCH" | "DELETE")) && path.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&SourceFile { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn an_endpoint_needs_its_header_and_a_source() {
        let good = "//! GET|POST /{tenant}/oauth2/v2.0/authorize\n//!\n//! RFC 6749 §3.1.\nfn routes() {}\n";
        assert_eq!(findings("mock-idp/src/endpoints/authorize.rs", good), 0);
        assert_eq!(findings("mock-idp/src/endpoints/authorize.rs", "//! The authorize endpoint.\nfn routes() {}\n"), 2);
    }

    #[test]
    fn a_part_of_an_endpoint_and_a_file_without_routes_need_none() {
        assert_eq!(findings("mock-idp/src/endpoints/token/grant.rs", "fn routes() {}"), 0);
        assert_eq!(findings("mock-idp/src/endpoints/error_response.rs", "struct ErrorResponse;"), 0);
    }
}
