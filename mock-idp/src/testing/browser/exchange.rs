//! Sending one request within the limits.

use reqwest::{Method, header};
use url::Url;

use super::{BODY_LIMIT, Browser, BrowserError, HEAD_LIMIT, Hop, cookies::Provenance, page::Page, request::Request};

impl Browser {
    /// Sends one request and reads the answer. Redirects are not followed.
    ///
    /// # Errors
    /// [`BrowserError::ForeignAddress`] before anything is sent; else what went wrong on the way or which limit was passed.
    pub async fn send(&mut self, request: Request) -> Result<Page, BrowserError> {
        let site = self.site(&request.url).ok_or_else(|| BrowserError::ForeignAddress { url: request.url.to_string() })?;
        let provenance = match (request.is_same_site(site), &request.method) {
            (true, _) => Provenance::SameSite,
            (false, &Method::GET | &Method::HEAD) => Provenance::CrossSiteNavigation,
            (false, _) => Provenance::CrossSiteForm,
        };
        let (sent, withheld) = self.cookies.for_request(site, &request.url, provenance, self.clock.now());
        let cookies: Vec<(String, String)> = sent.iter().map(|cookie| (cookie.name.clone(), cookie.value.clone())).collect();
        let withheld_cookies = withheld.iter().map(|cookie| cookie.name.clone()).collect();

        let answer = tokio::time::timeout(self.patience, self.fetch(&request, &cookies)).await;
        let too_slow =
            |_| BrowserError::TooSlow { method: request.method.to_string(), url: shown(&request.url), seconds: self.patience.as_secs() };
        let Answer { status, headers, body } = answer.map_err(too_slow)??;

        let mut hop = Hop {
            site,
            method: request.method.to_string(),
            url: without_fragment(&request.url),
            form: request.form.clone(),
            cookies,
            withheld_cookies,
            status,
            headers,
            refused_cookies: Vec::new(),
            body,
        };
        let set_cookies: Vec<String> = hop.header_values("set-cookie").map(str::to_owned).collect();
        for header in set_cookies {
            let limit = |cause| BrowserError::TooManyCookies { url: shown(&request.url), cause };
            if let Some(refusal) = self.cookies.set(site, &request.url, &header, self.clock.now()).map_err(limit)? {
                hop.refused_cookies.push((header, refusal));
            }
        }
        self.hops.push(hop.clone());
        Ok(Page::new(hop, request))
    }

    async fn fetch(&self, request: &Request, cookies: &[(String, String)]) -> Result<Answer, BrowserError> {
        let failed = |error: reqwest::Error| BrowserError::NoAnswer {
            method: request.method.to_string(),
            url: shown(&request.url),
            cause: innermost(&error),
        };
        let mut builder = self.client.request(request.method.clone(), request.url.clone()).header(header::ACCEPT, request.accept.header());
        if !cookies.is_empty() {
            let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            builder = builder.header(header::COOKIE, line.join("; "));
        }
        if let Some(origin) = &request.origin {
            builder = builder.header(header::ORIGIN, origin);
        }
        if let Some(form) = &request.form {
            builder = builder.form(form);
        }
        if let Some(body) = &request.body {
            if let Some(content_type) = &body.content_type {
                builder = builder.header(header::CONTENT_TYPE, content_type);
            }
            builder = builder.body(body.bytes.clone());
        }
        let mut response = builder.send().await.map_err(failed)?;
        let head: usize = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        if head > HEAD_LIMIT {
            return Err(BrowserError::HeadTooLarge { url: shown(&request.url) });
        }
        let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(BrowserError::BodyTooLarge { url: shown(&request.url) });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// An address for a message: secrets masked.
fn shown(url: &Url) -> String {
    crate::trace::masking::url(url.as_str())
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}

/// The cause that says most: "Connection refused" and not "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
