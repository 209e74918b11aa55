//! The configuration: read once, at the start, from the environment and from `.env`.

use std::path::Path;

use url::{Position, Url};

use crate::policy_data::PolicyData;
use crate::secret::Secret;

/// Everything that differs between your machine, a test and production. None of it is in the code.
#[derive(Clone, Debug)]
pub struct Config {
    /// The tenant's address at the identity provider, without a slash at the end: `{origin}/{tenant id}`.
    pub authority: String,
    /// The application (client) id of the registration.
    pub client_id: String,
    /// The client secret's value. It proves to the provider that a request comes from this app.
    pub client_secret: Secret,
    /// Where the provider sends the browser back to. Kept as text: the provider compares it letter by letter.
    pub redirect_uri: String,
    /// The permissions to ask for at the API, for example `User.Read`.
    pub scopes: Vec<String>,
    /// The full address of the profile call at Microsoft Graph.
    pub endpoint: String,
    /// The port to listen on.
    pub port: u16,
    /// The key that signs cookies.
    pub session_key: Secret,
    /// The insurance data.
    pub policy_data: PolicyData,
}

/// Every variable that the app needs.
pub const VARIABLES: [&str; 9] =
    ["AUTHORITY", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "SCOPE", "ENDPOINT", "PORT", "SESSION_KEY", "POLICY_DATA"];

/// Why the app refuses to start. The text names the variable and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable is absent or empty.
    #[error("{} not set. Put a value in the environment or in `.env`; `.env.example` explains each variable.", .0.join(" and "))]
    Missing(Vec<&'static str>),
    /// A variable has a value that cannot be right.
    #[error("{name} has a wrong value: {problem}.")]
    Malformed {
        /// The variable.
        name: &'static str,
        /// What is wrong, without the value where the value is secret.
        problem: String,
    },
    /// There is a `.env` file that cannot be read.
    #[error("The file `.env` cannot be read: {0}.")]
    DotEnv(String),
}

impl Config {
    /// Reads the configuration from the process environment, then from the file `.env`.
    ///
    /// # Errors
    /// When a variable is missing or has a value that cannot be right. A wrong configuration must stop the app at its
    /// start, not surprise the first visitor.
    pub fn from_env() -> Result<Self, ConfigError> {
        // TODO: Step 6. Look into the file `.env`, too. It is in the current folder or in a folder above it; the crate
        // `dotenvy` reads it. A variable that is in the environment wins, even if it is empty there.
        // When a line cannot be read, dotenvy's message quotes it, and it may hold a secret: say that the file is wrong, without the line.
        Self::from_variables(|name| std::env::var(name).ok())
    }

    /// Builds the configuration from any source of variables. Tests call this with a map.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        // TODO: Step 5. Refuse to start (`ConfigError::Missing`) when a variable of `VARIABLES` is absent or empty.
        // TODO: Step 5. Read every variable, as `PORT` is read here. No value may stay in the code: a secret in the code
        // is a secret in every copy of the repository. The functions at the end of this file check the values.
        Ok(Self {
            authority: "http://localhost:8400/the-tenant-id".to_owned(),
            client_id: "the-client-id".to_owned(),
            client_secret: Secret::new("the-client-secret"),
            redirect_uri: "http://localhost:5000/getAToken".to_owned(),
            scopes: vec!["User.Read".to_owned()],
            endpoint: "http://localhost:8400/graph/v1.0/me".to_owned(),
            port: port(&variable("PORT").unwrap_or_default())?,
            session_key: Secret::new("a key that everybody can read in the code"),
            policy_data: PolicyData::default(),
        })
    }

    /// The tenant's id: the last part of `AUTHORITY`. Only accounts of this tenant may sign in.
    pub fn tenant_id(&self) -> &str {
        self.authority.rsplit('/').next().expect("`rsplit` gives at least one part")
    }

    /// The issuer that the tenant must name in its discovery document and in every ID token.
    pub fn issuer(&self) -> String {
        format!("{}/v2.0", self.authority)
    }

    /// Where the provider sends the browser after sign-out: the front page. Registered beside `REDIRECT_URI`.
    pub fn post_logout_redirect_uri(&self) -> String {
        let redirect_uri = Url::parse(&self.redirect_uri).expect("checked when the configuration was read");
        format!("{}/", &redirect_uri[..Position::BeforePath])
    }

    /// May cookies demand https? Yes, unless the app itself is served by http, as on your own machine.
    pub fn serves_https(&self) -> bool {
        self.redirect_uri.starts_with("https://")
    }
}

fn malformed(name: &'static str, problem: impl Into<String>) -> ConfigError {
    ConfigError::Malformed { name, problem: problem.into() }
}

/// Ready-made: checks that the text is an http or https address, and returns the text as it was.
///
/// # Errors
/// Names the variable.
pub fn web_address(name: &'static str, text: String) -> Result<String, ConfigError> {
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text),
        Ok(url) => Err(malformed(name, format!("it must start with http:// or https://, not {}:", url.scheme()))),
        Err(error) => Err(malformed(name, format!("it must be a web address ({error})"))),
    }
}

/// Ready-made: reads a port number.
///
/// # Errors
/// Names the variable.
pub fn port(text: &str) -> Result<u16, ConfigError> {
    text.parse().map_err(|_| malformed("PORT", format!("it must be a number from 1 to 65535, not {text:?}")))
}

/// Ready-made: the key must be long, because everybody who guesses it can sign cookies in the name of the app.
///
/// # Errors
/// Names the variable, and does not show the value.
pub fn session_key(text: String) -> Result<Secret, ConfigError> {
    if text.len() < 32 {
        return Err(malformed("SESSION_KEY", format!("it must have at least 32 characters, not {}", text.len())));
    }
    Ok(Secret::new(text))
}

/// Ready-made: reads the file of insurance data.
///
/// # Errors
/// Names the variable and the file.
pub fn policy_data(path: &str) -> Result<PolicyData, ConfigError> {
    PolicyData::read(Path::new(path)).map_err(|error| malformed("POLICY_DATA", format!("{error:#}")))
}

#[cfg(test)]
mod tests;
