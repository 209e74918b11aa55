//! Lists in pages: `$top`, `$skiptoken` and `@odata.nextLink`.
//! Source: Microsoft Graph, "Paging Microsoft Graph data in your app". Clients follow the link as it is.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::list::{Collection, View};
use crate::{
    graph::{error::GraphError, query::QueryOptions},
    random::derived_bytes,
};

/// What may stand as it is in the value of a query parameter.
const VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b'(').remove(b')').remove(b'/').remove(b'$');

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub struct Page<'c, T> {
    /// The objects.
    pub objects: Vec<&'c T>,
    /// The last object of this page, if there is a next one.
    pub next: Option<Marker>,
}

/// The object after which a page begins: its id, and its place for the case that it is gone by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    place: u64,
    id: String,
}

impl Marker {
    /// The text of a `$skiptoken` of this mock, for the list with this scope.
    pub fn write(&self, scope: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{scope}.{}.{}", self.place, self.id))
    }

    /// Reads a token that was written for the list with this scope.
    ///
    /// # Errors
    /// [`GraphError::InvalidSkipToken`] for anything else.
    pub fn read(token: &str, scope: &str) -> Result<Self, GraphError> {
        let text = URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let parts = text.as_deref().and_then(|text| text.strip_prefix(scope)?.strip_prefix('.')?.split_once('.'));
        let marker = parts.and_then(|(place, id)| Some(Self { place: place.parse().ok()?, id: id.to_owned() }));
        marker.ok_or(GraphError::InvalidSkipToken)
    }
}

/// What a token belongs to: a list, and the options that decide what is in it and in which order.
pub fn scope(path: &str, options: &QueryOptions) -> String {
    let deciding = options.kept.iter().filter(|(name, _)| matches!(name.as_str(), "filter" | "search" | "orderby"));
    let parts: Vec<&str> = std::iter::once(path).chain(deciding.flat_map(|(name, value)| [name.as_str(), value.as_str()])).collect();
    URL_SAFE_NO_PAD.encode(&derived_bytes(&parts)[..9])
}

/// The query of the next page: all options of this one, and where the next one begins.
pub fn next_query(options: &QueryOptions, token: &str) -> String {
    let kept = options.kept.iter().map(|(name, value)| format!("${name}={}", utf8_percent_encode(value, VALUE)));
    kept.chain([format!("$skiptoken={token}")]).collect::<Vec<_>>().join("&")
}

/// A page of a list in its own order, looked at only as far as needed.
pub fn streamed<'c, T>(
    from: &'c impl Collection<T>,
    marker: Option<&Marker>,
    size: usize,
    view: &impl View<T>,
    holds: impl FnMut(&&'c T) -> bool,
) -> Page<'c, T> {
    let start = marker.map(|marker| from.place(&marker.id).unwrap_or(marker.place));
    let rest = start.map_or_else(|| from.all(), |start| from.after(start));
    let mut rest = rest.filter(holds);
    let objects: Vec<&T> = rest.by_ref().take(size).collect();
    let is_last = rest.next().is_none();
    let next = objects.last().filter(|_| !is_last).map(|last| {
        let id = view.id(last);
        Marker { place: from.place(id).unwrap_or_default(), id: id.to_owned() }
    });
    Page { objects, next }
}

/// A page of a list that is all there, in its order.
pub fn of_list<'c, T>(objects: Vec<&'c T>, marker: Option<&Marker>, size: usize, view: &impl View<T>) -> Page<'c, T> {
    let start = marker.map_or(0, |marker| {
        let found = objects.iter().position(|object| view.id(object) == marker.id);
        found.map_or_else(|| usize::try_from(marker.place).unwrap_or(usize::MAX), |found| found + 1)
    });
    let end = start.saturating_add(size).min(objects.len());
    let page: Vec<&T> = objects.get(start..end).unwrap_or_default().to_vec();
    // Should the last object of this page be gone by then, its place is where the next one stands.
    let place = u64::try_from(end.saturating_sub(1)).unwrap_or_default();
    let next = page.last().filter(|_| end < objects.len()).map(|last| Marker { place, id: view.id(last).to_owned() });
    Page { objects: page, next }
}
