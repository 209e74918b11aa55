//! The calls to the identity provider: discovery, keys, tokens.

use std::time::Duration;

use anyhow::{Context, bail};
use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{config::Config, session::PendingLogin};

/// The provider of `AUTHORITY`.
#[derive(Debug)]
pub struct Provider {
    http: reqwest::Client,
    discovery: String,
}

/// The part of the discovery document that the app needs (OpenID Connect Discovery 1.0 §3).
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Where the browser signs in.
    pub authorization_endpoint: String,
    /// Where the code is redeemed.
    pub token_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// Where the browser signs out.
    pub end_session_endpoint: String,
}

#[derive(Deserialize)]
struct TokenResponse {
    id_token: String,
}

impl Provider {
    /// Asks nobody yet.
    pub fn new(config: &Config) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).redirect(reqwest::redirect::Policy::none()).build();
        Self {
            http: http.expect("these options are always valid"),
            discovery: format!("{}/v2.0/.well-known/openid-configuration", config.authority),
        }
    }

    /// The discovery document, fetched for each sign-in.
    ///
    /// # Errors
    /// When the provider does not answer as it should.
    pub async fn metadata(&self) -> anyhow::Result<Metadata> {
        self.get(&self.discovery).await
    }

    /// The keys, fetched for each sign-in.
    ///
    /// # Errors
    /// When the provider does not answer as it should.
    pub async fn keys(&self, metadata: &Metadata) -> anyhow::Result<JwkSet> {
        self.get(&metadata.jwks_uri).await
    }

    async fn get<T: DeserializeOwned>(&self, address: &str) -> anyhow::Result<T> {
        Ok(self.http.get(address).send().await?.error_for_status()?.json().await?)
    }

    /// Gives the code and gets the ID token (RFC 6749 §4.1.3, RFC 7636 §4.5).
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn redeem(&self, metadata: &Metadata, config: &Config, pending: &PendingLogin, code: &str) -> anyhow::Result<String> {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &config.client_id),
            ("client_secret", &config.client_secret),
            ("redirect_uri", &config.redirect_uri),
            ("code_verifier", &pending.code_verifier),
            ("code", code),
        ];
        let response = self.http.post(&metadata.token_endpoint).form(&form).send().await?;
        if !response.status().is_success() {
            bail!("the token endpoint answered {}", response.status());
        }
        let tokens: TokenResponse = response.json().await.context("the token response makes no sense")?;
        Ok(tokens.id_token)
    }
}
