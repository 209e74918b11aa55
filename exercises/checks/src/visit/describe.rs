//! Puts answers into words for a message.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mock_idp::testing::browser::{BrowserError, Page, address::resolve};
use serde_json::Value;

use super::Login;
use crate::{redact, world::World};

const LONGEST_HEADING: usize = 160;

/// Whether a person can read what happened: an HTML page whose heading has words in it.
pub fn has_heading(page: &Page) -> bool {
    page.is_html() && page.texts("h1").iter().any(|heading| !heading.trim().is_empty())
}

/// `GET http://localhost:5000/me answered 403, a page headed "Forbidden".`
pub fn describe(page: &Page) -> String {
    let hop = page.hop();
    let mut text = format!("{} {} answered {}", hop.method, redact::url(&hop.url), hop.status);
    if let Some(location) = hop.header("location") {
        let shown = resolve(&hop.url, location).map_or_else(|_| location.to_owned(), |url| redact::url(&url));
        text += &format!(", a redirect to {shown}");
    } else if page.is_html() {
        let heading = page.texts("h1").into_iter().next().unwrap_or_default();
        match heading.as_str() {
            "" => text += ", a page without a heading",
            heading => text += &format!(", a page headed \"{}\"", heading.chars().take(LONGEST_HEADING).collect::<String>()),
        }
    } else if hop.body.trim().is_empty() {
        text += ", without a body";
    } else {
        let body: String = hop.body.chars().take(LONGEST_HEADING).collect();
        text += &format!(", with the body {body}");
    }
    text += ".";
    if !hop.withheld_cookies.is_empty() {
        text += &format!(
            " The browser kept back the cookies {}, because of their SameSite: the request came from another site.",
            hop.withheld_cookies.join(", ")
        );
    }
    for (cookie, reason) in &hop.refused_cookies {
        let name = cookie.split('=').next().unwrap_or_default();
        text += &format!(" The browser refused the cookie {name}: {reason}.");
    }
    text
}

/// The same for an exchange that may have failed.
pub fn describe_error(answer: &Result<Page, BrowserError>) -> String {
    match answer {
        Ok(page) => describe(page),
        Err(error) => format!("{error}."),
    }
}

/// Header and claims of the ID token that the provider gave for this sign-in.
pub fn id_token_of(world: &World, login: &Login) -> Option<(Value, Value)> {
    let requests = world.token_requests(&login.request);
    let token = requests.iter().rev().find_map(|event| event.response.body["id_token"].as_str().map(str::to_owned))?;
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok().and_then(|json| serde_json::from_slice(&json).ok()));
    parts.next().flatten().zip(parts.next().flatten())
}
