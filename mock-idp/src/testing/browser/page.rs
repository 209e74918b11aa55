//! An answer, and what a person or program reads from it.

use reqwest::Method;
use scraper::{Html, Selector};
use serde_json::Value;
use url::Url;

use super::{
    address::resolve,
    error::BrowserError,
    form::{Form, text_of},
    hop::Hop,
    request::{Request, Site},
};

/// The answer to one request.
#[derive(Debug, Clone)]
pub struct Page {
    hop: Hop,
    request: Request,
}

impl Page {
    pub(super) fn new(hop: Hop, request: Request) -> Self {
        Self { hop, request }
    }

    #[cfg(test)]
    pub(super) fn for_tests(site: Site, url: &str, body: &str) -> Self {
        let url = Url::parse(url).expect("an address");
        let hop = Hop {
            site,
            method: "GET".to_owned(),
            url: url.clone(),
            form: None,
            cookies: vec![],
            withheld_cookies: vec![],
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            refused_cookies: vec![],
            body: body.to_owned(),
        };
        Self { hop, request: Request::typed(url, super::Accept::Html) }
    }

    /// The exchange as it was.
    pub fn hop(&self) -> &Hop {
        &self.hop
    }

    /// Whose page it is.
    pub fn site(&self) -> Site {
        self.hop.site
    }

    /// Its address.
    pub fn url(&self) -> &Url {
        &self.hop.url
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.hop.status
    }

    /// The first header of this name (lower case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.hop.header(name)
    }

    /// The body.
    pub fn body(&self) -> &str {
        &self.hop.body
    }

    /// Whether the answer says that it is HTML.
    pub fn is_html(&self) -> bool {
        self.header("content-type").is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/html"))
    }

    /// The body as JSON; `None` if it is none.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(self.body()).ok()
    }

    /// The request that a redirect asks for; `None` if the answer is no redirect (RFC 9110 §15.4).
    ///
    /// # Errors
    /// [`BrowserError::BadRedirect`].
    pub fn redirect(&self) -> Result<Option<Request>, BrowserError> {
        let Some(location) = self.header("location").filter(|_| self.hop.is_redirect()) else { return Ok(None) };
        let url = resolve(self.url(), location)
            .map_err(|_| BrowserError::BadRedirect { url: self.url().to_string(), location: location.to_owned() })?;
        let keeps_method = matches!(self.status(), 307 | 308) || matches!(self.request.method, Method::GET | Method::HEAD);
        let mut next = Request::typed(url, self.request.accept);
        next.caused_by = self.request.caused_by.clone();
        next.caused_by.push(self.site());
        if keeps_method {
            next.method = self.request.method.clone();
            next.form = self.request.form.clone();
            next.body = self.request.body.clone();
            next.origin = self.request.origin.clone();
        }
        Ok(Some(next))
    }

    /// The request of a page that goes on by itself at once (`<meta http-equiv="refresh">` with a delay of zero, HTML §4.2.5.3). It is the
    /// page that goes on, and not the site that led to it: so cookies with `SameSite=Strict` go along again.
    pub fn refresh(&self) -> Option<Request> {
        let metas = Selector::parse("meta[http-equiv][content]").expect("a constant selector");
        let document = self.document();
        let mut refreshes =
            document.select(&metas).filter(|meta| meta.attr("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("refresh")));
        let (delay, target) = refreshes.next()?.attr("content")?.split_once([';', ','])?;
        let target = target.trim_start();
        let address = target
            .get(..3)
            .filter(|start| start.eq_ignore_ascii_case("url"))
            .map_or(target, |_| target[3..].trim_start().trim_start_matches('='));
        let url = resolve(self.url(), address.trim().trim_matches(['\'', '"'])).ok().filter(|_| delay.trim() == "0")?;
        let mut next = Request::typed(url, self.request.accept);
        next.caused_by = vec![self.site()];
        Some(next)
    }

    /// The forms on the page.
    pub fn forms(&self) -> Vec<Form> {
        Form::all(&self.document(), self.url())
    }

    /// The first form that is sent to this path of the same origin.
    pub fn form_to(&self, path: &str) -> Option<Form> {
        self.forms().into_iter().find(|form| form.action().origin() == self.url().origin() && form.action().path() == path)
    }

    /// The texts of all elements with this `data-field`, in order.
    pub fn fields(&self, name: &str) -> Vec<String> {
        let selector = Selector::parse("[data-field]").expect("a constant selector");
        let document = self.document();
        document.select(&selector).filter(|element| element.attr("data-field") == Some(name)).map(text_of).collect()
    }

    /// The text of the first element with this `data-field`.
    pub fn field(&self, name: &str) -> Option<String> {
        self.fields(name).into_iter().next()
    }

    /// The texts of all elements that a CSS selector finds.
    ///
    /// # Panics
    /// If `css` is no selector: a mistake of the test.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let selector = Selector::parse(css).unwrap_or_else(|error| panic!("'{css}' is no selector: {error}"));
        self.document().select(&selector).map(text_of).collect()
    }

    /// An attribute of all elements that a CSS selector finds, where they have it.
    ///
    /// # Panics
    /// If `css` is no selector: a mistake of the test.
    pub fn attributes(&self, css: &str, attribute: &str) -> Vec<String> {
        let selector = Selector::parse(css).unwrap_or_else(|error| panic!("'{css}' is no selector: {error}"));
        self.document().select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_owned).collect()
    }

    /// Where the page's links lead.
    pub fn links(&self) -> Vec<Url> {
        self.attributes("a", "href").iter().filter_map(|href| resolve(self.url(), href).ok()).collect()
    }

    /// The parameters behind `#`, which a browser keeps to itself (`response_mode=fragment`).
    pub fn fragment(&self) -> Vec<(String, String)> {
        let fragment = self.request.url.fragment().unwrap_or_default();
        url::form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
    }

    /// Parsed anew each time: the parsed form may not cross an `.await`.
    fn document(&self) -> Html {
        Html::parse_document(self.body())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirected(status: u16, method: Method, location: &str) -> Request {
        let mut page = Page::for_tests(Site::App, "http://localhost:5000/a", "");
        page.hop.status = status;
        page.hop.headers = vec![("location".to_owned(), location.to_owned())];
        page.request.method = method;
        page.request.form = Some(vec![]);
        page.redirect().expect("an address").expect("a redirect")
    }

    #[test]
    fn a_form_that_is_redirected_becomes_a_get_unless_the_status_forbids_it() {
        assert_eq!(redirected(302, Method::POST, "/b").method, Method::GET);
        assert_eq!(redirected(303, Method::POST, "/b").form, None);
        let kept = redirected(307, Method::POST, "b?x");
        assert_eq!((kept.method, kept.url.as_str()), (Method::POST, "http://localhost:5000/b?x"));
    }

    #[test]
    fn a_redirect_is_read_as_browsers_read_it() {
        assert_eq!(redirected(302, Method::GET, "/\\evil.example/").url.as_str(), "http://evil.example/");
        assert_eq!(redirected(302, Method::GET, "/\t/evil.example/").url.as_str(), "http://evil.example/");
    }

    #[test]
    fn a_page_goes_on_by_itself_only_at_once() {
        let page = |content: &str| {
            let meta = format!("<meta http-equiv=Refresh content=\"{content}\">");
            Page::for_tests(Site::App, "http://localhost:5000/a", &meta).refresh().map(|next| next.url.to_string())
        };
        assert_eq!(page("0; url=/b?x=1").as_deref(), Some("http://localhost:5000/b?x=1"));
        assert_eq!(page("0;URL='/b'").as_deref(), Some("http://localhost:5000/b"));
        assert_eq!(page("0, //evil.example/").as_deref(), Some("http://evil.example/"));
        assert_eq!((page("5; url=/b"), page("0")), (None, None));
    }

    #[test]
    fn facts_are_read_by_their_data_field() {
        let page =
            Page::for_tests(Site::App, "http://localhost:5000/me", "<p data-field='roles'> A </p><li data-field=roles>B &amp; C</li>");
        assert_eq!(page.fields("roles"), ["A", "B & C"]);
        assert_eq!(page.field("oid"), None);
    }

    #[test]
    fn the_fragment_stays_in_the_browser() {
        let mut page = Page::for_tests(Site::App, "http://localhost:5000/cb", "");
        page.request.url.set_fragment(Some("code=c&state=s"));
        assert_eq!(page.fragment()[1], ("state".to_owned(), "s".to_owned()));
    }
}
