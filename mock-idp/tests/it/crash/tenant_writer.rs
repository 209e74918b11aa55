//! Replaces a whole tenant by `PUT /mock/directory`, again and again. Each version carries its number in several places, so that one
//! that was kept by half would be seen.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{Counts, Watch};

/// Users in the tenant, each with the version's number.
const USERS: usize = 5;

pub struct TenantWriter {
    id: String,
    domain: String,
    /// The version that was there when the server started.
    found: usize,
    /// The last version that was answered.
    acknowledged: usize,
    /// The last version that was sent.
    sent: usize,
}

impl TenantWriter {
    pub fn new(number: usize) -> Self {
        Self {
            id: format!("00000000-0000-4000-8000-00000000000{number}"),
            domain: format!("writer-{number}.example"),
            found: 0,
            acknowledged: 0,
            sent: 0,
        }
    }

    fn version(&self, number: usize) -> Value {
        let user = |user| json!({ "userPrincipalName": format!("user-{user}@{}", self.domain), "displayName": number.to_string() });
        json!({
            "version": 1,
            "organization": { "id": self.id, "displayName": number.to_string(), "verifiedDomains": [{ "name": self.domain, "isDefault": true }] },
            "users": (0..USERS).map(user).collect::<Vec<_>>(),
            "groups": [{ "displayName": number.to_string(), "members": [format!("user-0@{}", self.domain)] }],
        })
    }

    /// Writes one version after the other until the server is gone.
    pub async fn write(mut self, client: Client, origin: String, watch: Watch) -> Self {
        loop {
            self.sent += 1;
            let version = self.version(self.sent);
            if watch.send(control(client.put(format!("{origin}/mock/directory"))).json(&version)).await.is_none() {
                return self;
            }
            self.acknowledged = self.sent;
        }
    }

    /// The last version that was answered is there, or the one after it; and all of it.
    pub async fn verify(&mut self, origin: &str, counts: &mut Counts) {
        if self.sent == 0 {
            return;
        }
        let request = control(Client::new().get(format!("{origin}/mock/directory?tenant={}", self.domain)));
        let kept: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        let number = kept["organization"]["displayName"].as_str().map_or(0, |number| number.parse().expect("a number"));
        assert!(number == self.acknowledged || number == self.sent, "{} of {} and {}: {kept}", number, self.acknowledged, self.sent);
        if number > 0 {
            let users = kept["users"].as_array().expect("a list").iter();
            let names: Vec<_> = users.chain(kept["groups"].as_array().expect("a list")).map(|it| it["displayName"].as_str()).collect();
            assert_eq!(names, vec![Some(number.to_string().as_str()); USERS + 1], "a version was kept by half");
        }
        if self.sent > self.acknowledged {
            *(if number == self.sent { &mut counts.unanswered_and_kept } else { &mut counts.unanswered_and_lost }) += 1;
        }
        counts.acknowledged += self.acknowledged - self.found;
        (self.found, self.acknowledged, self.sent) = (number, number, number);
    }
}

fn control(request: RequestBuilder) -> RequestBuilder {
    request.header("mock-control", "1")
}
