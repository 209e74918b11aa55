//! Calling Microsoft Graph with an access token.

use std::time::Duration;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sign_in::web_app::{Config, Secret};
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use crate::graph_error::GraphError;
use crate::retry::pause_before_retry;

/// How long a person waits for the page, with all calls and attempts that it takes.
pub const PATIENCE: Duration = Duration::from_secs(4);

/// Microsoft Graph, as the configuration names it.
#[derive(Clone, Debug)]
pub struct Graph {
    endpoint: Url,
    http: reqwest::Client,
}

/// The properties of a user that the app shows (Microsoft Graph: user resource type). Many are null: a guest may have no
/// mailbox, for example.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The object id, the same as `oid` in tokens.
    pub id: String,
    /// A name to show.
    pub display_name: Option<String>,
    /// The mail address.
    pub mail: Option<String>,
    /// The name used to sign in.
    pub user_principal_name: Option<String>,
}

impl Graph {
    /// Microsoft Graph at `ENDPOINT`.
    pub fn new(config: &Config) -> Self {
        let http = reqwest::Client::builder()
            // A service that is down must not hold a page, or a thousand of them, for minutes.
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            // A redirect could lead a token to somebody else's house.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("these options are always valid");
        let endpoint = Url::parse(&config.endpoint).expect("checked when the configuration was read");
        Self { endpoint, http }
    }

    /// `GET /me`.
    ///
    /// # Errors
    /// As [`Graph::get`].
    pub async fn me(&self, token: &Secret, deadline: Instant) -> Result<User, GraphError> {
        self.get(token, self.endpoint.clone(), deadline).await
    }

    /// The profile call's address.
    pub fn endpoint(&self) -> &Url {
        &self.endpoint
    }

    // ANCHOR: get
    /// Gets a JSON answer from this address of Microsoft Graph, with another attempt where that can help.
    ///
    /// # Errors
    /// One variant for each thing that the app, its operator or the person can do about it.
    pub async fn get<T: DeserializeOwned>(&self, token: &Secret, address: Url, deadline: Instant) -> Result<T, GraphError> {
        let mut attempt = 0;
        loop {
            // The access token is the proof. The app does not look into it: it was made for Graph.
            let call = self.http.get(address.clone()).bearer_auth(token.expose()).send();
            let response = timeout_at(deadline, call).await.map_err(|_| GraphError::Unavailable)??;
            let status = response.status();
            if status.is_success() {
                let body = timeout_at(deadline, response.bytes()).await.map_err(|_| GraphError::Unavailable)??;
                return serde_json::from_slice(&body).map_err(|_| GraphError::Unexpected);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match pause_before_retry(status, retry_after(response.headers()), attempt, left) {
                Some(pause) => sleep(pause).await,
                None => return Err(refusal(status, response.headers())),
            }
            attempt += 1;
        }
    }
    // ANCHOR_END: get
}

fn refusal(status: StatusCode, headers: &HeaderMap) -> GraphError {
    eprintln!("Microsoft Graph answered {status}");
    match status {
        StatusCode::UNAUTHORIZED => claims_challenge(headers).map_or(GraphError::TokenRefused, GraphError::ClaimsChallenge),
        StatusCode::FORBIDDEN => GraphError::Forbidden,
        StatusCode::TOO_MANY_REQUESTS => GraphError::Throttled,
        status if status.is_server_error() => GraphError::Unavailable,
        _ => GraphError::Unexpected,
    }
}

/// `Retry-After` in seconds. It may also be a date; Graph does not send that.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

// ANCHOR: challenge
/// The claims that a `WWW-Authenticate: Bearer … error="insufficient_claims", claims="…"` asks for, decoded from base64.
fn claims_challenge(headers: &HeaderMap) -> Option<String> {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    let encoded = challenges.filter_map(|challenge| challenge.split_once("claims=\"")).map(|(_, rest)| rest).next()?.split('"').next()?;
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}
// ANCHOR_END: challenge

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, StatusCode};

    use super::{GraphError, refusal};

    fn challenge(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([("www-authenticate".parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn a_claims_challenge_is_decoded() {
        let headers = challenge(r#"Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ==""#);
        assert_eq!(refusal(StatusCode::UNAUTHORIZED, &headers), GraphError::ClaimsChallenge(r#"{"a":1}"#.to_owned()));
    }

    #[test]
    fn a_401_without_claims_is_a_token_that_is_not_accepted() {
        for value in [r#"Bearer realm="""#, r#"Bearer claims="not base64!""#] {
            assert_eq!(refusal(StatusCode::UNAUTHORIZED, &challenge(value)), GraphError::TokenRefused);
        }
    }
}
