//! The identity provider's discovery document: where its endpoints are, and what it calls itself.

use std::time::Duration;

use serde::Deserialize;
use tokio::sync::OnceCell;
use url::Url;

use crate::config::Config;

/// How long the provider may take to answer one request. A person is waiting for the page.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The part of the discovery document that a web app needs (OpenID Connect Discovery 1.0 §3).
#[derive(Clone, Debug)]
pub struct ProviderMetadata {
    /// The provider's name for itself. Every ID token must carry exactly this text.
    pub issuer: String,
    /// Where the browser goes to sign in.
    pub authorization_endpoint: Url,
    /// Where the app redeems a code.
    pub token_endpoint: Url,
    /// The provider's public keys.
    pub jwks_uri: Url,
    /// Where the browser goes to sign out.
    pub end_session_endpoint: Url,
}

/// The document as it arrives: only text, nothing checked.
#[derive(Debug, Deserialize)]
pub struct DiscoveryDocument {
    /// See [`ProviderMetadata`].
    pub issuer: String,
    /// See [`ProviderMetadata`].
    pub authorization_endpoint: String,
    /// See [`ProviderMetadata`].
    pub token_endpoint: String,
    /// See [`ProviderMetadata`].
    pub jwks_uri: String,
    /// See [`ProviderMetadata`].
    pub end_session_endpoint: String,
}

/// Why there is no metadata. For a visitor all of these mean "try again later"; the log has the text.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// No answer, an answer too late, a status other than 2xx, or no JSON.
    #[error("the identity provider does not answer as it should: {0}")]
    Unreachable(String),
    /// The document is not the one of our tenant.
    #[error("the discovery document names the issuer {found:?}, but AUTHORITY demands {expected:?}")]
    ForeignIssuer {
        /// What `AUTHORITY` demands.
        expected: String,
        /// What the document says.
        found: String,
    },
    /// Step 7 is not written yet.
    #[error("discovery is not written yet")]
    NotWrittenYet,
    /// An endpoint is not an address.
    #[error("the discovery document has no usable address for {0}")]
    MalformedEndpoint(&'static str),
}

impl From<reqwest::Error> for ProviderError {
    fn from(error: reqwest::Error) -> Self {
        // `without_url`: an address may carry a code or a token in its query.
        let error = error.without_url();
        let first: &dyn std::error::Error = &error;
        let causes: Vec<_> = std::iter::successors(Some(first), |error| error.source()).map(ToString::to_string).collect();
        Self::Unreachable(causes.join(": "))
    }
}

/// The identity provider, as the app knows it.
#[derive(Debug)]
pub struct Provider {
    authority: String,
    issuer: String,
    http: reqwest::Client,
    metadata: OnceCell<ProviderMetadata>,
}

impl Provider {
    /// A provider that nobody has talked to yet. The app must start although the provider may be down.
    pub fn new(config: &Config) -> Self {
        let http = reqwest::Client::builder()
            .connect_timeout(TIMEOUT)
            .timeout(TIMEOUT)
            // The app asks the addresses that it was told, and follows nobody elsewhere with a secret in its hand.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("these options are always valid");
        Self { authority: config.authority.clone(), issuer: config.issuer(), http, metadata: OnceCell::new() }
    }

    /// The HTTP client for talking to the provider: with a time limit, without redirects.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The provider's metadata: fetched when it is first needed, and kept from then on.
    ///
    /// A failure is not kept. When the provider is down, this visitor sees a friendly page and the next one makes a
    /// new attempt, so the app recovers by itself.
    ///
    /// # Errors
    /// When the provider does not answer in time, or answers with a document that is not our tenant's.
    pub async fn metadata(&self) -> Result<&ProviderMetadata, ProviderError> {
        tokio::time::timeout(TIMEOUT, self.metadata.get_or_try_init(|| self.discover()))
            .await
            .map_err(|_| ProviderError::Unreachable("no answer in time".to_owned()))?
    }

    /// OpenID Connect Discovery 1.0 §4: the document is always at this path below the authority. All other paths are
    /// the provider's own business, and may change.
    async fn discover(&self) -> Result<ProviderMetadata, ProviderError> {
        let address = format!("{}/v2.0/.well-known/openid-configuration", self.authority);
        // TODO: Step 7. Fetch the document with `self.http`, as a `DiscoveryDocument`. A status other than 2xx is an
        // error. Compare its issuer with `self.issuer`: another issuer is an error, too (§4.3). Then take the endpoints
        // from the document with the function `endpoint` below. No endpoint may be put together by your own code.
        let _ = (address, &self.http, &self.issuer);
        Err(ProviderError::NotWrittenYet)
    }
}

/// Ready-made: the address of an endpoint, if the text is one.
///
/// # Errors
/// Names the endpoint.
pub fn endpoint(name: &'static str, text: &str) -> Result<Url, ProviderError> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or(ProviderError::MalformedEndpoint(name))
}

#[cfg(test)]
mod tests {
    use super::endpoint;

    #[test]
    fn an_endpoint_is_a_web_address() {
        assert!(endpoint("token_endpoint", "https://login.example/t/token").is_ok());
        for wrong in ["", "/oauth2/v2.0/token", "javascript:alert(1)", "file:///etc/passwd"] {
            assert!(endpoint("token_endpoint", wrong).is_err(), "{wrong}");
        }
    }
}
