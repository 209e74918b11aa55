//! The certificate of the https listener and the local authority that vouches for it.
//!
//! The authority signs one certificate, for `localhost`, and its private key is thrown away: whoever trusts the authority trusts this
//! server and nothing else, ever.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// Which environment variable makes which programs trust the authority, given the path of its PEM file.
pub const TRUST: [(&str, &str); 3] = [
    ("SSL_CERT_FILE", "OpenSSL, curl, Rust with native roots, Go"),
    ("REQUESTS_CA_BUNDLE", "Python: requests, MSAL for Python"),
    ("NODE_EXTRA_CA_CERTS", "Node.js"),
];

/// Operating systems refuse server certificates that live longer than 825 days.
const LIFETIME: Duration = Duration::days(820);

/// A server certificate with its key and the authority that signed it, all in PEM form.
#[derive(Clone)]
pub struct Certificates {
    /// The authority, for clients to trust.
    pub authority: String,
    /// The certificate of `localhost`.
    pub certificate: String,
    /// Its private key.
    pub private_key: String,
    /// When the certificate ends.
    pub expires: OffsetDateTime,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Certificates").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Certificates {
    /// A new authority and a certificate for `localhost`, `127.0.0.1` and `::1`.
    pub fn new(now: OffsetDateTime) -> Self {
        let valid = "the parameters are constants that rcgen accepts";
        let expires = now + LIFETIME;
        let authority_key = KeyPair::generate().expect(valid);
        let mut authority = CertificateParams::new(Vec::<String>::new()).expect(valid);
        authority.distinguished_name = named("mock-idp local authority (practice only)");
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (authority.not_before, authority.not_after) = (now - Duration::days(1), expires);
        let authority_pem = authority.self_signed(&authority_key).expect(valid).pem();
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate().expect(valid);
        let mut server = CertificateParams::new(vec!["localhost".to_owned()]).expect(valid);
        server.distinguished_name = named("localhost");
        server
            .subject_alt_names
            .extend([SanType::IpAddress(std::net::Ipv4Addr::LOCALHOST.into()), SanType::IpAddress(std::net::Ipv6Addr::LOCALHOST.into())]);
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        server.use_authority_key_identifier_extension = true;
        (server.not_before, server.not_after) = (now - Duration::days(1), expires);
        let certificate = server.signed_by(&key, &issuer).expect(valid).pem();
        Self { authority: authority_pem, certificate, private_key: key.serialize_pem(), expires }
    }

    /// The TLS configuration of the listener, with the one crypto provider of the workspace.
    ///
    /// # Panics
    /// If the PEM texts are not those of [`Certificates::new`]; whoever reads them from a file checks them with [`Certificates::check`].
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::new(self.check().expect("the certificates were checked when they were read"))
    }

    /// Whether certificate and key can be used.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub fn check(&self) -> Result<ServerConfig, String> {
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).map_err(|error| error.to_string())?;
        let key = PrivateKeyDer::from_pem_slice(self.private_key.as_bytes()).map_err(|error| error.to_string())?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .map_err(|error| error.to_string())?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}
