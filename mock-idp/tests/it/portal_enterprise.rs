//! Enterprise apps in the portal: assigning roles, properties, consent; and the lists of users and groups.

use mock_idp::{MockIdp, directory::Registration, directory::user::User};
use reqwest::StatusCode;

use crate::{
    portal_guest::PortalGuest,
    visitor::{ADA, OLGA, TENANT, Visitor, mock_with_app, ordinary},
};

/// The object ids of the app's service principal, of a user and of a group.
fn ids(idp: &MockIdp, app: &Registration) -> (String, String, String) {
    idp.edit_directory(TENANT, |directory| {
        let user = directory.user_by_principal_name("ines.analyst@abc-insurance.example").expect("in the seed").id.clone();
        let group = directory.groups.iter().find(|it| it.display_name == "Insights Analysts").expect("in the seed").id.clone();
        (directory.service_principal(&app.app_id).expect("registered").id.clone(), user, group)
    })
}

fn role_id(idp: &MockIdp, app: &Registration, value: &str) -> String {
    idp.edit_directory(TENANT, |directory| {
        directory.application(&app.app_id).and_then(|it| it.role_by_value(value)).expect("defined").id.clone()
    })
}

#[tokio::test]
async fn a_role_is_assigned_to_users_and_groups_in_one_form_and_removed_again() {
    let (idp, app) = mock_with_app().await;
    let (principal, ines, analysts) = ids(&idp, &app);
    let list = format!("/portal/enterprise-apps/{principal}/users-and-groups");
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    let add = olga.open(&format!("{list}/add")).await;
    // A search keeps what was chosen.
    let found = olga.send(&add, "/add", &[("principal", &ines), ("q", "insights an"), ("go", "search")]).await;
    assert_eq!(found.values("ul[aria-label=Selected] input[checked]"), [ines.as_str()]);
    assert_eq!(found.values("#found input"), [analysts.as_str()]);
    // Without a role nothing is assigned.
    let refused = olga.send(&found, "/add", &[("go", "assign")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.texts(".summary li"), ["Select a role."]);
    assert_eq!(refused.values("input[name=principal][checked]"), [ines.as_str()]);
    let client = role_id(&idp, &app, "Client");
    let both = [("principal", ines.as_str()), ("principal", &analysts), ("role", &client), ("go", "assign")];
    let assigned = olga.send(&refused, "/add", &both).await;
    assert_eq!(assigned.text(".notice"), "Assigned the role to 2 users and groups.");
    let names = assigned.texts("tbody th a");
    assert_eq!(names, ["Ada Adjuster", "Inés Analyst", "Insights Analysts"]);

    // The same again is refused, for all of them.
    let add = olga.open(&format!("{list}/add")).await;
    let twice = olga.send(&add, "/add", &both).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text(".summary").contains("Inés Analyst already holds this role."), "{}", twice.html);

    let assignments = olga.open(&list).await.values("input[name=assignment]");
    let ask = olga.open(&format!("{list}/remove?assignment={}", assignments[1])).await;
    assert!(ask.text("#remove").contains("Remove 1 assignment?") && ask.html.contains("Inés Analyst"), "{}", ask.html);
    let removed = olga.send(&ask, "/remove", &[]).await;
    assert_eq!(removed.texts("tbody th a"), ["Ada Adjuster", "Insights Analysts"]);
}

#[tokio::test]
async fn a_disabled_role_and_a_role_for_applications_are_not_offered() {
    let (idp, app) = mock_with_app().await;
    let (principal, ines, _) = ids(&idp, &app);
    let path = format!("/portal/enterprise-apps/{principal}/users-and-groups/add");
    let client = role_id(&idp, &app, "Client");
    idp.edit_directory(TENANT, |directory| directory.applications.edit_each(|it| it.app_roles[0].is_enabled = false));
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    let add = olga.open(&path).await;
    assert_eq!(add.values("input[name=role]"), [role_id(&idp, &app, "Claims.Adjuster")]);
    let refused = olga.send(&add, "/add", &[("principal", &ines), ("role", &client), ("go", "assign")]).await;
    assert!(refused.text(".summary").contains("This role is disabled or was deleted."), "{}", refused.html);
    idp.edit_directory(TENANT, |directory| {
        directory.applications.edit_each(|it| it.app_roles[1].allowed_member_types = vec!["Application".to_owned()]);
    });
    let none = olga.open(&path).await;
    assert!(none.values("input[name=role]").is_empty() && none.html.contains("Every role of this app is disabled"), "{}", none.html);
}

#[tokio::test]
async fn an_app_without_roles_gives_default_access() {
    let (idp, app) = mock_with_app().await;
    let (principal, ines, _) = ids(&idp, &app);
    idp.edit_directory(TENANT, |directory| {
        directory.app_role_assignments.clear();
        directory.applications.edit_each(|it| it.app_roles.clear());
    });
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    let add = olga.open(&format!("/portal/enterprise-apps/{principal}/users-and-groups/add")).await;
    let assigned = olga.send(&add, "/add", &[("principal", &ines), ("go", "assign")]).await;
    assert_eq!(assigned.texts("tbody td:last-child"), ["Default Access"]);
}

#[tokio::test]
async fn who_may_not_assign_sees_the_reason_and_reaches_no_form() {
    let (idp, app) = mock_with_app().await;
    let (principal, _, _) = ids(&idp, &app);
    let list = format!("/portal/enterprise-apps/{principal}/users-and-groups");
    let mut ada = PortalGuest::signed_in(&idp, ADA).await;
    let page = ada.open(&list).await;
    assert_eq!(page.attributes(".cmd button[disabled]", "aria-describedby"), ["obstacle"]);
    assert!(page.text("#obstacle").contains("Global Administrator"), "{}", page.html);
    for path in [format!("{list}/add"), format!("/portal/enterprise-apps/{principal}/permissions/consent")] {
        assert_eq!(ada.open(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // The form of her own page, sent to where she may not go.
    let theme = ada.open(&list).await;
    let csrf = theme.values("input[name=csrf]").remove(0);
    assert!(!csrf.is_empty());
    let properties = ada.open(&format!("/portal/enterprise-apps/{principal}/properties")).await;
    let refused = ada.send(&properties, "/properties", &[("enabled", "no")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(idp.edit_directory(TENANT, |directory| directory.service_principal(&app.app_id).expect("registered").account_enabled));
}

#[tokio::test]
async fn properties_decide_who_signs_in() {
    let (idp, app) = mock_with_app().await;
    let (principal, _, _) = ids(&idp, &app);
    let path = format!("/portal/enterprise-apps/{principal}/properties");
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    let page = olga.open(&path).await;
    let long = olga.send(&page, "/properties", &[("assignment_required", "yes"), ("notes", &"n".repeat(1_025))]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(long.values("input[name=assignment_required][checked]"), ["yes"]);
    let saved = olga.send(&long, "/properties", &[("notes", "for\r\nadministrators"), ("visible", "no")]).await;
    assert_eq!((saved.text(".notice"), saved.text("textarea").as_str()), ("Saved the properties.".to_owned(), "for administrators"));
    assert_eq!(saved.values("input[name=visible][checked]"), ["no"]);
    let nils = Visitor::new(&idp).sign_in(&ordinary(&app), "nils.norole@abc-insurance.example").await;
    assert!(nils.html.contains("AADSTS50105"), "{}", nils.html);
}

#[tokio::test]
async fn admin_consent_spares_everybody_the_question() {
    let (idp, app) = mock_with_app().await;
    let (principal, _, _) = ids(&idp, &app);
    let path = format!("/portal/enterprise-apps/{principal}/permissions");
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    assert!(olga.open(&path).await.texts(".cmd").is_empty(), "nothing is configured");
    idp.edit_directory(TENANT, |directory| {
        let user_read = serde_json::json!([{
            "resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}],
        }]);
        let user_read: Vec<_> = serde_json::from_value(user_read).expect("a list of permissions");
        directory.applications.edit_each(|it| it.required_resource_access.clone_from(&user_read));
    });
    assert!(olga.open(&path).await.html.contains("Not granted for everybody"));
    // What the app may do as itself was granted, too.
    idp.edit_directory(TENANT, |directory| {
        let graph = directory.ensure_service_principal("00000003-0000-0000-c000-000000000000").id.clone();
        directory.add_assignment(&principal, &graph, "df021288-bdef-4463-88db-98f22de89214", None);
    });
    let granted = olga.open(&path).await.texts("[aria-labelledby=granted] tbody td");
    assert_eq!(granted, ["User.Read.All", "Application permission", "An administrator, for the app itself"]);
    let ask = olga.open(&format!("{path}/consent")).await;
    let granted = olga.send(&ask, "/consent", &[]).await;
    assert_eq!(granted.text("tbody .badge"), "Granted for ABC Insurance");
    let mut ada = Visitor::new(&idp);
    let picker = ada.authorize(TENANT, &ordinary(&app)).await;
    let back = ada.answer(&picker, "/login", &[("username", ADA)]).await;
    assert!(back.query("code").is_some(), "{}", back.html);
}

#[tokio::test]
async fn people_and_groups_show_the_roles_that_they_hold_and_by_which_way() {
    let (idp, app) = mock_with_app().await;
    let (_, ines, analysts) = ids(&idp, &app);
    idp.edit_directory(TENANT, |directory| directory.assign(&analysts, &app.app_id, "Client").expect("defined"));
    let mut ada = PortalGuest::signed_in(&idp, ADA).await;
    let person = ada.open(&format!("/portal/users/{ines}")).await;
    assert_eq!(person.texts("#roles ~ * tbody td, [aria-labelledby=roles] tbody td"), ["Client Client", "via Insights Analysts"]);
    let group = ada.open(&format!("/portal/groups/{analysts}")).await;
    assert_eq!(group.texts("[aria-labelledby=roles] tbody td"), ["Client Client", "Direct"]);
    assert!(group.texts("[aria-labelledby=members] tbody th").iter().any(|it| it.starts_with("Inés Analyst")), "{}", group.html);
    assert_eq!(ada.open("/portal/users/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn long_lists_come_in_pages_and_are_searched() {
    let (idp, _) = mock_with_app().await;
    idp.edit_directory(TENANT, |directory| {
        let many = (0..200).map(|number| User::member(format!("u-{number}"), format!("user{number}@abc-insurance.example"), "Many"));
        directory.users.extend(many);
    });
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    let first = olga.open("/portal/users").await;
    assert_eq!(first.texts("tbody tr").len(), 50);
    let next = first.attributes("nav[aria-label='Pages of the list'] a", "href");
    let second = olga.open(&next[0]).await;
    assert_eq!(second.texts("tbody tr").len(), 50);
    assert_ne!(first.texts("tbody tr"), second.texts("tbody tr"));
    let found = olga.open("/portal/users?q=USER19").await;
    assert_eq!(found.texts("tbody tr").len(), 11);
    let groups = olga.open("/portal/groups?q=team+24").await;
    assert_eq!(groups.texts("tbody tr").len(), 10);
}

#[tokio::test]
async fn an_id_of_the_registration_leads_to_the_enterprise_app() {
    let (idp, app) = mock_with_app().await;
    let (principal, _, _) = ids(&idp, &app);
    let mut olga = PortalGuest::signed_in(&idp, OLGA).await;
    let list = olga.open("/portal/enterprise-apps").await;
    assert_eq!(list.texts("tbody th"), ["Microsoft Graph", "claims-portal"]);
    let missing = olga.open(&format!("/portal/enterprise-apps/{}", app.app_id)).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.attributes("main a", "href").contains(&format!("/portal/enterprise-apps/{principal}")), "{}", missing.html);
}
