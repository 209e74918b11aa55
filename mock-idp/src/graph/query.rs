//! The OData query options of a call: `$select`, `$top`, `$skiptoken`.
//! Source: Microsoft Graph, "Customize Microsoft Graph responses with query parameters".

use axum::http::HeaderMap;

use super::error::GraphError;

/// A query option that a call of the mock understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Understood {
    /// `$select` only: the call answers one object.
    Select,
    /// `$select`, `$top` and `$skiptoken`: the call answers a list in pages.
    SelectAndPaging,
}

/// What the header `ConsistencyLevel` says. Graph needs `eventual` for what its indexes answer: counts, searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consistency {
    /// The header is absent or says something else.
    Session,
    /// `ConsistencyLevel: eventual`.
    Eventual,
}

impl Consistency {
    /// Reads the header.
    pub fn of(headers: &HeaderMap) -> Self {
        let eventual = headers.get("consistencylevel").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"eventual"));
        if eventual { Self::Eventual } else { Self::Session }
    }
}

/// The options of one request, their shape known to be right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryOptions {
    /// The properties asked for, as they were written.
    pub select: Option<Vec<String>>,
    /// The size of a page.
    pub top: Option<usize>,
    /// Where the page begins.
    pub skip_token: Option<String>,
}

/// What OData has and the mock does not.
const NOT_MODELLED: [&str; 7] = ["filter", "orderby", "expand", "search", "skip", "format", "apply"];

impl QueryOptions {
    /// Reads the query of a request. The `$` may be left out, as Graph allows; other parameters are the caller's own and ignored.
    ///
    /// # Errors
    /// [`GraphError::RepeatedQueryOption`], [`GraphError::UnknownQueryOption`], [`GraphError::InvalidPageSize`], or
    /// [`GraphError::NotModelled`] for what the real service would act on.
    pub fn parse(query: &str, understood: Understood, consistency: Consistency) -> Result<Self, GraphError> {
        let mut options = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let (bare, is_system) = name.strip_prefix('$').map_or((name.as_ref(), false), |bare| (bare, true));
            let pages = understood == Understood::SelectAndPaging;
            match bare.to_ascii_lowercase().as_str() {
                "select" => once(&mut options.select, &name, properties(&value)?)?,
                "top" if pages => once(&mut options.top, &name, page_size(&value)?)?,
                "skiptoken" if pages => once(&mut options.skip_token, &name, value.into_owned())?,
                // Graph passes over it without the header, and gives no count.
                "count" if consistency == Consistency::Session || value.eq_ignore_ascii_case("false") => {}
                option @ ("top" | "skiptoken" | "count") => return Err(not_modelled(option)),
                option if NOT_MODELLED.contains(&option) => return Err(not_modelled(option)),
                _ if is_system => return Err(GraphError::UnknownQueryOption(name.into_owned())),
                _ => {}
            }
        }
        Ok(options)
    }
}

fn not_modelled(option: &str) -> GraphError {
    GraphError::NotModelled(format!("the query option ${option} on this resource"))
}

fn once<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), GraphError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(GraphError::RepeatedQueryOption(name.to_owned())),
    }
}

fn properties(value: &str) -> Result<Vec<String>, GraphError> {
    let names: Vec<String> = value.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if names.iter().any(|name| name == "*") { Err(GraphError::NotModelled("$select=*".to_owned())) } else { Ok(names) }
}

fn page_size(value: &str) -> Result<usize, GraphError> {
    let size = value.parse().ok().filter(|size| (1..=999).contains(size));
    size.ok_or_else(|| GraphError::InvalidPageSize(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(query: &str) -> Result<QueryOptions, GraphError> {
        QueryOptions::parse(query, Understood::SelectAndPaging, Consistency::Session)
    }

    #[test]
    fn options_are_read_with_or_without_the_dollar_sign() {
        let expected = QueryOptions { select: Some(vec!["id".to_owned(), "mail".to_owned()]), top: Some(5), skip_token: None };
        assert_eq!(list("$select=id,%20mail&$top=5"), Ok(expected.clone()));
        assert_eq!(list("%24select=id,mail&top=5&mine=1"), Ok(expected));
    }

    #[test]
    fn a_page_has_one_to_999_entries() {
        assert_eq!(list("$top=999").map(|options| options.top), Ok(Some(999)));
        for size in ["0", "1000", "-1", "ten"] {
            assert_eq!(list(&format!("$top={size}")), Err(GraphError::InvalidPageSize(size.to_owned())));
        }
    }

    #[test]
    fn an_option_that_the_mock_cannot_follow_is_refused() {
        assert!(matches!(list("$filter=mail eq 'x'"), Err(GraphError::NotModelled(_))));
        assert!(matches!(QueryOptions::parse("$top=1", Understood::Select, Consistency::Session), Err(GraphError::NotModelled(_))));
        assert_eq!(list("$colour=red"), Err(GraphError::UnknownQueryOption("$colour".to_owned())));
    }

    #[test]
    fn a_count_is_passed_over_unless_the_header_asks_for_it() {
        assert_eq!(list("$count=true"), Ok(QueryOptions::default()));
        let counted = QueryOptions::parse("$count=true", Understood::SelectAndPaging, Consistency::Eventual);
        assert!(matches!(counted, Err(GraphError::NotModelled(_))));
    }

    #[test]
    fn an_option_given_twice_is_refused() {
        assert_eq!(list("$select=id&$select=mail"), Err(GraphError::RepeatedQueryOption("$select".to_owned())));
    }
}
