//! How Graph shows a service principal: what the tenant set, and what follows from the registration.
//! Source: Microsoft Graph v1.0, "servicePrincipal resource type", JSON representation.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{
    directory::{
        Directory, Tenants,
        application::Application,
        microsoft_graph::{self, Consenter, GRAPH_APP_ID, GRAPH_RESOURCE},
        service_principal::ServicePrincipal,
    },
    graph::applications::shape as application_shape,
};

/// The name of Microsoft Graph, which no tenant here registers.
const GRAPH_NAME: &str = "Microsoft Graph";

/// The tenant that owns Microsoft Graph. Microsoft Entra, "Verify first-party Microsoft applications in sign-in reports".
const MICROSOFT_TENANT_ID: &str = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/// What service principals are shown from.
#[derive(Debug, Clone, Copy)]
pub(in crate::graph) struct Shapes<'c> {
    /// The tenant.
    pub(in crate::graph) directory: &'c Directory,
    /// All tenants: the registration may be in another one.
    pub(in crate::graph) tenants: &'c Tenants,
}

impl Shapes<'_> {
    /// Everything that is known about a service principal, by the names of Graph.
    pub(in crate::graph) fn known(&self, principal: &ServicePrincipal) -> Map<String, Value> {
        let mut known = match serde_json::to_value(principal) {
            Ok(Value::Object(known)) => known,
            _ => Map::new(),
        };
        known.insert("servicePrincipalType".to_owned(), json!("Application"));
        application_shape::complete(&mut known, "info", application_shape::info());
        let publisher = json!({ "displayName": null, "verifiedPublisherId": null, "addedDateTime": null });
        application_shape::complete(&mut known, "verifiedPublisher", publisher);
        let followed = if principal.app_id == GRAPH_APP_ID {
            microsoft_graph()
        } else if let Some(application) = self.directory.application(&principal.app_id) {
            registered(application, self.directory.tenant_id())
        } else if let Some((home, application)) = self.home(&principal.app_id) {
            registered(&application, home.tenant_id())
        } else {
            json!({ "servicePrincipalNames": [principal.app_id] })
        };
        if let Value::Object(followed) = followed {
            known.extend(followed);
        }
        known
    }

    fn home(&self, app_id: &str) -> Option<(Arc<Directory>, Application)> {
        let home = self.tenants.home_of(app_id)?;
        let application = home.application(app_id)?.clone();
        Some((home, application))
    }
}

/// The name of a service principal: that of its application.
pub(in crate::graph) fn display_name(directory: &Directory, principal: &ServicePrincipal, tenants: &Tenants) -> Option<String> {
    if principal.app_id == GRAPH_APP_ID {
        return Some(GRAPH_NAME.to_owned());
    }
    let own = directory.application(&principal.app_id).map(|application| application.display_name.clone());
    own.or_else(|| tenants.home_of(&principal.app_id)?.application(&principal.app_id).map(|it| it.display_name.clone()))
}

/// What follows from a registration in the tenant `owner`.
fn registered(application: &Application, owner: &str) -> Value {
    let names = std::iter::once(&application.app_id).chain(&application.identifier_uris);
    let uris = application.redirect_uris().map(|(_, uri)| uri);
    let other = |name: &str| application.other_properties.get(name);
    json!({
        "appDescription": other("description"),
        "appDisplayName": application.display_name,
        "appOwnerOrganizationId": owner,
        "appRoles": application.app_roles.iter().map(application_shape::app_role).collect::<Vec<_>>(),
        "createdDateTime": other("createdDateTime"),
        "displayName": application.display_name,
        "homepage": application.web.other_properties.get("homePageUrl"),
        "logoutUrl": application.web.logout_url,
        "oauth2PermissionScopes": application.api.oauth2_permission_scopes.iter().map(application_shape::scope).collect::<Vec<_>>(),
        "replyUrls": uris.collect::<Vec<_>>(),
        "servicePrincipalNames": names.collect::<Vec<_>>(),
        "signInAudience": application.sign_in_audience,
    })
}

/// What the mock knows of Microsoft Graph. The texts of its application permissions are not known here, so that each is described by
/// its name.
fn microsoft_graph() -> Value {
    let roles = microsoft_graph::APPLICATION.iter().map(|role| {
        json!({
            "allowedMemberTypes": ["Application"],
            "description": role.value,
            "displayName": role.value,
            "id": role.id,
            "isEnabled": true,
            "origin": "Application",
            "value": role.value,
        })
    });
    let scopes = microsoft_graph::DELEGATED.iter().map(|scope| {
        json!({
            "adminConsentDescription": scope.consent_description,
            "adminConsentDisplayName": scope.consent_text,
            "id": scope.id,
            "isEnabled": true,
            "type": match scope.consenter { Consenter::User => "User", Consenter::Administrator => "Admin" },
            "userConsentDescription": scope.consent_description,
            "userConsentDisplayName": scope.consent_text,
            "value": scope.value,
        })
    });
    json!({
        "appDisplayName": GRAPH_NAME,
        "appOwnerOrganizationId": MICROSOFT_TENANT_ID,
        "appRoles": roles.collect::<Vec<_>>(),
        "displayName": GRAPH_NAME,
        "oauth2PermissionScopes": scopes.collect::<Vec<_>>(),
        "servicePrincipalNames": [GRAPH_RESOURCE, GRAPH_APP_ID],
        "signInAudience": "AzureADMultipleOrgs",
    })
}
