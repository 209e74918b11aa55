use serde_json::{Map, json};

use super::*;
use crate::directory::{
    application::Application,
    entries::Index,
    microsoft_graph::GRAPH_APP_ID,
    seed::{self, CLAIMS_PORTAL_APP_ID, StartState},
    user::User,
};

fn unit(state: StartState) -> Directory {
    seed::start_state(state, "the-secret").remove(0)
}

/// The start of unit 4 after a day's work.
fn worked_on() -> Directory {
    let mut directory = unit(StartState::Unit4);
    let id = |directory: &Directory, name: &str| directory.user_by_principal_name(name).expect("a persona").id.clone();
    let (ada, nils) = (id(&directory, "ada.adjuster@abc-insurance.example"), id(&directory, "nils.norole@abc-insurance.example"));
    directory.users.push(User::member("aaaaaaaa-0000-4000-8000-000000000001", "nina@abc-insurance.example", "Nina New"));
    directory.users.edit(&ada, |ada| {
        ada.display_name = "Ada Adjuster-Smith".to_owned();
        ada.password_hash = Some("$argon2id$another".to_owned());
        ada.job_title = None;
        ada.other_properties.insert("department".to_owned(), json!("Claims north"));
    });
    let analysts = directory.groups.by(Index::DisplayName, "Insights Analysts").next().expect("in the seed").id.clone();
    directory.groups.edit(&analysts, |group| {
        group.members.remove(0);
        group.members.push(nils.clone());
    });
    let application = directory.application(CLAIMS_PORTAL_APP_ID).expect("registered").id.clone();
    directory.applications.edit(&application, |application| {
        application.web.redirect_uris.remove(1);
        application.web.redirect_uris.push("http://localhost:5000/other".to_owned());
        application.app_roles[0].is_enabled = false;
        application.app_roles.remove(3);
        application.password_credentials[0].secret_hash = "sha256:x:y".to_owned();
        application.required_resource_access.clear();
    });
    directory.assign(&nils, CLAIMS_PORTAL_APP_ID, "Client").expect("a role of the app");
    directory.unassign(&ada, CLAIMS_PORTAL_APP_ID);
    directory.grant_consent(CLAIMS_PORTAL_APP_ID, None, GRAPH_APP_ID, &["User.Read".to_owned()]);
    directory
}

#[test]
fn a_days_work_is_told_entry_by_entry() {
    let difference = Difference::between(Some(&unit(StartState::Unit4)), Some(&worked_on())).expect("a tenant");
    insta::assert_snapshot!(difference.to_text(Colours::None));
    insta::assert_json_snapshot!(difference);
}

#[test]
fn no_hash_and_no_secret_is_part_of_a_difference() {
    let (old, new) = (unit(StartState::Unit4), worked_on());
    for (old, new) in [(Some(&old), Some(&new)), (None, Some(&new)), (Some(&old), None)] {
        let difference = Difference::between(old, new).expect("a tenant");
        let json = serde_json::to_string(&difference).expect("JSON");
        for text in [json, difference.to_text(Colours::None)] {
            assert!(!text.contains("argon2id") && !text.contains("sha256:") && !text.contains("the-secret"), "{text}");
        }
    }
}

#[test]
fn a_secret_that_was_added_is_shown_without_its_hash() {
    let old = unit(StartState::Unit4);
    let mut new = old.clone();
    let id = new.application(CLAIMS_PORTAL_APP_ID).expect("registered").id.clone();
    new.applications.edit(&id, |application| {
        let mut second = application.password_credentials[0].clone();
        second.key_id = "aaaaaaaa-0000-4000-8000-000000000002".to_owned();
        second.display_name = Some("second".to_owned());
        application.password_credentials.push(second);
    });
    let difference = Difference::between(Some(&old), Some(&new)).expect("a tenant");
    assert_eq!(difference.entries[0].properties[0].path, "passwordCredentials[second]");
    let json = serde_json::to_string(&difference).expect("JSON");
    assert!(json.contains("aaaaaaaa-0000-4000-8000-000000000002") && !json.contains("secretHash"), "{json}");
}

#[test]
fn a_new_tenant_and_a_removed_one_are_told_as_a_whole() {
    let fabrikam = Directory::fabrikam();
    let come = Difference::between(None, Some(&fabrikam)).expect("a tenant").to_text(Colours::None);
    let gone = Difference::between(Some(&fabrikam), None).expect("a tenant").to_text(Colours::None);
    insta::assert_snapshot!(format!("{come}{gone}"), @r"
    Fabrikam (7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48): the whole tenant is new: 2 added
      + user finn@fabrikam.example
      + enterprise application Microsoft Graph
    Fabrikam (7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48): the whole tenant is removed: 2 removed
      - user finn@fabrikam.example
      - enterprise application Microsoft Graph
    ");
    assert_eq!(Difference::between(None, None), None);
}

#[test]
fn of_many_entries_the_number_is_told() {
    let text = Difference::between(None, Some(&Directory::abc_insurance())).expect("a tenant").to_text(Colours::None);
    let lines = text.lines().filter(|line| line.contains("+ group")).count();
    assert_eq!(lines, 20);
    assert!(text.contains("  + and 231 more groups\n"), "{text}");
}

#[test]
fn equal_tenants_have_no_difference_whatever_the_order() {
    let one = unit(StartState::Unit4);
    let mut other = one.clone();
    let first = other.users[0].clone();
    other.users.remove(&first.id);
    other.users.push(first);
    let difference = Difference::between(Some(&one), Some(&other)).expect("a tenant");
    assert!(difference.is_empty());
    assert_eq!(difference.to_text(Colours::None), "ABC Insurance (2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6): no difference\n");
}

#[test]
fn colours_are_there_only_when_asked_for() {
    let difference = Difference::between(None, Some(&Directory::fabrikam())).expect("a tenant");
    assert!(!difference.to_text(Colours::None).contains('\x1b'));
    assert!(difference.to_text(Colours::Ansi).contains("\x1b[32m+ user finn@fabrikam.example\x1b[0m\n"));
}

#[test]
fn names_cannot_steer_the_terminal() {
    let mut new = Directory::fabrikam();
    let mut application = Application::web("a\x1b[2J\u{202e}gpj.exe\n", "http://localhost/");
    application.id = "aaaaaaaa-0000-4000-8000-000000000003".to_owned();
    application.other_properties = Map::from_iter([("notes".to_owned(), json!("x".repeat(1_000_000)))]);
    new.applications.push(application);
    let text = Difference::between(Some(&Directory::fabrikam()), Some(&new)).expect("a tenant").to_text(Colours::None);
    assert!(text.contains(r"a\u{1b}[2J\u{202e}gpj.exe\u{a}") && !text.contains(['\x1b', '\u{202e}']), "{text}");
    let before = new.clone();
    new.applications.edit("aaaaaaaa-0000-4000-8000-000000000003", |it| it.other_properties.clear());
    let text = Difference::between(Some(&before), Some(&new)).expect("a tenant").to_text(Colours::None);
    assert!(text.contains("more letters)") && text.len() < 1000);
}
