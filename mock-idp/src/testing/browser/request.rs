//! A request before it is sent.

use reqwest::Method;
use url::Url;

/// The two sites that the browser knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Site {
    /// The app under test.
    App,
    /// The identity provider.
    Provider,
}

/// What the browser asks for in `Accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// A page, as a person's browser does.
    Html,
    /// JSON, as a program does.
    Json,
}

impl Accept {
    /// The header's value.
    pub fn header(self) -> &'static str {
        match self {
            Self::Html => "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
            Self::Json => "application/json",
        }
    }
}

/// A body that no form of a page makes, as an attacker's program sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// `Content-Type`; without one the header is left out.
    pub content_type: Option<String>,
    /// What is sent.
    pub bytes: Vec<u8>,
}

/// A request that the browser can send. Tests may change it first, as an attacker would.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: Url,
    /// The fields of a form that is sent in the body.
    pub form: Option<Vec<(String, String)>>,
    /// Sent in the body in place of a form.
    pub body: Option<Box<Body>>,
    /// What is asked for.
    pub accept: Accept,
    /// The sites that brought it about: the page with the link or form, and every redirect since.
    pub(super) caused_by: Vec<Site>,
    /// The origin of the page whose form it sends.
    pub(super) origin: Option<String>,
}

impl Request {
    /// A GET that the user types into the address bar.
    pub fn typed(url: Url, accept: Accept) -> Self {
        Self { method: Method::GET, url, form: None, body: None, accept, caused_by: Vec::new(), origin: None }
    }

    /// A request as a page of `site` brings it about.
    pub fn from_site(mut self, site: Site) -> Self {
        self.caused_by.push(site);
        self
    }

    /// The same request with another method.
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// The same request as a POST with this body.
    pub fn with_body(mut self, content_type: Option<&str>, bytes: impl Into<Vec<u8>>) -> Self {
        self.method = Method::POST;
        self.form = None;
        self.body = Some(Box::new(Body { content_type: content_type.map(str::to_owned), bytes: bytes.into() }));
        self
    }

    /// The parameters: of the form if there is one, else of the query.
    pub fn parameters(&self) -> Vec<(String, String)> {
        self.form.clone().unwrap_or_else(|| self.url.query_pairs().into_owned().collect())
    }

    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The same request with this parameter changed or added.
    pub fn with_parameter(self, name: &str, value: &str) -> Self {
        let mut parameters = self.parameters();
        match parameters.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => value.clone_into(old),
            None => parameters.push((name.to_owned(), value.to_owned())),
        }
        self.with_parameters(parameters)
    }

    /// The same request without this parameter.
    pub fn without_parameter(self, name: &str) -> Self {
        let parameters = self.parameters().into_iter().filter(|(key, _)| key != name).collect();
        self.with_parameters(parameters)
    }

    /// The same request with these parameters in the place where it carries them.
    pub fn with_parameters(mut self, parameters: Vec<(String, String)>) -> Self {
        if self.form.is_some() {
            self.form = Some(parameters);
        } else if parameters.is_empty() {
            self.url.set_query(None);
        } else {
            self.url.query_pairs_mut().clear().extend_pairs(parameters);
        }
        self
    }

    /// Whether every site that brought it about is `site` (RFC 6265bis §5.2: the redirect chain counts).
    pub(super) fn is_same_site(&self, site: Site) -> bool {
        self.caused_by.iter().all(|cause| *cause == site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callback() -> Request {
        Request::typed(Url::parse("http://localhost:5000/cb?code=c&state=s").expect("an address"), Accept::Html)
    }

    #[test]
    fn a_parameter_is_changed_where_the_request_carries_it() {
        let changed = callback().with_parameter("state", "a b");
        assert_eq!(changed.url.query(), Some("code=c&state=a+b"));
        let mut form = callback();
        form.form = Some(vec![("state".to_owned(), "s".to_owned())]);
        let form = form.with_parameter("state", "t");
        assert_eq!((form.parameter("state").as_deref(), form.url.query()), (Some("t"), Some("code=c&state=s")));
    }

    #[test]
    fn a_request_without_its_last_parameter_has_no_query() {
        let bare = callback().without_parameter("code").without_parameter("state");
        assert_eq!(bare.url.as_str(), "http://localhost:5000/cb");
    }
}
