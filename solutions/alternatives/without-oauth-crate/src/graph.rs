//! Microsoft Graph by hand. The two calls of the profile run side by side, under one time limit.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until, timeout_at};
use url::Url;

/// Of the page, however many calls it takes.
const LIMIT: Duration = Duration::from_millis(4200);

/// Pages of a list. What comes after them is not shown.
const PAGES: usize = 12;

/// Why there is no profile.
pub enum Sorrow {
    /// Graph wants a token with these claims.
    Claims(String),
    /// Graph is busy or away. That passes.
    Later,
    /// The token is refused, or too weak. That does not pass by itself.
    Never,
}

pub struct Graph {
    http: reqwest::Client,
    me: Url,
}

impl Graph {
    pub fn new(me: Url) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Self { http: http.expect("these options are always valid"), me }
    }

    /// The facts of `/profile`.
    pub async fn profile(&self, token: &str) -> Result<Value, Sorrow> {
        let end = Instant::now() + LIMIT;
        let (me, member_of) = tokio::try_join!(self.get(token, self.me.clone(), end), self.member_of(token, end))?;
        let fact = |name: &str| me.get(name).filter(|value| value.is_string()).cloned().unwrap_or_default();
        Ok(json!({
            "displayName": fact("displayName"),
            "mail": fact("mail"),
            "userPrincipalName": fact("userPrincipalName"),
            "id": fact("id"),
            "memberOf": member_of,
        }))
    }

    async fn member_of(&self, token: &str, end: Instant) -> Result<Vec<Value>, Sorrow> {
        let mut found = Vec::new();
        let mut next = format!("{}/memberOf", self.me.as_str().trim_end_matches('/')).parse().ok();
        for _ in 0..PAGES {
            let Some(address) = next.take() else { break };
            let mut page = self.get(token, address, end).await?;
            found.extend(page["value"].as_array().into_iter().flatten().map(|object| object["id"].clone()));
            // The token goes along, so the next page must be Graph's own.
            let link = page["@odata.nextLink"].take();
            next = link.as_str().and_then(|link| link.parse().ok()).filter(|link: &Url| link.origin() == self.me.origin());
        }
        Ok(found)
    }

    async fn get(&self, token: &str, address: Url, end: Instant) -> Result<Value, Sorrow> {
        let mut pause = Duration::from_millis(150);
        for is_last in [false, false, true] {
            let call = async { self.http.get(address.clone()).bearer_auth(token).send().await };
            let answer = timeout_at(end, call).await.map_err(|_| Sorrow::Later)?.map_err(|_| Sorrow::Later)?;
            let status = answer.status();
            if status.is_success() {
                let body = timeout_at(end, answer.json()).await.map_err(|_| Sorrow::Later)?;
                return body.map_err(|_| Sorrow::Never);
            }
            eprintln!("Graph: {status}");
            let again = Instant::now() + wait_of(&answer).unwrap_or(pause);
            if is_last || !matches!(status.as_u16(), 429 | 503 | 504) || again >= end {
                return Err(sorrow(status, &answer));
            }
            sleep_until(again).await;
            pause *= 3;
        }
        Err(Sorrow::Later)
    }
}

fn wait_of(answer: &Response) -> Option<Duration> {
    answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

fn sorrow(status: StatusCode, answer: &Response) -> Sorrow {
    match status.as_u16() {
        401 => wanted_claims(answer).map_or(Sorrow::Never, Sorrow::Claims),
        429 | 500.. => Sorrow::Later,
        _ => Sorrow::Never,
    }
}

fn wanted_claims(answer: &Response) -> Option<String> {
    let challenge = answer.headers().get(WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, rest) = challenge.split_once("claims=\"")?;
    let claims = STANDARD.decode(rest.split('"').next()?).ok()?;
    String::from_utf8(claims).ok()
}
