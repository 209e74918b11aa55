//! What goes into the tokens: claims from the directory, the app and the request.
//! Sources: "ID token claims reference", "Access token claims reference", "Configure group claims and app roles in tokens".

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use time::{Duration, OffsetDateTime};

use super::{
    claims::{AccessTokenClaims, Audience, ClientSubject, IdTokenClaims},
    group_claim::GroupClaim,
    mint::half_hash,
};
use crate::{
    directory::{
        Directory,
        application::{Application, OptionalClaim},
        microsoft_graph::{APPLICATION, GRAPH_APP_ID},
        user::{User, UserType},
    },
    oauth::scope::ScopeSet,
    random::{Entropy, derived_bytes},
};

/// Lifetime of a token. Entra picks 60 to 90 minutes; the mock always 60, so that tests can count.
pub const LIFETIME: Duration = Duration::minutes(60);

/// Entra dates its tokens five minutes back, for resources whose clocks are behind: `exp - iat` is 3,900 seconds.
const DATED_BACK: Duration = Duration::minutes(5);

/// The server that issues: its origin and the tenant that the user signs in to.
#[derive(Debug, Clone, Copy)]
pub struct Issuer<'a> {
    /// `http://localhost:8400` or `https://localhost:8443`, as the request came.
    pub origin: &'a str,
    /// The tenant.
    pub directory: &'a Directory,
}

impl Issuer<'_> {
    /// The issuer of v2.0 tokens: no trailing slash.
    pub fn v2(&self) -> String {
        format!("{}/{}/v2.0", self.origin, self.directory.tenant_id())
    }

    /// The issuer of v1.0 tokens: with a trailing slash.
    pub fn v1(&self) -> String {
        format!("{}/{}/", self.origin, self.directory.tenant_id())
    }
}

/// The subject of a user for one app: pairwise (OIDC Core §8.1), 43 characters, the same at every sign-in.
pub fn pairwise_subject(client_id: &str, tenant_id: &str, user_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(derived_bytes(&["sub", client_id, tenant_id, user_id]))
}

/// What a request adds to the claims of an ID token.
#[derive(Debug, Clone)]
pub struct IdTokenContext<'a> {
    /// The scopes in force.
    pub scope: &'a ScopeSet,
    /// The nonce of the request.
    pub nonce: Option<&'a str>,
    /// The sign-in session.
    pub session_id: &'a str,
    /// When the user proved who he is.
    pub authenticated_at: OffsetDateTime,
    /// The code handed out beside the token, from `/authorize` only.
    pub code: Option<&'a str>,
    /// The access token handed out beside the token, from `/authorize` only.
    pub access_token: Option<&'a str>,
    /// Which endpoint hands the token out.
    pub channel: Channel,
}

/// Which endpoint hands a token out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// `/authorize`: the token travels through the browser, perhaps in a URL, and must be short.
    AuthorizationEndpoint,
    /// `/token`.
    TokenEndpoint,
}

/// The claims of an ID token for `user` and `application`.
pub fn id_token_claims(
    issuer: Issuer<'_>,
    application: &Application,
    user: &User,
    context: &IdTokenContext<'_>,
    now: OffsetDateTime,
    entropy: &Entropy,
) -> IdTokenClaims {
    let directory = issuer.directory;
    let optional: Vec<&OptionalClaim> = application.optional_claims.iter().flat_map(|claims| &claims.id_token).collect();
    let wants = |name: &str| optional.iter().any(|claim| claim.name == name);
    let profile = context.scope.has("profile");
    let is_guest = user.user_type == UserType::Guest;
    let email = if context.scope.has("email") || wants("email") || is_guest { user.mail.clone() } else { None };
    let groups = GroupClaim::of(issuer, application, user, context.channel);
    let issued = now - DATED_BACK;
    IdTokenClaims {
        ver: "2.0",
        iss: issuer.v2(),
        sub: pairwise_subject(&application.app_id, directory.tenant_id(), &user.id),
        aud: Audience::One(application.app_id.clone()),
        exp: (now + LIFETIME).unix_timestamp(),
        iat: issued.unix_timestamp(),
        nbf: issued.unix_timestamp(),
        name: profile.then(|| user.display_name.clone()),
        preferred_username: profile.then(|| preferred_username(user)),
        oid: profile.then(|| user.id.clone()),
        tid: directory.tenant_id().to_owned(),
        email,
        idp: is_guest.then(|| identity_provider(user)),
        nonce: context.nonce.map(str::to_owned),
        roles: directory.role_values(&user.id, application),
        groups: groups.listed,
        hasgroups: groups.too_many_for_a_url.then_some(true),
        claim_names: groups.names,
        claim_sources: groups.sources,
        c_hash: context.code.map(half_hash),
        at_hash: context.access_token.map(half_hash),
        sid: wants("sid").then(|| context.session_id.to_owned()),
        login_hint: wants("login_hint").then(|| login_hint(user)),
        auth_time: wants("auth_time").then(|| context.authenticated_at.unix_timestamp()),
        acct: wants("acct").then_some(u8::from(is_guest)),
        upn: (wants("upn") && profile).then(|| user.user_principal_name.clone()),
        given_name: user.given_name.clone().filter(|_| wants("given_name") && profile),
        family_name: user.surname.clone().filter(|_| wants("family_name") && profile),
        aio: entropy.token(36),
        rh: format!("1.A{}.", entropy.token(24)),
        uti: entropy.token(16),
    }
}

/// The `login_hint` claim: opaque to apps, and the user's sign-in name to us.
fn login_hint(user: &User) -> String {
    format!("O.{}", URL_SAFE_NO_PAD.encode(&user.user_principal_name))
}

/// The sign-in name of a `login_hint` or `logout_hint`: the claim's value, or a name as it is.
pub fn user_of_login_hint(hint: &str) -> String {
    let decoded =
        hint.strip_prefix("O.").and_then(|rest| URL_SAFE_NO_PAD.decode(rest).ok()).and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| hint.to_owned())
}

/// Where a guest's account is at home: the `identities` of the user say so, else an address at which one-time codes are received.
fn identity_provider(user: &User) -> String {
    let identities = user.other_properties.get("identities").and_then(|it| it.as_array());
    let federated = identities.into_iter().flatten().find(|it| it["signInType"] == "federated");
    match federated.and_then(|identity| identity["issuer"].as_str()) {
        Some("MicrosoftAccount") => "live.com".to_owned(),
        Some(issuer) => issuer.to_owned(),
        None => "mail".to_owned(),
    }
}

/// A guest signs in with the name of his home; the `#EXT#` name is the tenant's own.
fn preferred_username(user: &User) -> String {
    match (user.user_type, &user.mail) {
        (UserType::Guest, Some(mail)) => mail.clone(),
        _ => user.user_principal_name.clone(),
    }
}

/// The resource of an access token.
#[derive(Debug, Clone, PartialEq)]
pub enum Resource {
    /// Microsoft Graph: v1.0 tokens.
    MicrosoftGraph,
    /// An API of this directory: v1.0 or v2.0 tokens, as it asks for.
    Api(Box<Application>),
}

impl Resource {
    /// The resource's application id.
    pub fn app_id(&self) -> &str {
        match self {
            Self::MicrosoftGraph => GRAPH_APP_ID,
            Self::Api(application) => &application.app_id,
        }
    }

    fn takes_v2_tokens(&self) -> bool {
        matches!(self, Self::Api(application) if application.api.requested_access_token_version == Some(2))
    }
}

/// What an access token is for.
#[derive(Debug, Clone, Copy)]
pub struct AccessTokenTarget<'a> {
    /// The API.
    pub resource: &'a Resource,
    /// The API as the request named it; a v1.0 token repeats it in `aud`.
    pub asked: &'a str,
    /// How long the token lives.
    pub lifetime: Duration,
    /// How the app proved who it is.
    pub authentication: ClientAuthentication,
}

/// How an app proved who it is: the claims `appidacr` and `azpacr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// Not at all: a public client.
    None,
    /// By a client secret.
    Secret,
}

impl ClientAuthentication {
    fn claim(self) -> String {
        match self {
            Self::None => "0",
            Self::Secret => "1",
        }
        .to_owned()
    }
}

/// The claims of an access token with which `application` acts for `user`, holding `scopes`.
pub fn delegated_claims(
    issuer: Issuer<'_>,
    application: &Application,
    user: &User,
    target: AccessTokenTarget<'_>,
    scopes: &[String],
    now: OffsetDateTime,
    entropy: &Entropy,
) -> AccessTokenClaims {
    let (directory, resource) = (issuer.directory, target.resource);
    let v2 = resource.takes_v2_tokens();
    let roles = match resource {
        Resource::MicrosoftGraph => Vec::new(),
        Resource::Api(api) => directory.role_values(&user.id, api),
    };
    AccessTokenClaims {
        acr: (!v2).then(|| "1".to_owned()),
        amr: (!v2).then(|| vec!["pwd".to_owned()]),
        idtyp: matches!(resource, Resource::MicrosoftGraph).then(|| "user".to_owned()),
        name: Some(user.display_name.clone()),
        oid: user.id.clone(),
        preferred_username: v2.then(|| preferred_username(user)),
        roles,
        scp: Some(scopes.join(" ")),
        sub: pairwise_subject(resource.app_id(), directory.tenant_id(), &user.id),
        unique_name: (!v2).then(|| preferred_username(user)),
        upn: (!v2).then(|| user.user_principal_name.clone()),
        xms_st: matches!(resource, Resource::MicrosoftGraph)
            .then(|| ClientSubject { sub: pairwise_subject(&application.app_id, directory.tenant_id(), &user.id) }),
        ..base_claims(issuer, application, target, now, entropy)
    }
}

/// The claims of an access token with which `application` acts for itself on `resource`: no `scp`, no user, perhaps no roles
/// (Microsoft identity platform, "OAuth 2.0 client credentials flow").
pub fn app_only_claims(
    issuer: Issuer<'_>,
    application: &Application,
    target: AccessTokenTarget<'_>,
    now: OffsetDateTime,
    entropy: &Entropy,
) -> AccessTokenClaims {
    let resource = target.resource;
    let principal = issuer.directory.service_principal(&application.app_id).map(|it| it.id.clone()).unwrap_or_default();
    let roles = match resource {
        Resource::MicrosoftGraph => {
            let held = issuer.directory.held_role_ids(&principal, GRAPH_APP_ID);
            APPLICATION.iter().filter(|role| held.contains(&role.id)).map(|role| role.value.to_owned()).collect()
        }
        Resource::Api(api) => issuer.directory.role_values(&principal, api),
    };
    AccessTokenClaims {
        idtyp: matches!(resource, Resource::MicrosoftGraph).then(|| "app".to_owned()),
        oid: principal.clone(),
        roles,
        sub: principal,
        ..base_claims(issuer, application, target, now, entropy)
    }
}

fn base_claims(
    issuer: Issuer<'_>,
    application: &Application,
    target: AccessTokenTarget<'_>,
    now: OffsetDateTime,
    entropy: &Entropy,
) -> AccessTokenClaims {
    let resource = target.resource;
    let v2 = resource.takes_v2_tokens();
    let issued = (now - DATED_BACK).unix_timestamp();
    let client = application.app_id.clone();
    AccessTokenClaims {
        aud: if v2 { resource.app_id().to_owned() } else { target.asked.to_owned() },
        iss: if v2 { issuer.v2() } else { issuer.v1() },
        iat: issued,
        nbf: issued,
        exp: (now + target.lifetime).unix_timestamp(),
        acr: None,
        aio: entropy.token(36),
        amr: None,
        app_displayname: matches!(resource, Resource::MicrosoftGraph).then(|| application.display_name.clone()),
        appid: (!v2).then(|| client.clone()),
        appidacr: (!v2).then(|| target.authentication.claim()),
        azp: v2.then_some(client),
        azpacr: v2.then(|| target.authentication.claim()),
        idtyp: None,
        name: None,
        oid: String::new(),
        preferred_username: None,
        rh: format!("1.A{}.", entropy.token(24)),
        roles: Vec::new(),
        scp: None,
        sub: String::new(),
        tid: issuer.directory.tenant_id().to_owned(),
        unique_name: None,
        upn: None,
        uti: entropy.token(16),
        ver: if v2 { "2.0" } else { "1.0" }.to_owned(),
        xms_st: None,
    }
}
