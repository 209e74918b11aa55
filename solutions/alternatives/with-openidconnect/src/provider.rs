//! The identity provider, by way of `openidconnect`.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, LogoutRequest, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, SignatureVerificationError, StandardErrorResponse,
    StandardTokenResponse, TokenResponse, reqwest,
};
use serde::{Deserialize, Serialize};
use solution_02::Config;
use tokio::sync::Mutex;
use url::Url;

use crate::sign_in_records::Person;

const TIMEOUT: Duration = Duration::from_secs(5);
const LEEWAY_SECONDS: u64 = 5 * 60;
/// An unknown key is a reason to fetch the keys again, but not more often than this: anybody can invent a key id.
const BETWEEN_REFRESHES: Duration = Duration::from_secs(30);
const KEYS_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// What Entra ID adds to the standard claims.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct EntraClaims {
    tid: String,
    oid: String,
    nbf: u64,
    #[serde(default)]
    roles: Vec<String>,
}

impl AdditionalClaims for EntraClaims {}

type EntraIdTokenClaims = openidconnect::IdTokenClaims<EntraClaims, CoreGenderClaim>;
type EntraIdTokenFields =
    IdTokenFields<EntraClaims, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type EntraIdToken = openidconnect::IdToken<EntraClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type EntraClient = Client<
    EntraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<EntraIdTokenFields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why a sign-in goes no further.
#[derive(Debug)]
pub enum ProviderError {
    /// It is down, slow, or not who it should be.
    Unavailable,
    /// It does not take the code, or its token is worth nothing.
    NotAccepted,
}

/// An authorization request, and what must be kept of it.
pub struct AuthorizationRequest {
    pub url: Url,
    pub state: CsrfToken,
    pub nonce: Nonce,
    pub code_verifier: PkceCodeVerifier,
}

pub struct Provider {
    config: Arc<Config>,
    http: reqwest::Client,
    known: Mutex<Known>,
}

/// The discovery document with the keys; `openidconnect` fetches both at once.
#[derive(Default)]
struct Known {
    metadata: Option<ProviderMetadataWithLogout>,
    fetched: Option<Instant>,
    refreshed: Option<Instant>,
}

impl Provider {
    pub fn new(config: Arc<Config>) -> Self {
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build();
        Self { config, http: http.expect("these options are always valid"), known: Mutex::default() }
    }

    pub async fn authorization_request(&self) -> Result<AuthorizationRequest, ProviderError> {
        let client = self.client(self.metadata().await?);
        let (challenge, code_verifier) = PkceCodeChallenge::new_random_sha256();
        // 16 bytes is the crate's own length for both; 32 cost nothing.
        let fresh = || CsrfToken::new_random_len(32);
        let (url, state, nonce) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, fresh, move || Nonce::new(fresh().into_secret()))
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("offline_access".to_owned()))
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok(AuthorizationRequest { url, state, nonce, code_verifier })
    }

    /// Redeems the code and validates the ID token.
    pub async fn person(&self, code: String, code_verifier: String, nonce: &Nonce) -> Result<Person, ProviderError> {
        let response = self
            .client(self.metadata().await?)
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| ProviderError::Unavailable)?
            .set_pkce_verifier(PkceCodeVerifier::new(code_verifier))
            .request_async(&self.http)
            .await
            // The error may quote the answer, and the answer may hold tokens: it is not printed.
            .map_err(|_| ProviderError::NotAccepted)?;
        let id_token = response.id_token().ok_or(ProviderError::NotAccepted)?;
        let claims = self.verified_claims(id_token, nonce).await?;
        self.judge(&claims)
    }

    /// Signature, algorithm, issuer, audience, expiry and nonce are the crate's work.
    async fn verified_claims(&self, id_token: &EntraIdToken, nonce: &Nonce) -> Result<EntraIdTokenClaims, ProviderError> {
        let mut verdict = self.verify(self.metadata().await?, id_token, nonce);
        let is_unknown_key = |error: &ClaimsVerificationError| {
            matches!(error, ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
        };
        if verdict.as_ref().is_err_and(is_unknown_key)
            && let Some(refreshed) = self.refreshed_metadata().await?
        {
            verdict = self.verify(refreshed, id_token, nonce);
        }
        verdict.map_err(|_| ProviderError::NotAccepted)
    }

    fn verify(
        &self,
        metadata: ProviderMetadataWithLogout,
        id_token: &EntraIdToken,
        nonce: &Nonce,
    ) -> Result<EntraIdTokenClaims, ClaimsVerificationError> {
        let client = self.client(metadata);
        id_token.claims(&client.id_token_verifier(), nonce).cloned()
    }

    /// What the crate does not look at: the tenant, and "not before".
    fn judge(&self, claims: &EntraIdTokenClaims) -> Result<Person, ProviderError> {
        let entra = claims.additional_claims();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        if entra.tid != self.config.tenant_id() || entra.nbf > now + LEEWAY_SECONDS {
            return Err(ProviderError::NotAccepted);
        }
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        Ok(Person {
            tenant_id: entra.tid.clone(),
            object_id: entra.oid.clone(),
            name: name.unwrap_or_default(),
            username: claims.preferred_username().map(|name| name.to_string()).unwrap_or_default(),
            roles: entra.roles.clone(),
        })
    }

    /// Where a sign-out ends at the provider; `None` if it names no such place.
    pub async fn logout_url(&self) -> Option<Url> {
        let metadata = self.metadata().await.ok()?;
        let home = PostLogoutRedirectUrl::new(self.config.post_logout_redirect_uri()).ok()?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone()?;
        Some(LogoutRequest::from(endpoint).set_post_logout_redirect_uri(home).http_get_url())
    }

    async fn metadata(&self) -> Result<ProviderMetadataWithLogout, ProviderError> {
        let mut known = self.known.lock().await;
        let is_fresh = known.fetched.is_some_and(|fetched| fetched.elapsed() < KEYS_LIFETIME);
        if let Some(metadata) = known.metadata.as_ref().filter(|_| is_fresh) {
            return Ok(metadata.clone());
        }
        self.fetch(&mut known).await
    }

    async fn refreshed_metadata(&self) -> Result<Option<ProviderMetadataWithLogout>, ProviderError> {
        let mut known = self.known.lock().await;
        if known.refreshed.is_some_and(|refreshed| refreshed.elapsed() < BETWEEN_REFRESHES) {
            // Another sign-in may just have fetched the key.
            return Ok(known.metadata.clone());
        }
        known.refreshed = Some(Instant::now());
        self.fetch(&mut known).await.map(Some)
    }

    /// The crate compares the document's issuer with the one that was asked.
    async fn fetch(&self, known: &mut Known) -> Result<ProviderMetadataWithLogout, ProviderError> {
        let issuer = IssuerUrl::new(self.config.issuer()).map_err(|_| ProviderError::Unavailable)?;
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &self.http).await.map_err(|error| {
            eprintln!("discovery: {error}");
            ProviderError::Unavailable
        })?;
        known.metadata = Some(metadata.clone());
        known.fetched = Some(Instant::now());
        Ok(metadata)
    }

    fn client(&self, metadata: ProviderMetadataWithLogout) -> EntraClient {
        let secret = ClientSecret::new(self.config.client_secret.expose().to_owned());
        let redirect_uri = RedirectUrl::new(self.config.redirect_uri.clone()).expect("checked when the configuration was read");
        EntraClient::from_provider_metadata(metadata, ClientId::new(self.config.client_id.clone()), Some(secret))
            .set_redirect_uri(redirect_uri)
    }
}
