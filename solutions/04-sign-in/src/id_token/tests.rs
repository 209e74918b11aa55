use jsonwebtoken::{DecodingKey, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{Expected, IdTokenClaims, IdTokenError, check_claims, verified_claims};

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
fn an_honest_token_passes_every_check() {
    let claims = claims_with("name", json!("Ada")).unwrap();
    assert!(check_claims(&claims, &EXPECTED).is_ok());
    assert!(claims.roles.is_empty());
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
        assert!(matches!(check_with("iss", json!(issuer)), Err(IdTokenError::Issuer)), "{issuer}");
    }
}

#[test]
fn another_tenant_is_refused() {
    assert!(matches!(check_with("tid", json!("tenant-2")), Err(IdTokenError::Tenant)));
}

#[test]
fn another_audience_is_refused() {
    assert!(matches!(check_with("aud", json!("client-2")), Err(IdTokenError::Audience)));
    assert!(matches!(check_with("aud", json!("client-1 ")), Err(IdTokenError::Audience)));
}

#[test]
fn a_list_of_audiences_is_refused() {
    assert!(claims_with("aud", json!(["client-1"])).is_err());
    assert!(claims_with("aud", json!(["client-1", "client-2"])).is_err());
}

#[test]
fn a_token_is_valid_from_nbf_to_exp_with_five_minutes_of_leeway() {
    assert!(check_with("exp", json!(NOW - 299)).is_ok());
    assert!(matches!(check_with("exp", json!(NOW - 300)), Err(IdTokenError::Expired)));
    assert!(check_with("nbf", json!(NOW + 300)).is_ok());
    assert!(matches!(check_with("nbf", json!(NOW + 301)), Err(IdTokenError::NotYetValid)));
}

#[test]
fn an_absurd_time_is_refused_and_not_an_overflow() {
    assert!(check_with("exp", json!(i64::MIN)).is_err());
    assert!(check_with("exp", json!(i64::MAX)).is_ok());
    assert!(check_with("nbf", json!(i64::MAX)).is_err());
    assert!(check_with("nbf", json!(i64::MIN)).is_ok());
}

#[test]
fn another_nonce_or_none_is_refused() {
    for nonce in [json!("n-2"), json!(""), Value::Null] {
        assert!(matches!(check_with("nonce", nonce.clone()), Err(IdTokenError::Nonce)), "{nonce}");
    }
}

#[test]
fn a_token_without_a_needed_claim_is_malformed() {
    for name in ["iss", "aud", "exp", "nbf", "tid", "oid"] {
        assert!(claims_with(name, Value::Null).is_err(), "{name}");
    }
}

#[test]
fn a_token_that_chooses_its_own_algorithm_is_refused() {
    // The public key of the provider, misused as the secret of HS256.
    let public_key = b"the public key, which everybody knows";
    let claims = json!({ "iss": EXPECTED.issuer });
    let forged = encode(&Header::default(), &claims, &EncodingKey::from_secret(public_key)).unwrap();
    let key = DecodingKey::from_rsa_components("sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri", "AQAB").unwrap();
    assert!(matches!(verified_claims(&forged, &key), Err(IdTokenError::Algorithm)));
    assert!(matches!(verified_claims(&forged, &DecodingKey::from_secret(public_key)), Err(IdTokenError::Algorithm)));
}

#[test]
fn a_text_that_is_no_token_is_malformed() {
    let key = DecodingKey::from_rsa_components("sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri", "AQAB").unwrap();
    for text in ["", ".", "..", "a.b.c", "no token at all"] {
        assert!(verified_claims(text, &key).is_err(), "{text:?}");
    }
}
