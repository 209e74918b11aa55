//! App registrations: Graph's `application` resource.
//! Source: Microsoft Graph v1.0 "application resource type"; limits in "App manifest reference".

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    credential::{KeyCredential, PasswordCredential},
    entries::{Entry, Index},
};

/// Who may sign in to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInAudience {
    /// Only accounts of the tenant that holds the registration.
    AzureADMyOrg,
    /// Accounts of any Entra tenant.
    AzureADMultipleOrgs,
    /// Accounts of any Entra tenant and personal accounts.
    AzureADandPersonalMicrosoftAccount,
    /// Personal accounts only.
    PersonalMicrosoftAccount,
}

/// Graph's `application`: the registration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The object id. Only Graph uses it.
    pub id: String,
    /// The application (client) id.
    pub app_id: String,
    /// The name that people see at sign-in.
    pub display_name: String,
    /// Who may sign in.
    #[serde(default = "single_tenant")]
    pub sign_in_audience: SignInAudience,
    /// Names under which the app offers an API of its own (`api://{appId}`).
    #[serde(default)]
    pub identifier_uris: Vec<String>,
    /// A server that can keep a secret.
    #[serde(default)]
    pub web: WebPlatform,
    /// A page that redeems its codes itself, across origins.
    #[serde(default)]
    pub spa: RedirectUris,
    /// A program on a device that cannot keep a secret.
    #[serde(default)]
    pub public_client: RedirectUris,
    /// Whether flows without a redirect URI take the app for a public client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_fallback_public_client: Option<bool>,
    /// The roles that the app defines.
    #[serde(default)]
    pub app_roles: Vec<AppRole>,
    /// The API that the app offers, if any.
    #[serde(default)]
    pub api: ApiApplication,
    /// The permissions that the app asks for beforehand.
    #[serde(default)]
    pub required_resource_access: Vec<RequiredResourceAccess>,
    /// Claims beyond the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub optional_claims: Option<OptionalClaims>,
    /// `None`, `SecurityGroup`, `ApplicationGroup`, `DirectoryRole` or `All`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_membership_claims: Option<String>,
    /// Client secrets, as hashes.
    #[serde(default)]
    pub password_credentials: Vec<PasswordCredential>,
    /// Certificates for client assertions.
    #[serde(default)]
    pub key_credentials: Vec<KeyCredential>,
    /// Object ids of those who may change the registration: users, service principals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

const fn single_tenant() -> SignInAudience {
    SignInAudience::AzureADMyOrg
}

impl Application {
    /// A single-tenant web app with one redirect URI. Ids are given when it is registered.
    pub fn web(display_name: impl Into<String>, redirect_uri: impl Into<String>) -> Self {
        Self {
            id: String::new(),
            app_id: String::new(),
            display_name: display_name.into(),
            sign_in_audience: SignInAudience::AzureADMyOrg,
            identifier_uris: Vec::new(),
            web: WebPlatform { redirect_uris: vec![redirect_uri.into()], ..WebPlatform::default() },
            spa: RedirectUris::default(),
            public_client: RedirectUris::default(),
            is_fallback_public_client: None,
            app_roles: Vec::new(),
            api: ApiApplication::default(),
            required_resource_access: Vec::new(),
            optional_claims: None,
            group_membership_claims: None,
            password_credentials: Vec::new(),
            key_credentials: Vec::new(),
            owners: Vec::new(),
            other_properties: Map::new(),
        }
    }

    /// Adds a redirect URI of the web platform.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.web.redirect_uris.push(redirect_uri.into());
        self
    }

    /// Adds an enabled role for users and groups, with `value` as its name. Its id is given when the app is registered.
    pub fn app_role(mut self, value: impl Into<String>) -> Self {
        let value = value.into();
        self.app_roles.push(AppRole {
            id: String::new(),
            allowed_member_types: vec!["User".to_owned()],
            display_name: value.clone(),
            description: value.clone(),
            value: Some(value),
            is_enabled: true,
            other_properties: Map::new(),
        });
        self
    }

    /// Every registered redirect URI, with the platform it belongs to.
    pub fn redirect_uris(&self) -> impl Iterator<Item = (Platform, &str)> {
        let web = self.web.redirect_uris.iter().map(|uri| (Platform::Web, uri.as_str()));
        let spa = self.spa.redirect_uris.iter().map(|uri| (Platform::SinglePage, uri.as_str()));
        let public = self.public_client.redirect_uris.iter().map(|uri| (Platform::PublicClient, uri.as_str()));
        web.chain(spa).chain(public)
    }

    /// The redirect URIs of one platform, to change them.
    pub fn redirect_uris_of(&mut self, platform: Platform) -> &mut Vec<String> {
        match platform {
            Platform::Web => &mut self.web.redirect_uris,
            Platform::SinglePage => &mut self.spa.redirect_uris,
            Platform::PublicClient => &mut self.public_client.redirect_uris,
        }
    }

    /// The role with this value, whether it is enabled or not.
    pub fn role_by_value(&self, value: &str) -> Option<&AppRole> {
        self.app_roles.iter().find(|role| role.value.as_deref() == Some(value))
    }
}

impl Entry for Application {
    const KIND: &'static str = "application";

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        let names = [(Index::AppId, self.app_id.clone()), (Index::DisplayName, self.display_name.clone())];
        let uris = self.identifier_uris.iter().map(|uri| (Index::IdentifierUri, uri.clone()));
        let owners = self.owners.iter().map(|owner| (Index::Owner, owner.clone()));
        names.into_iter().chain(uris).chain(owners).collect()
    }
}

/// The kind of client that a redirect URI is registered for. It decides how a code may be redeemed.
/// Source: Microsoft identity platform, "Redirect URI (reply URL) outline and restrictions".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Platform {
    /// Confidential: redeems with a credential.
    Web,
    /// Redeems from a browser, across origins, with PKCE and without a secret.
    SinglePage,
    /// Redeems without a credential.
    PublicClient,
}

/// The `web` member of an application.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebPlatform {
    /// Where answers may go.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// The page of the app that is told when a session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logout_url: Option<String>,
    /// Which tokens the authorization endpoint may hand out.
    #[serde(default)]
    pub implicit_grant_settings: ImplicitGrantSettings,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

/// Switches of the implicit and hybrid flows, both off unless set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImplicitGrantSettings {
    /// ID tokens from the authorization endpoint.
    #[serde(default)]
    pub enable_id_token_issuance: bool,
    /// Access tokens from the authorization endpoint.
    #[serde(default)]
    pub enable_access_token_issuance: bool,
}

/// The redirect URIs of one platform.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedirectUris {
    /// Where answers may go.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// Graph's `appRole`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppRole {
    /// A GUID chosen by whoever makes the role.
    pub id: String,
    /// `User` (users and groups), `Application`, or both.
    pub allowed_member_types: Vec<String>,
    /// The name that people see; it may hold spaces.
    pub display_name: String,
    /// What the role allows.
    #[serde(default)]
    pub description: String,
    /// What the `roles` claim holds.
    #[serde(default)]
    pub value: Option<String>,
    /// Whether the role can be newly assigned. Existing assignments keep their effect.
    #[serde(default = "role_enabled")]
    pub is_enabled: bool,
    /// What the mock does not act on (`origin`): kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

const fn role_enabled() -> bool {
    true
}

/// The `api` member of an application.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiApplication {
    /// 1 (or absent) gives v1.0 access tokens, 2 gives v2.0.
    #[serde(default)]
    pub requested_access_token_version: Option<u8>,
    /// The delegated permissions that the API offers.
    #[serde(default)]
    pub oauth2_permission_scopes: Vec<PermissionScope>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

/// A delegated permission of an API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionScope {
    /// A GUID.
    pub id: String,
    /// The scope's name, for example `Files.Read`.
    pub value: String,
    /// `User`: everybody may consent. `Admin`: only an administrator.
    #[serde(rename = "type", default = "user_consent")]
    pub consent_type: String,
    /// Whether the scope can be asked for.
    #[serde(default = "role_enabled")]
    pub is_enabled: bool,
    /// What the mock does not act on (the consent texts): kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

fn user_consent() -> String {
    "User".to_owned()
}

/// The permissions that an app asks of one API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequiredResourceAccess {
    /// The API's application id.
    pub resource_app_id: String,
    /// The permissions.
    pub resource_access: Vec<ResourceAccess>,
}

/// One permission of an API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceAccess {
    /// The scope's or role's id.
    pub id: String,
    /// `Scope` (delegated) or `Role` (application).
    #[serde(rename = "type")]
    pub access_type: String,
}

/// Claims beyond the usual, by kind of token.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionalClaims {
    /// For ID tokens.
    #[serde(default)]
    pub id_token: Vec<OptionalClaim>,
    /// For access tokens.
    #[serde(default)]
    pub access_token: Vec<OptionalClaim>,
    /// For SAML tokens, which the mock does not issue.
    #[serde(default)]
    pub saml2_token: Vec<OptionalClaim>,
}

/// One claim beyond the usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OptionalClaim {
    /// The claim's name.
    pub name: String,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}
