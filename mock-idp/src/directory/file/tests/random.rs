//! The reader and the writer with files and tenants that nobody thought of.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    super::{references::DEFAULT_ACCESS, *},
    TENANT,
};
use crate::{
    directory::{
        application::Application,
        credential::{KeyCredential, PasswordCredential},
        group::Group,
        organization::VerifiedDomain,
        service_principal::ServicePrincipal,
        user::{User, UserType},
    },
    random::Entropy,
};

/// JSON of any shape whose keys are often those of the format.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        proptest::sample::select(vec![
            "version",
            "organization",
            "users",
            "groups",
            "applications",
            "servicePrincipals",
            "appRoleAssignments",
            "id",
            "appId",
            "web",
            "oauth2PermissionGrants",
            "displayName",
            "members",
            "passwordCredentials",
            "principal",
            "resource",
            "role",
            "scope",
            "appRoles",
        ])
        .prop_map(str::to_owned),
        ".*",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(json!(1)),
        ".*".prop_map(Value::from),
        Just(json!(TENANT)),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::hash_map(key.clone(), inner, 0..8).prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}

/// A property that the mock only keeps: any JSON without a double key.
fn any_property() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::collection::vec(any::<String>(), 0..3).prop_map(|texts| json!({ "texts": texts, "none": null })),
    ]
}

/// Names and texts of a tenant, with every kind of letter: control characters, emoji, marks that turn the direction of writing.
#[derive(Debug, Clone)]
struct Texts {
    names: BTreeMap<String, String>,
    tenant: String,
    text: String,
    property: Value,
}

fn any_texts() -> impl Strategy<Value = Texts> {
    let names = proptest::collection::btree_set("(?s)[^@]{1,12}", 1..6);
    let unique = |names: std::collections::BTreeSet<String>| names.into_iter().map(|name| (name.to_lowercase(), name)).collect();
    (names, "(?s).{1,20}", any::<String>(), any_property()).prop_map(move |(names, tenant, text, property)| Texts {
        names: unique(names),
        tenant,
        text,
        property,
    })
}

/// A tenant with everything that a directory file can hold, its names and links chosen freely.
fn any_directory() -> impl Strategy<Value = Directory> {
    (any_texts(), proptest::collection::vec((any::<usize>(), any::<usize>()), 0..12)).prop_map(|(texts, links)| {
        let mut directory = people(&texts);
        let app_id = register(&mut directory, &texts);
        for (from, to) in links {
            let (from, to) = (from % directory.users.len(), to % directory.users.len());
            let (user, group) = (directory.users[from].id.clone(), directory.groups[to].id.clone());
            let id = directory.groups[from].id.clone();
            directory.groups.edit(&id, |it| it.members.extend([user.clone(), group.clone()]));
            let role = directory.users[to].display_name.clone();
            directory.assign(&user, &app_id, &role).expect("a role of this name was made above");
            let elsewhere = directory.ensure_service_principal(ELSEWHERE).id.clone();
            directory.add_assignment(&group, &elsewhere, [DEFAULT_ACCESS, ELSEWHERE][from % 2], None);
            directory.grant_consent(&app_id, Some(&user), GRAPH_APP_ID, &["User.Read".to_owned()]);
            directory.grant_consent(ELSEWHERE, None, GRAPH_APP_ID, &["Mail.Read".to_owned(), "User.Read".to_owned()]);
        }
        directory
    })
}

/// An application that another tenant registered.
const ELSEWHERE: &str = "aaaaaaaa-0000-4000-8000-00000000000e";

fn people(texts: &Texts) -> Directory {
    let domain = VerifiedDomain { name: "test.example".to_owned(), is_default: true, other_properties: Map::new() };
    let organization = Organization {
        id: TENANT.to_owned(),
        display_name: texts.tenant.clone(),
        verified_domains: vec![domain],
        ..unreadable_organization()
    };
    let mut directory = Directory::new(organization);
    let entropy = Entropy::seeded(3);
    let kept = |key: &str| Map::from_iter([(key.to_owned(), texts.property.clone())]);
    for name in texts.names.values() {
        let mut user = User::member(entropy.guid(), format!("{name}@test.example"), name.clone());
        user.mail = Some(texts.text.clone());
        user.user_type = if name.len() % 2 == 0 { UserType::Guest } else { UserType::Member };
        user.account_enabled = name.len() % 3 != 0;
        user.other_properties = kept("department");
        directory.users.push(user);
        let group = Group { id: entropy.guid(), display_name: name.clone(), members: Vec::new(), other_properties: kept("description") };
        directory.groups.push(group);
    }
    directory
}

fn register(directory: &mut Directory, texts: &Texts) -> String {
    let entropy = Entropy::seeded(4);
    let mut application = Application::web(&texts.tenant, &texts.text);
    application.owners = directory.users.iter().map(|user| user.id.clone()).take(2).collect();
    application.key_credentials = vec![KeyCredential {
        key_id: entropy.guid(),
        key: Some(texts.text.clone()),
        other_properties: Map::from_iter([("usage".to_owned(), texts.property.clone())]),
    }];
    let mut secret = PasswordCredential::of_secret(&texts.text, entropy.guid(), Some(texts.text.clone()), &entropy);
    secret.end_date_time = Some(time::macros::datetime!(2027-05-24 09:00:00.123 +2));
    application.password_credentials = vec![secret];
    application.other_properties = Map::from_iter([("notes".to_owned(), texts.property.clone())]);
    let application = texts.names.values().fold(application, |application, name| application.app_role(name.clone()));
    directory.service_principals.push(ServicePrincipal {
        id: entropy.guid(),
        app_id: ELSEWHERE.to_owned(),
        app_role_assignment_required: true,
        account_enabled: false,
        other_properties: Map::from_iter([("tags".to_owned(), texts.property.clone())]),
    });
    directory.register(application, &entropy).app_id
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in ".*") {
        let _ = Directory::from_json(&text);
    }

    #[test]
    fn no_json_makes_the_reader_panic(value in any_json()) {
        if let Err(error) = Directory::from_json(&value.to_string()) {
            prop_assert!(!error.mistakes().is_empty() && error.mistakes().iter().all(|mistake| mistake.path.starts_with('$')));
        }
    }

    #[test]
    fn every_tenant_reads_back_as_it_was_written(directory in any_directory()) {
        let json = directory.to_json();
        let again = Directory::from_json(&json).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&again, &directory);
        prop_assert_eq!(again.to_json(), json);
    }
}
