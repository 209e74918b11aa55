//! The ids by which a Graph call is found again, and the headers that every answer carries.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use time::OffsetDateTime;

use crate::{random::is_guid, request_context::RequestContext};

/// The content type of an answer in OData's shape.
pub const ODATA_JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// Which call this is, and when and where it came in.
#[derive(Debug, Clone)]
pub struct RequestIds {
    /// Our id of the request.
    pub request_id: String,
    /// The caller's `client-request-id`; without one, our id again.
    pub client_request_id: String,
    /// The origin that the request was sent to.
    pub origin: String,
    /// The instant of the request.
    pub now: OffsetDateTime,
}

impl RequestIds {
    /// The ids of a request.
    pub fn of(context: &RequestContext, headers: &HeaderMap) -> Self {
        let given = headers.get("client-request-id").and_then(|value| value.to_str().ok()).filter(|text| is_guid(text));
        Self {
            request_id: context.request_id.clone(),
            client_request_id: given.unwrap_or(&context.request_id).to_owned(),
            origin: context.origin.clone(),
            now: context.now,
        }
    }

    /// The instant as Graph's errors write it: UTC without a zone.
    pub fn date(&self) -> String {
        let format = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
        self.now.to_offset(time::UtcOffset::UTC).format(&format).expect("an instant has all these parts")
    }

    /// Adds the headers of every answer, good or bad.
    pub fn add_to(&self, headers: &mut HeaderMap) {
        const DIAGNOSTIC: &str =
            r#"{"ServerInfo":{"DataCenter":"Mock","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"mock-idp"}}"#;
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(HeaderName::from_static("x-ms-ags-diagnostic"), HeaderValue::from_static(DIAGNOSTIC));
        for (name, value) in [("request-id", &self.request_id), ("client-request-id", &self.client_request_id)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
impl RequestIds {
    pub(super) fn for_tests() -> Self {
        Self {
            request_id: "00000000-0000-4000-8000-000000000001".to_owned(),
            client_request_id: "00000000-0000-4000-8000-000000000002".to_owned(),
            origin: "http://localhost:8400".to_owned(),
            now: time::macros::datetime!(2026-11-25 09:00 UTC),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Clock, random::Entropy, request_context::Scheme};

    fn ids(given: Option<&'static str>) -> RequestIds {
        let mut headers = HeaderMap::new();
        if let Some(given) = given {
            headers.insert("client-request-id", HeaderValue::from_static(given));
        }
        let clock = Clock::frozen_at(time::macros::datetime!(2026-11-25 09:00 UTC));
        let context = RequestContext::of(&headers, "localhost:8400", Scheme::Http, &clock, &Entropy::seeded(1));
        RequestIds::of(&context, &headers)
    }

    #[test]
    fn the_callers_id_is_echoed() {
        let given = "2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6";
        assert_eq!(ids(Some(given)).client_request_id, given);
    }

    #[test]
    fn without_an_id_of_the_caller_both_are_ours() {
        for given in [None, Some("not a guid")] {
            let ids = ids(given);
            assert_eq!(ids.client_request_id, ids.request_id);
        }
    }
}
