//! What survives a restart: the store, signing keys, certificates and the secret of the start states.
//!
//! ```text
//! DIR/store.redb              tenants, sessions, refresh tokens: see `store`
//! DIR/lock                    locked by the process that uses the directory; DIR/running.json tells its addresses
//! DIR/ca.pem                  the local authority, to be trusted by clients
//! DIR/tls/localhost.pem       the server's certificate, with localhost-key.pem and expires.txt
//! DIR/keys/signing-N.pem      RSA keys, with signing-N.crt
//! DIR/snapshots/NAME/         named snapshots: see `snapshots`
//! DIR/start-state-secret.txt  the secret of claims-portal in the start states, so that a written .env stays valid
//! ```

mod file;
mod lock;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey, pkcs8::LineEnding};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

pub use lock::RunningProcess;

use self::{
    file::{read, restrict, write},
    lock::Lock,
};
use super::certificates::Certificates;
use crate::{
    clock::Clock,
    random::Entropy,
    snapshots::Snapshots,
    store::{Store, StoreError},
    tokens::{SigningKeys, signing_keys::SigningKey},
};

/// Keys in the data directory: two published, one for the next rotation.
const KEYS: usize = 3;

/// A data directory that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// A file cannot be read or written.
    #[error("{}: {source}; choose another place with --data-dir, or mend its permissions", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process uses the directory.
    #[error(
        "the data directory {} is in use by {}; stop that one, or choose another place with --data-dir",
        path.display(),
        described(by.as_ref())
    )]
    InUse {
        /// The directory.
        path: PathBuf,
        /// Who uses it. Not known while it is just starting.
        by: Option<RunningProcess>,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file does not hold what it should.
    #[error("{}: {reason}; delete the file and a new one is made", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

fn described(by: Option<&RunningProcess>) -> String {
    match by {
        Some(RunningProcess { pid, http, .. }) => format!("the mock-idp at {http} (process {pid})"),
        None => "another process".to_owned(),
    }
}

/// The directory in which everything is kept. It is this process's alone until this is dropped.
#[derive(Debug)]
pub struct DataDir {
    root: PathBuf,
    lock: Lock,
}

impl DataDir {
    /// Opens a data directory; it is made if it is missing, readable by its owner only where the system knows that.
    ///
    /// # Errors
    /// [`DataDirError::InUse`] with the addresses of the process that has it; [`DataDirError::Io`].
    pub fn open(root: &Path) -> Result<Self, DataDirError> {
        for folder in [root.to_owned(), root.join("keys"), root.join("tls")] {
            fs::create_dir_all(&folder).map_err(|source| DataDirError::Io { path: folder.clone(), source })?;
            restrict(&folder);
        }
        Ok(Self { root: root.to_owned(), lock: Lock::take(root)? })
    }

    /// Opens the store; an empty one is made if there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn store(&self) -> Result<Store, StoreError> {
        let path = self.root.join("store.redb");
        let store = Store::open(&path)?;
        restrict(&path);
        file::sync_folder(&self.root).map_err(|error| StoreError::Io { path: self.root.clone(), reason: error.to_string() })?;
        Ok(store)
    }

    /// Tells others, who find the directory in use, where this process can be reached.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub fn announce(&self, http: String, https: String) -> Result<(), DataDirError> {
        self.lock.announce(&RunningProcess { pid: std::process::id(), http, https })
    }

    /// The named snapshots.
    pub fn snapshots(&self) -> Snapshots {
        Snapshots::of(&self.root)
    }

    /// The local authority's certificate.
    pub fn ca_path(&self) -> PathBuf {
        self.root.join("ca.pem")
    }

    /// The signing keys, made once.
    ///
    /// # Errors
    /// [`DataDirError`].
    pub fn signing_keys(&self) -> Result<SigningKeys, DataDirError> {
        let mut keys = Vec::new();
        for number in 1..=KEYS {
            let key_path = self.root.join(format!("keys/signing-{number}.pem"));
            let certificate_path = key_path.with_extension("crt");
            if !key_path.exists() || !certificate_path.exists() {
                let (key, certificate) = new_signing_key(number);
                write(&certificate_path, &certificate)?;
                write(&key_path, &key)?;
            }
            let key = SigningKey::from_pem(&read(&key_path)?, &read(&certificate_path)?);
            keys.push(key.map_err(|error| DataDirError::Damaged { path: key_path.clone(), reason: error.to_string() })?);
        }
        SigningKeys::new(keys, SigningKeys::test_stranger())
            .map_err(|error| DataDirError::Damaged { path: self.root.join("keys"), reason: error.to_string() })
    }

    /// The certificates of the https listener, made once and anew when they are about to end.
    ///
    /// # Errors
    /// [`DataDirError`].
    pub fn certificates(&self, clock: &Clock) -> Result<Certificates, DataDirError> {
        let (certificate, key, expires) =
            (self.root.join("tls/localhost.pem"), self.root.join("tls/localhost-key.pem"), self.root.join("tls/expires.txt"));
        let until = fs::read_to_string(&expires).ok().and_then(|text| OffsetDateTime::parse(text.trim(), &Rfc3339).ok());
        let soon = clock.now() + time::Duration::days(30);
        let complete = certificate.exists() && key.exists() && self.ca_path().exists();
        let Some(expires_at) = until.filter(|until| *until > soon && complete) else {
            let made = Certificates::new(clock.now());
            write(&certificate, &made.certificate)?;
            write(&key, &made.private_key)?;
            write(&self.ca_path(), &made.authority)?;
            write(&expires, &made.expires.format(&Rfc3339).unwrap_or_default())?;
            return Ok(made);
        };
        let kept = Certificates {
            authority: read(&self.ca_path())?,
            certificate: read(&certificate)?,
            private_key: read(&key)?,
            expires: expires_at,
        };
        match kept.check() {
            Ok(_) => Ok(kept),
            Err(reason) => Err(DataDirError::Damaged { path: certificate, reason }),
        }
    }

    /// The secret of the app that start states register.
    ///
    /// # Errors
    /// [`DataDirError`].
    pub fn start_state_secret(&self, entropy: &Entropy) -> Result<String, DataDirError> {
        let path = self.root.join("start-state-secret.txt");
        if !path.exists() {
            write(&path, &entropy.client_secret())?;
        }
        Ok(read(&path)?.trim().to_owned())
    }
}

/// A new RSA key and a self-signed certificate that gives it its name. Takes a few hundred milliseconds.
fn new_signing_key(number: usize) -> (String, String) {
    let valid = "the parameters are constants";
    let key = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).expect("2048 bits are a valid size");
    let pem = key.to_pkcs8_pem(LineEnding::LF).expect("a fresh key can be encoded").to_string();
    let pair = KeyPair::from_pem(&pem).expect("ring reads a fresh 2048-bit key");
    let mut params = CertificateParams::new(Vec::<String>::new()).expect(valid);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, format!("mock-idp signing key {number}"));
    let certificate = params.self_signed(&pair).expect(valid).pem();
    (pem, certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_certificates_and_secret_are_the_same_after_a_restart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Clock::system();
        let look = || {
            let dir = DataDir::open(folder.path()).expect("a writable folder");
            let kid = dir.signing_keys().expect("keys").signing().kid.clone();
            let certificates = dir.certificates(&clock).expect("certificates");
            (kid, certificates.authority, certificates.certificate, dir.start_state_secret(&Entropy::system()).expect("a secret"))
        };
        assert_eq!(look(), look());
    }

    #[test]
    fn a_second_owner_is_told_who_has_the_directory_and_gets_it_when_that_one_is_gone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = DataDir::open(folder.path()).expect("a writable folder");
        let refusal = DataDir::open(folder.path()).expect_err("it is in use").to_string();
        assert!(refusal.contains("in use by another process"), "{refusal}");
        first.announce("http://localhost:8400".to_owned(), "https://localhost:8443".to_owned()).expect("a writable folder");
        let refusal = DataDir::open(folder.path()).expect_err("it is in use").to_string();
        let expected = format!("the mock-idp at http://localhost:8400 (process {}); stop that one", std::process::id());
        assert!(refusal.contains(&expected) && refusal.contains(&folder.path().display().to_string()), "{refusal}");
        drop(first);
        assert!(DataDir::open(folder.path()).is_ok() && !folder.path().join("running.json").exists());
    }

    #[test]
    fn what_a_killed_process_left_behind_means_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("lock"), "").expect("writable");
        fs::write(folder.path().join("running.json"), r#"{"pid":1,"http":"h","https":"s"}"#).expect("writable");
        let _first = DataDir::open(folder.path()).expect("nobody has it");
        let refusal = DataDir::open(folder.path()).expect_err("it is in use").to_string();
        assert!(refusal.contains("another process"), "{refusal}");
    }

    #[test]
    fn certificates_that_are_about_to_end_are_made_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dir = DataDir::open(folder.path()).expect("a writable folder");
        let clock = Clock::system();
        let first = dir.certificates(&clock).expect("certificates");
        clock.advance(time::Duration::days(800));
        assert_ne!(dir.certificates(&clock).expect("certificates").certificate, first.certificate);
    }

    #[test]
    fn a_damaged_key_is_named_with_the_remedy() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let dir = DataDir::open(folder.path()).expect("a writable folder");
        fs::write(folder.path().join("keys/signing-1.pem"), "not a key").expect("writable");
        fs::write(folder.path().join("keys/signing-1.crt"), "not a certificate").expect("writable");
        let error = dir.signing_keys().expect_err("the key is damaged").to_string();
        assert!(error.contains("signing-1.pem") && error.contains("delete the file"), "{error}");
    }
}
