//! Rotates the signing keys.

use reqwest::Client;
use serde_json::Value;

use super::{Counts, Watch};

#[derive(Default)]
pub struct KeyWriter {
    /// The key that signs, as the last answer has it.
    kid: Option<String>,
    is_unanswered: bool,
    acknowledged: usize,
}

impl KeyWriter {
    /// Rotates until the server is gone.
    pub async fn write(mut self, client: Client, origin: String, watch: Watch) -> Self {
        loop {
            let request = client.post(format!("{origin}/mock/keys/rotate")).header("mock-control", "1");
            let Some(answer) = watch.send(request).await else {
                self.is_unanswered = true;
                return self;
            };
            self.kid = answer["kid"].as_str().map(str::to_owned);
            self.acknowledged += 1;
        }
    }

    /// The newest published key is that of the last answer, or of the rotation that was not answered.
    pub async fn verify(&mut self, origin: &str, counts: &mut Counts) {
        let keys = Client::new().get(format!("{origin}/common/discovery/v2.0/keys")).send().await.expect("an answer");
        let keys: Value = keys.json().await.expect("JSON");
        let newest = keys["keys"].as_array().and_then(|keys| keys.last()?["kid"].as_str()).map(str::to_owned);
        let is_as_answered = self.kid.is_none() || newest == self.kid;
        assert!(is_as_answered || self.is_unanswered, "a rotation was lost: {newest:?} instead of {:?}", self.kid);
        if self.is_unanswered {
            *(if is_as_answered { &mut counts.unanswered_and_lost } else { &mut counts.unanswered_and_kept }) += 1;
        }
        counts.acknowledged += std::mem::take(&mut self.acknowledged);
        (self.kid, self.is_unanswered) = (newest, false);
    }
}
