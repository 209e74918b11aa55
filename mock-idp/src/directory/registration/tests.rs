use time::{Duration, OffsetDateTime, macros::datetime};

use super::*;
use crate::directory::{
    application::{AppRole, PermissionScope},
    deleted_item::KEPT,
    validation::Problem,
};

const NOW: OffsetDateTime = datetime!(2026-11-25 09:00 UTC);

fn directory() -> (Directory, Entropy) {
    (Directory::abc_insurance(), Entropy::seeded(1))
}

/// A tenant with one registered application that defines an enabled role.
fn with_app() -> (Directory, Application, Entropy) {
    let (mut directory, entropy) = directory();
    let application = Application::web("claims-portal", "http://localhost:5000/getAToken").app_role("Client");
    let application = directory.register_application(application, None, NOW, &entropy).expect("a sound application");
    (directory, application, entropy)
}

fn ada(directory: &Directory) -> String {
    directory.user_by_principal_name("ada.adjuster@abc-insurance.example").expect("a persona").id.clone()
}

#[test]
fn graph_creates_no_service_principal_and_the_portal_does() {
    let (mut directory, entropy) = directory();
    let plain = directory.create_application(Application::web("a", "http://localhost/a"), NOW, &entropy).expect("sound");
    assert!(directory.service_principal(&plain.app_id).is_none() && plain.required_resource_access.is_empty());
    let registered = directory.register_application(Application::web("b", "http://localhost/b"), Some("me"), NOW, &entropy).expect("sound");
    assert!(directory.service_principal(&registered.app_id).is_some());
    assert_eq!(registered.required_resource_access, [user_read()]);
    assert_eq!(registered.owners, ["me"]);
    assert_eq!(registered.other_properties["createdDateTime"], "2026-11-25T09:00:00Z");
    assert_eq!(registered.other_properties["publisherDomain"], "abc-insurance.example");
}

#[test]
fn a_refused_application_is_not_there() {
    let (mut directory, entropy) = directory();
    let refused = directory.create_application(Application::web("", "http://localhost/"), NOW, &entropy);
    assert_eq!(refused, Err(Refusal::invalid("displayName", Problem::Required)));
    assert!(directory.applications.is_empty());
}

#[test]
fn the_portal_refuses_a_loopback_address_that_graph_accepts() {
    let (mut directory, entropy) = directory();
    let application = || Application::web("x", "http://127.0.0.1:5000/cb");
    assert!(directory.create_application(application(), NOW, &entropy).is_ok());
    assert!(directory.register_application(application(), None, NOW, &entropy).is_err());
}

#[test]
fn an_enabled_role_is_disabled_before_it_is_deleted_and_takes_its_assignments_along() {
    let (mut directory, application, _) = with_app();
    let resource = directory.service_principal(&application.app_id).expect("registered").id.clone();
    let ada = ada(&directory);
    directory.assign_app_role(&ada, &resource, &application.app_roles[0].id, NOW).expect("an enabled role");
    let refused = directory.update_application(&application.id, |it| it.app_roles.clear());
    assert_eq!(refused, Err(Refusal::EnabledEntitlement { property: "appRoles" }));
    directory.update_application(&application.id, |it| it.app_roles[0].is_enabled = false).expect("may be disabled");
    assert_eq!(directory.app_role_assignments.len(), 1);
    directory.update_application(&application.id, |it| it.app_roles.clear()).expect("may be deleted now");
    assert!(directory.app_role_assignments.is_empty());
}

#[test]
fn an_enabled_scope_is_disabled_before_it_is_deleted() {
    let (mut directory, application, entropy) = with_app();
    let texts = [("adminConsentDisplayName", "Read"), ("adminConsentDescription", "Reads")];
    let scope = PermissionScope {
        id: entropy.guid(),
        value: "Claims.Read".to_owned(),
        consent_type: "User".to_owned(),
        is_enabled: true,
        other_properties: texts.map(|(key, text)| (key.to_owned(), json!(text))).into_iter().collect(),
    };
    directory.update_application(&application.id, |it| it.api.oauth2_permission_scopes.push(scope)).expect("sound");
    let refused = directory.update_application(&application.id, |it| it.api.oauth2_permission_scopes.clear());
    assert_eq!(refused, Err(Refusal::EnabledEntitlement { property: "api.oauth2PermissionScopes" }));
    directory.update_application(&application.id, |it| it.api.oauth2_permission_scopes[0].is_enabled = false).expect("sound");
    assert!(directory.update_application(&application.id, |it| it.api.oauth2_permission_scopes.clear()).is_ok());
}

#[test]
fn what_the_service_gives_cannot_be_changed() {
    let (mut directory, application, _) = with_app();
    let mut refused = |change: fn(&mut Application)| directory.update_application(&application.id, change).map(drop);
    assert_eq!(refused(|it| it.id = "71cc128f-b45b-4900-9ede-424776790f49".to_owned()), Err(Refusal::ReadOnly("id")));
    assert_eq!(refused(|it| it.app_id = "71cc128f-b45b-4900-9ede-424776790f49".to_owned()), Err(Refusal::ReadOnly("appId")));
    assert_eq!(refused(|it| drop(it.other_properties.remove("createdDateTime"))), Err(Refusal::ReadOnly("createdDateTime")));
    let moved = |it: &mut Application| drop(it.other_properties.insert("publisherDomain".to_owned(), json!("contoso.com")));
    assert_eq!(refused(moved), Err(Refusal::ReadOnly("publisherDomain")));
    let renamed = directory.update_application(&application.id, |it| it.display_name = "renamed".to_owned()).expect("may change");
    assert_eq!(directory.application(&application.app_id), Some(&renamed));
}

#[test]
fn an_identifier_uri_belongs_to_one_application() {
    let (mut directory, application, entropy) = with_app();
    let uri = format!("api://{}", application.app_id);
    directory.update_application(&application.id, |it| it.identifier_uris = vec![uri.clone()]).expect("its own client id");
    let other =
        Application { identifier_uris: vec!["https://abc-insurance.example/x".to_owned()], ..Application::web("x", "http://localhost/") };
    let first = directory.create_application(other.clone(), NOW, &entropy).expect("a verified domain");
    let refused = directory.create_application(other, NOW, &entropy);
    assert_eq!(refused, Err(Refusal::IdentifierUriTaken("https://abc-insurance.example/x".to_owned())));
    directory.update_application(&first.id, |it| it.identifier_uris.clear()).expect("may be taken away");
}

#[test]
fn a_secret_lives_two_years_unless_an_end_is_given() {
    let (mut directory, application, entropy) = with_app();
    let secret = directory.add_password(&application.id, Some("dev laptop".to_owned()), None, None, NOW, &entropy).expect("a secret");
    assert_eq!(secret.credential.start_date_time, Some(NOW));
    assert_eq!(secret.credential.end_date_time, Some(NOW + Duration::days(730)));
    let stored = &directory.application(&application.app_id).expect("there").password_credentials;
    assert!(stored[0].matches(&secret.secret_text) && !format!("{secret:?}").contains(&secret.secret_text));
    let refused = directory.add_password(&application.id, None, None, Some(NOW), NOW, &entropy);
    assert_eq!(refused.map(drop), Err(Refusal::invalid("passwordCredential.endDateTime", Problem::EndsBeforeStart)));
    assert_eq!(directory.remove_password(&application.id, "no-such-key"), Err(Refusal::UnknownKey("no-such-key".to_owned())));
    assert_eq!(directory.remove_password(&application.id, &secret.credential.key_id), Ok(()));
    assert!(directory.application(&application.app_id).expect("there").password_credentials.is_empty());
}

#[test]
fn a_deleted_application_comes_back_with_everything_that_was_its_own() {
    let (mut directory, application, _) = with_app();
    let resource = directory.service_principal(&application.app_id).expect("registered").id.clone();
    let ada = ada(&directory);
    directory.assign_app_role(&ada, &resource, &application.app_roles[0].id, NOW).expect("an enabled role");
    directory.grant_consent(&application.app_id, Some(&ada), GRAPH_APP_ID, &["User.Read".to_owned()]);
    let before = directory.clone();
    assert_eq!(directory.delete_application(&application.id, NOW), Ok(()));
    assert!(directory.applications.is_empty() && directory.app_role_assignments.is_empty());
    assert!(directory.service_principal(&application.app_id).is_none() && directory.oauth2_permission_grants.is_empty());
    assert_eq!(directory.restore_application(&application.id, NOW + KEPT), Err(Refusal::NotFound(application.id.clone())));
    assert_eq!(directory.restore_application(&application.id, NOW), Ok(application.clone()));
    assert_eq!(directory, before);
    assert_eq!(directory.delete_application(&application.id, NOW), Ok(()));
    assert_eq!(directory.purge_application(&application.id), Ok(()));
    assert_eq!(directory.restore_application(&application.id, NOW), Err(Refusal::NotFound(application.id)));
}

#[test]
fn a_role_is_assigned_once_to_who_may_hold_it() {
    let (mut directory, application, entropy) = with_app();
    let resource = directory.service_principal(&application.app_id).expect("registered").id.clone();
    let (ada, role) = (ada(&directory), application.app_roles[0].id.clone());
    let mut assign = |principal: &str, role: &str| directory.assign_app_role(principal, &resource, role, NOW);
    assert_eq!(assign(&ada, &role).map(|it| it.created_date_time), Ok(Some(NOW)));
    assert_eq!(assign(&ada, &role), Err(Refusal::AlreadyAssigned));
    assert_eq!(assign(&resource, &role), Err(Refusal::MemberTypeNotAllowed("ServicePrincipal")));
    assert_eq!(assign("nobody", &role), Err(Refusal::NotFound("nobody".to_owned())));
    assert_eq!(assign(&ada, super::super::assignment::DEFAULT_ACCESS), Err(Refusal::RoleNeeded));
    assert_eq!(assign(&ada, &entropy.guid()), Err(Refusal::RoleNotFound(application.app_id.clone())));
    directory.update_application(&application.id, |it| it.app_roles[0].is_enabled = false).expect("may be disabled");
    let nils = directory.user_by_principal_name("nils.norole@abc-insurance.example").expect("a persona").id.clone();
    assert_eq!(directory.assign_app_role(&nils, &resource, &role, NOW), Err(Refusal::RoleNotFound(application.app_id.clone())));
    let held = directory.role_values(&ada, directory.application(&application.app_id).expect("there"));
    assert_eq!(held, ["Client"], "who holds a disabled role keeps it");
}

#[test]
fn role_ids_are_given_where_they_are_left_out() {
    let (_, application, _) = with_app();
    let ids: Vec<&AppRole> = application.app_roles.iter().filter(|role| crate::random::is_guid(&role.id)).collect();
    assert_eq!(ids.len(), 1);
}
