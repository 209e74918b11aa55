//! A person at the portal: one cookie jar, links and forms, no script.

use std::collections::BTreeMap;

use mock_idp::MockIdp;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header, redirect::Policy};
use scraper::{ElementRef, Html, Selector};
use url::{Position, Url};

pub struct PortalGuest {
    client: Client,
    origin: String,
    cookies: BTreeMap<String, String>,
}

/// A page of the portal.
pub struct PortalPage {
    pub url: String,
    pub status: StatusCode,
    pub headers: header::HeaderMap,
    pub html: String,
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a valid selector")
}

impl PortalPage {
    /// Path and query.
    pub fn path(&self) -> String {
        let url = Url::parse(&self.url).expect("a URL");
        url[Position::BeforePath..].to_owned()
    }

    /// An attribute of all elements that `css` selects.
    pub fn attributes(&self, css: &str, attribute: &str) -> Vec<String> {
        Html::parse_document(&self.html).select(&selector(css)).filter_map(|it| it.attr(attribute).map(str::to_owned)).collect()
    }

    /// The `value` of all elements that `css` selects.
    pub fn values(&self, css: &str) -> Vec<String> {
        self.attributes(css, "value")
    }

    /// The text of all elements that `css` selects, with single spaces.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let text = |it: ElementRef<'_>| it.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        Html::parse_document(&self.html).select(&selector(css)).map(text).collect()
    }

    /// The text of the first element that `css` selects.
    pub fn text(&self, css: &str) -> String {
        self.texts(css).into_iter().next().unwrap_or_else(|| panic!("no {css} on the page:\n{}", self.html))
    }

    /// What the form whose action ends in `action` sends untouched, buttons apart.
    pub fn form(&self, action: &str) -> (String, Vec<(String, String)>) {
        let document = Html::parse_document(&self.html);
        let forms = selector("form[method='post']");
        let mut forms = document.select(&forms).filter(|it| it.attr("action").is_some_and(|at| at.ends_with(action)));
        let form = forms.next().unwrap_or_else(|| panic!("no form for {action} on the page:\n{}", self.html));
        let fields = form.select(&selector("input, select, textarea")).filter_map(sent_by).collect();
        (form.attr("action").unwrap_or_default().to_owned(), fields)
    }
}

/// What a control sends (HTML standard, "Constructing the entry list").
fn sent_by(control: ElementRef<'_>) -> Option<(String, String)> {
    let name = control.attr("name")?.to_owned();
    let value = match control.value().name() {
        "select" => control.select(&selector("option[selected]")).next()?.attr("value")?.to_owned(),
        "textarea" => control.text().collect::<String>().trim_start_matches('\n').to_owned(),
        _ => match control.attr("type") {
            Some("checkbox" | "radio") if control.attr("checked").is_none() => return None,
            _ => control.attr("value").unwrap_or_default().to_owned(),
        },
    };
    control.attr("disabled").is_none().then_some((name, value))
}

impl PortalGuest {
    /// Somebody who is not signed in.
    pub fn new(idp: &MockIdp) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        Self { client, origin: idp.origin().to_owned(), cookies: BTreeMap::new() }
    }

    /// Somebody who is.
    pub async fn signed_in(idp: &MockIdp, username: &str) -> Self {
        let mut guest = Self::new(idp);
        let page = guest.open("/portal/sign-in").await;
        let home = guest.send(&page, "/portal/sign-in", &[("username", username)]).await;
        assert_eq!(home.status, StatusCode::OK, "{}", home.html);
        guest
    }

    /// The cookie header of the next request.
    pub fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// One GET, without following redirects.
    pub async fn get(&mut self, path: &str) -> PortalPage {
        let request = self.request(Method::GET, path);
        self.arrive(path, request).await.0
    }

    /// Opens a path and follows redirects.
    pub async fn open(&mut self, path: &str) -> PortalPage {
        let mut path = path.to_owned();
        loop {
            let request = self.request(Method::GET, &path);
            match self.arrive(&path, request).await {
                (_, Some(location)) => path = location,
                (page, None) => return page,
            }
        }
    }

    /// Fills the form whose action ends in `action` and sends it. A field that is given replaces the page's of the same name.
    pub async fn send(&mut self, page: &PortalPage, action: &str, fields: &[(&str, &str)]) -> PortalPage {
        let (action, mut sent) = page.form(action);
        sent.retain(|(name, _)| fields.iter().all(|(given, _)| given != name));
        sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.post(&action, &sent).await
    }

    /// Sends these fields, as a form of the portal.
    pub async fn post(&mut self, path: &str, fields: &[(String, String)]) -> PortalPage {
        let request = self.request(Method::POST, path).header(header::ORIGIN, &self.origin).form(fields);
        match self.arrive(path, request).await {
            (_, Some(location)) => self.open(&location).await,
            (page, None) => page,
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin)).header(header::COOKIE, self.cookie())
    }

    async fn arrive(&mut self, path: &str, request: RequestBuilder) -> (PortalPage, Option<String>) {
        let response: Response = request.send().await.expect("an answer");
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().ok().and_then(|text| text.split(';').next()).and_then(|pair| pair.split_once('='));
            self.cookies.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let location = response.headers().get(header::LOCATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
        let (status, headers) = (response.status(), response.headers().clone());
        let url = format!("{}{path}", self.origin);
        (PortalPage { url, status, headers, html: response.text().await.expect("a body") }, location)
    }
}
