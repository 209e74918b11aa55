//! The API that a scope names.

use crate::{
    directory::{
        Tenants,
        application::Application,
        microsoft_graph::{GRAPH_APP_ID, GRAPH_RESOURCE, delegated},
    },
    endpoints::path_tenant::PathTenant,
    oauth::{error::ProtocolError, scope::Scope},
    tokens::issue::Resource,
};

/// Finds the resource with this identifier: Graph, an App ID URI, or a client id.
///
/// # Errors
/// [`ProtocolError::UnknownResource`]; [`ProtocolError::TokenForItself`] when an app names itself by its App ID URI.
pub fn resolve(name: &str, client: &Application, tenant: &PathTenant, tenants: &Tenants) -> Result<Resource, ProtocolError> {
    if name.eq_ignore_ascii_case(GRAPH_RESOURCE) || name.trim_end_matches('/') == GRAPH_RESOURCE || name.eq_ignore_ascii_case(GRAPH_APP_ID)
    {
        return Ok(Resource::MicrosoftGraph);
    }
    let all = tenants.all();
    let here = all.iter().filter(|directory| tenant.directory().is_none_or(|it| it.tenant_id() == directory.tenant_id()));
    let by_uri = |application: &&Application| application.identifier_uris.iter().any(|uri| uri == name);
    let by_id = |application: &&Application| application.app_id.eq_ignore_ascii_case(name);
    let found = here.flat_map(|directory| directory.applications.iter()).find(|application| by_uri(application) || by_id(application));
    match found {
        Some(application) if application.app_id == client.app_id && !by_id(&application) => {
            Err(ProtocolError::TokenForItself { client_id: client.app_id.clone(), name: client.display_name.clone() })
        }
        Some(application) => Ok(Resource::Api(Box::new(application.clone()))),
        None => Err(ProtocolError::UnknownResource { resource: name.to_owned(), tenant: tenant.name().to_owned() }),
    }
}

/// Whether the resource offers the scope.
///
/// # Errors
/// [`ProtocolError::UnknownScope`].
pub fn require_scope(asked: &Scope, resource: &Resource, client: &Application) -> Result<(), ProtocolError> {
    let (known, name) = match resource {
        Resource::MicrosoftGraph => (delegated(&asked.name).is_some(), GRAPH_APP_ID.to_owned()),
        Resource::Api(api) => {
            let offers = api.api.oauth2_permission_scopes.iter().any(|scope| scope.is_enabled && scope.value == asked.name);
            (offers, api.app_id.clone())
        }
    };
    if known {
        Ok(())
    } else {
        Err(ProtocolError::UnknownScope { client_id: client.app_id.clone(), scope: asked.name.clone(), resource: name })
    }
}
