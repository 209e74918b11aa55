//! The person's groups and directory roles: a list that comes in pages.

use serde::Deserialize;
use sign_in::web_app::Secret;
use tokio::time::Instant;
use url::Url;

use crate::graph::Graph;
use crate::graph_error::GraphError;

/// More pages than this are not read: the list is to show, and nobody reads a thousand ids.
const MOST_PAGES: usize = 10;

#[derive(Debug, Deserialize)]
struct Page {
    value: Vec<DirectoryObject>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

/// A group or a directory role. With `User.Read` alone Graph tells the id, and null for the name.
#[derive(Debug, Deserialize)]
struct DirectoryObject {
    id: String,
}

// ANCHOR: pages
/// The ids of `GET /me/memberOf`, from all pages up to a limit.
///
/// # Errors
/// As [`Graph::get`].
pub async fn member_of(graph: &Graph, token: &Secret, deadline: Instant) -> Result<Vec<String>, GraphError> {
    let mut ids = Vec::new();
    let mut next = Some(address(graph.endpoint()));
    for _ in 0..MOST_PAGES {
        let Some(address) = next else { break };
        let page: Page = graph.get(token, address, deadline).await?;
        ids.extend(page.value.into_iter().map(|object| object.id));
        next = page.next_link.and_then(|link| next_page(graph.endpoint(), &link));
    }
    Ok(ids)
}

/// The next page's address, exactly as Graph gave it. But only at Graph itself: the token goes along.
fn next_page(endpoint: &Url, link: &str) -> Option<Url> {
    Url::parse(link).ok().filter(|link| link.origin() == endpoint.origin())
}
// ANCHOR_END: pages

/// `…/v1.0/me` becomes `…/v1.0/me/memberOf`.
fn address(endpoint: &Url) -> Url {
    let mut address = endpoint.clone();
    address.path_segments_mut().expect("an http address has a path").pop_if_empty().push("memberOf");
    address
}

#[cfg(test)]
mod tests {
    use super::{address, next_page};
    use url::Url;

    #[test]
    fn the_list_is_below_the_profile() {
        let me = Url::parse("https://graph.example/t-1/v1.0/me").unwrap();
        assert_eq!(address(&me).as_str(), "https://graph.example/t-1/v1.0/me/memberOf");
    }

    #[test]
    fn a_token_does_not_follow_a_link_to_another_host() {
        let me = Url::parse("https://graph.example/v1.0/me").unwrap();
        assert!(next_page(&me, "https://graph.example/v1.0/me/memberOf?$skiptoken=a").is_some());
        assert!(next_page(&me, "https://evil.example/v1.0/me/memberOf").is_none());
        assert!(next_page(&me, "http://graph.example/v1.0/me/memberOf").is_none());
    }
}
