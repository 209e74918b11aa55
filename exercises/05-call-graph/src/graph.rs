//! Calling Microsoft Graph with an access token.

use std::time::Duration;

use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sign_in::web_app::{Config, Secret};
use tokio::time::Instant;
use url::Url;

use crate::graph_error::GraphError;

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
        // TODO: Step 8. Give the client time limits (`reqwest::Client::builder`), and let it follow no redirects.
        let http = reqwest::Client::new();
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

    /// Gets a JSON answer from this address of Microsoft Graph, with another attempt where that can help.
    ///
    /// # Errors
    /// One variant for each thing that the app, its operator or the person can do about it.
    pub async fn get<T: DeserializeOwned>(&self, token: &Secret, address: Url, deadline: Instant) -> Result<T, GraphError> {
        // TODO: Step 3. Get the address with the access token (`bearer_auth`), read the JSON of a success, and turn everything else
        // into a `GraphError` with `refusal`.
        // TODO: Step 8. Try again where `pause_before_retry` says so. Everything ends at the deadline: `tokio::time::timeout_at`.
        let _ = (&self.http, token, address, deadline);
        Err(GraphError::NotWrittenYet)
    }
}

/// Ready-made: what a refusal of Graph means.
pub fn refusal(status: StatusCode, headers: &HeaderMap) -> GraphError {
    eprintln!("Microsoft Graph answered {status}");
    match status {
        StatusCode::UNAUTHORIZED => claims_challenge(headers).map_or(GraphError::TokenRefused, GraphError::ClaimsChallenge),
        StatusCode::FORBIDDEN => GraphError::Forbidden,
        StatusCode::TOO_MANY_REQUESTS => GraphError::Throttled,
        status if status.is_server_error() => GraphError::Unavailable,
        _ => GraphError::Unexpected,
    }
}

/// Ready-made: `Retry-After` in seconds. It may also be a date; Graph does not send that.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// The claims that a `WWW-Authenticate: Bearer … error="insufficient_claims", claims="…"` asks for, decoded from base64.
fn claims_challenge(headers: &HeaderMap) -> Option<String> {
    // TODO: Step 7. Find the value of `claims`, and decode it (base64).
    let _ = headers.get_all(WWW_AUTHENTICATE);
    None
}
