use mock_idp::Fault;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::{
    graph_client::{Reply, send, signed_in},
    visitor::{ADA, OLGA},
};

/// The reply to the item with this id.
fn reply_to<'r>(reply: &'r Reply, id: &str) -> &'r Value {
    let replies = reply.body["responses"].as_array().unwrap_or_else(|| panic!("no responses in {}", reply.body));
    replies.iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("no response {id} in {}", reply.body))
}

fn statuses(reply: &Reply) -> Vec<(&str, u64)> {
    let replies = reply.body["responses"].as_array().unwrap_or_else(|| panic!("no responses in {}", reply.body));
    replies.iter().map(|it| (it["id"].as_str().unwrap_or_default(), it["status"].as_u64().unwrap_or_default())).collect()
}

#[tokio::test]
async fn each_item_is_answered_as_if_it_had_come_alone() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    for version in ["v1.0", "beta"] {
        let requests = json!({ "requests": [
            { "id": "1", "method": "GET", "url": "/me?$select=displayName" },
            { "id": "2", "method": "get", "url": "users" },
            { "id": "3", "method": "GET", "url": "/mee" },
        ]});
        let reply = send(&idp, Method::POST, &format!("/{version}/$batch"), &token, &requests).await;
        assert_eq!(reply.status, 200);
        assert_eq!(statuses(&reply), [("1", 200), ("2", 403), ("3", 400)]);
        let me = reply_to(&reply, "1");
        let context = format!("https://graph.microsoft.com/{version}/$metadata#users(displayName)/$entity");
        assert_eq!(me["body"], json!({ "@odata.context": context, "displayName": "Ada Adjuster" }));
        assert_eq!(me["headers"]["OData-Version"], "4.0");
        assert_eq!(reply_to(&reply, "2")["body"]["error"]["code"], "Authorization_RequestDenied");
    }
}

#[tokio::test]
async fn each_item_has_its_own_event_with_its_own_checks() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    let requests = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/me" }, { "id": "2", "method": "GET", "url": "/users" },
    ]});
    let reply = send(&idp, Method::POST, "/v1.0/$batch", &token, &requests).await;
    let events = idp.trace().events();
    let [me, users, batch] = &events[events.len() - 3..] else { panic!("three events expected") };
    assert_eq!((me.url.as_str(), users.url.as_str(), batch.url.as_str()), ("/graph/v1.0/me", "/graph/v1.0/users", "/graph/v1.0/$batch"));
    assert_eq!((me.status, users.status, batch.status), (200, 403, 200));
    let refused = users.checks.iter().find(|check| check.id == "permission").expect("checked");
    assert!(refused.expected.as_deref().is_some_and(|needed| needed.contains("User.ReadBasic.All")), "{refused:?}");
    let ids: Vec<&Value> = ["1", "2"].map(|id| &reply_to(&reply, id)["headers"]["request-id"]).into();
    assert_eq!((ids[0], ids[1]), (&json!(me.request_id), &json!(users.request_id)));
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn an_item_whose_forerunner_failed_is_not_tried() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    let requests = json!({ "requests": [
        { "id": "last", "method": "GET", "url": "/me", "dependsOn": ["middle"] },
        { "id": "middle", "method": "GET", "url": "/me", "dependsOn": ["FIRST"] },
        { "id": "first", "method": "GET", "url": "/users" },
        { "id": "other", "method": "GET", "url": "/me", "dependsOn": [] },
    ]});
    let reply = send(&idp, Method::POST, "/v1.0/$batch", &token, &requests).await;
    assert_eq!(statuses(&reply), [("first", 403), ("middle", 424), ("last", 424), ("other", 200)]);
    assert_eq!(reply_to(&reply, "middle")["body"]["error"]["code"], "FailedDependency");
    assert_eq!(idp.trace().events().iter().filter(|event| event.url == "/graph/v1.0/me").count(), 1);
}

#[tokio::test]
async fn items_are_throttled_one_by_one_and_the_batch_is_not() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    idp.inject(Fault::GraphThrottled.once().for_user(ADA));
    let item = |id: &str| json!({ "id": id, "method": "GET", "url": "/me" });
    let reply = send(&idp, Method::POST, "/v1.0/$batch", &token, &json!({ "requests": [item("1"), item("2")] })).await;
    assert_eq!((reply.status.as_u16(), statuses(&reply)), (200, vec![("1", 429), ("2", 429)]));
    assert!(reply_to(&reply, "1")["headers"]["Retry-After"].is_string(), "{}", reply.body);
    idp.clock().advance(time::Duration::seconds(1));
    let reply = send(&idp, Method::POST, "/v1.0/$batch", &token, &json!({ "requests": [item("1"), item("2")] })).await;
    assert_eq!(statuses(&reply), [("1", 200), ("2", 200)]);
}

#[tokio::test]
async fn a_batch_whose_payload_is_wrong_is_refused_as_a_whole() {
    let (idp, _, token) = signed_in(OLGA, &["User.Read"]).await;
    let item = |id: usize| json!({ "id": id.to_string(), "method": "GET", "url": "/me" });
    let cases = [
        (json!({ "requests": (0..21).map(item).collect::<Vec<_>>() }), "Number of batch request steps exceeds the maximum value of 20."),
        (
            json!({ "requests": [{ "id": "a", "method": "GET", "url": "/me" }, { "id": "A", "method": "GET", "url": "/me" }] }),
            "Request Id A has to be unique in a batch.",
        ),
        (
            json!({ "requests": [{ "id": "1", "method": "PATCH", "url": "/me", "body": { "city": "Redmond" } }] }),
            "Request 1 has a body and therefore needs the header Content-Type.",
        ),
        (
            json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me", "dependsOn": ["2"] }] }),
            "Request 1 depends on request 2, which is not part of the batch.",
        ),
        (
            json!({ "requests": [{ "id": "1", "method": "POST", "url": "/$batch" }] }),
            "Request 1 is a batch itself; batches cannot be nested.",
        ),
        (json!({ "requests": [] }), "Batch request must contain at least one request."),
        (json!({ "requests": 7 }), "Invalid batch payload format. invalid type: integer `7`, expected a sequence at line 1 column 13"),
    ];
    for (payload, message) in cases {
        let reply = send(&idp, Method::POST, "/v1.0/$batch", &token, &payload).await;
        assert_eq!(reply.refusal(), (400, "BadRequest", message));
    }
    let absolute = json!({ "requests": [{ "id": "1", "method": "GET", "url": "https://graph.microsoft.com/v1.0/me" }, item(2)] });
    assert_eq!(statuses(&send(&idp, Method::POST, "/v1.0/$batch", &token, &absolute).await), [("1", 400), ("2", 200)]);
}

#[tokio::test]
async fn a_batch_needs_a_token_and_is_posted() {
    let (idp, _, token) = signed_in(ADA, &["User.Read"]).await;
    let requests = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me" }] });
    let reply = send(&idp, Method::POST, "/v1.0/$batch", "", &requests).await;
    assert_eq!(reply.refusal(), (401, "InvalidAuthenticationToken", "Access token is empty."));
    let get = Client::new().get(format!("{}/graph/v1.0/$batch", idp.origin())).bearer_auth(&token);
    assert_eq!(Reply::of(get.send().await.expect("an answer")).await.refusal().0, 405);
}
