//! App roles, and the delegated permissions (scopes) of an API, which share ids and values with them.
//! Sources: Microsoft Graph v1.0, "appRole resource type" and "permissionScope resource type"; Microsoft identity platform, "Add app
//! roles to your application and receive them in the token".

use std::collections::BTreeSet;

use super::{Problem, allows_personal_accounts};
use crate::{
    directory::{application::Application, refusal::Refusal},
    random::is_guid,
};

/// "appRole resource type", property `value`.
const LONGEST_VALUE: usize = 120;

/// "Validation differences by supported account types", scopes where personal accounts can sign in.
const LONGEST_SCOPE_PERSONAL: usize = 40;

/// The signs that a value may hold besides letters and digits.
const SIGNS: &str = ":!#$%&'()*+,-./;<=>?@[]^_`{|}~";

/// Notes what is wrong with the app roles.
pub(super) fn check(application: &Application, found: &mut Vec<Refusal>) {
    if !application.app_roles.is_empty() && allows_personal_accounts(application.sign_in_audience) {
        found.push(Refusal::invalid("appRoles", Problem::RolesWithPersonalAccounts));
    }
    let (mut ids, mut values) = (BTreeSet::new(), BTreeSet::new());
    for role in &application.app_roles {
        let mut note = |property, problem| found.push(Refusal::invalid(property, problem));
        if role.display_name.trim().is_empty() {
            note("appRoles.displayName", Problem::Required);
        }
        if role.description.trim().is_empty() {
            note("appRoles.description", Problem::Required);
        }
        if let Some(problem) = member_types(&role.allowed_member_types) {
            note("appRoles.allowedMemberTypes", problem);
        }
        if let Some(value) = &role.value {
            if let Err(problem) = self::value(value, LONGEST_VALUE) {
                note("appRoles.value", problem);
            } else if !values.insert(value.as_str()) {
                note("appRoles.value", Problem::Duplicate(value.clone()));
            }
        }
        if let Some(problem) = id_problem(&role.id, &mut ids) {
            note("appRoles.id", problem);
        }
    }
}

/// Notes what is wrong with the delegated permissions that the application offers.
pub(super) fn check_scopes(application: &Application, found: &mut Vec<Refusal>) {
    let personal = allows_personal_accounts(application.sign_in_audience);
    let limit = if personal { LONGEST_SCOPE_PERSONAL } else { LONGEST_VALUE };
    let mut ids: BTreeSet<String> = application.app_roles.iter().map(|role| role.id.to_ascii_lowercase()).collect();
    let mut values: BTreeSet<&str> = application.app_roles.iter().filter_map(|role| role.value.as_deref()).collect();
    for scope in &application.api.oauth2_permission_scopes {
        let mut note = |property, problem| found.push(Refusal::invalid(property, problem));
        if let Err(problem) = value(&scope.value, limit) {
            note("api.oauth2PermissionScopes.value", problem);
        } else if !values.insert(&scope.value) {
            note("api.oauth2PermissionScopes.value", Problem::Duplicate(scope.value.clone()));
        }
        if !["User", "Admin"].contains(&scope.consent_type.as_str()) {
            let problem = Problem::NotOneOf { value: scope.consent_type.clone(), known: "User, Admin" };
            note("api.oauth2PermissionScopes.type", problem);
        }
        for property in ["adminConsentDisplayName", "adminConsentDescription"] {
            let text = scope.other_properties.get(property).and_then(serde_json::Value::as_str);
            if text.is_none_or(|text| text.trim().is_empty()) {
                let property = match property {
                    "adminConsentDisplayName" => "api.oauth2PermissionScopes.adminConsentDisplayName",
                    _ => "api.oauth2PermissionScopes.adminConsentDescription",
                };
                note(property, Problem::Required);
            }
        }
        if let Some(problem) = id_problem(&scope.id, &mut ids) {
            note("api.oauth2PermissionScopes.id", problem);
        }
    }
}

/// Judges the value of a role or scope.
///
/// # Errors
/// The first rule that it breaks.
pub fn value(value: &str, limit: usize) -> Result<(), Problem> {
    let length = value.chars().count();
    if value.is_empty() {
        return Err(Problem::Required);
    }
    if length > limit {
        return Err(Problem::TooLong { length, limit });
    }
    if value.starts_with('.') {
        return Err(Problem::LeadingDot);
    }
    if value.chars().any(char::is_whitespace) {
        return Err(Problem::ValueCharacter("a space."));
    }
    if !value.chars().all(|it| it.is_ascii_alphanumeric() || SIGNS.contains(it)) {
        return Err(Problem::ValueCharacter(
            "other characters than letters, digits and : ! # $ % & ' ( ) * + , - . / ; < = > ? @ [ ] ^ _ ` { | } ~",
        ));
    }
    Ok(())
}

fn member_types(types: &[String]) -> Option<Problem> {
    if types.is_empty() {
        return Some(Problem::Required);
    }
    let unknown = types.iter().find(|it| !["User", "Application"].contains(&it.as_str()));
    unknown.map(|it| Problem::NotOneOf { value: it.clone(), known: "User, Application" })
}

fn id_problem(id: &str, ids: &mut BTreeSet<String>) -> Option<Problem> {
    if id.is_empty() {
        Some(Problem::Required)
    } else if !is_guid(id) {
        Some(Problem::NotAGuid(id.to_owned()))
    } else if !ids.insert(id.to_ascii_lowercase()) {
        Some(Problem::Duplicate(id.to_owned()))
    } else {
        None
    }
}

/// Refuses that a role or scope disappears while it is enabled: it is disabled first, in a call of its own. "appRole resource type",
/// property `isEnabled`. Editing an enabled one is allowed.
///
/// # Errors
/// [`Refusal::EnabledEntitlement`].
pub(super) fn removals(old: &Application, new: &Application) -> Result<(), Refusal> {
    let has_role = |id: &str| new.app_roles.iter().any(|role| role.id.eq_ignore_ascii_case(id));
    if old.app_roles.iter().any(|role| role.is_enabled && !has_role(&role.id)) {
        return Err(Refusal::EnabledEntitlement { property: "appRoles" });
    }
    let has_scope = |id: &str| new.api.oauth2_permission_scopes.iter().any(|scope| scope.id.eq_ignore_ascii_case(id));
    if old.api.oauth2_permission_scopes.iter().any(|scope| scope.is_enabled && !has_scope(&scope.id)) {
        return Err(Refusal::EnabledEntitlement { property: "api.oauth2PermissionScopes" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::tests::after, *};
    use crate::directory::application::{PermissionScope, SignInAudience};

    #[test]
    fn the_value_of_a_role_obeys_the_documented_rules() {
        let long = "x".repeat(120);
        for good in ["Claims.Adjuster", "a", "A-b_c:d/e", "*", long.as_str()] {
            assert_eq!(value(good, LONGEST_VALUE), Ok(()), "{good}");
        }
        let too_long = "x".repeat(121);
        let wrong = [
            ("", Problem::Required),
            ("Claims Approve", Problem::ValueCharacter("a space.")),
            (".Claims", Problem::LeadingDot),
            (too_long.as_str(), Problem::TooLong { length: 121, limit: 120 }),
        ];
        for (text, problem) in wrong {
            assert_eq!(value(text, LONGEST_VALUE), Err(problem), "{text}");
        }
        for text in ["Ünder", "a\"b", "a\\b", "\u{202e}abc", "a\u{0}b"] {
            assert!(matches!(value(text, LONGEST_VALUE), Err(Problem::ValueCharacter(_))), "{text:?}");
        }
    }

    #[test]
    fn a_role_says_who_may_hold_it_and_what_it_is() {
        let wrong = |change: fn(&mut Application)| after(change).into_iter().map(|(property, _)| property).collect::<Vec<_>>();
        assert_eq!(wrong(|it| it.app_roles[0].display_name = " ".to_owned()), ["appRoles.displayName"]);
        assert_eq!(wrong(|it| it.app_roles[0].description.clear()), ["appRoles.description"]);
        assert_eq!(wrong(|it| it.app_roles[0].allowed_member_types.clear()), ["appRoles.allowedMemberTypes"]);
        assert_eq!(wrong(|it| it.app_roles[0].allowed_member_types = vec!["Group".to_owned()]), ["appRoles.allowedMemberTypes"]);
        assert_eq!(wrong(|it| it.app_roles[0].id = "1".to_owned()), ["appRoles.id"]);
        assert_eq!(wrong(|it| it.app_roles[0].value = None), [""; 0]);
        assert_eq!(wrong(|it| it.app_roles[0].allowed_member_types.push("Application".to_owned())), [""; 0]);
        let personal = |it: &mut Application| {
            it.sign_in_audience = SignInAudience::PersonalMicrosoftAccount;
            it.api.requested_access_token_version = Some(2);
        };
        assert_eq!(wrong(personal), ["appRoles"]);
    }

    #[test]
    fn roles_and_scopes_share_their_values_and_ids() {
        let twice = after(|it| it.app_roles.push(it.app_roles[0].clone()));
        assert_eq!(twice.iter().map(|(property, _)| *property).collect::<Vec<_>>(), ["appRoles.value", "appRoles.id"]);
        let scope = |value: &str, id: &str| {
            let texts = [("adminConsentDisplayName", "Read"), ("adminConsentDescription", "Reads")];
            PermissionScope {
                id: id.to_owned(),
                value: value.to_owned(),
                consent_type: "User".to_owned(),
                is_enabled: true,
                other_properties: texts.map(|(key, text)| (key.to_owned(), json!(text))).into_iter().collect(),
            }
        };
        let own = "0cab9e0c-7015-4b96-9819-e59f32cd0700";
        assert_eq!(after(|it| it.api.oauth2_permission_scopes.push(scope("Claims.Read", own))), []);
        let same_value = after(|it| it.api.oauth2_permission_scopes.push(scope("Claims.Adjuster", own)));
        assert_eq!(same_value[0].0, "api.oauth2PermissionScopes.value");
        let same_id = after(|it| {
            let id = it.app_roles[0].id.clone();
            it.api.oauth2_permission_scopes.push(scope("Claims.Read", &id));
        });
        assert_eq!(same_id[0].0, "api.oauth2PermissionScopes.id");
        let bare = after(|it| {
            let scope = PermissionScope { other_properties: serde_json::Map::new(), consent_type: "All".to_owned(), ..scope("x", own) };
            it.api.oauth2_permission_scopes.push(scope);
        });
        let properties: Vec<&str> = bare.iter().map(|(property, _)| property.rsplit('.').next().unwrap_or_default()).collect();
        assert_eq!(properties, ["type", "adminConsentDisplayName", "adminConsentDescription"]);
    }
}
