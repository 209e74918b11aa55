mod random;

use serde_json::{Value, json};

use super::*;
use crate::directory::{application::Application, password, user::UserType};

const TENANT: &str = "11111111-2222-4333-8444-555555555555";

/// A small file that is right, for tests to spoil.
fn file() -> Value {
    json!({
        "version": 1,
        "organization": { "id": TENANT, "displayName": "Test", "verifiedDomains": [{ "name": "test.example", "isDefault": true }] },
        "users": [
            { "userPrincipalName": "ada@test.example", "displayName": "Ada", "password": PRACTICE_PASSWORD },
            { "userPrincipalName": "ben@test.example", "displayName": "Ben", "userType": "Guest", "department": "Claims" },
        ],
        "groups": [{ "displayName": "Analysts", "members": ["ben@test.example"] }],
        "applications": [{
            "displayName": "portal",
            "appId": "aaaaaaaa-0000-4000-8000-000000000001",
            "web": { "redirectUris": ["http://localhost/getAToken"] },
            "appRoles": [{ "displayName": "Reader", "value": "Reader", "allowedMemberTypes": ["User", "Application"] }],
            "passwordCredentials": [{ "secretText": "a-secret-of-the-test" }],
        }],
        "appRoleAssignments": [
            { "principal": "Analysts", "resource": "aaaaaaaa-0000-4000-8000-000000000001", "role": "Reader" },
            { "principal": "aaaaaaaa-0000-4000-8000-000000000001", "resource": GRAPH_APP_ID, "role": "User.Read.All" },
        ],
        "servicePrincipals": [{ "appId": "aaaaaaaa-0000-4000-8000-000000000001", "appRoleAssignmentRequired": true }],
        "oauth2PermissionGrants": [
            { "client": "aaaaaaaa-0000-4000-8000-000000000001", "consentType": "AllPrincipals", "principal": null, "resource": GRAPH_APP_ID, "scope": "User.Read" },
        ],
    })
}

fn read(file: &Value) -> Directory {
    Directory::from_json(&file.to_string()).expect("a file without mistakes")
}

/// The mistakes in a file, as they are printed.
fn mistakes(file: &Value) -> Vec<String> {
    let error = Directory::from_json(&file.to_string()).expect_err("a file with mistakes");
    error.mistakes().iter().map(Mistake::to_string).collect()
}

fn spoiled(pointer: &str, value: Value) -> Vec<String> {
    let mut file = file();
    *file.pointer_mut(pointer).expect("a place in the file") = value;
    mistakes(&file)
}

fn extended(pointer: &str, key: &str, value: Value) -> Value {
    let mut file = file();
    file.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object in the file").insert(key.to_owned(), value);
    file
}

#[test]
fn names_are_resolved_to_ids() {
    let directory = read(&file());
    let ben = directory.user_by_principal_name("ben@test.example").expect("in the file");
    let portal = directory.application("aaaaaaaa-0000-4000-8000-000000000001").expect("in the file");
    assert_eq!(directory.groups[0].members, std::slice::from_ref(&ben.id));
    assert_eq!(directory.role_values(&ben.id, portal), ["Reader"]);
    let own = directory.service_principal(&portal.app_id).expect("in the file").id.clone();
    assert_eq!(directory.held_role_ids(&own, GRAPH_APP_ID), ["df021288-bdef-4463-88db-98f22de89214"]);
    assert_eq!(directory.granted_scopes(&portal.app_id, &ben.id, GRAPH_APP_ID), ["User.Read"]);
    assert!(ben.user_type == UserType::Guest && ben.other_properties["department"] == "Claims");
}

#[test]
fn a_misspelt_key_is_refused_with_its_path_and_the_right_spelling() {
    let file = extended("/applications/0/web", "redirectUri", json!([]));
    assert_eq!(mistakes(&file), ["$.applications[0].web.redirectUri: unknown key; did you mean 'redirectUris'?"]);
    let file = extended("", "user list", json!([]));
    assert_eq!(mistakes(&file), ["$[\"user list\"]: unknown key"]);
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let file = json!({
        "version": 2,
        "organization": { "id": "not-a-guid", "displayName": 5 },
        "users": [{ "displayName": "Ada", "colour": "red" }, "Ben"],
        "groups": {},
        "appRoleAssignments": [{ "principal": "nobody", "resource": "nothing" }],
        "Users": [],
    });
    insta::assert_snapshot!(mistakes(&file).join("\n"), @r"
    $.version: must be 1; this program does not know version 2
    $.organization.id: 'not-a-guid' is not a GUID such as 2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6
    $.organization.displayName: must be a text, not a number
    $.users[1]: must be an object, not a text
    $.users[0].userPrincipalName: is missing
    $.users[0].colour: unknown key
    $.groups: must be a list, not an object
    $.appRoleAssignments[0].principal: no user, group or service principal is called 'nobody'
    $.appRoleAssignments[0].resource: no application has the client id 'nothing'; write an appId of applications or servicePrincipals, or that of Microsoft Graph (00000003-0000-0000-c000-000000000000)
    $.appRoleAssignments[0].role: is missing
    $.Users: unknown key; did you mean 'users'?
    ");
}

#[test]
fn what_is_not_json_is_refused_with_line_and_column() {
    let error = Directory::from_json("{\n  \"version\": 1,,\n}").expect_err("not JSON");
    assert_eq!(error.to_string(), "the directory file has a mistake at $: is not JSON: key must be a string at line 2 column 16");
}

#[test]
fn a_key_that_occurs_twice_is_refused() {
    let text = file().to_string().replacen("\"displayName\":\"Ada\"", "\"displayName\":\"Ada\",\"displayName\":\"Eve\"", 1);
    let error = Directory::from_json(&text).expect_err("one name too many");
    assert_eq!(error.mistakes().iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["$.users[0].displayName"]);
}

#[test]
fn an_unknown_principal_is_refused() {
    let found = spoiled("/appRoleAssignments/0/principal", json!("adda@test.example"));
    let expected = "no user, group or service principal is called 'adda@test.example'; did you mean 'ada@test.example'?";
    assert_eq!(found, [format!("$.appRoleAssignments[0].principal: {expected}")]);
    let found = spoiled("/groups/0/members/0", json!("zoe"));
    assert_eq!(found, ["$.groups[0].members[0]: no user, group or service principal is called 'zoe'"]);
}

#[test]
fn an_unknown_role_is_refused_with_the_roles_there_are() {
    let found = spoiled("/appRoleAssignments/0/role", json!("reader"));
    assert_eq!(found, ["$.appRoleAssignments[0].role: 'reader' is not one of Reader; did you mean 'Reader'?"]);
    let found = spoiled("/appRoleAssignments/1/role", json!("User.Read"));
    assert!(found[0].starts_with("$.appRoleAssignments[1].role: 'User.Read' is not one of AppRoleAssignment.ReadWrite.All,"), "{found:?}");
}

#[test]
fn an_unknown_resource_is_refused() {
    let found = spoiled("/appRoleAssignments/0/resource", json!("portal"));
    assert!(
        found.len() == 1 && found[0].starts_with("$.appRoleAssignments[0].resource: no application has the client id 'portal'"),
        "{found:?}"
    );
}

#[test]
fn a_group_name_that_two_groups_share_is_refused_as_a_principal() {
    let mut file = file();
    file["groups"].as_array_mut().expect("a list").push(json!({ "displayName": "Analysts" }));
    let found = mistakes(&file);
    assert!(
        found.len() == 1 && found[0].starts_with("$.appRoleAssignments[0].principal: several groups are called 'Analysts'; write the id")
    );
    // The id of either group is clear.
    file["appRoleAssignments"] = json!([]);
    let ids: Vec<String> = read(&file).groups.iter().map(|group| group.id.clone()).collect();
    assert_ne!(ids[0], ids[1]);
    assert!(found[0].contains(&ids.join(", ")));
}

#[test]
fn what_must_be_unique_is_refused_twice() {
    let mut file = file();
    file["users"].as_array_mut().expect("a list").push(json!({ "userPrincipalName": "Ada@test.example", "displayName": "Ada" }));
    assert_eq!(
        mistakes(&file),
        ["$.users[2].userPrincipalName: the userPrincipalName 'ada@test.example' is taken by $.users[0].userPrincipalName"]
    );
    let id = "aaaaaaaa-0000-4000-8000-000000000009";
    let mut file = extended("/users/0", "id", json!(id));
    file["groups"][0]["id"] = json!(id.to_uppercase());
    assert_eq!(mistakes(&file), [format!("$.groups[0].id: the id '{id}' is taken by $.users[0].id")]);
}

#[test]
fn properties_of_graph_that_the_mock_does_not_use_are_kept() {
    let file = extended("/applications/0", "info", json!({ "marketingUrl": null, "logoUrl": "http://localhost/logo" }));
    let directory = read(&file);
    assert_eq!(directory.applications[0].other_properties["info"], json!({ "marketingUrl": null, "logoUrl": "http://localhost/logo" }));
    assert!(directory.to_json().contains("http://localhost/logo"));
}

#[test]
fn ids_that_are_left_out_are_stable_and_differ_between_tenants() {
    let first = read(&file());
    assert_eq!(first, read(&file()));
    let mut elsewhere = file();
    elsewhere["organization"]["id"] = json!("22222222-2222-4333-8444-555555555555");
    let elsewhere = read(&elsewhere);
    assert_ne!(first.users[0].id, elsewhere.users[0].id);
    assert_ne!(first.groups[0].id, elsewhere.groups[0].id);
    assert_ne!(first.applications[0].id, elsewhere.applications[0].id);
    assert_ne!(first.applications[0].app_roles[0].id, elsewhere.applications[0].app_roles[0].id);
}

#[test]
fn secrets_and_passwords_leave_only_as_hashes() {
    let file = extended("/users/1", "password", json!("a password of the test"));
    let directory = read(&file);
    assert!(password::verify("a password of the test", directory.users[1].password_hash.as_deref().expect("hashed")));
    assert!(directory.applications[0].password_credentials[0].matches("a-secret-of-the-test"));
    let json = directory.to_json();
    assert!(!json.contains("a password of the test") && !json.contains("a-secret-of-the-test") && !json.contains("secretText"));
    assert!(json.contains("\"secretHash\": \"sha256:") && json.contains("\"passwordHash\": \"$argon2id$"));
}

#[test]
fn a_password_in_a_password_profile_is_hashed_too() {
    let profile = json!({ "forceChangePasswordNextSignIn": false, "password": PRACTICE_PASSWORD });
    let directory = read(&extended("/users/1", "passwordProfile", profile));
    assert!(password::verify(PRACTICE_PASSWORD, directory.users[1].password_hash.as_deref().expect("hashed")));
    assert_eq!(directory.users[1].other_properties["passwordProfile"], json!({ "forceChangePasswordNextSignIn": false }));
}

#[test]
fn a_secret_without_text_or_hash_is_refused() {
    let found = spoiled("/applications/0/passwordCredentials/0", json!({ "keyId": "aaaaaaaa-0000-4000-8000-000000000007" }));
    assert!(
        found.len() == 1 && found[0].starts_with("$.applications[0].passwordCredentials[0].secretText: is missing, and so is secretHash")
    );
    let found = spoiled("/applications/0/passwordCredentials/0", json!({ "secretHash": "md5:x" }));
    assert_eq!(found, ["$.applications[0].passwordCredentials[0].secretHash: must be sha256:<salt>:<64 hexadecimal digits>"]);
}

#[test]
fn a_consent_of_one_user_names_the_user() {
    let found = spoiled("/oauth2PermissionGrants/0/consentType", json!("Principal"));
    assert_eq!(found, ["$.oauth2PermissionGrants[0].principal: is missing; consentType Principal needs the user who consented"]);
}

#[test]
fn an_export_reads_back_and_is_written_the_same_again() {
    let directory = read(&file());
    let json = directory.to_json();
    let again = Directory::from_json(&json).expect("our own export");
    assert_eq!(again, directory);
    assert_eq!(again.to_json(), json);
}

#[test]
fn owners_are_named_as_members_are_and_leave_with_the_user() {
    let file = extended("/applications/0", "owners", json!(["Ada@test.example"]));
    let mut directory = read(&file);
    let ada = directory.users[0].id.clone();
    assert_eq!(directory.applications[0].owners, [ada.as_str()]);
    assert!(directory.to_json().contains(&format!("\"owners\": [\n        \"{ada}\"")));
    directory.users.remove(&ada);
    assert_eq!(read(&serde_json::from_str(&directory.to_json()).expect("JSON")).applications[0].owners, [""; 0]);
    let file = extended("/applications/0", "owners", json!(["Eve@test.example"]));
    let expected = "no user, group or service principal is called 'Eve@test.example'; did you mean 'ada@test.example'?";
    assert_eq!(mistakes(&file), [format!("$.applications[0].owners[0]: {expected}")]);
}

#[test]
fn private_keys_leave_only_when_asked_for() {
    let pair = json!([{ "type": "X509CertAndPassword", "usage": "Sign", "key": "the-private-key" }]);
    let mut file = extended("/applications/0", "keyCredentials", pair.clone());
    file["servicePrincipals"][0]["keyCredentials"] = pair;
    let directory = read(&file);
    assert_eq!(directory.to_json().matches("the-private-key").count(), 0);
    assert_eq!(directory.to_json_with_private_keys().matches("the-private-key").count(), 2);
    let certificate = json!([{ "type": "AsymmetricX509Cert", "usage": "Verify", "key": "a-certificate" }]);
    assert!(read(&extended("/applications/0", "keyCredentials", certificate)).to_json().contains("a-certificate"));
}

#[test]
fn a_secret_of_a_service_principal_is_refused_and_what_is_public_of_it_is_kept() {
    let found = mistakes(&extended("/servicePrincipals/0", "passwordCredentials", json!([{ "secretText": "x" }])));
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("$.servicePrincipals[0].passwordCredentials[0].secretText: is not kept"), "{found:?}");
    let mut file = file();
    file["servicePrincipals"][0]["passwordCredentials"] = json!([{ "displayName": "kept" }]);
    assert!(read(&file).to_json().contains("\"displayName\": \"kept\""));
}

#[test]
fn an_export_leaves_out_what_points_to_nobody() {
    let mut directory = read(&file());
    directory.users.clear();
    directory.applications.edit_each(|it| it.app_roles.clear());
    let again = Directory::from_json(&directory.to_json()).expect("our own export");
    assert!(again.groups[0].members.is_empty());
    // The service principal's own permission is still there, the assignment of the removed role is not.
    assert_eq!(again.app_role_assignments.len(), 1);
}

#[test]
fn a_registration_made_in_the_library_can_be_exported() {
    let mut directory = read(&file());
    let entropy = Entropy::seeded(1);
    directory.register(Application::web("second", "http://localhost/x").app_role("Writer"), &entropy);
    assert_eq!(Directory::from_json(&directory.to_json()).as_ref(), Ok(&directory));
}
