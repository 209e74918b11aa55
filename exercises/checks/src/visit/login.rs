//! From `/login` to the provider and back to the door of the app.

use mock_idp::testing::browser::{Accept, Browser, BrowserError, Consent, Page, Request, SignIn, Site};

use super::describe;
use crate::{
    redact,
    verdict::{Failure, Problem},
    world::people::Person,
};

const MOST_REDIRECTS: usize = 10;

/// A login that the app has begun: its authorize request, which the browser has not sent yet.
#[derive(Debug, Clone)]
pub struct Login {
    /// The authorize request.
    pub request: Request,
}

impl Login {
    /// A parameter of the authorize request; empty if it is missing.
    pub fn parameter(&self, name: &str) -> String {
        self.request.parameter(name).unwrap_or_default()
    }

    /// `state`.
    pub fn state(&self) -> String {
        self.parameter("state")
    }

    /// The request as a message may show it.
    pub fn shown(&self) -> String {
        redact::url(&self.request.url)
    }
}

/// Where `/login` leads.
#[derive(Debug)]
pub enum Door {
    /// To the provider.
    Provider(Login),
    /// Somewhere else.
    Elsewhere(Box<Page>),
}

/// Opens `path` and follows the app's own redirects, until one leads to the provider.
///
/// # Errors
/// When the app breaks off, or redirects to a third site.
pub async fn open_login(browser: &mut Browser, path: &str) -> Result<Door, Problem> {
    let mut next = browser.request(path, Accept::Html)?;
    for _ in 0..MOST_REDIRECTS {
        if browser.site(&next.url) == Some(Site::Provider) {
            return Ok(Door::Provider(Login { request: next }));
        }
        let page = browser.send(next).await?;
        next = match browser.next(&page)? {
            Some(request) => request,
            None => return Ok(Door::Elsewhere(Box::new(page))),
        };
    }
    Err(BrowserError::TooManyRedirects { last: redact::url(&next.url) }.into())
}

/// Opens `path` and follows the redirects that stay in the app: the page where they end, or the one whose redirect leads out.
///
/// # Errors
/// When the app breaks off, or sends the browser in circles.
pub async fn follow_own_redirects(browser: &mut Browser, path: &str) -> Result<Page, Problem> {
    let mut page = browser.get(path).await?;
    for _ in 0..MOST_REDIRECTS {
        match page.redirect()? {
            Some(next) if browser.site(&next.url) == Some(Site::App) => page = browser.send(next).await?,
            _ => return Ok(page),
        }
    }
    Err(BrowserError::TooManyRedirects { last: redact::url(page.url()) }.into())
}

/// Sends a request, such as a callback, and follows the redirects that stay in the app. A redirect that leads out is not followed: the browser,
/// which may have a session at the provider, would sign itself in anew.
///
/// # Errors
/// When the app breaks off, or sends the browser in circles.
pub async fn deliver(browser: &mut Browser, request: Request) -> Result<Page, BrowserError> {
    let mut page = browser.send(request).await?;
    for _ in 0..MOST_REDIRECTS {
        match browser.next(&page)? {
            Some(next) if browser.site(&next.url) == Some(Site::App) => page = browser.send(next).await?,
            _ => return Ok(page),
        }
    }
    Err(BrowserError::TooManyRedirects { last: redact::url(page.url()) })
}

/// Opens `path`, which must lead to the provider.
///
/// # Errors
/// When it does not.
pub async fn begin_login(browser: &mut Browser, path: &str) -> Result<Login, Problem> {
    match open_login(browser, path).await? {
        Door::Provider(login) => Ok(login),
        Door::Elsewhere(page) => Err(Failure::new(
            format!("A browser without cookies opened {path}."),
            describe(&page),
            "a redirect (302 or 303) to the identity provider's authorization endpoint",
            "The password is typed at the identity provider and nowhere else, so signing in begins with going there.",
        )
        .into()),
    }
}

/// Answers the provider's pages as `user`, up to the request with which the browser returns to the app. It is not sent.
///
/// # Errors
/// When the provider does not send the browser back.
pub async fn authorize(browser: &mut Browser, login: &Login, user: &Person) -> Result<Request, Problem> {
    match browser.sign_in(login.request.clone(), &user.username, Consent::Accept).await? {
        SignIn::Returns(request) => Ok(request),
        SignIn::Stays(page) => Err(stays(login, &page).into()),
    }
}

fn stays(login: &Login, page: &Page) -> Failure {
    let text = page.texts("body").join(" ");
    let number = text.find("AADSTS").map(|start| text[start..].chars().take(300).collect::<String>());
    let received = match number {
        Some(error) => format!("The identity provider refused, on a page of its own: {error}"),
        None => format!("The identity provider did not send the browser back. {}", describe(page)),
    };
    Failure::new(
        format!("A browser followed the app's redirect to the identity provider:\n{}", login.shown()),
        received,
        "an authorize request that the provider accepts, with the client id, tenant and redirect URI from the environment",
        "The provider shows an error itself, and sends nobody back, as long as it cannot trust the client id and the redirect URI.",
    )
}
