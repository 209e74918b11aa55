//! Secrets and certificates: lifetimes and shape.
//! Sources: Microsoft Graph v1.0, "application: addPassword", "keyCredential resource type"; Microsoft identity platform, "Add and
//! manage app credentials in Microsoft Entra ID".

use base64::{Engine, engine::general_purpose::STANDARD};
use time::{Duration, OffsetDateTime};

use super::{Problem, allows_personal_accounts};
use crate::directory::{application::Application, refusal::Refusal};

/// "application: addPassword": without an end, a secret lives for two years.
pub const DEFAULT_LIFETIME: Duration = Duration::days(730);

/// "Add and manage app credentials": the portal gives at most 24 months. The longest two years have 731 days.
const PORTAL_LIMIT: Duration = Duration::days(731);

/// "Validation differences by supported account types", client secrets.
const MOST_SECRETS_PERSONAL: usize = 2;

/// Judges the lifetime of a new credential, as Graph does.
///
/// # Errors
/// [`Problem::EndsBeforeStart`], [`Problem::EndsInThePast`].
pub fn lifetime(start: OffsetDateTime, end: OffsetDateTime, now: OffsetDateTime) -> Result<(), Problem> {
    if end <= start {
        return Err(Problem::EndsBeforeStart);
    }
    if end <= now { Err(Problem::EndsInThePast) } else { Ok(()) }
}

/// Judges the lifetime of a new secret, as the portal's form does: as Graph, and at most 24 months.
///
/// # Errors
/// Those of [`lifetime`], [`Problem::LifetimeTooLong`].
pub fn lifetime_in_portal(start: OffsetDateTime, end: OffsetDateTime, now: OffsetDateTime) -> Result<(), Problem> {
    lifetime(start, end, now)?;
    if end - start > PORTAL_LIMIT { Err(Problem::LifetimeTooLong) } else { Ok(()) }
}

/// Notes what is wrong with the credentials that an application holds.
pub(super) fn check(application: &Application, found: &mut Vec<Refusal>) {
    let count = application.password_credentials.len();
    if allows_personal_accounts(application.sign_in_audience) && count > MOST_SECRETS_PERSONAL {
        let problem = Problem::TooMany { count, limit: MOST_SECRETS_PERSONAL };
        found.push(Refusal::invalid("passwordCredentials", problem));
    }
    for key in &application.key_credentials {
        // The shortest certificate there is has far more bytes; DER of a certificate begins with a long SEQUENCE (X.690 §8.9).
        let is_certificate = |key: &String| STANDARD.decode(key).is_ok_and(|der| der.len() > 100 && der.starts_with(&[0x30, 0x82]));
        if key.key.as_ref().is_some_and(|key| !is_certificate(key)) {
            found.push(Refusal::invalid("keyCredentials.key", Problem::NotACertificate));
        }
        for (property, known) in [("type", &["AsymmetricX509Cert", "X509CertAndPassword"]), ("usage", &["Verify", "Sign"])] {
            let value = key.other_properties.get(property).and_then(serde_json::Value::as_str);
            if let Some(value) = value.filter(|value| !known.contains(value)) {
                let (property, known) = match property {
                    "type" => ("keyCredentials.type", "AsymmetricX509Cert, X509CertAndPassword"),
                    _ => ("keyCredentials.usage", "Verify, Sign"),
                };
                found.push(Refusal::invalid(property, Problem::NotOneOf { value: value.to_owned(), known }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-25 09:00 UTC);

    #[test]
    fn a_credential_ends_after_it_begins_and_not_in_the_past() {
        let day = Duration::days(1);
        assert_eq!(lifetime(NOW, NOW + day, NOW), Ok(()));
        assert_eq!(lifetime(NOW, NOW, NOW), Err(Problem::EndsBeforeStart));
        assert_eq!(lifetime(NOW - day - day, NOW - day, NOW), Err(Problem::EndsInThePast));
    }

    #[test]
    fn the_portal_gives_at_most_24_months() {
        assert_eq!(lifetime_in_portal(NOW, datetime!(2028-11-25 09:00 UTC), NOW), Ok(()));
        assert_eq!(lifetime_in_portal(NOW, datetime!(2028-12-25 09:00 UTC), NOW), Err(Problem::LifetimeTooLong));
        assert_eq!(lifetime(NOW, datetime!(2040-01-01 09:00 UTC), NOW), Ok(()));
    }
}
