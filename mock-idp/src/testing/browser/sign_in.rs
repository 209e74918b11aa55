//! Walking through the provider's pages as a person does. Only the published contract of those pages is used: the names of
//! buttons and fields.

use super::{
    Browser, BrowserError, REDIRECT_LIMIT,
    page::Page,
    request::{Request, Site},
};
use crate::directory::seed::PRACTICE_PASSWORD;

/// What the user answers to the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// `name="consent" value="accept"`.
    Accept,
    /// `name="consent" value="cancel"`.
    Cancel,
}

impl Consent {
    fn value(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Cancel => "cancel",
        }
    }
}

/// How a walk through the provider's pages ends.
#[derive(Debug)]
pub enum SignIn {
    /// The provider sends the browser back to the app. The request is not sent yet, so that a test may change it.
    Returns(Request),
    /// The provider shows a page from which a person cannot go on, such as a refusal.
    Stays(Box<Page>),
}

impl Browser {
    /// Sends `request` to the provider and answers its pages as the user `username`, until the provider sends the browser back.
    ///
    /// # Errors
    /// Any [`BrowserError`].
    pub async fn sign_in(&mut self, request: Request, username: &str, consent: Consent) -> Result<SignIn, BrowserError> {
        let mut next = request;
        for _ in 0..2 * REDIRECT_LIMIT {
            if self.site(&next.url) == Some(Site::App) {
                return Ok(SignIn::Returns(next));
            }
            let page = self.send(next).await?;
            next = match self.next(&page)? {
                Some(request) => request,
                None => match answer(&page, username, consent) {
                    // The form that was just sent, again: it was not accepted.
                    Some(request) if request.url != *page.url() => request,
                    Some(_) | None => return Ok(SignIn::Stays(Box::new(page))),
                },
            };
        }
        Err(BrowserError::TooManyRedirects { last: next.url.to_string() })
    }
}

/// What the user does on a page of the provider; `None` where there is nothing to do.
fn answer(page: &Page, username: &str, consent: Consent) -> Option<Request> {
    if page.status() >= 400 {
        return None;
    }
    let forms = page.forms();
    let with = |name: &str| forms.iter().find(|form| form.is_post() && form.has(name));
    if let Some(form) = with("consent") {
        // Who needs an administrator's approval finds no button to accept.
        return form.offers("consent", consent.value()).then(|| form.press(page, "consent", consent.value()));
    }
    if let Some(form) = with("password") {
        return Some(form.clone().fill("username", username).fill("password", PRACTICE_PASSWORD).submit(page));
    }
    // The picker, whose buttons are `username`; a tenant without accounts offers only to type one.
    if let Some(form) = forms.iter().find(|form| form.is_post() && (form.has_button("username") || form.has_button("another_account"))) {
        return Some(form.press(page, "username", username));
    }
    with("username").map(|form| form.clone().fill("username", username).submit(page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_offers_no_acceptance_is_the_end_of_the_way_for_who_would_accept() {
        let page = |buttons: &str| {
            let form = format!("<form method=post action=/consent><input type=hidden name=csrf value=x>{buttons}</form>");
            Page::for_tests(Site::Provider, "http://localhost:8400/authorize", &form)
        };
        let approval = page("<button name=consent value=cancel>Back</button>");
        assert!(answer(&approval, "ada", Consent::Accept).is_none() && answer(&approval, "ada", Consent::Cancel).is_some());
        let consent = page("<button name=consent value=cancel>Cancel</button><button name=consent value=accept>Accept</button>");
        assert!(answer(&consent, "ada", Consent::Accept).is_some());
    }
}
