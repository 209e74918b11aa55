//! The OData query options of a call: `$select`, `$expand`, `$filter`, `$search`, `$orderby`, `$count`, `$top`, `$skiptoken`.
//! Source: Microsoft Graph, "Customize Microsoft Graph responses with query parameters".

use axum::http::HeaderMap;

use super::{
    error::GraphError,
    odata::{
        expression::Expression,
        order::{self, OrderBy},
        parser,
        plan::Query,
    },
};

/// Objects on a page unless `$top` says otherwise.
const DEFAULT_PAGE_SIZE: usize = 100;

/// The largest page of a list.
const LARGEST_PAGE: usize = 999;

/// The default and the largest page of a log.
const PAGE_OF_A_LOG: usize = 1000;

/// What a call answers, which decides the options that it understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Understood {
    /// One object: `$select` and `$expand`.
    One,
    /// A list in pages: all options.
    List,
    /// A log in pages, which are larger: all options. "List signIns".
    Log,
    /// The length of a list, as a number: `$filter` and `$search`.
    Count,
}

/// What the header `ConsistencyLevel` says. Graph needs `eventual` for what its indexes answer: counts, searches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Consistency {
    /// The header is absent or says something else.
    #[default]
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
    /// The relationships to show inside each object.
    pub expand: Vec<Expand>,
    /// Which objects of a list are wanted.
    pub filter: Option<Expression>,
    /// The words that objects of a list must hold.
    pub search: Option<String>,
    /// How a list is sorted.
    pub order_by: Vec<OrderBy>,
    /// The size of a page.
    pub top: Option<usize>,
    /// Where the page begins.
    pub skip_token: Option<String>,
    /// The options as they were given, `$skiptoken` left out: name without the `$`, and value. A next link repeats them.
    pub kept: Vec<(String, String)>,
    count: Option<Count>,
    consistency: Consistency,
    largest_page: Option<usize>,
}

/// A relationship that `$expand` names, and what it selects of the objects there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expand {
    /// The relationship's name.
    pub name: String,
    /// The properties asked for.
    pub select: Option<Vec<String>>,
}

/// What `$count` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Wanted,
    Unwanted,
}

impl QueryOptions {
    /// Reads the query of a request. The `$` may be left out, as Graph allows; other parameters are the caller's own and ignored.
    ///
    /// # Errors
    /// [`GraphError::RepeatedQueryOption`], [`GraphError::UnknownQueryOption`], [`GraphError::SkipNotSupported`], what is wrong with the
    /// value of an option, or [`GraphError::NotModelled`] for what the real service would act on.
    pub fn parse(query: &str, understood: Understood, consistency: Consistency) -> Result<Self, GraphError> {
        // A segment `/$count` counts without being asked again.
        let count = (understood == Understood::Count).then_some(Count::Wanted);
        let top = (understood == Understood::Log).then_some(PAGE_OF_A_LOG);
        let mut options = Self { consistency, count, top, ..Self::default() };
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let (bare, is_system) = name.strip_prefix('$').map_or((name.as_ref(), false), |bare| (bare, true));
            let bare = bare.to_ascii_lowercase();
            let is_known = options.read(&bare, &value, understood)?;
            if !is_known && is_system {
                return Err(GraphError::UnknownQueryOption(name.into_owned()));
            }
            if is_known && seen.contains(&bare) {
                return Err(GraphError::RepeatedQueryOption(name.into_owned()));
            }
            if is_known && bare != "skiptoken" {
                options.kept.push((bare.clone(), value.into_owned()));
            }
            seen.push(bare);
        }
        options.agree()?;
        Ok(options)
    }

    /// Reads one option; false if it is none.
    fn read(&mut self, name: &str, value: &str, understood: Understood) -> Result<bool, GraphError> {
        let lists = matches!(understood, Understood::List | Understood::Log);
        match name {
            "select" if understood != Understood::Count => self.select = Some(properties(value)?),
            "expand" if understood != Understood::Count => self.expand = expand(value)?,
            "filter" if understood != Understood::One => {
                let filter = parser::parse(value);
                self.filter = Some(filter.map_err(|error| GraphError::InvalidFilter(format!("{error} in '{value}'")))?);
            }
            "search" if understood != Understood::One => self.search = Some(value.to_owned()),
            "orderby" if lists => self.order_by = order::parse(value).ok_or_else(|| GraphError::InvalidOrderBy(value.to_owned()))?,
            "top" if lists => self.top = Some(page_size(value, understood)?),
            "skiptoken" if lists => self.skip_token = Some(value.to_owned()),
            "count" if understood == Understood::Count => {}
            "count" => self.count = Some(if value.eq_ignore_ascii_case("true") { Count::Wanted } else { Count::Unwanted }),
            // JSON is what every answer is in.
            "format" if value.eq_ignore_ascii_case("json") => {}
            // Directory objects come in pages by token only.
            "skip" if lists => return Err(GraphError::SkipNotSupported),
            "select" | "expand" | "filter" | "search" | "orderby" | "top" | "skiptoken" | "skip" | "format" | "apply" => {
                return Err(not_modelled(name));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Refuses options that do not go together.
    fn agree(&self) -> Result<(), GraphError> {
        if self.search.is_some() && self.consistency == Consistency::Session {
            return Err(GraphError::SearchNeedsEventual);
        }
        if !self.expand.is_empty() && self.query() == Query::Advanced {
            return Err(GraphError::ExpandInAdvancedQuery);
        }
        Ok(())
    }

    /// Whether the answer tells how many objects there are. Without the header Graph passes over `$count`.
    pub fn counts(&self) -> bool {
        self.query() == Query::Advanced
    }

    /// Whether the request carries the advanced query parameters.
    pub fn query(&self) -> Query {
        let is_advanced = self.consistency == Consistency::Eventual && self.count == Some(Count::Wanted);
        if is_advanced { Query::Advanced } else { Query::Default }
    }

    /// How many objects a page holds.
    pub fn page_size(&self) -> usize {
        let asked = self.top.unwrap_or(DEFAULT_PAGE_SIZE);
        self.largest_page.map_or(asked, |largest| asked.min(largest))
    }

    /// The same options with pages of at most this many objects: Graph may give less than was asked for.
    pub fn with_pages_of(self, largest: usize) -> Self {
        Self { largest_page: Some(largest), ..self }
    }
}

fn not_modelled(option: &str) -> GraphError {
    GraphError::NotModelled(format!("the query option ${option} on this resource"))
}

fn properties(value: &str) -> Result<Vec<String>, GraphError> {
    let names: Vec<String> = value.split(',').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err(GraphError::InvalidTerm(String::new()));
    }
    if names.iter().any(|name| name == "*") { Err(GraphError::NotModelled("$select=*".to_owned())) } else { Ok(names) }
}

/// `owners` or `owners($select=id,displayName)`. "Only one relationship can be expanded in a single request."
fn expand(value: &str) -> Result<Vec<Expand>, GraphError> {
    let invalid = || GraphError::InvalidTerm(value.to_owned());
    let value = value.trim();
    let (name, nested) = match value.split_once('(') {
        None => (value, None),
        Some((name, nested)) => (name, Some(nested.strip_suffix(')').ok_or_else(invalid)?)),
    };
    let select = match nested.map(|nested| nested.split_once('=').map(|(option, names)| (option.trim(), names))) {
        None => None,
        Some(Some(("$select", names))) => Some(properties(names)?),
        Some(Some((option, _))) if option.starts_with('$') => return Err(GraphError::NotModelled(format!("{option} inside $expand"))),
        Some(_) => return Err(invalid()),
    };
    if name.contains(',') {
        return Err(GraphError::ManyExpansions);
    }
    let is_name = !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric());
    if is_name { Ok(vec![Expand { name: name.to_owned(), select }]) } else { Err(invalid()) }
}

fn page_size(value: &str, understood: Understood) -> Result<usize, GraphError> {
    let largest = if understood == Understood::Log { PAGE_OF_A_LOG } else { LARGEST_PAGE };
    let size = value.parse().ok().filter(|size| (1..=largest).contains(size));
    size.ok_or_else(|| GraphError::InvalidPageSize(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(query: &str) -> Result<QueryOptions, GraphError> {
        QueryOptions::parse(query, Understood::List, Consistency::Session)
    }

    #[test]
    fn options_are_read_with_or_without_the_dollar_sign() {
        let names = Some(vec!["id".to_owned(), "mail".to_owned()]);
        for query in ["$select=id,%20mail&$top=5", "%24select=id,mail&top=5&mine=1"] {
            let options = list(query).expect("good options");
            assert_eq!((options.select, options.top), (names.clone(), Some(5)));
        }
    }

    #[test]
    fn a_page_has_one_to_999_entries() {
        assert_eq!(list("$top=999").map(|options| options.top), Ok(Some(999)));
        for size in ["0", "1000", "-1", "ten"] {
            assert_eq!(list(&format!("$top={size}")), Err(GraphError::InvalidPageSize(size.to_owned())));
        }
    }

    #[test]
    fn an_option_that_does_not_fit_the_call_is_refused() {
        assert!(matches!(QueryOptions::parse("$top=1", Understood::One, Consistency::Session), Err(GraphError::NotModelled(_))));
        assert!(matches!(QueryOptions::parse("$top=1", Understood::Count, Consistency::Eventual), Err(GraphError::NotModelled(_))));
        assert_eq!(list("$skip=10"), Err(GraphError::SkipNotSupported));
        assert_eq!(list("$colour=red"), Err(GraphError::UnknownQueryOption("$colour".to_owned())));
    }

    #[test]
    fn a_count_is_passed_over_unless_the_header_asks_for_it() {
        assert_eq!(list("$count=true").map(|options| options.counts()), Ok(false));
        let counted = QueryOptions::parse("$count=true", Understood::List, Consistency::Eventual);
        assert_eq!(counted.map(|options| options.counts()), Ok(true));
    }

    #[test]
    fn a_count_segment_is_an_advanced_query() {
        let counted = QueryOptions::parse("$filter=mail ne null", Understood::Count, Consistency::Eventual);
        assert_eq!(counted.map(|options| options.query()), Ok(Query::Advanced));
    }

    #[test]
    fn a_search_needs_the_header() {
        assert_eq!(list("$search=\"displayName:Ada\""), Err(GraphError::SearchNeedsEventual));
    }

    #[test]
    fn a_selection_names_properties_and_json_is_the_one_format() {
        assert_eq!(list("$select=id,"), Err(GraphError::InvalidTerm(String::new())));
        assert_eq!(list("$format=json").map(|options| options.select), Ok(None));
        assert!(matches!(list("$format=atom"), Err(GraphError::NotModelled(_))));
    }

    #[test]
    fn an_option_given_twice_is_refused() {
        assert_eq!(list("$select=id&$select=mail"), Err(GraphError::RepeatedQueryOption("$select".to_owned())));
    }

    #[test]
    fn expand_may_select_and_names_one_relationship() {
        let select = Some(vec!["id".to_owned()]);
        assert_eq!(list("$expand=owners($select=id)").map(|it| it.expand), Ok(vec![Expand { name: "owners".to_owned(), select }]));
        assert_eq!(list("$expand=owners,members"), Err(GraphError::ManyExpansions));
        assert!(matches!(list("$expand=owners($levels=2)"), Err(GraphError::NotModelled(_))));
        assert!(matches!(list("$expand=owners($select=id"), Err(GraphError::InvalidTerm(_))));
    }
}
