//! The variables by which an app is configured (the contract for any language).

use std::{io, path::Path};

use crate::{app_process::AuthorityScheme, world::World};

/// The variables that the course sets, in the order of the book.
pub const NAMES: [&str; 9] =
    ["AUTHORITY", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "SCOPE", "ENDPOINT", "PORT", "SESSION_KEY", "POLICY_DATA"];

/// What an app is told.
#[derive(Debug, Clone)]
pub struct Environment {
    authority: String,
    client_id: String,
    client_secret: String,
    endpoint: String,
    session_key: String,
    policy_data: String,
    redirect_uri: Option<String>,
    ca_pem: Option<String>,
    missing: Option<&'static str>,
    dot_env: Option<DotEnv>,
}

/// What a file `.env` in the app's folder holds.
#[derive(Debug, Clone)]
pub enum DotEnv {
    /// Every variable, and the environment has none.
    Everything,
    /// Every variable, where `PORT` is this other one, on which the app should not listen. The environment has `PORT` alone.
    OtherPort(u16),
    /// This text, beside an environment in which nothing is missing.
    Text(String),
}

impl Environment {
    /// Everything right for this world.
    pub fn of(world: &World, scheme: AuthorityScheme) -> Self {
        Self {
            authority: world.authority(),
            client_id: world.registration().app_id.clone(),
            client_secret: world.registration().client_secret.clone(),
            endpoint: format!("{}/graph/v1.0/me", world.provider_origin()),
            session_key: world.session_key().to_owned(),
            policy_data: world.insurance().to_json(),
            redirect_uri: None,
            ca_pem: (scheme == AuthorityScheme::Https).then(|| world.idp().ca_pem().to_owned()),
            missing: None,
            dot_env: None,
        }
    }

    /// The same with one variable left empty, which counts as missing.
    pub fn without(mut self, name: &'static str) -> Self {
        self.missing = Some(name);
        self
    }

    /// The same with another identity provider.
    pub fn with_authority(mut self, authority: String) -> Self {
        self.authority = authority;
        self
    }

    /// The same with another Microsoft Graph.
    pub fn with_endpoint(mut self, endpoint: String) -> Self {
        self.endpoint = endpoint;
        self
    }

    /// The same with this redirect URI, whatever the port.
    pub fn with_redirect_uri(mut self, redirect_uri: &str) -> Self {
        self.redirect_uri = Some(redirect_uri.to_owned());
        self
    }

    /// The same with a file `.env` in the app's folder. A command line runs in its own folder and does not see it.
    pub fn with_dot_env(mut self, file: DotEnv) -> Self {
        self.dot_env = Some(file);
        self
    }

    /// The same with another key for cookies.
    pub fn with_session_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.session_key);
        self
    }

    /// The same with another client secret.
    pub fn with_client_secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.client_secret);
        self
    }

    /// The content of the file that `POLICY_DATA` names.
    pub(super) fn policy_data(&self) -> &str {
        &self.policy_data
    }

    /// What an app on this port is told.
    ///
    /// # Errors
    /// When the certificate authority or `.env` cannot be written to `folder`.
    pub(super) fn variables(&self, port: u16, policy_data: &str, folder: &Path) -> io::Result<Variables> {
        let value = |name: &'static str| match name {
            "AUTHORITY" => self.authority.clone(),
            "CLIENT_ID" => self.client_id.clone(),
            "CLIENT_SECRET" => self.client_secret.clone(),
            "REDIRECT_URI" => self.redirect_uri.clone().unwrap_or_else(|| redirect_uri(port)),
            "SCOPE" => "User.Read".to_owned(),
            "ENDPOINT" => self.endpoint.clone(),
            "PORT" => port.to_string(),
            "SESSION_KEY" => self.session_key.clone(),
            "POLICY_DATA" => policy_data.to_owned(),
            other => unreachable!("{other} is none of the names above"),
        };
        let set = |name: &'static str| (name, if self.missing == Some(name) { String::new() } else { value(name) });
        let mut variables = Variables { set: NAMES.into_iter().map(set).collect(), absent: Vec::new() };
        match &self.dot_env {
            None => {}
            Some(DotEnv::Text(text)) => std::fs::write(folder.join(".env"), text)?,
            Some(DotEnv::Everything) => {
                std::fs::write(folder.join(".env"), lines(&variables.set))?;
                variables = Variables { set: Vec::new(), absent: NAMES.to_vec() };
            }
            Some(DotEnv::OtherPort(other)) => {
                let (here, in_file): (Vec<_>, Vec<_>) = variables.set.into_iter().partition(|(name, _)| *name == "PORT");
                std::fs::write(folder.join(".env"), format!("PORT={other}\n{}", lines(&in_file)))?;
                variables = Variables { set: here, absent: in_file.into_iter().map(|(name, _)| name).collect() };
            }
        }
        // A panic's message says enough, and a backtrace would push it out of what is shown.
        variables.set.push(("RUST_BACKTRACE", "0".to_owned()));
        if let Some(pem) = &self.ca_pem {
            let ca_path = folder.join("ca.pem");
            std::fs::write(&ca_path, pem)?;
            let path = ca_path.to_string_lossy().into_owned();
            // Python's requests, OpenSSL (and with it Go, Ruby, .NET on Linux), Node.js.
            variables.set.extend(["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"].map(|name| (name, path.clone())));
        }
        Ok(variables)
    }
}

/// The variables as lines of `.env`.
fn lines(variables: &[(&str, String)]) -> String {
    // Slashes work on Windows, too, and nobody takes them for an escape.
    variables.iter().map(|(name, value)| format!("{name}={}\n", value.replace('\\', "/"))).collect()
}

/// The environment of a process, as far as the contract goes.
pub(super) struct Variables {
    /// Names and values.
    pub(super) set: Vec<(&'static str, String)>,
    /// What must not be set, though it may be where the grader runs.
    pub(super) absent: Vec<&'static str>,
}

/// The origin of an app on this port.
pub(crate) fn origin(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// The redirect URI of an app on this port. Entra ignores the port of a registered `http://localhost` address.
pub(crate) fn redirect_uri(port: u16) -> String {
    format!("{}/getAToken", origin(port))
}
