//! The configuration: read once, at the start, from the environment and from `.env`.

use std::collections::HashMap;
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
    // ANCHOR: config
    /// Reads the configuration from the process environment, then from the file `.env`.
    ///
    /// The environment wins, so that a test or a server can override a forgotten file. A variable that is set to the
    /// empty text counts as missing, and stays missing even if the file has a value for it.
    ///
    /// # Errors
    /// When a variable is missing or has a value that cannot be right. A wrong configuration must stop the app at its
    /// start, not surprise the first visitor.
    pub fn from_env() -> Result<Self, ConfigError> {
        let file = read_dot_env()?;
        Self::from_variables(|name| std::env::var(name).ok().or_else(|| file.get(name).cloned()))
    }

    /// Builds the configuration from any source of variables. Tests call this with a map.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let value = |name: &str| variable(name).filter(|value| !value.is_empty());
        let missing: Vec<_> = VARIABLES.into_iter().filter(|name| value(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(ConfigError::Missing(missing));
        }
        let required = |name: &str| value(name).expect("no variable is missing, as checked above");

        Ok(Self {
            authority: web_address("AUTHORITY", required("AUTHORITY"))?.trim_end_matches('/').to_owned(),
            client_id: required("CLIENT_ID"),
            client_secret: Secret::new(required("CLIENT_SECRET")),
            redirect_uri: web_address("REDIRECT_URI", required("REDIRECT_URI"))?,
            scopes: required("SCOPE").split_whitespace().map(str::to_owned).collect(),
            endpoint: web_address("ENDPOINT", required("ENDPOINT"))?,
            port: port(&required("PORT"))?,
            session_key: session_key(required("SESSION_KEY"))?,
            policy_data: policy_data(&required("POLICY_DATA"))?,
        })
    }
    // ANCHOR_END: config

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

/// Finds `.env` in the current folder or the nearest folder above it. No such file is no error.
fn read_dot_env() -> Result<HashMap<String, String>, ConfigError> {
    let unreadable = |error: &dyn std::fmt::Display| ConfigError::DotEnv(error.to_string());
    let folder = std::env::current_dir().map_err(|error| unreadable(&error))?;
    let Some(path) = folder.ancestors().map(|folder| folder.join(".env")).find(|path| path.is_file()) else {
        return Ok(HashMap::new());
    };
    let mut variables = HashMap::new();
    for line in dotenvy::from_path_iter(&path).map_err(|error| unreadable(&error))? {
        // The library's own message would quote the line, and the line may hold the secret.
        let (name, value) = line.map_err(|_| unreadable(&"a line is not of the form NAME=value"))?;
        variables.insert(name, value);
    }
    // A relative path in the file starts at the file's own folder, whatever folder the app was started in.
    if let (Some(data), Some(folder)) = (variables.get_mut("POLICY_DATA"), path.parent())
        && !data.is_empty()
    {
        *data = folder.join(Path::new(data)).display().to_string();
    }
    Ok(variables)
}

fn malformed(name: &'static str, problem: impl Into<String>) -> ConfigError {
    ConfigError::Malformed { name, problem: problem.into() }
}

/// Checks that the text is an http or https address, and returns the text as it was.
fn web_address(name: &'static str, text: String) -> Result<String, ConfigError> {
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text),
        Ok(url) => Err(malformed(name, format!("it must start with http:// or https://, not {}:", url.scheme()))),
        Err(error) => Err(malformed(name, format!("it must be a web address ({error})"))),
    }
}

fn port(text: &str) -> Result<u16, ConfigError> {
    text.parse().map_err(|_| malformed("PORT", format!("it must be a number from 1 to 65535, not {text:?}")))
}

/// The key must be long, because everybody who guesses it can sign cookies in the name of the app.
fn session_key(text: String) -> Result<Secret, ConfigError> {
    if text.len() < 32 {
        return Err(malformed("SESSION_KEY", format!("it must have at least 32 characters, not {}", text.len())));
    }
    Ok(Secret::new(text))
}

fn policy_data(path: &str) -> Result<PolicyData, ConfigError> {
    PolicyData::read(Path::new(path)).map_err(|error| malformed("POLICY_DATA", format!("{error:#}")))
}

#[cfg(test)]
mod tests;
