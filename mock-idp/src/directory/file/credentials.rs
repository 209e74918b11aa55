//! Secrets and certificates of app registrations, as they stand in a directory file.

use super::{Import, reader::Object, resource_types as graph};
use crate::{
    directory::credential::{KeyCredential, PasswordCredential},
    random::derived_guid,
};

/// The secrets of an application: hashes as they are, texts hashed. A text is read but never written.
pub(super) fn passwords(import: &Import<'_>, application: &mut Object<'_>, app_id: &str) -> Vec<PasswordCredential> {
    let read = |(index, mut object): (usize, Object<'_>)| {
        let derived = derived_guid(&[&import.tenant_id, "passwordCredential", app_id, &index.to_string()]);
        let key_id = object.guid("keyId").unwrap_or(derived);
        let display_name = object.text("displayName");
        let hint = object.text("hint");
        let secret_hash = object.text("secretHash");
        let mut credential = match (object.text("secretText"), secret_hash) {
            (Some(secret), _) => PasswordCredential::of_secret(&secret, key_id, display_name, import.entropy),
            (None, hash) => {
                match &hash {
                    None => object.wrong("secretText", "is missing, and so is secretHash; one of them is needed to know the secret"),
                    Some(hash) if !is_secret_hash(hash) => object.wrong("secretHash", "must be sha256:<salt>:<64 hexadecimal digits>"),
                    Some(_) => {}
                }
                PasswordCredential {
                    key_id,
                    display_name,
                    hint,
                    secret_hash: hash.unwrap_or_default(),
                    start_date_time: None,
                    end_date_time: None,
                    other_properties: serde_json::Map::new(),
                }
            }
        };
        credential.start_date_time = object.instant("startDateTime");
        credential.end_date_time = object.instant("endDateTime");
        credential.other_properties = object.rest(graph::PASSWORD_CREDENTIAL);
        credential
    };
    application.objects("passwordCredentials").into_iter().enumerate().map(read).collect()
}

fn is_secret_hash(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    matches!(parts.as_slice(), ["sha256", salt, hash] if !salt.is_empty() && hash.len() == 64 && hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')))
}

/// The certificates of an application.
pub(super) fn keys(import: &Import<'_>, application: &mut Object<'_>, app_id: &str) -> Vec<KeyCredential> {
    let read = |(index, mut object): (usize, Object<'_>)| {
        let derived = derived_guid(&[&import.tenant_id, "keyCredential", app_id, &index.to_string()]);
        KeyCredential {
            key_id: object.guid("keyId").unwrap_or(derived),
            key: object.text("key"),
            other_properties: object.rest(graph::KEY_CREDENTIAL),
        }
    };
    application.objects("keyCredentials").into_iter().enumerate().map(read).collect()
}
