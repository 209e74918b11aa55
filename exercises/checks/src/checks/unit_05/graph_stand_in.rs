//! A Microsoft Graph that is not the mock's: elsewhere, and with answers of our own.

use mock_idp::random::derived_guid;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{method, path, path_regex},
};

use crate::world::{World, people::Person};

const MEMBERSHIPS: &str = "(?i)/me/(transitive)?memberOf(/microsoft.graph.[a-z]+)?$";

/// Another host, another path and another version than usual.
pub(super) struct GraphStandIn {
    server: MockServer,
    root: String,
}

impl GraphStandIn {
    pub(super) async fn start(world: &World) -> Self {
        let root = format!("/g-{}/beta", &derived_guid(&[world.tenant_id(), "graph"])[..4]);
        Self { server: MockServer::start().await, root }
    }

    /// The value of `ENDPOINT`.
    pub(super) fn endpoint(&self) -> String {
        format!("{}{}/me", self.origin(), self.root)
    }

    fn origin(&self) -> String {
        self.server.uri().replace("127.0.0.1", "localhost")
    }

    /// Answers the profile call with these names for `user`.
    pub(super) async fn publish_profile(&self, user: &Person, display_name: &str) {
        let facts = json!({ "id": user.object_id, "displayName": display_name, "mail": user.mail, "userPrincipalName": user.username });
        let me = Mock::given(method("GET")).and(path(format!("{}/me", self.root)));
        me.respond_with(ResponseTemplate::new(200).set_body_json(facts)).mount(&self.server).await;
    }

    /// Answers the memberships with one page that has no next one.
    pub(super) async fn publish_no_memberships(&self) {
        self.publish_memberships(json!({ "value": [] })).await;
    }

    /// Answers the memberships with a page that names itself as the next one, for ever.
    pub(super) async fn publish_endless_memberships(&self) {
        let group = derived_guid(&["stand-in", "group"]);
        let next = format!("{}{}/me/memberOf?$skiptoken=again", self.origin(), self.root);
        let entry = json!({ "@odata.type": "#microsoft.graph.group", "id": group });
        self.publish_memberships(json!({ "@odata.nextLink": next, "value": [entry] })).await;
    }

    /// Answers the memberships with a page whose next one is at `address`.
    pub(super) async fn publish_memberships_that_go_on_at(&self, address: &str) {
        self.publish_memberships(json!({ "@odata.nextLink": address, "value": [] })).await;
    }

    /// Answers the memberships with a redirect to `address`.
    pub(super) async fn redirect_memberships_to(&self, address: &str) {
        let lists = Mock::given(method("GET")).and(path_regex(MEMBERSHIPS));
        lists.respond_with(ResponseTemplate::new(302).insert_header("Location", address)).mount(&self.server).await;
    }

    async fn publish_memberships(&self, page: Value) {
        let lists = Mock::given(method("GET")).and(path_regex(MEMBERSHIPS));
        lists.respond_with(ResponseTemplate::new(200).set_body_json(page)).mount(&self.server).await;
    }

    /// What arrived.
    pub(super) async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap_or_default()
    }
}
