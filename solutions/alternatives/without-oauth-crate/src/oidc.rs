//! OpenID Connect by hand: discovery, authorization request, token request, ID token.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;
use url::Url;

use crate::Settings;
use crate::purse::{Purse, Tokens};
use crate::records::{Attempt, Person};

/// Why a sign-in ends without a session.
#[derive(Debug)]
pub enum Trouble {
    /// The provider does not answer as it should.
    ProviderDown,
    /// What it answered is not for this app, this moment or this sign-in.
    Refused(&'static str),
}

#[derive(Clone, Deserialize)]
pub struct Metadata {
    issuer: String,
    pub authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    pub end_session_endpoint: Url,
}

#[derive(Default)]
struct Memory {
    metadata: Option<Metadata>,
    keys: HashMap<String, (String, String)>,
    /// The last fetches of the keys; a token with an unknown key may cause one a minute.
    fetched: Option<Instant>,
    refetched: Option<Instant>,
}

pub struct Provider {
    http: reqwest::Client,
    memory: Mutex<Memory>,
}

impl Provider {
    pub fn new() -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(4)).redirect(reqwest::redirect::Policy::none()).build();
        Self { http: http.expect("these options are always valid"), memory: Mutex::default() }
    }

    pub async fn metadata(&self, settings: &Settings) -> Result<Metadata, Trouble> {
        let mut memory = self.memory.lock().await;
        if let Some(metadata) = &memory.metadata {
            return Ok(metadata.clone());
        }
        let base = format!("{}/v2.0", settings.authority);
        let metadata: Metadata = self.get(&format!("{base}/.well-known/openid-configuration")).await?;
        if metadata.issuer != base {
            eprintln!("discovery answers for another issuer: {}", metadata.issuer);
            return Err(Trouble::ProviderDown);
        }
        Ok(memory.metadata.insert(metadata).clone())
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, address: &str) -> Result<T, Trouble> {
        let answer = self.http.get(address).send().await.and_then(reqwest::Response::error_for_status);
        answer.map_err(|_| Trouble::ProviderDown)?.json().await.map_err(|_| Trouble::ProviderDown)
    }

    /// Redeems the code and reads the ID token.
    pub async fn person(&self, settings: &Settings, code: &str, attempt: &Attempt) -> Result<Person, Trouble> {
        let metadata = self.metadata(settings).await?;
        let more = [("code", code), ("code_verifier", &attempt.code_verifier), ("redirect_uri", settings.redirect_uri.as_str())];
        let body = self.token(settings, "authorization_code", &more).await?;
        let id_token = body["id_token"].as_str().ok_or(Trouble::Refused("the code was not accepted"))?;
        let claims = self.verified(&metadata, id_token).await?;
        let purse = Purse::new(tokens(&body), attempt.claims.is_some());
        judge(settings, &metadata, &claims, &attempt.nonce, purse)
    }

    /// New tokens for a refresh token; `None` if the provider wants to see the person.
    pub async fn renewed(&self, settings: &Settings, refresh_token: &str) -> Result<Option<Tokens>, Trouble> {
        let body = self.token(settings, "refresh_token", &[("refresh_token", refresh_token), ("scope", &scope(settings))]).await?;
        match body["error"].as_str() {
            None => Ok(Some(tokens(&body))),
            Some("invalid_grant" | "interaction_required" | "consent_required" | "login_required") => Ok(None),
            Some(_) => Err(Trouble::ProviderDown),
        }
    }

    /// A request to the token endpoint. An error that is about the app itself is told to whoever runs it.
    async fn token(&self, settings: &Settings, grant: &str, more: &[(&str, &str)]) -> Result<Value, Trouble> {
        let metadata = self.metadata(settings).await?;
        let own = [("client_id", settings.client_id.as_str()), ("client_secret", &settings.client_secret), ("grant_type", grant)];
        let form: Vec<_> = own.iter().chain(more).collect();
        let answer = self.http.post(metadata.token_endpoint).form(&form).send().await.map_err(|_| Trouble::ProviderDown)?;
        let status = answer.status();
        let body: Value = answer.json().await.map_err(|_| Trouble::ProviderDown)?;
        if matches!(body["error"].as_str(), Some("invalid_client" | "unauthorized_client")) {
            eprintln!("OPERATOR: {}", operator_text(body["error_codes"][0].as_u64()));
            return Err(Trouble::ProviderDown);
        }
        if status.is_server_error() { Err(Trouble::ProviderDown) } else { Ok(body) }
    }

    /// The claims, if one of the provider's keys signed them. The key comes from the provider; the algorithm from us.
    async fn verified(&self, metadata: &Metadata, id_token: &str) -> Result<Value, Trouble> {
        let bad = |_| Trouble::Refused("the ID token is not signed by the provider");
        let kid = jsonwebtoken::decode_header(id_token).map_err(bad)?.kid.unwrap_or_default();
        let (modulus, exponent) = self.key(metadata, &kid).await?.ok_or(Trouble::Refused("the ID token has an unknown key"))?;
        let key = DecodingKey::from_rsa_components(&modulus, &exponent).map_err(bad)?;
        let mut signature = Validation::new(Algorithm::RS256);
        (signature.validate_exp, signature.validate_aud) = (false, false);
        signature.required_spec_claims.clear();
        Ok(jsonwebtoken::decode::<Value>(id_token, &key, &signature).map_err(bad)?.claims)
    }

    async fn key(&self, metadata: &Metadata, kid: &str) -> Result<Option<(String, String)>, Trouble> {
        let mut memory = self.memory.lock().await;
        let is_old = memory.fetched.is_none_or(|fetched| fetched.elapsed() > Duration::from_secs(12 * 60 * 60));
        let may_ask_again = memory.refetched.is_none_or(|refetched| refetched.elapsed() > Duration::from_secs(60));
        if is_old || (!memory.keys.contains_key(kid) && may_ask_again) {
            let set: Value = self.get(metadata.jwks_uri.as_str()).await?;
            memory.keys = set["keys"].as_array().into_iter().flatten().filter_map(rsa_key).collect();
            *(if is_old { &mut memory.fetched } else { &mut memory.refetched }) = Some(Instant::now());
        }
        Ok(memory.keys.get(kid).cloned())
    }
}

fn rsa_key(key: &Value) -> Option<(String, (String, String))> {
    let text = |name: &str| key[name].as_str().map(str::to_owned);
    if text("kty")? != "RSA" || text("use").is_some_and(|purpose| purpose != "sig") {
        return None;
    }
    Some((text("kid")?, (text("n")?, text("e")?)))
}

fn tokens(body: &Value) -> Tokens {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    Tokens {
        access: text("access_token").unwrap_or_default(),
        end: Instant::now() + Duration::from_secs(body["expires_in"].as_u64().unwrap_or_default()),
        refresh: text("refresh_token"),
    }
}

/// What is wrong with our own credentials, by the number of the provider's error.
fn operator_text(code: Option<u64>) -> String {
    match code {
        Some(7000222) => "the client secret has expired; make a new one and put its value into CLIENT_SECRET".to_owned(),
        Some(7000215) => "CLIENT_SECRET is none of this app's secrets; is it the value, and not the id?".to_owned(),
        Some(code) => format!("the provider refuses this app, AADSTS{code}; look at CLIENT_ID, CLIENT_SECRET and AUTHORITY"),
        None => "the provider refuses this app; look at CLIENT_ID, CLIENT_SECRET and AUTHORITY".to_owned(),
    }
}

/// What is asked for, at the sign-in and at each renewal.
fn scope(settings: &Settings) -> String {
    format!("openid profile offline_access {}", settings.scope)
}

/// What every claim must be, one after the other.
fn judge(settings: &Settings, metadata: &Metadata, claims: &Value, nonce: &str, purse: Purse) -> Result<Person, Trouble> {
    let now = jsonwebtoken::get_current_timestamp();
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    let demands = [
        (text("iss") == metadata.issuer, "the ID token has another issuer"),
        // A list of audiences is no text, and so not ours.
        (text("aud") == settings.client_id, "the ID token is for another app"),
        (text("tid") == settings.tenant(), "the account is of another tenant"),
        (claims["exp"].as_u64().is_some_and(|end| now < end + 120), "the ID token has expired"),
        (claims["nbf"].as_u64().is_some_and(|begin| begin <= now + 120), "the ID token is not valid yet"),
        (text("nonce") == nonce, "the ID token belongs to another sign-in"),
        (!text("oid").is_empty(), "the ID token names nobody"),
    ];
    if let Some((_, problem)) = demands.into_iter().find(|(holds, _)| !holds) {
        return Err(Trouble::Refused(problem));
    }
    let roles = claims["roles"].as_array().into_iter().flatten().filter_map(|role| role.as_str().map(str::to_owned));
    Ok(Person {
        key: (text("tid").to_owned(), text("oid").to_owned()),
        name: text("name").to_owned(),
        username: text("preferred_username").to_owned(),
        roles: roles.collect(),
        purse: Arc::new(purse),
    })
}

/// The address of the authorization request.
pub fn authorization_request(settings: &Settings, metadata: &Metadata, state: &str, attempt: &Attempt) -> Url {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&attempt.code_verifier));
    let mut url = metadata.authorization_endpoint.clone();
    url.query_pairs_mut().extend_pairs(attempt.claims.iter().map(|claims| ("claims", claims))).extend_pairs([
        ("client_id", settings.client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", settings.redirect_uri.as_str()),
        ("scope", &scope(settings)),
        ("state", state),
        ("nonce", &attempt.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    url
}
