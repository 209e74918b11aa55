use mock_idp::MockIdp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, app_only, get, send, signed_in},
    visitor::{ADA, OLGA, TENANT},
};

const READ: &[&str] = &["User.Read", "Directory.Read.All"];
const UNKNOWN: &str = "7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48";

/// An object of each type, by its short name, with its display name.
fn one_of_each(idp: &MockIdp) -> [(&'static str, String, String); 5] {
    idp.edit_directory(TENANT, |directory| {
        let user = directory.user_by_principal_name(OLGA).expect("in the seed");
        let (group, application) = (&directory.groups[0], &directory.applications[0]);
        let principal = directory.service_principal(&application.app_id).expect("registered");
        let role = directory.role_named("Global Administrator");
        [
            ("user", user.id.clone(), user.display_name.clone()),
            ("group", group.id.clone(), group.display_name.clone()),
            ("application", application.id.clone(), application.display_name.clone()),
            ("servicePrincipal", principal.id.clone(), application.display_name.clone()),
            ("directoryRole", role.id, role.display_name),
        ]
    })
}

async fn by_ids(idp: &MockIdp, token: &str, body: &Value) -> Reply {
    send(idp, Method::POST, "/v1.0/directoryObjects/getByIds", token, body).await
}

fn ids(reply: &Reply) -> Vec<&str> {
    let listed = reply.body["value"].as_array().unwrap_or_else(|| panic!("a list: {}", reply.body));
    listed.iter().filter_map(|it| it["id"].as_str()).collect()
}

#[tokio::test]
async fn an_object_of_any_type_is_found_by_its_id_and_says_what_it_is() {
    let (idp, _, token) = signed_in(OLGA, READ).await;
    for (of, id, name) in one_of_each(&idp) {
        let found = get(&idp, &format!("/v1.0/directoryObjects/{}", id.to_uppercase()), &token).await.body;
        let said = (&found["@odata.type"], &found["id"], &found["displayName"]);
        assert_eq!(said, (&json!(format!("#microsoft.graph.{of}")), &json!(id), &json!(name)));
        assert_eq!(found["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#directoryObjects/$entity");
    }
    let missing = get(&idp, &format!("/beta/directoryObjects/{UNKNOWN}"), &token).await;
    assert_eq!((missing.refusal().0, missing.refusal().1), (404, "Request_ResourceNotFound"));
}

#[tokio::test]
async fn a_user_is_shown_as_everywhere_else() {
    let (idp, _, token) = signed_in(ADA, READ).await;
    let id = get(&idp, "/v1.0/me?$select=id", &token).await.body["id"].as_str().expect("an id").to_owned();
    let shown = get(&idp, &format!("/v1.0/directoryObjects/{id}"), &token).await.body;
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).expect("JSON").replace(&id, "[id]"), @r##"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#directoryObjects/$entity",
      "@odata.type": "#microsoft.graph.user",
      "businessPhones": [
        "+1 555 0100"
      ],
      "displayName": "Ada Adjuster",
      "givenName": "Ada",
      "id": "[id]",
      "jobTitle": "Claims adjuster",
      "mail": "ada.adjuster@abc-insurance.example",
      "mobilePhone": "+1 555 0101",
      "officeLocation": "North",
      "preferredLanguage": "en-US",
      "surname": "Adjuster",
      "userPrincipalName": "ada.adjuster@abc-insurance.example"
    }
    "##);
}

#[tokio::test]
async fn ids_lead_to_the_objects_in_their_order_and_unknown_ones_to_nothing() {
    let (idp, app, token) = signed_in(OLGA, READ).await;
    let all = one_of_each(&idp).map(|(_, id, _)| id);
    let asked: Vec<&str> = [&all[4], UNKNOWN, &all[0], &all[1], &all[0], &all[2], &all[3]].into();
    let found = by_ids(&idp, &token, &json!({ "ids": asked })).await;
    assert_eq!(ids(&found), [&all[4], &all[0], &all[1], &all[2], &all[3]]);
    assert_eq!(found.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#directoryObjects");

    let some = by_ids(&idp, &token, &json!({ "ids": all, "types": ["GROUP", "microsoft.graph.servicePrincipal", "device"] })).await;
    assert_eq!(ids(&some), [&all[1], &all[3]]);
    let any = by_ids(&idp, &token, &json!({ "ids": all, "types": ["user", "directoryObject"] })).await;
    assert_eq!(ids(&any).len(), 5);
    let script = app_only(&idp, &app, &["Directory.Read.All"]).await;
    let path = "/v1.0/directoryObjects/getByIds?$select=displayName";
    let selected = send(&idp, Method::POST, path, &script, &json!({ "ids": [all[4]] })).await.body;
    assert_eq!(selected["value"], json!([{ "@odata.type": "#microsoft.graph.directoryRole", "displayName": "Global Administrator" }]));
}

#[tokio::test]
async fn a_thousand_ids_are_answered_on_one_page_and_one_more_is_refused() {
    let (idp, _, token) = signed_in(OLGA, READ).await;
    let groups: Vec<String> = idp.edit_directory(TENANT, |directory| directory.groups.iter().map(|group| group.id.clone()).collect());
    let mut asked: Vec<String> = groups.iter().cycle().take(1000).cloned().collect();
    let found = by_ids(&idp, &token, &json!({ "ids": asked })).await;
    assert_eq!((ids(&found).len(), found.body.get("@odata.nextLink")), (groups.len(), None));
    asked.push(groups[0].clone());
    let refused = by_ids(&idp, &token, &json!({ "ids": asked })).await;
    assert_eq!((refused.refusal().0, refused.refusal().1), (400, "Request_BadRequest"));
}

#[tokio::test]
async fn a_body_that_names_no_ids_is_refused() {
    let (idp, _, token) = signed_in(OLGA, READ).await;
    for body in [
        json!({}),
        json!({ "ids": UNKNOWN }),
        json!({ "ids": [7] }),
        json!({ "ids": ["x"] }),
        json!({ "ids": [UNKNOWN], "types": ["colour"] }),
        json!({ "ids": [UNKNOWN], "colour": 1 }),
    ] {
        assert_eq!(by_ids(&idp, &token, &body).await.refusal().0, 400, "{body}");
    }
    assert_eq!(ids(&by_ids(&idp, &token, &json!({ "ids": [] })).await), Vec::<&str>::new());
}

#[tokio::test]
async fn memberships_are_told_by_object_id_whatever_its_type() {
    let (idp, _, token) = signed_in(OLGA, READ).await;
    let [(_, olga, _), (_, group, _), (_, application, _), _, (_, role, _)] = one_of_each(&idp);
    let everything = json!({ "securityEnabledOnly": false });
    let ask = async |id: &str, question: &str, body: &Value| {
        send(&idp, Method::POST, &format!("/v1.0/directoryObjects/{id}/{question}"), &token, body).await
    };
    assert_eq!(ask(&olga, "getMemberObjects", &everything).await.body["value"], json!([role]));
    assert_eq!(ask(&olga, "getMemberGroups", &everything).await.body["value"], json!([]));
    assert_eq!(ask(&olga, "checkMemberObjects", &json!({ "ids": [role, group] })).await.body["value"], json!([role]));
    assert_eq!(ask(&group, "checkMemberGroups", &json!({ "groupIds": [group] })).await.body["value"], json!([]));
    assert_eq!(ask(&application, "getMemberObjects", &everything).await.refusal().1, "NotImplemented");
    assert_eq!(ask(UNKNOWN, "getMemberObjects", &everything).await.refusal().1, "Request_ResourceNotFound");
}
