//! Identifier URIs (Application ID URIs).
//! Source: Microsoft identity platform, "Restrictions on identifier URIs of Microsoft Entra applications".

use std::collections::BTreeSet;

use super::{Problem, allows_personal_accounts};
use crate::directory::{application::Application, organization::Organization, refusal::Refusal};

/// "Validation differences by supported account types", Application ID URI.
const LONGEST: usize = 255;
const LONGEST_PERSONAL: usize = 120;

/// Notes what is wrong with the identifier URIs, as far as the application alone shows it.
pub(super) fn check(application: &Application, tenant: &Organization, found: &mut Vec<Refusal>) {
    let personal = allows_personal_accounts(application.sign_in_audience);
    let limit = if personal { LONGEST_PERSONAL } else { LONGEST };
    let mut seen = BTreeSet::new();
    for uri in &application.identifier_uris {
        let length = uri.chars().count();
        let result = if length > limit {
            Err(Problem::TooLong { length, limit })
        } else if !seen.insert(uri.to_lowercase()) {
            Err(Problem::Duplicate(uri.clone()))
        } else {
            self::uri(uri, &application.app_id, tenant)
        };
        found.extend(result.err().map(|problem| Refusal::invalid("identifierUris", problem)));
    }
}

/// Judges one identifier URI: it must hold something that is the tenant's own (its id, a verified domain, the client id), so that nobody
/// can take the name of another's API.
///
/// # Errors
/// The first rule that it breaks.
pub fn uri(uri: &str, app_id: &str, tenant: &Organization) -> Result<(), Problem> {
    let form = || Problem::IdentifierUriForm(uri.to_owned());
    if uri.is_empty() {
        return Err(Problem::Required);
    }
    if uri.contains('*') {
        return Err(Problem::Wildcard(uri.to_owned()));
    }
    if uri.ends_with('/') || uri.chars().any(|it| it.is_whitespace() || it.is_control()) {
        return Err(form());
    }
    let (scheme, rest) = uri.split_once(':').ok_or_else(form)?;
    if scheme.eq_ignore_ascii_case("urn") && !rest.is_empty() {
        return Ok(());
    }
    let rest = rest.strip_prefix("//").filter(|_| ["api", "https"].contains(&scheme)).ok_or_else(form)?;
    let mut segments = rest.split('/');
    let host = segments.next().unwrap_or_default();
    let is_own = |segment: &str| segment.eq_ignore_ascii_case(app_id) || segment.eq_ignore_ascii_case(&tenant.id);
    if scheme == "api" && (is_own(host) || segments.any(is_own)) || is_verified(host, tenant) {
        return Ok(());
    }
    Err(if host.is_empty() { form() } else { Problem::UnverifiedDomain(uri.to_owned()) })
}

fn is_verified(host: &str, tenant: &Organization) -> bool {
    let host = host.to_ascii_lowercase();
    let covers = |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'));
    tenant.verified_domains.iter().any(|domain| covers(&domain.name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Directory, seed::ABC_INSURANCE_TENANT_ID};

    const APP_ID: &str = "cf9e4f42-04fb-4856-93c7-0a70c92c2150";

    fn judged(uri: &str) -> Result<(), Problem> {
        super::uri(uri, APP_ID, &Directory::abc_insurance().organization)
    }

    #[test]
    fn an_identifier_uri_holds_something_that_is_the_tenants_own() {
        let tenant = ABC_INSURANCE_TENANT_ID;
        for good in [
            format!("api://{APP_ID}"),
            format!("api://{tenant}/claims"),
            format!("api://{tenant}/{APP_ID}"),
            format!("api://claims/{APP_ID}"),
            "https://abc-insurance.example/claims".to_owned(),
            "https://claims.abc-insurance.example".to_owned(),
            "api://claims.abc-insurance.example/v1".to_owned(),
            "urn:abc:claims".to_owned(),
        ] {
            assert_eq!(judged(&good), Ok(()), "{good}");
        }
        for wrong in ["api://claims", "https://contoso.com/claims", "https://xabc-insurance.example", "https://.abc-insurance.example"] {
            assert_eq!(judged(wrong), Err(Problem::UnverifiedDomain(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        let slash = format!("api://{APP_ID}/");
        for wrong in ["claims", "http://abc-insurance.example/claims", &slash, "api://", "urn:"] {
            assert_eq!(judged(wrong), Err(Problem::IdentifierUriForm(wrong.to_owned())), "{wrong}");
        }
        assert_eq!(judged("https://*.abc-insurance.example"), Err(Problem::Wildcard("https://*.abc-insurance.example".to_owned())));
    }
}
