//! U3-03, 04, 18: where the provider may send a browser.

use url::Url;

use super::{USUAL, handed_in::read};
use crate::{
    check::{Check, Gate},
    comparison::Compared,
    stage::Stage,
    verdict::{Failure, Outcome},
};

/// Where the app is told the outcome of a sign-in.
pub(super) const CALLBACK: &str = "http://localhost:5000/getAToken";

/// Where a browser goes after a sign-out.
const AFTER_SIGN_OUT: &str = "http://localhost:5000/";

/// U3-03
pub const CALLBACK_REGISTERED: Check = Check {
    id: "U3-03",
    title: "the redirect URI is http://localhost:5000/getAToken, letter by letter",
    points: 4,
    misconceptions: &["M07"],
    hint: "Authentication, Web: http (not https), localhost (not 127.0.0.1), /getAToken with a capital A and a capital T, no slash at the end.",
    page: "unit-3/redirect-uri.html#redirect-uri",
    run: |stage| Box::pin(async { callback(stage) }),
    ..USUAL
};

/// U3-04
pub const NO_OTHER_URI: Check = Check {
    id: "U3-04",
    title: "no other redirect URI, and no wildcard",
    points: 4,
    gate: Some(Gate::Security),
    misconceptions: &["M07"],
    hint: "Authentication: remove every redirect URI besides /getAToken and the address after the sign-out.",
    page: "unit-3/redirect-uri.html#redirect-uri",
    run: |stage| Box::pin(async { no_other(stage) }),
    ..USUAL
};

/// U3-18
pub const AFTER_SIGN_OUT_REGISTERED: Check = Check {
    id: "U3-18",
    title: "the address after the sign-out, http://localhost:5000/, is registered",
    misconceptions: &["M28"],
    hint: "Authentication, Web: add http://localhost:5000/ as the second redirect URI.",
    page: "unit-3/redirect-uri.html#redirect-uri",
    run: |stage| Box::pin(async { after_sign_out(stage) }),
    ..USUAL
};

/// Entra compares scheme, host, path and case, and ignores the port of localhost.
fn is_same(registered: &str, wanted: &str) -> bool {
    let parts =
        |text: &str| Url::parse(text).ok().map(|url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.path().to_owned()));
    let exact = |text: &str| !text.contains(['?', '#', '*', '@']) && text == text.trim();
    // `Url` repairs what Entra would not, such as a host in capitals; so the text's own beginning is looked at, too.
    exact(registered) && parts(registered) == parts(wanted) && registered.starts_with("http://localhost")
}

fn uris(stage: &Stage) -> Result<Vec<String>, crate::verdict::Problem> {
    Ok(read(stage)?.application.redirect_uris().map(|(_, uri)| uri.to_owned()).collect())
}

fn shown(uris: &[String]) -> String {
    if uris.is_empty() { "There is none.".to_owned() } else { uris.join("\n") }
}

fn callback(stage: &Stage) -> Outcome {
    let uris = uris(stage)?;
    if uris.iter().any(|uri| is_same(uri, CALLBACK)) {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the app's redirect URIs.",
        shown(&uris),
        CALLBACK,
        "The provider sends the code only to an address that is registered, and compares letter by letter: http and https, localhost and \
         127.0.0.1, /getAToken and /getatoken are different addresses. Only the port of localhost does not count. Where they differ, the person \
         sees AADSTS50011.",
    )
    .compares(alike(&uris).into_iter().map(|uri| Compared::judged("redirect URI", uri, CALLBACK, false)))
    .into())
}

fn no_other(stage: &Stage) -> Outcome {
    let others: Vec<String> =
        uris(stage)?.into_iter().filter(|uri| !is_same(uri, CALLBACK) && !is_same(uri, AFTER_SIGN_OUT) && !is_misspelled(uri)).collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the app's redirect URIs.",
        shown(&others),
        format!("{CALLBACK} and {AFTER_SIGN_OUT}, nothing else"),
        "Each registered address is a place to which the provider sends codes. An address that you forgot, or a pattern that fits more than you \
         think, is a place where somebody else may wait for them.",
    )
    .compares(others.iter().map(|uri| Compared::judged("redirect URI", uri, "not registered", false)))
    .attack("Somebody who controls that address sends a person to the sign-in page with it, and receives the person's code.")
    .into())
}

/// A wrong spelling of our own callback is the subject of U3-03, and no second address.
fn is_misspelled(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else { return false };
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    local && !uri.contains('*') && url.path().trim_end_matches('/').eq_ignore_ascii_case("/getAToken")
}

/// Those that look like a wrong spelling of the callback; where there is none, all.
fn alike(uris: &[String]) -> Vec<&str> {
    let (alike, others): (Vec<&str>, Vec<&str>) = uris.iter().map(String::as_str).partition(|uri| is_misspelled(uri));
    if alike.is_empty() { others } else { alike }
}

fn after_sign_out(stage: &Stage) -> Outcome {
    let uris = uris(stage)?;
    if uris.iter().any(|uri| is_same(uri, AFTER_SIGN_OUT)) {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the app's redirect URIs.",
        shown(&uris),
        AFTER_SIGN_OUT,
        "After a sign-out the provider sends the person back to the app only if that address is registered, too. Otherwise the person stays on the \
         provider's page.",
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_localhost_does_not_count_and_everything_else_does() {
        assert!(
            is_same(CALLBACK, CALLBACK)
                && is_same("http://localhost/getAToken", CALLBACK)
                && is_same("http://localhost:5001/getAToken", CALLBACK)
        );
        for wrong in [
            "https://localhost:5000/getAToken",
            "http://127.0.0.1:5000/getAToken",
            "http://localhost:5000/getatoken",
            "http://localhost:5000/getAToken/",
            "http://localhost:5000/*",
            "http://LOCALHOST:5000/getAToken",
            "http://localhost.evil.example/getAToken",
        ] {
            assert!(!is_same(wrong, CALLBACK), "{wrong}");
        }
    }
}
