//! Names, sizes of collections, and what never changes.
//! Sources: Microsoft identity platform, "Validation differences by supported account types (signInAudience)"; "App manifest
//! reference", section "Manifest limits"; Microsoft Graph v1.0, "application resource type".

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Problem, allows_personal_accounts};
use crate::{
    directory::{application::Application, refusal::Refusal},
    random::is_guid,
};

const LONGEST_NAME: usize = 120;
const LONGEST_NAME_PERSONAL: usize = 90;

/// "application resource type", property `notes`; the portal's field for notes has the same limit.
pub const LONGEST_NOTES: usize = 1024;

/// "Manifest limits": all entries of all collections together.
const MOST_ENTRIES: usize = 1200;

/// API permissions: APIs, permissions in all, permissions of one API where personal accounts can sign in.
const MOST_APIS: usize = 50;
const MOST_PERMISSIONS: usize = 400;
const MOST_PERMISSIONS_PERSONAL: usize = 200;
const MOST_PERMISSIONS_OF_ONE_API_PERSONAL: usize = 30;

/// "Individual tag size must be between 1 and 256 characters".
const LONGEST_TAG: usize = 256;

/// Properties that the service gives and nobody sets. "application resource type", marked read-only.
pub const READ_ONLY: [&str; 8] = [
    "applicationTemplateId",
    "certification",
    "createdDateTime",
    "createdByAppId",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "publisherDomain",
    "verifiedPublisher",
];

/// Notes what is wrong with the name and the notes.
pub(super) fn names(application: &Application, found: &mut Vec<Refusal>) {
    let personal = allows_personal_accounts(application.sign_in_audience);
    let limit = if personal { LONGEST_NAME_PERSONAL } else { LONGEST_NAME };
    found.extend(name(&application.display_name, limit).err().map(|problem| Refusal::invalid("displayName", problem)));
    if let Some(notes) = application.other_properties.get("notes").and_then(Value::as_str) {
        found.extend(notes_problem(notes).map(|problem| Refusal::invalid("notes", problem)));
    }
}

/// Judges a display name.
fn name(name: &str, limit: usize) -> Result<(), Problem> {
    let length = name.chars().count();
    if name.trim().is_empty() {
        return Err(Problem::Required);
    }
    if length > limit { Err(Problem::TooLong { length, limit }) } else { Ok(()) }
}

/// Notes that are too long.
pub fn notes_problem(notes: &str) -> Option<Problem> {
    let length = notes.chars().count();
    (length > LONGEST_NOTES).then_some(Problem::TooLong { length, limit: LONGEST_NOTES })
}

/// Notes what is wrong with the collections.
pub(super) fn collections(application: &Application, found: &mut Vec<Refusal>) {
    api_permissions(application, found);
    if let Some(Value::Array(tags)) = application.other_properties.get("tags") {
        let texts: Vec<&str> = tags.iter().filter_map(Value::as_str).collect();
        found.extend(tags_problem(&texts).map(|problem| Refusal::invalid("tags", problem)));
    }
    group_claims(application, found);
    let claims = application.optional_claims.iter().flat_map(|it| it.id_token.iter().chain(&it.access_token).chain(&it.saml2_token));
    if claims.clone().any(|claim| claim.name.trim().is_empty()) {
        found.push(Refusal::invalid("optionalClaims", Problem::Required));
    }
    let personal = allows_personal_accounts(application.sign_in_audience);
    if personal && application.api.requested_access_token_version != Some(2) {
        found.push(Refusal::invalid("api.requestedAccessTokenVersion", Problem::AccessTokenVersion));
    }
    let count = entries(application);
    if count > MOST_ENTRIES {
        // A property of its own there is none: any collection can be the one too many.
        found.push(Refusal::invalid("application", Problem::ManifestTooLarge { count, limit: MOST_ENTRIES }));
    }
}

fn api_permissions(application: &Application, found: &mut Vec<Refusal>) {
    const PROPERTY: &str = "requiredResourceAccess";
    let personal = allows_personal_accounts(application.sign_in_audience);
    let mut note = |problem| found.push(Refusal::invalid(PROPERTY, problem));
    let apis = &application.required_resource_access;
    if apis.len() > MOST_APIS {
        note(Problem::TooMany { count: apis.len(), limit: MOST_APIS });
    }
    let count = apis.iter().map(|api| api.resource_access.len()).sum();
    let limit = if personal { MOST_PERMISSIONS_PERSONAL } else { MOST_PERMISSIONS };
    if count > limit {
        note(Problem::TooMany { count, limit });
    }
    let mut seen = BTreeSet::new();
    for api in apis {
        let count = api.resource_access.len();
        if personal && count > MOST_PERMISSIONS_OF_ONE_API_PERSONAL {
            note(Problem::TooMany { count, limit: MOST_PERMISSIONS_OF_ONE_API_PERSONAL });
        }
        if !is_guid(&api.resource_app_id) {
            note(Problem::NotAGuid(api.resource_app_id.clone()));
        } else if !seen.insert(api.resource_app_id.to_ascii_lowercase()) {
            note(Problem::Duplicate(api.resource_app_id.clone()));
        }
        for access in &api.resource_access {
            if !is_guid(&access.id) {
                note(Problem::NotAGuid(access.id.clone()));
            }
            if !["Scope", "Role"].contains(&access.access_type.as_str()) {
                note(Problem::NotOneOf { value: access.access_type.clone(), known: "Scope, Role" });
            }
        }
    }
}

/// What is wrong with tags.
pub fn tags_problem(tags: &[&str]) -> Option<Problem> {
    let mut seen = BTreeSet::new();
    tags.iter().find_map(|tag| {
        let length = tag.chars().count();
        if tag.is_empty() {
            Some(Problem::Required)
        } else if length > LONGEST_TAG {
            Some(Problem::TooLong { length, limit: LONGEST_TAG })
        } else if tag.contains(char::is_whitespace) {
            Some(Problem::Whitespace((*tag).to_owned()))
        } else {
            (!seen.insert(*tag)).then(|| Problem::Duplicate((*tag).to_owned()))
        }
    })
}

/// `groupMembershipClaims`: one of the words, or several separated by commas.
fn group_claims(application: &Application, found: &mut Vec<Refusal>) {
    const KNOWN: [&str; 5] = ["None", "SecurityGroup", "ApplicationGroup", "DirectoryRole", "All"];
    let words = application.group_membership_claims.iter().flat_map(|claims| claims.split(','));
    if let Some(unknown) = words.map(str::trim).find(|word| !KNOWN.contains(word)) {
        let problem = Problem::NotOneOf { value: unknown.to_owned(), known: "None, SecurityGroup, ApplicationGroup, DirectoryRole, All" };
        found.push(Refusal::invalid("groupMembershipClaims", problem));
    }
}

/// How many entries all collections have together.
fn entries(application: &Application) -> usize {
    let claims = application.optional_claims.iter();
    let claims = claims.map(|it| it.id_token.len() + it.access_token.len() + it.saml2_token.len()).sum::<usize>();
    let nested = |value: &Value| value.as_array().map_or(0, Vec::len);
    application.redirect_uris().count()
        + application.identifier_uris.len()
        + application.app_roles.len()
        + application.api.oauth2_permission_scopes.len()
        + application.api.other_properties.values().map(nested).sum::<usize>()
        + application.required_resource_access.iter().map(|api| 1 + api.resource_access.len()).sum::<usize>()
        + application.password_credentials.len()
        + application.key_credentials.len()
        + application.other_properties.values().map(nested).sum::<usize>()
        + claims
}

/// Refuses a change of what never changes.
///
/// # Errors
/// [`Refusal::ReadOnly`] with the property.
pub(super) fn immutable(old: &Application, new: &Application) -> Result<(), Refusal> {
    if old.id != new.id {
        return Err(Refusal::ReadOnly("id"));
    }
    if old.app_id != new.app_id {
        return Err(Refusal::ReadOnly("appId"));
    }
    let changed = |name: &&str| {
        let value = |application: &Application| application.other_properties.get(*name).filter(|it| !it.is_null()).cloned();
        value(old) != value(new)
    };
    READ_ONLY.into_iter().find(changed).map_or(Ok(()), |name| Err(Refusal::ReadOnly(name)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::after, *};
    use crate::directory::application::{OptionalClaim, OptionalClaims, RequiredResourceAccess, ResourceAccess, SignInAudience};

    fn wrong(change: impl FnOnce(&mut Application)) -> Vec<&'static str> {
        after(change).into_iter().map(|(property, _)| property).collect()
    }

    fn guid(number: usize) -> String {
        format!("00000000-0000-4000-8000-{number:012}")
    }

    #[test]
    fn a_name_has_1_to_120_characters_and_90_where_personal_accounts_sign_in() {
        assert_eq!(wrong(|it| it.display_name = "ü".repeat(120)), [""; 0]);
        assert_eq!(wrong(|it| it.display_name = "x".repeat(121)), ["displayName"]);
        assert_eq!(wrong(|it| it.display_name = " \t".to_owned()), ["displayName"]);
        let personal = |it: &mut Application| {
            it.sign_in_audience = SignInAudience::AzureADandPersonalMicrosoftAccount;
            it.api.requested_access_token_version = Some(2);
            it.app_roles.clear();
            it.display_name = "x".repeat(91);
        };
        assert_eq!(wrong(personal), ["displayName"]);
    }

    #[test]
    fn personal_accounts_need_version_2_tokens() {
        let with = |version| {
            move |it: &mut Application| {
                it.sign_in_audience = SignInAudience::PersonalMicrosoftAccount;
                it.app_roles.clear();
                it.api.requested_access_token_version = version;
            }
        };
        assert_eq!(wrong(with(Some(2))), [""; 0]);
        assert_eq!(wrong(with(None)), ["api.requestedAccessTokenVersion"]);
    }

    #[test]
    fn tags_and_notes_have_limits() {
        let tags = |tags: &[&str]| tags_problem(tags);
        assert_eq!(tags(&["HideApp", "a"]), None);
        assert_eq!(tags(&["a", "a"]), Some(Problem::Duplicate("a".to_owned())));
        assert_eq!(tags(&["a b"]), Some(Problem::Whitespace("a b".to_owned())));
        assert_eq!(tags(&[""]), Some(Problem::Required));
        assert_eq!(tags(&[&"x".repeat(257)]), Some(Problem::TooLong { length: 257, limit: 256 }));
        let notes =
            |length: usize| move |it: &mut Application| drop(it.other_properties.insert("notes".to_owned(), json!("x".repeat(length))));
        assert_eq!((wrong(notes(1024)), wrong(notes(1025))), (vec![], vec!["notes"]));
    }

    #[test]
    fn api_permissions_are_counted_and_well_formed() {
        let access = |id: &str, of_type: &str| ResourceAccess { id: id.to_owned(), access_type: of_type.to_owned() };
        let apis = |count: usize, each: usize| {
            move |it: &mut Application| {
                let api = |api: usize| RequiredResourceAccess {
                    resource_app_id: guid(api),
                    resource_access: (0..each).map(|number| access(&guid(number), "Scope")).collect(),
                };
                it.required_resource_access = (0..count).map(api).collect();
            }
        };
        assert_eq!((wrong(apis(50, 8)), wrong(apis(51, 1))), (vec![], vec!["requiredResourceAccess"]));
        assert_eq!(wrong(apis(41, 10)), ["requiredResourceAccess"]);
        let one = |id: &'static str, of_type: &'static str, api: String| {
            wrong(move |it| {
                it.required_resource_access =
                    vec![RequiredResourceAccess { resource_app_id: api, resource_access: vec![access(id, of_type)] }];
            })
        };
        let id = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
        assert_eq!(one(id, "Role", guid(1)), [""; 0]);
        assert_eq!(one("User.Read", "Scope", guid(1)), ["requiredResourceAccess"]);
        assert_eq!(one(id, "Delegated", guid(1)), ["requiredResourceAccess"]);
        assert_eq!(one(id, "Scope", "graph".to_owned()), ["requiredResourceAccess"]);
    }

    #[test]
    fn group_claims_and_optional_claims_have_names_that_are_known() {
        let groups = |claims: &'static str| wrong(|it| it.group_membership_claims = Some(claims.to_owned()));
        assert_eq!((groups("SecurityGroup, DirectoryRole"), groups("Everything")), (vec![], vec!["groupMembershipClaims"]));
        let claim = |name: &'static str| {
            wrong(|it| {
                let claim = OptionalClaim { name: name.to_owned(), other_properties: serde_json::Map::new() };
                it.optional_claims = Some(OptionalClaims { id_token: vec![claim], ..OptionalClaims::default() });
            })
        };
        assert_eq!((claim("email"), claim("")), (vec![], vec!["optionalClaims"]));
    }

    #[test]
    fn all_collections_together_hold_at_most_1200_entries() {
        // One redirect URI and one role are there already.
        let tags = |count: usize| {
            move |it: &mut Application| {
                drop(it.other_properties.insert("tags".to_owned(), (0..count).map(|number| json!(format!("t{number}"))).collect()))
            }
        };
        assert_eq!((wrong(tags(1198)), wrong(tags(1199))), (vec![], vec!["application"]));
    }
}
