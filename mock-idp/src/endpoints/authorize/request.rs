//! Judging an authorize request, in the order in which Entra does: while the app's redirect URI is not trusted every error is a page;
//! afterwards every error travels to the app (RFC 6749 §4.1.2.1).

use crate::{
    directory::{
        Tenants,
        application::{Application, Platform},
    },
    endpoints::path_tenant::PathTenant,
    oauth::{
        error::ProtocolError,
        parameters::Parameters,
        pkce::CodeChallenge,
        prompt::Prompt,
        redirect_uri::RedirectUri,
        response::{ResponseMode, ResponseType},
        scope::ScopeSet,
    },
    tokens::issue::Resource,
    trace::Recording,
};

/// An app and a redirect URI that is registered for it. Only [`trust`] makes one, so no answer can go anywhere else.
#[derive(Debug, Clone)]
pub struct TrustedClient {
    /// The app.
    pub application: Application,
    /// Where the answer goes.
    pub redirect_uri: RedirectUri,
    /// The kind of client that the redirect URI is registered for.
    pub platform: Platform,
}

/// The part of the request that decides whether its app is trusted: client, then redirect URI.
///
/// # Errors
/// What is shown on a page: [`ProtocolError::MissingParameter`], the errors of [`PathTenant::application`],
/// [`ProtocolError::NoReplyAddress`], [`ProtocolError::RedirectUriMismatch`].
pub fn trust(
    parameters: &Parameters,
    tenant: &PathTenant,
    tenants: &Tenants,
    recording: &Recording,
) -> Result<TrustedClient, ProtocolError> {
    let client =
        parameters.required("client_id").and_then(|id| tenant.application(id, tenants).or_else(|error| without_tenant(error, id, tenants)));
    let application = recording.judge("client", "The application is known in this tenant", client)?;
    recording.app(&application.app_id);
    let redirect_uri = recording.judge("redirect_uri", "The redirect URI is registered", trusted_redirect_uri(parameters, &application))?;
    Ok(TrustedClient { application, redirect_uri: redirect_uri.0, platform: redirect_uri.1 })
}

/// At `common` a single-tenant app is refused only once the user is known, and then by redirect. Here: let it pass.
fn without_tenant(error: ProtocolError, client_id: &str, tenants: &Tenants) -> Result<Application, ProtocolError> {
    match error {
        ProtocolError::SingleTenantApplication { .. } => tenants.application(client_id).ok_or(error),
        error => Err(error),
    }
}

fn trusted_redirect_uri(parameters: &Parameters, application: &Application) -> Result<(RedirectUri, Platform), ProtocolError> {
    let mut registered = application.redirect_uris();
    let asked = match parameters.optional("redirect_uri")? {
        Some(text) => RedirectUri::new(text),
        // Without one Entra picks a registered one.
        None => return registered.next().map(|(platform, uri)| (RedirectUri::new(uri), platform)).ok_or(ProtocolError::NoReplyAddress),
    };
    let mut registered = registered.peekable();
    if registered.peek().is_none() {
        return Err(ProtocolError::NoReplyAddress);
    }
    match registered.find(|(_, uri)| asked.matches(uri)) {
        Some((platform, _)) => Ok((asked, platform)),
        None => Err(ProtocolError::RedirectUriMismatch { redirect_uri: asked.as_str().to_owned(), client_id: application.app_id.clone() }),
    }
}

/// The rest of the request, once its shape is known to be right.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// What is handed out.
    pub response_type: ResponseType,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// What the tokens shall allow.
    pub scope: ScopeSet,
    /// The resources of the scopes, with the names by which they were asked for.
    pub resources: Vec<(String, Resource)>,
    /// Returned in the ID token.
    pub nonce: Option<String>,
    /// The PKCE challenge.
    pub code_challenge: Option<CodeChallenge>,
    /// What the user must be shown.
    pub prompt: Option<Prompt>,
    /// Who probably signs in.
    pub login_hint: Option<String>,
    /// Whether `client_info` is wanted in the answer.
    pub wants_client_info: bool,
}

/// Judges the rest of the request: response type and mode, scope, nonce, PKCE, prompt.
///
/// # Errors
/// What the app is told by redirect.
pub fn parse(
    parameters: &Parameters,
    client: &TrustedClient,
    tenant: &PathTenant,
    tenants: &Tenants,
    recording: &Recording,
) -> Result<AuthorizationRequest, ProtocolError> {
    if parameters.pairs().iter().any(|(name, _)| name == "request" || name == "request_uri") {
        return Err(ProtocolError::MalformedRequest("Request objects are not supported.".to_owned()));
    }
    // The first one is returned with the refusal of a second.
    parameters.optional("state")?;
    let response_type = recording.judge("response_type", "The response type is enabled", response_type(parameters, &client.application))?;
    let response_mode = recording.judge(
        "response_mode",
        "The response mode fits the response type",
        ResponseMode::from_request(parameters, response_type),
    )?;
    let scope = recording.judge("scope", "The scopes exist", scope(parameters, client, tenant, tenants))?;
    let nonce = recording.judge("nonce", "A nonce comes with a request for an ID token", nonce(parameters, response_type))?;
    let code_challenge = recording.judge("pkce", "The code challenge is well formed", CodeChallenge::from_request(parameters))?;
    let spa = client.platform == Platform::SinglePage;
    if spa && response_type.code && code_challenge.is_none() {
        return Err(ProtocolError::CodeChallengeRequired);
    }
    let prompt =
        recording.judge("prompt", "The prompt is known", parameters.optional("prompt").and_then(|it| it.map(Prompt::parse).transpose()))?;
    let login_hint = parameters.optional("login_hint")?.map(crate::tokens::issue::user_of_login_hint);
    if prompt == Some(Prompt::SelectAccount) && login_hint.is_some() {
        return Err(ProtocolError::HintWithSelectAccount);
    }
    let (scope, resources) = scope;
    Ok(AuthorizationRequest {
        response_type,
        response_mode,
        scope,
        resources,
        nonce,
        code_challenge,
        prompt,
        login_hint,
        wants_client_info: parameters.optional("client_info")? == Some("1"),
    })
}

fn response_type(parameters: &Parameters, application: &Application) -> Result<ResponseType, ProtocolError> {
    let response_type = ResponseType::parse(parameters.required("response_type")?)?;
    let enabled = application.web.implicit_grant_settings;
    match response_type {
        ResponseType { id_token: true, .. } if !enabled.enable_id_token_issuance => Err(ProtocolError::IdTokenNotEnabled),
        ResponseType { token: true, .. } if !enabled.enable_access_token_issuance => Err(ProtocolError::TokenNotEnabled),
        response_type => Ok(response_type),
    }
}

type ScopesAndResources = (ScopeSet, Vec<(String, Resource)>);

fn scope(
    parameters: &Parameters,
    client: &TrustedClient,
    tenant: &PathTenant,
    tenants: &Tenants,
) -> Result<ScopesAndResources, ProtocolError> {
    let scope = ScopeSet::parse(parameters.required("scope")?)?;
    let mut resources = Vec::new();
    for name in scope.resources() {
        resources.push((name.to_owned(), super::resource::resolve(name, &client.application, tenant, tenants)?));
    }
    for asked in scope.api_scopes().filter(|asked| !asked.is_default()) {
        if let Some((_, resource)) = resources.iter().find(|(name, _)| *name == asked.resource) {
            super::resource::require_scope(asked, resource, &client.application)?;
        }
    }
    // Entra since 2026: `resource` at v2.0 must name the resource of the scopes.
    if let Some(resource) = parameters.optional("resource")?
        && !resources.iter().any(|(name, _)| name == resource)
    {
        return Err(ProtocolError::ResourceMismatch { resource: resource.to_owned() });
    }
    Ok((scope, resources))
}

fn nonce(parameters: &Parameters, response_type: ResponseType) -> Result<Option<String>, ProtocolError> {
    // Required only when `/authorize` itself hands out an ID token (OIDC Core §3.2.2.1).
    match response_type.id_token {
        true => parameters.required("nonce").map(|nonce| Some(nonce.to_owned())),
        false => Ok(parameters.optional("nonce")?.map(str::to_owned)),
    }
}
