//! Lists in pages: `$top`, `$skiptoken` and `@odata.nextLink`.
//! Source: Microsoft Graph, "Paging Microsoft Graph data in your app". Clients follow the link as it is.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{error::GraphError, query::QueryOptions};

/// Entries on a page unless `$top` says otherwise.
const DEFAULT_PAGE_SIZE: usize = 100;

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// The query of the next page; none on the last.
    pub next_query: Option<String>,
}

/// The page of `all` that the options ask for. `id` names an entry; the next page begins after the last one of this page, even when
/// entries before it come or go in between.
///
/// # Errors
/// [`GraphError::InvalidSkipToken`].
pub fn page<T>(all: Vec<T>, options: &QueryOptions, id: impl Fn(&T) -> &str) -> Result<Page<T>, GraphError> {
    let start = match &options.skip_token {
        None => 0,
        Some(token) => {
            let last = read_token(token).ok_or(GraphError::InvalidSkipToken)?;
            all.iter().position(|entry| id(entry) == last).ok_or(GraphError::InvalidSkipToken)? + 1
        }
    };
    let size = options.top.unwrap_or(DEFAULT_PAGE_SIZE);
    let is_last = all.len() <= start + size;
    let entries: Vec<T> = all.into_iter().skip(start).take(size).collect();
    let next_query = entries.last().filter(|_| !is_last).map(|last| next_query(options, id(last)));
    Ok(Page { entries, next_query })
}

fn next_query(options: &QueryOptions, last: &str) -> String {
    let mut pairs = Vec::new();
    if let Some(select) = &options.select {
        // The names are known properties, plain ASCII letters.
        pairs.push(format!("$select={}", select.join(",")));
    }
    if let Some(top) = options.top {
        pairs.push(format!("$top={top}"));
    }
    pairs.push(format!("$skiptoken={}", token(last)));
    pairs.join("&")
}

fn token(last: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("after:{last}"))
}

fn read_token(token: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("after:").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::query::{Consistency, Understood};

    fn itself(entry: &String) -> &str {
        entry
    }

    fn pages(count: usize, first_query: &str) -> Vec<usize> {
        let all: Vec<String> = (0..count).map(|number| format!("id-{number}")).collect();
        let (mut sizes, mut seen, mut query) = (Vec::new(), Vec::new(), Some(first_query.to_owned()));
        while let Some(next) = query {
            let options = QueryOptions::parse(&next, Understood::SelectAndPaging, Consistency::Session).expect("our own link");
            let page = page(all.clone(), &options, itself).expect("our own token");
            sizes.push(page.entries.len());
            seen.extend(page.entries);
            query = page.next_query;
        }
        assert_eq!(seen, all);
        sizes
    }

    #[test]
    fn following_the_links_gives_every_entry_once() {
        assert_eq!(pages(250, ""), [100, 100, 50]);
        assert_eq!(pages(10, "$top=5&$select=id"), [5, 5]);
        assert_eq!(pages(0, ""), [0]);
    }

    #[test]
    fn a_token_that_is_not_ours_is_refused() {
        let options = QueryOptions { skip_token: Some("abc".to_owned()), ..QueryOptions::default() };
        assert_eq!(page(vec!["1".to_owned()], &options, itself), Err(GraphError::InvalidSkipToken));
    }
}
