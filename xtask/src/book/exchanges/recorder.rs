//! Takes down what the browser sends, and what the app asks others meanwhile.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, Result};
use mock_idp::{
    MockIdp,
    testing::browser::{Accept, Browser, Consent, Hop, Page, Request, SignIn, Site},
    trace::event::{Event, Kind},
};
use recorded_exchanges::{Answer, Exchange, Party, Recording, Request as Asked};

use super::stable::{self, Stable};

/// Where the app and the provider are, as the book says.
pub const APP: &str = "http://localhost:5000";
pub const PROVIDER: &str = "http://localhost:8400";

/// How long an app may take to ask something by itself.
const UNASKED_WITHIN: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);

pub struct Recorder<'a> {
    idp: &'a MockIdp,
    pub browser: Browser,
    stable: Stable,
    recording: Recording,
}

impl<'a> Recorder<'a> {
    pub fn new(idp: &'a MockIdp, app_origin: &str, title: &str) -> Result<Self> {
        let browser = Browser::new(app_origin, &[idp.origin(), idp.https_origin()], Some(idp.ca_pem()), idp.clock().clone())?;
        let mut addresses = Vec::new();
        for (origin, shown) in [(app_origin, APP), (idp.origin(), PROVIDER)] {
            // As an address, and inside of a parameter.
            for colon in [":", "%3A", "%3a"] {
                let host = |origin: &str| origin.trim_start_matches("http://").replacen(':', colon, 1);
                addresses.push((host(origin), host(shown)));
            }
        }
        let recording = Recording { title: title.to_owned(), exchanges: Vec::new(), tokens: [].into() };
        Ok(Self { idp, browser, stable: Stable::new(addresses), recording })
    }

    /// What was taken down.
    pub fn finish(self) -> Recording {
        self.recording
    }

    /// Opens a page of the app as a person.
    pub async fn open(&mut self, id: &str, purpose: &str, path: &str) -> Result<Page> {
        let request = self.browser.request(path, Accept::Html)?;
        self.send(id, purpose, request).await
    }

    /// Follows the redirect of a page.
    pub async fn follow(&mut self, id: &str, purpose: &str, page: &Page) -> Result<Page> {
        let next = self.redirect(page)?;
        self.send(id, purpose, next).await
    }

    /// Takes down the first thing of this kind that the app asks by itself, without a browser. What it asks before may come once or twice.
    pub async fn unasked(&mut self, kind: Kind) -> Result<()> {
        let limit = tokio::time::Instant::now() + UNASKED_WITHIN;
        let event = loop {
            match self.idp.trace().since(0).into_iter().find(|event| event.kind == kind && event.from == "app") {
                Some(event) => break event,
                None if tokio::time::Instant::now() > limit => anyhow::bail!("the app asks nothing of the kind {kind:?}"),
                None => tokio::time::sleep(POLL).await,
            }
        };
        let exchange = self.of_event(&event);
        self.recording.exchanges.push(exchange);
        Ok(())
    }

    /// Where the browser goes next.
    pub fn redirect(&self, page: &Page) -> Result<Request> {
        self.browser.next(page)?.with_context(|| format!("{} answered {} and no redirect", page.url(), page.status()))
    }

    /// Sends one request.
    pub async fn send(&mut self, id: &str, purpose: &str, request: Request) -> Result<Page> {
        let before = self.idp.trace().last_seq();
        let page = self.browser.send(request).await?;
        let exchange = self.of_hop(id, purpose, page.hop(), &self.idp.trace().since(before));
        self.recording.exchanges.push(exchange);
        Ok(page)
    }

    /// Answers the provider's pages as this person, up to the request that leads back to the app, which is not sent yet.
    pub async fn sign_in(&mut self, first: &Page, username: &str, consent: Consent) -> Result<Request> {
        let request = self.redirect(first)?;
        let before = self.browser.hops().len();
        let SignIn::Returns(back) = self.browser.sign_in(request, username, consent).await? else {
            anyhow::bail!("the provider did not send {username} back to the app");
        };
        let hops: Vec<Hop> = self.browser.hops()[before..].to_vec();
        for (number, hop) in hops.iter().enumerate() {
            let (id, purpose) = match hop.url.path().rsplit('/').next() {
                Some("login") => ("account".to_owned(), "says who the person is"),
                Some("consent") if consent == Consent::Accept => ("consent".to_owned(), "says that the person consents"),
                Some("consent") => ("consent".to_owned(), "says that the person cancels"),
                _ if number == 0 => ("authorize".to_owned(), "asks for a sign-in"),
                _ => (format!("authorize-{number}"), "goes on with the sign-in"),
            };
            let exchange = self.of_hop(&id, purpose, hop, &[]);
            self.recording.exchanges.push(exchange);
        }
        Ok(back)
    }

    fn of_hop(&mut self, id: &str, purpose: &str, hop: &Hop, events: &[Event]) -> Exchange {
        let (to, origin) = if hop.site == Site::App { (Party::App, APP) } else { (Party::Provider, PROVIDER) };
        let target = format!("{}{}", hop.url.path(), hop.url.query().map(|query| format!("?{query}")).unwrap_or_default());
        let request = Asked {
            method: hop.method.clone(),
            origin: origin.to_owned(),
            target: self.stable.address(&target),
            headers: Vec::new(),
            form: self.stable.form(hop.form.clone().unwrap_or_default()),
        };
        let meanwhile = events.iter().filter(|event| event.from == "app").map(|event| self.of_event(event)).collect();
        let heading = heading(&hop.body).filter(|_| !hop.is_redirect());
        let answer = Answer {
            status: hop.status,
            headers: self.stable.headers(hop.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
            json: stable::body(hop).map(|json| self.stable.json(&json)),
            page: heading,
        };
        Exchange { id: id.to_owned(), purpose: purpose.to_owned(), from: Party::Browser, to, request, meanwhile, answer }
    }

    /// What the app asked the provider or Graph.
    fn of_event(&mut self, event: &Event) -> Exchange {
        for name in ["id_token", "access_token"] {
            if let Some(token) = event.response.body[name].as_str() {
                let content = stable::token(&mut self.stable, token);
                self.recording.tokens.insert(name.to_owned(), content);
            }
        }
        let (id, purpose) = match event.kind {
            Kind::Discovery => ("discovery", "asks where the endpoints are"),
            Kind::Jwks => ("keys", "asks for the public keys"),
            Kind::Token if event.request.params.get("grant_type").is_some_and(|grant| grant == "refresh_token") => {
                ("refresh", "asks for a new access token")
            }
            Kind::Token if event.request.params.get("grant_type").is_some_and(|grant| grant == "client_credentials") => {
                ("own-token", "asks for a token in its own name")
            }
            Kind::Token => ("token", "redeems the code"),
            _ => ("graph", "reads from Microsoft Graph"),
        };
        let id = match event.url.split('?').next().and_then(|path| path.rsplit('/').next()) {
            Some(last) if id == "graph" => format!("graph-{last}"),
            _ => id.to_owned(),
        };
        let to = if event.kind == Kind::Graph { Party::Graph } else { Party::Provider };
        let form = if event.method == "POST" { event.request.params.clone() } else { BTreeMap::new() };
        let request = Asked {
            method: event.method.clone(),
            origin: PROVIDER.to_owned(),
            target: self.stable.address(&event.url),
            headers: self.stable.headers(texts(&event.request.headers)),
            form: self.stable.form(form),
        };
        let answer = Answer {
            status: event.status,
            headers: self.stable.headers(texts(&event.response.headers)),
            json: Some(&event.response.body).filter(|body| !body.is_null()).map(|body| self.stable.json(body)),
            page: None,
        };
        Exchange { id, purpose: purpose.to_owned(), from: Party::App, to, request, meanwhile: Vec::new(), answer }
    }
}

fn texts(headers: &BTreeMap<String, String>) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// The heading of a page.
fn heading(html: &str) -> Option<String> {
    let (_, from_heading) = html.split_once("<h1")?;
    let (_, content) = from_heading.split_once('>')?;
    let (text, _) = content.split_once("</h1>")?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty() && !text.contains('<'))
}
