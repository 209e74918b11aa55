//! The one place where tokens are signed. Also where the ID token's faults strike, so that everything around a spoiled token is right.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;

use super::{
    claims::{AccessTokenClaims, Audience, IdTokenClaims},
    signing_keys::{SigningKey, SigningKeys},
};
use crate::faults::{Fault, FaultScope, Faults};

/// Tenant id and issuer of a tenant that is not this one, for the faults about issuers.
const OTHER_TENANT: &str = "5b0f6c1e-3d2a-4e7f-9a8b-0c1d2e3f4a5b";

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    x5t: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    /// Never in an honest token: a key that the token brings along itself (RFC 7515 §4.1.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    jwk: Option<Jwk<'a>>,
}

#[derive(Clone, Copy, Serialize)]
struct Jwk<'a> {
    kty: &'static str,
    kid: &'a str,
    n: &'a str,
    e: &'a str,
}

impl<'a> Jwk<'a> {
    fn of(key: &'a SigningKey) -> Self {
        Self { kty: "RSA", kid: &key.kid, n: &key.modulus, e: &key.exponent }
    }
}

/// Header and claims, ready to be signed (RFC 7515 §5.1).
fn signing_input(header: &Header<'_>, claims: &impl Serialize) -> String {
    let encode = |json: Result<Vec<u8>, serde_json::Error>| URL_SAFE_NO_PAD.encode(json.expect("claims are plain data"));
    format!("{}.{}", encode(serde_json::to_vec(header)), encode(serde_json::to_vec(claims)))
}

fn rs256(header: &Header<'_>, claims: &impl Serialize, key: &SigningKey) -> String {
    let input = signing_input(header, claims);
    let signature = URL_SAFE_NO_PAD.encode(key.sign_rs256(input.as_bytes()));
    format!("{input}.{signature}")
}

/// Signs an access token. v1.0 tokens carry `x5t` in the header, v2.0 tokens do not.
pub fn access_token(claims: &AccessTokenClaims, keys: &SigningKeys) -> String {
    let key = keys.signing();
    let x5t = (claims.ver == "1.0").then_some(key.kid.as_str());
    rs256(&Header { typ: "JWT", alg: "RS256", x5t, kid: Some(&key.kid), jwk: None }, claims, &key)
}

/// How the tokens of personal accounts begin, which are no JWTs.
const OPAQUE_PREFIX: &str = "EwB";

/// The same token in a form that nobody but this mock can read: without dots, so that it is no JWT.
pub fn opaque(jwt: &str) -> String {
    format!("{OPAQUE_PREFIX}{}", URL_SAFE_NO_PAD.encode(jwt))
}

/// The JWT inside an opaque token; `None` for any other text.
pub fn jwt_of_opaque(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token.strip_prefix(OPAQUE_PREFIX)?).ok()?).ok()
}

/// An ID token, and the fault that spoiled it, if one did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MintedIdToken {
    /// The JWT in compact form.
    pub token: String,
    /// The fault that struck.
    pub fault: Option<Fault>,
}

/// Signs an ID token, spoiled by at most one fault.
pub fn id_token(mut claims: IdTokenClaims, keys: &SigningKeys, faults: &Faults, scope: &FaultScope<'_>) -> MintedIdToken {
    let fault = ID_TOKEN_FAULTS.iter().copied().find(|fault| faults.strikes(*fault, scope));
    if let Some(fault) = fault {
        spoil(&mut claims, fault);
    }
    let key = keys.signing();
    let header = Header { typ: "JWT", alg: "RS256", x5t: None, kid: Some(&key.kid), jwk: None };
    let token = match fault {
        Some(Fault::AlgNone) => format!("{}.", signing_input(&Header { alg: "none", kid: None, ..header }, &claims)),
        Some(Fault::Hs256PublicKey) => {
            let input = signing_input(&Header { alg: "HS256", ..header }, &claims);
            let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.public_pem.as_bytes());
            let signature = URL_SAFE_NO_PAD.encode(ring::hmac::sign(&secret, input.as_bytes()));
            format!("{input}.{signature}")
        }
        Some(Fault::ForeignKey) => rs256(&header, &claims, keys.stranger()),
        Some(Fault::UnknownKid) => {
            let stranger = keys.stranger();
            rs256(&Header { kid: Some(&stranger.kid), jwk: Some(Jwk::of(stranger)), ..header }, &claims, stranger)
        }
        _ => rs256(&header, &claims, &key),
    };
    MintedIdToken { token, fault }
}

const ID_TOKEN_FAULTS: [Fault; 15] = [
    Fault::WrongNonce,
    Fault::MissingNonce,
    Fault::WrongAudience,
    Fault::AudienceList,
    Fault::WrongIssuer,
    Fault::IssuerLookAlike,
    Fault::IssuerTemplate,
    Fault::OtherTenant,
    Fault::Expired,
    Fault::NotYetValid,
    Fault::AlgNone,
    Fault::Hs256PublicKey,
    Fault::UnknownKid,
    Fault::ForeignKey,
    Fault::RolesRemoved,
];

/// Changes the claims as the fault says. The faults about signatures leave them alone.
fn spoil(claims: &mut IdTokenClaims, fault: Fault) {
    const HOUR: i64 = 3600;
    match fault {
        Fault::WrongNonce => claims.nonce = Some("a-nonce-that-was-never-sent".to_owned()),
        Fault::MissingNonce => claims.nonce = None,
        Fault::WrongAudience => claims.aud = Audience::One("6e1f2d3c-0000-4000-8000-00000000a0d1".to_owned()),
        Fault::AudienceList => {
            let others = ["6e1f2d3c-0000-4000-8000-00000000a0d1", "6e1f2d3c-0000-4000-8000-00000000a0d2"];
            claims.aud = Audience::Several(others.map(str::to_owned).to_vec());
        }
        Fault::WrongIssuer => claims.iss = format!("https://login.evil.example/{}/v2.0", claims.tid),
        Fault::IssuerLookAlike => claims.iss.push_str(".evil.example"),
        Fault::IssuerTemplate => claims.iss = claims.iss.replace(&claims.tid, "{tenantid}"),
        Fault::OtherTenant => {
            claims.iss = claims.iss.replace(&claims.tid, OTHER_TENANT);
            claims.tid = OTHER_TENANT.to_owned();
        }
        Fault::Expired => {
            claims.iat -= 3 * HOUR;
            claims.nbf -= 3 * HOUR;
            claims.exp = claims.iat + 2 * HOUR;
        }
        Fault::NotYetValid => {
            claims.nbf += HOUR + 300;
            claims.exp += 2 * HOUR;
        }
        Fault::RolesRemoved => claims.roles.clear(),
        _ => {}
    }
}

/// The left half of the SHA-256 of a code or access token: `c_hash` and `at_hash` (OIDC Core §3.3.2.11).
pub fn half_hash(value: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, value.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16])
}
