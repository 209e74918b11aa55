//! What the app is told: the same variables as your own app, from the environment or from `.env`.

use std::{env, path::PathBuf};

use anyhow::{Context, bail};

use crate::policy_data::PolicyData;

/// The configuration.
#[derive(Clone)]
pub struct Config {
    /// The tenant's address at the provider: `{origin}/{tenant id}`.
    pub authority: String,
    /// The application (client) id.
    pub client_id: String,
    /// The value of the client secret.
    pub client_secret: String,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
    /// The port to listen on.
    pub port: u16,
    /// The text from which the key of the cookies is made.
    pub session_key: String,
    /// Who owns which policy.
    pub policy_data: PolicyData,
}

impl Config {
    /// Reads the variables. Where the environment has none, `.env` in this folder or one above has a say.
    ///
    /// # Errors
    /// When a variable is missing or makes no sense; the message names it.
    pub fn from_env() -> anyhow::Result<Self> {
        // It does not overwrite what is set already.
        let dot_env = dotenvy::dotenv().ok();
        let port = required("PORT")?;
        // A relative path begins at the folder of `.env`.
        let folder = dot_env.and_then(|file| file.parent().map(PathBuf::from)).unwrap_or_default();
        Ok(Self {
            authority: required("AUTHORITY")?.trim_end_matches('/').to_owned(),
            client_id: required("CLIENT_ID")?,
            client_secret: required("CLIENT_SECRET")?,
            redirect_uri: required("REDIRECT_URI")?,
            port: port.parse().with_context(|| format!("PORT must be a number from 1 to 65535, not {port}"))?,
            session_key: session_key(required("SESSION_KEY")?)?,
            policy_data: PolicyData::read(&folder.join(required("POLICY_DATA")?))?,
        })
    }

    /// The provider's address without the tenant: `http://localhost:8400`.
    pub fn provider_origin(&self) -> &str {
        self.authority.rsplit_once('/').map_or(&self.authority, |(origin, _)| origin)
    }

    /// The app's own address: `http://localhost:5000/`.
    pub fn home(&self) -> &str {
        self.redirect_uri.strip_suffix("getAToken").unwrap_or(&self.redirect_uri)
    }
}

fn required(name: &str) -> anyhow::Result<String> {
    env::var(name).ok().filter(|value| !value.is_empty()).with_context(|| format!("{name} is not set; `cargo xtask start` writes a .env"))
}

fn session_key(text: String) -> anyhow::Result<String> {
    if text.len() < 32 {
        bail!("SESSION_KEY must have 32 characters or more");
    }
    Ok(text)
}
