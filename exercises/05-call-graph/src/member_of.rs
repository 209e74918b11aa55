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

/// The ids of `GET /me/memberOf`, from all pages up to a limit.
///
/// # Errors
/// As [`Graph::get`].
pub async fn member_of(graph: &Graph, token: &Secret, deadline: Instant) -> Result<Vec<String>, GraphError> {
    // TODO: Step 4. Get the first page (`address`), then the page that `next_link` names, as long as there is one: MOST_PAGES at
    // most, and only at Graph (`next_page`).
    let page: Page = graph.get(token, address(graph.endpoint()), deadline).await?;
    let _ = (page.next_link.and_then(|link| next_page(graph.endpoint(), &link)), MOST_PAGES);
    Ok(page.value.into_iter().map(|object| object.id).collect())
}

/// The next page's address, exactly as Graph gave it. But only at Graph itself: the token goes along.
fn next_page(endpoint: &Url, link: &str) -> Option<Url> {
    // TODO: Step 4. Accept the link if its origin is the endpoint's.
    let _ = (endpoint, link);
    None
}

/// `…/v1.0/me` becomes `…/v1.0/me/memberOf`.
fn address(endpoint: &Url) -> Url {
    let mut address = endpoint.clone();
    address.path_segments_mut().expect("an http address has a path").pop_if_empty().push("memberOf");
    address
}
