//! A browser for tests: cookies with `SameSite`, redirects, forms, size limits. No JavaScript.
//!
//! It knows two sites, the app and the provider. Both run on localhost, yet here they are strangers to each other, as an app and
//! `login.microsoftonline.com` are. So an app that works in this browser also works with a real tenant (see [`cookies`]).
//!
//! Every exchange is kept as a [`Hop`]. What the app sends is not trusted: bodies, heads, cookies, redirects and time are limited,
//! and no address outside the two sites is ever called.

pub mod address;
pub mod cookies;
pub mod error;
mod exchange;
pub mod form;
pub mod hop;
pub mod page;
pub mod request;
mod sign_in;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use url::{Origin, Url};

pub use cookies::{CookieJar, CookieRefusal, StoredCookie};
pub use error::BrowserError;
pub use form::Form;
pub use hop::Hop;
pub use page::Page;
pub use request::{Accept, Request, Site};
pub use sign_in::{Consent, SignIn};

use crate::clock::Clock;

/// How long one exchange may take, unless a test has more patience.
pub const REQUEST_LIMIT: Duration = Duration::from_secs(5);
/// The largest body that is read.
pub const BODY_LIMIT: usize = 1024 * 1024;
/// The largest head (status line and headers) that is accepted.
pub const HEAD_LIMIT: usize = 64 * 1024;
/// The most redirects that are followed in a row.
pub const REDIRECT_LIMIT: usize = 10;

/// A browser with its own cookies. A clone begins with the same cookies and then goes its own way.
#[derive(Debug, Clone)]
pub struct Browser {
    client: reqwest::Client,
    app: Origin,
    providers: Vec<Origin>,
    clock: Clock,
    cookies: CookieJar,
    hops: Vec<Hop>,
    patience: Duration,
}

impl Browser {
    /// A browser without cookies that may visit `app` and the origins of the provider, and nothing else.
    /// `ca_pem` is the authority behind a provider's https origin. Cookies expire by `clock`.
    ///
    /// # Errors
    /// [`BrowserError::Setup`] if an address is no http(s) address, or the certificate cannot be read.
    pub fn new(app: &str, providers: &[&str], ca_pem: Option<&str>, clock: Clock) -> Result<Self, BrowserError> {
        let setup = |error: &dyn std::fmt::Display| BrowserError::Setup(error.to_string());
        let origin = |address: &str| match Url::parse(address) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url.origin()),
            Ok(url) => Err(BrowserError::Setup(format!("{url} is no http address"))),
            Err(error) => Err(BrowserError::Setup(format!("{address}: {error}"))),
        };
        // By address and not by name: whoever listens on ::1 of the same port is not asked.
        let localhost = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let mut client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .resolve("localhost", localhost)
            .user_agent("mock-idp test browser");
        if let Some(pem) = ca_pem {
            client = client.add_root_certificate(reqwest::Certificate::from_pem(pem.as_bytes()).map_err(|error| setup(&error))?);
        }
        Ok(Self {
            client: client.build().map_err(|error| setup(&error))?,
            app: origin(app)?,
            providers: providers.iter().map(|address| origin(address)).collect::<Result<_, _>>()?,
            clock,
            cookies: CookieJar::default(),
            hops: Vec::new(),
            patience: REQUEST_LIMIT,
        })
    }

    /// The same browser with another app.
    ///
    /// # Errors
    /// [`BrowserError::Setup`] if `app` is no address.
    pub fn visiting(mut self, app: &str) -> Result<Self, BrowserError> {
        self.app = Url::parse(app).map_err(|error| BrowserError::Setup(format!("{app}: {error}")))?.origin();
        Ok(self)
    }

    /// The same browser, which waits so long for one answer instead of [`REQUEST_LIMIT`].
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The app's origin, for example `http://localhost:5000`.
    pub fn app_origin(&self) -> String {
        self.app.ascii_serialization()
    }

    /// The site of an address; `None` for a foreign one.
    pub fn site(&self, url: &Url) -> Option<Site> {
        let origin = url.origin();
        if origin == self.app { Some(Site::App) } else { self.providers.contains(&origin).then_some(Site::Provider) }
    }

    /// A request typed into the address bar. `address` is a path of the app or a whole URL.
    ///
    /// # Errors
    /// [`BrowserError::BadAddress`].
    pub fn request(&self, address: &str, accept: Accept) -> Result<Request, BrowserError> {
        let whole = if address.starts_with('/') { format!("{}{address}", self.app_origin()) } else { address.to_owned() };
        let url = Url::parse(&whole).map_err(|_| BrowserError::BadAddress(whole))?;
        Ok(Request::typed(url, accept))
    }

    /// Opens a page as a person does, following redirects.
    ///
    /// # Errors
    /// Any [`BrowserError`].
    pub async fn open(&mut self, address: &str) -> Result<Page, BrowserError> {
        let request = self.request(address, Accept::Html)?;
        self.go(request).await
    }

    /// One GET as a person's browser sends it, without following redirects.
    ///
    /// # Errors
    /// Any [`BrowserError`].
    pub async fn get(&mut self, address: &str) -> Result<Page, BrowserError> {
        let request = self.request(address, Accept::Html)?;
        self.send(request).await
    }

    /// One GET that asks for JSON, without following redirects.
    ///
    /// # Errors
    /// Any [`BrowserError`].
    pub async fn get_json(&mut self, address: &str) -> Result<Page, BrowserError> {
        let request = self.request(address, Accept::Json)?;
        self.send(request).await
    }

    /// Sends a request and follows where the answers lead, at most [`REDIRECT_LIMIT`] times.
    ///
    /// # Errors
    /// Any [`BrowserError`].
    pub async fn go(&mut self, request: Request) -> Result<Page, BrowserError> {
        let mut page = self.send(request).await?;
        for _ in 0..REDIRECT_LIMIT {
            match self.next(&page)? {
                Some(next) => page = self.send(next).await?,
                None => return Ok(page),
            }
        }
        match self.next(&page)? {
            Some(next) => Err(BrowserError::TooManyRedirects { last: next.url.to_string() }),
            None => Ok(page),
        }
    }

    /// What a browser would send by itself after this page: a redirect, a refresh at once, or the provider's form that submits itself
    /// (OAuth 2.0 Form Post Response Mode §2).
    ///
    /// # Errors
    /// [`BrowserError::BadRedirect`] for a `Location` that is no address.
    pub fn next(&self, page: &Page) -> Result<Option<Request>, BrowserError> {
        if let Some(next) = page.redirect()? {
            return Ok(Some(next));
        }
        if page.site() != Site::Provider {
            return Ok(Some(page).filter(|page| page.is_html()).and_then(Page::refresh));
        }
        let forms = page.forms();
        let [form] = forms.as_slice() else { return Ok(None) };
        let returns_to_app = form.is_post() && self.site(form.action()) == Some(Site::App);
        Ok(returns_to_app.then(|| form.submit(page)))
    }

    /// The cookies.
    pub fn cookies(&self) -> &CookieJar {
        &self.cookies
    }

    /// The cookies, to plant or remove some.
    pub fn cookies_mut(&mut self) -> &mut CookieJar {
        &mut self.cookies
    }

    /// Every exchange so far, oldest first.
    pub fn hops(&self) -> &[Hop] {
        &self.hops
    }
}
