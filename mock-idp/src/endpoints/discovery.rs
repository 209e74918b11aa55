//! GET /{tenant}/v2.0/.well-known/openid-configuration
//!
//! What apps learn endpoints and issuer from (OpenID Connect Discovery 1.0 §4; members and their order as the Microsoft identity
//! platform answers them), and the two look-ups that SDKs make before it: instance discovery and user realm.

use axum::{
    Json, Router,
    extract::{Path, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    ProtocolState,
    error_response::{ErrorResponse, reject},
    path_tenant::PathTenant,
};
use crate::{
    faults::{Fault, FaultScope},
    oauth::{error::ProtocolError, parameters::Parameters},
    request_context::RequestContext,
};

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new()
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(openid_configuration))
        .route("/{tenant}/.well-known/openid-configuration", get(v1_configuration))
        .route("/common/discovery/instance", get(instance))
        .route("/common/userrealm/{user}", get(user_realm))
}

/// The discovery document.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "OpenID Connect Discovery §3 and the Microsoft identity platform define the members")]
pub struct ProviderMetadata {
    pub token_endpoint: String,
    pub token_endpoint_auth_methods_supported: [&'static str; 3],
    pub jwks_uri: String,
    pub response_modes_supported: [&'static str; 3],
    pub subject_types_supported: [&'static str; 1],
    pub id_token_signing_alg_values_supported: [&'static str; 1],
    pub response_types_supported: [&'static str; 4],
    pub scopes_supported: [&'static str; 4],
    pub issuer: String,
    pub request_uri_parameter_supported: bool,
    pub userinfo_endpoint: String,
    pub authorization_endpoint: String,
    pub device_authorization_endpoint: String,
    pub http_logout_supported: bool,
    pub frontchannel_logout_supported: bool,
    pub end_session_endpoint: String,
    pub claims_supported: [&'static str; 19],
    pub kerberos_endpoint: String,
    pub tenant_region_scope: Option<&'static str>,
    pub cloud_instance_name: &'static str,
    pub cloud_graph_host_name: &'static str,
    pub msgraph_host: &'static str,
    pub rbac_url: &'static str,
}

impl ProviderMetadata {
    /// The document of a path tenant at an origin.
    pub fn of(origin: &str, tenant: &PathTenant) -> Self {
        let at = |path: &str| format!("{origin}/{}/{path}", tenant.segment());
        Self {
            token_endpoint: at("oauth2/v2.0/token"),
            token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            jwks_uri: at("discovery/v2.0/keys"),
            response_modes_supported: ["query", "fragment", "form_post"],
            subject_types_supported: ["pairwise"],
            id_token_signing_alg_values_supported: ["RS256"],
            response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
            scopes_supported: ["openid", "profile", "email", "offline_access"],
            issuer: format!("{origin}/{}/v2.0", tenant.issuer_segment()),
            request_uri_parameter_supported: false,
            userinfo_endpoint: format!("{origin}/graph/oidc/userinfo"),
            authorization_endpoint: at("oauth2/v2.0/authorize"),
            device_authorization_endpoint: at("oauth2/v2.0/devicecode"),
            http_logout_supported: true,
            frontchannel_logout_supported: true,
            end_session_endpoint: at("oauth2/v2.0/logout"),
            claims_supported: [
                "sub",
                "iss",
                "cloud_instance_name",
                "cloud_instance_host_name",
                "cloud_graph_host_name",
                "msgraph_host",
                "aud",
                "exp",
                "iat",
                "auth_time",
                "acr",
                "nonce",
                "preferred_username",
                "name",
                "tid",
                "ver",
                "at_hash",
                "c_hash",
                "email",
            ],
            kerberos_endpoint: at("kerberos"),
            tenant_region_scope: tenant.directory().map(|_| "EU"),
            cloud_instance_name: "microsoftonline.com",
            cloud_graph_host_name: "graph.windows.net",
            msgraph_host: "graph.microsoft.com",
            rbac_url: "https://pas.windows.net",
        }
    }
}

async fn openid_configuration(
    State(state): State<ProtocolState>,
    context: RequestContext,
    Path(tenant): Path<String>,
) -> Result<Response, ErrorResponse> {
    let tenant = resolve(&tenant, &state).map_err(|error| reject(&context, error))?;
    let mut document = ProviderMetadata::of(&context.origin, &tenant);
    if state.faults.strikes(Fault::ForeignIssuerInDiscovery, &FaultScope::default()) {
        document.issuer = format!("https://login.evil.example/{}/v2.0", tenant.issuer_segment());
    }
    Ok(cacheable(document))
}

async fn v1_configuration(
    State(state): State<ProtocolState>,
    context: RequestContext,
    Path(tenant): Path<String>,
) -> Result<Response, ErrorResponse> {
    let tenant = resolve(&tenant, &state).map_err(|error| reject(&context, error))?;
    let at = |path: &str| format!("{}/{}/{path}", context.origin, tenant.segment());
    // The mock's endpoints are v2.0; the older document leads to them. Departs from Entra: there the v1.0 endpoints differ.
    Ok(cacheable(json!({
        "authorization_endpoint": at("oauth2/v2.0/authorize"),
        "token_endpoint": at("oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": at("discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "token id_token", "token"],
        "scopes_supported": ["openid"],
        "issuer": format!("{}/{}/", context.origin, tenant.issuer_segment()),
        "userinfo_endpoint": format!("{}/graph/oidc/userinfo", context.origin),
        "end_session_endpoint": at("oauth2/v2.0/logout"),
        "cloud_instance_name": "microsoftonline.com",
        "cloud_graph_host_name": "graph.windows.net",
        "msgraph_host": "graph.microsoft.com",
    })))
}

/// The tenant of a path that needs no sign-in: an unknown one is `invalid_tenant` there.
pub(super) fn resolve(segment: &str, state: &ProtocolState) -> Result<PathTenant, ProtocolError> {
    PathTenant::resolve(segment, &state.tenants).map_err(|error| match error {
        ProtocolError::TenantNotFound(name) => ProtocolError::TenantNotFoundInDiscovery(name),
        other => other,
    })
}

/// The headers of discovery and keys: cached for a day.
pub(super) fn cacheable(document: impl Serialize) -> Response {
    let mut response = Json(document).into_response();
    for (name, value) in [
        (header::CACHE_CONTROL, "max-age=86400, private"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, OPTIONS"),
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Which authorities belong together. MSAL asks this before it trusts an unknown host.
async fn instance(context: RequestContext, RawQuery(query): RawQuery) -> Result<Response, ErrorResponse> {
    let parameters = Parameters::parse(query.unwrap_or_default());
    let here = context.origin.split("://").nth(1).unwrap_or_default();
    let tenant = tenant_asked_about(&parameters, &context.origin).map_err(|error| reject(&context, error))?;
    Ok(cacheable(json!({
        "tenant_discovery_endpoint": format!("{}/{tenant}/v2.0/.well-known/openid-configuration", context.origin),
        "api-version": "1.1",
        "metadata": [{ "preferred_network": here, "preferred_cache": here, "aliases": [here] }],
    })))
}

/// The tenant of the authorization endpoint in the question, if its host is the one of `origin`. Host names are compared without the
/// port, which MSAL for Python leaves out of its question.
fn tenant_asked_about(parameters: &Parameters, origin: &str) -> Result<String, ProtocolError> {
    let asked = parameters.required("authorization_endpoint")?;
    let asked = url::Url::parse(asked).ok().filter(url::Url::has_host).ok_or(ProtocolError::MalformedInstance)?;
    let here = url::Url::parse(origin).ok();
    if asked.host() != here.as_ref().and_then(url::Url::host) {
        return Err(ProtocolError::UnknownInstance);
    }
    let tenant = asked.path_segments().and_then(|mut segments| segments.next().map(str::to_owned));
    tenant.filter(|tenant| !tenant.is_empty()).ok_or(ProtocolError::MalformedInstance)
}

/// Whether the user's domain signs in here or elsewhere.
async fn user_realm(State(state): State<ProtocolState>, Path(user): Path<String>) -> Json<Value> {
    let domain = user.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    Json(match state.tenants.find(domain) {
        Some(_) => json!({
            "ver": "1.0", "account_type": "Managed", "domain_name": domain,
            "cloud_instance_name": "microsoftonline.com", "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }),
        None => json!({ "ver": "1.0", "account_type": "Unknown" }),
    })
}
