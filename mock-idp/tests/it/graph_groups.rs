use std::collections::BTreeSet;

use mock_idp::MockIdp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    graph_client::{app_only, delegated, get, send, signed_in},
    visitor::{ADA, OLGA, mock_with_app},
};

const OMAR: &str = "omar.overage@abc-insurance.example";
const INES: &str = "ines.analyst@abc-insurance.example";
const WRITE: &[&str] = &["User.Read", "User.Read.All", "Group.ReadWrite.All"];
const REFUSED: (u16, &str, &str) = (403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");

fn team(name: &str) -> Value {
    json!({ "displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true })
}

/// Creates a group; its id.
async fn create(idp: &MockIdp, token: &str, name: &str) -> String {
    let created = send(idp, Method::POST, "/v1.0/groups", token, &team(name)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.body["id"].as_str().expect("an id").to_owned()
}

fn reference(idp: &MockIdp, id: &str) -> Value {
    json!({ "@odata.id": format!("{}/graph/v1.0/directoryObjects/{id}", idp.origin()) })
}

fn names(reply: &Value) -> Vec<&str> {
    reply["value"].as_array().unwrap_or_else(|| panic!("a list: {reply}")).iter().filter_map(|it| it["displayName"].as_str()).collect()
}

async fn id_of(idp: &MockIdp, token: &str, name: &str) -> String {
    get(idp, &format!("/v1.0/users/{name}"), token).await.body["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_group_is_created_filled_changed_and_deleted() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    let id = create(&idp, &token, "Night-Shift").await;
    let mut shown =
        get(&idp, &format!("/v1.0/groups/{id}?$select=displayName,mailNickname,securityEnabled,groupTypes,id"), &token).await.body;
    shown["id"] = json!("[id]");
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown).expect("JSON"), @r#"
    {
      "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#groups(displayName,mailNickname,securityEnabled,groupTypes,id)/$entity",
      "displayName": "Night-Shift",
      "groupTypes": [],
      "id": "[id]",
      "mailNickname": "Night-Shift",
      "securityEnabled": true
    }
    "#);
    let ada = id_of(&idp, &token, ADA).await;
    let members = format!("/v1.0/groups/{id}/members");
    let added = send(&idp, Method::POST, &format!("{members}/$ref"), &token, &reference(&idp, &ada)).await;
    assert_eq!(added.status, 204, "{}", added.body);
    let again = send(&idp, Method::POST, &format!("{members}/$ref"), &token, &reference(&idp, &ada)).await;
    let message = "One or more added object references already exist for the following modified properties: 'members'.";
    assert_eq!(again.refusal(), (400, "Request_BadRequest", message));
    let listed = get(&idp, &members, &token).await.body;
    assert_eq!((names(&listed), &listed["value"][0]["@odata.type"]), (vec!["Ada Adjuster"], &json!("#microsoft.graph.user")));

    let path = format!("/v1.0/groups/{id}");
    assert_eq!(send(&idp, Method::PATCH, &path, &token, &json!({ "description": "Works at night" })).await.status, 204);
    assert_eq!(get(&idp, &path, &token).await.body["description"], "Works at night");
    assert_eq!(names(&get(&idp, &members, &token).await.body), ["Ada Adjuster"]);
    let filtered = get(&idp, "/v1.0/groups?$filter=displayName%20eq%20'night-shift'&$select=displayName", &token).await.body;
    assert_eq!(names(&filtered), ["Night-Shift"]);

    assert_eq!(send(&idp, Method::DELETE, &format!("{members}/{ada}/$ref"), &token, &Value::Null).await.status, 204);
    assert_eq!(send(&idp, Method::DELETE, &format!("{members}/{ada}/$ref"), &token, &Value::Null).await.refusal().0, 404);
    assert_eq!(send(&idp, Method::DELETE, &path, &token, &Value::Null).await.status, 204);
    assert_eq!(get(&idp, &path, &token).await.refusal().1, "Request_ResourceNotFound");
}

#[tokio::test]
async fn what_is_wrong_with_a_group_is_named() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    for property in ["displayName", "mailEnabled", "mailNickname", "securityEnabled"] {
        let mut body = team("x");
        body.as_object_mut().expect("an object").remove(property);
        let message = format!("A value is required for property '{property}' of resource 'Group'.");
        assert_eq!(send(&idp, Method::POST, "/v1.0/groups", &token, &body).await.refusal().2, message);
    }
    let cases = [
        ("colour", json!("red"), 400),
        ("securityEnabled", json!("yes"), 400),
        ("displayName", json!("x".repeat(1_000_000)), 400),
        ("mailNickname", json!("night shift"), 400),
        ("id", json!("x"), 400),
        ("members", json!([]), 501),
        ("membershipRule", json!("user.department -eq \"Claims\""), 501),
    ];
    for (property, value, status) in cases {
        let mut body = team("x");
        body[property] = value;
        let reply = send(&idp, Method::POST, "/v1.0/groups", &token, &body).await;
        assert_eq!(reply.refusal().0, status, "{property}: {}", reply.body);
        assert!(reply.refusal().2.contains(property), "{property}: {}", reply.body);
    }
}

#[tokio::test]
async fn groups_that_hold_each_other_come_to_an_end() {
    let (idp, _, token) = signed_in(OLGA, WRITE).await;
    let (first, second) = (create(&idp, &token, "First").await, create(&idp, &token, "Second").await);
    let ada = id_of(&idp, &token, ADA).await;
    for (group, member) in [(&first, &ada), (&second, &first), (&first, &second)] {
        let added = send(&idp, Method::POST, &format!("/v1.0/groups/{group}/members/$ref"), &token, &reference(&idp, member)).await;
        assert_eq!(added.status, 204, "{}", added.body);
    }
    let sorted = |reply: Value| names(&reply).into_iter().map(str::to_owned).collect::<BTreeSet<_>>();
    let of = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    let transitive = get(&idp, &format!("/v1.0/groups/{second}/transitiveMembers"), &token).await.body;
    assert_eq!(sorted(transitive), of(&["First", "Ada Adjuster"]));
    let users = get(&idp, &format!("/v1.0/groups/{second}/transitiveMembers/microsoft.graph.user"), &token).await.body;
    assert_eq!(sorted(users), of(&["Ada Adjuster"]));
    let direct = get(&idp, &format!("/v1.0/users/{ada}/memberOf"), &token).await.body;
    assert_eq!(sorted(direct), of(&["First"]));
    let all = get(&idp, &format!("/v1.0/users/{ada}/transitiveMemberOf/microsoft.graph.group?$select=displayName"), &token).await.body;
    assert_eq!(sorted(all), of(&["First", "Second"]));
    let of_group = get(&idp, &format!("/v1.0/groups/{first}/memberOf"), &token).await.body;
    assert_eq!(sorted(of_group), of(&["Second"]));
}

#[tokio::test]
async fn the_link_of_an_overage_leads_to_all_groups() {
    let (idp, _, token) = signed_in(OMAR, &["User.Read"]).await;
    let own = get(&idp, "/v1.0/me", &token).await.body["id"].as_str().expect("an id").to_owned();
    let everything = json!({ "securityEnabledOnly": false });
    for path in ["/v1.0/me/getMemberObjects".to_owned(), format!("/v1.0/users/{own}/getMemberObjects")] {
        let reply = send(&idp, Method::POST, &path, &token, &everything).await;
        assert_eq!(reply.body["@odata.context"], "https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)");
        // 250 groups, and the one that holds one of them.
        assert_eq!(reply.body["value"].as_array().map(Vec::len), Some(251), "{path}");
    }
    let groups = send(&idp, Method::POST, "/v1.0/me/getMemberGroups", &token, &json!({ "securityEnabledOnly": true })).await.body;
    let some = groups["value"][3].clone();
    let asked = json!({ "groupIds": [some, "2e7abed5-658e-430d-8569-80bb0977e471"] });
    assert_eq!(send(&idp, Method::POST, "/v1.0/me/checkMemberGroups", &token, &asked).await.body["value"], json!([some]));
    for body in [json!({}), json!({ "groupIds": "x" }), json!({ "groupIds": vec!["x"; 21] }), json!({ "colour": 1 })] {
        assert_eq!(send(&idp, Method::POST, "/v1.0/me/checkMemberGroups", &token, &body).await.refusal().0, 400, "{body}");
    }
    let other = send(&idp, Method::POST, &format!("/v1.0/users/{OLGA}/getMemberObjects"), &token, &everything).await;
    assert_eq!(other.refusal(), REFUSED);
}

#[tokio::test]
async fn member_objects_include_directory_roles_and_member_groups_do_not() {
    let (idp, _, token) = signed_in(OLGA, &["User.Read"]).await;
    let count = async |path: &str| {
        let reply = send(&idp, Method::POST, path, &token, &json!({ "securityEnabledOnly": false })).await;
        reply.body["value"].as_array().map(Vec::len)
    };
    assert_eq!((count("/v1.0/me/getMemberObjects").await, count("/v1.0/me/getMemberGroups").await), (Some(1), Some(0)));
    let roles = get(&idp, "/v1.0/me/memberOf/microsoft.graph.directoryRole", &token).await.body;
    assert_eq!(roles["value"].as_array().map(Vec::len), Some(1));
    let groups = get(&idp, "/v1.0/me/memberOf/microsoft.graph.group", &token).await.body;
    assert_eq!(groups["value"], json!([]));
    assert_eq!(get(&idp, "/v1.0/me/memberOf/microsoft.graph.colour", &token).await.refusal().0, 400);
}

#[tokio::test]
async fn each_operation_needs_its_permission_and_a_user_who_may() {
    let (idp, app) = mock_with_app().await;
    let none = delegated(&idp, &app, INES, &["User.Read"]).await;
    let admin = delegated(&idp, &app, OLGA, WRITE).await;
    let id = create(&idp, &admin, "Closed").await;
    let members = format!("/v1.0/groups/{id}/members");
    for path in ["/v1.0/groups", &format!("/v1.0/groups/{id}"), &members, &format!("/v1.0/groups/{id}/transitiveMembers")] {
        assert_eq!(get(&idp, path, &none).await.refusal(), REFUSED, "{path}");
    }
    assert_eq!(get(&idp, &format!("/v1.0/users/{OLGA}/memberOf"), &none).await.refusal(), REFUSED);
    let member = delegated(&idp, &app, ADA, &["User.Read", "Group.ReadWrite.All"]).await;
    let reads = app_only(&idp, &app, &["Group.Read.All"]).await;
    for token in [&none, &member, &reads] {
        let ines = reference(&idp, "539bc950-fc1a-4092-aac3-07276f67594e");
        assert_eq!(send(&idp, Method::POST, "/v1.0/groups", token, &team("x")).await.refusal(), REFUSED);
        assert_eq!(send(&idp, Method::PATCH, &format!("/v1.0/groups/{id}"), token, &json!({})).await.refusal(), REFUSED);
        assert_eq!(send(&idp, Method::DELETE, &format!("/v1.0/groups/{id}"), token, &Value::Null).await.refusal(), REFUSED);
        assert_eq!(send(&idp, Method::POST, &format!("{members}/$ref"), token, &ines).await.refusal(), REFUSED);
    }
    assert_eq!(get(&idp, &members, &reads).await.body["value"], json!([]));
}
