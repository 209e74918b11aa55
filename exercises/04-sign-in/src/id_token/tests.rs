//! These tests pass from the start, because the starter refuses every token. They must still pass when you accept
//! honest ones; whether you do is what the checks find out. Add tests of your own.

use serde_json::{Value, json};

use super::{Expected, IdTokenClaims, IdTokenError, check_claims};

const NOW: i64 = 1_800_000_000;
const EXPECTED: Expected<'static> =
    Expected { issuer: "https://login.example/tenant-1/v2.0", audience: "client-1", tenant_id: "tenant-1", nonce: "n-1", now: NOW };

/// The claims of an honest token, with one of them changed. `null` takes the claim away.
fn claims_with(name: &str, value: Value) -> Result<IdTokenClaims, serde_json::Error> {
    let mut claims = json!({
        "iss": EXPECTED.issuer, "aud": EXPECTED.audience, "tid": EXPECTED.tenant_id, "nonce": EXPECTED.nonce,
        "nbf": NOW - 300, "exp": NOW + 3600, "oid": "object-1", "name": "Ada", "preferred_username": "ada@abc.example",
    });
    claims[name] = value;
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    serde_json::from_value(claims)
}

fn check_with(name: &str, value: Value) -> Result<(), IdTokenError> {
    check_claims(&claims_with(name, value).unwrap(), &EXPECTED)
}

#[test]
fn another_issuer_is_refused() {
    for issuer in [
        "https://login.example/tenant-2/v2.0",
        "https://login.example/tenant-1/v2.0/",
        "https://login.example/tenant-1/v2.0.evil.example",
        "https://login.example/{tenantid}/v2.0",
        "",
    ] {
        assert!(check_with("iss", json!(issuer)).is_err(), "{issuer}");
    }
}

#[test]
fn another_tenant_is_refused() {
    assert!(check_with("tid", json!("tenant-2")).is_err());
}

#[test]
fn another_audience_is_refused() {
    assert!(check_with("aud", json!("client-2")).is_err());
    assert!(check_with("aud", json!("client-1 ")).is_err());
}

#[test]
fn a_list_of_audiences_is_refused() {
    assert!(claims_with("aud", json!(["client-1"])).is_err());
    assert!(claims_with("aud", json!(["client-1", "client-2"])).is_err());
}

#[test]
fn another_nonce_or_none_is_refused() {
    for nonce in [json!("n-2"), json!(""), Value::Null] {
        assert!(check_with("nonce", nonce.clone()).is_err(), "{nonce}");
    }
}

#[test]
fn a_token_without_a_needed_claim_is_malformed() {
    for name in ["iss", "aud", "exp", "nbf", "tid", "oid"] {
        assert!(claims_with(name, Value::Null).is_err(), "{name}");
    }
}
