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
    ca_pem: Option<String>,
    missing: Option<&'static str>,
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
            ca_pem: (scheme == AuthorityScheme::Https).then(|| world.idp().ca_pem().to_owned()),
            missing: None,
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

    /// The same with another client secret.
    pub fn with_client_secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.client_secret);
        self
    }

    /// The content of the file that `POLICY_DATA` names.
    pub(super) fn policy_data(&self) -> &str {
        &self.policy_data
    }

    /// Names and values for an app on this port.
    ///
    /// # Errors
    /// When the certificate authority cannot be written to `ca_path`.
    pub(super) fn variables(&self, port: u16, policy_data: &str, ca_path: &Path) -> io::Result<Vec<(&'static str, String)>> {
        let value = |name: &'static str| match name {
            "AUTHORITY" => self.authority.clone(),
            "CLIENT_ID" => self.client_id.clone(),
            "CLIENT_SECRET" => self.client_secret.clone(),
            "REDIRECT_URI" => redirect_uri(port),
            "SCOPE" => "User.Read".to_owned(),
            "ENDPOINT" => self.endpoint.clone(),
            "PORT" => port.to_string(),
            "SESSION_KEY" => self.session_key.clone(),
            "POLICY_DATA" => policy_data.to_owned(),
            other => unreachable!("{other} is none of the names above"),
        };
        let set = |name: &'static str| (name, if self.missing == Some(name) { String::new() } else { value(name) });
        let mut variables: Vec<_> = NAMES.into_iter().map(set).collect();
        // A panic's message says enough, and a backtrace would push it out of what is shown.
        variables.push(("RUST_BACKTRACE", "0".to_owned()));
        if let Some(pem) = &self.ca_pem {
            std::fs::write(ca_path, pem)?;
            let path = ca_path.to_string_lossy().into_owned();
            // Python's requests, OpenSSL (and with it Go, Ruby, .NET on Linux), Node.js.
            variables.extend(["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"].map(|name| (name, path.clone())));
        }
        Ok(variables)
    }
}

/// The origin of an app on this port.
pub(crate) fn origin(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// The redirect URI of an app on this port. Entra ignores the port of a registered `http://localhost` address.
pub(crate) fn redirect_uri(port: u16) -> String {
    format!("{}/getAToken", origin(port))
}
