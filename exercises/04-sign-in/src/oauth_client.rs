//! The `oauth2` crate, fitted to our identity provider. Ready-made: it is about types, not about the protocol.

use std::fmt;

use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthUrl, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields, RedirectUrl, StandardRevocableToken,
    StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use web_app::{Config, ProviderMetadata};

/// The field that OpenID Connect adds to OAuth's token response (OIDC Core §3.1.3.3). The `oauth2` crate is about OAuth
/// alone and would drop it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenField {
    /// Present when the scope `openid` was asked for.
    pub id_token: Option<String>,
}

impl fmt::Debug for IdTokenField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl ExtraTokenFields for IdTokenField {}

/// A token response with an ID token.
pub type OpenIdTokenResponse = StandardTokenResponse<IdTokenField, BasicTokenType>;

/// A client that knows the authorization endpoint and the token endpoint, and no other.
pub type OAuthClient = Client<
    BasicErrorResponse,
    OpenIdTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,    // authorization endpoint
    EndpointNotSet, // device authorization endpoint
    EndpointNotSet, // introspection endpoint
    EndpointNotSet, // revocation endpoint
    EndpointSet,    // token endpoint
>;

/// The client of our registration at our provider.
pub fn oauth_client(config: &Config, metadata: &ProviderMetadata) -> OAuthClient {
    Client::new(ClientId::new(config.client_id.clone()))
        .set_client_secret(ClientSecret::new(config.client_secret.expose().to_owned()))
        // `client_secret_post`: the secret travels in the form, as in Microsoft's own examples.
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(metadata.authorization_endpoint.clone()))
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()))
        .set_redirect_uri(RedirectUrl::new(config.redirect_uri.clone()).expect("checked when the configuration was read"))
}
