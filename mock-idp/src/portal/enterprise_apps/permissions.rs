//! GET /portal/enterprise-apps/{spId}/permissions: what the app was granted.
//! GET|POST …/permissions/consent: "Grant admin consent", asked first on a page of its own.
//!
//! Microsoft Entra: "Grant tenant-wide admin consent to an application".

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{
    super::{
        PortalState,
        form::Fields,
        icon::Icon,
        inputs::csrf_field,
        page::Section,
        principal::Principal,
        values::{Callout, callout, table},
        visit::{Instead, Visit},
    },
    app::{EnterpriseApp, Part, action, obstacle_note},
};
use crate::{
    directory::{
        EditError,
        directory_role::Action,
        entries::Index,
        microsoft_graph::{self, GRAPH_APP_ID},
        service_principal::{AppRoleAssignment, OAuth2PermissionGrant},
    },
    html::outside_text,
};

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/enterprise-apps/{id}/permissions", get(list))
        .route("/portal/enterprise-apps/{id}/permissions/consent", get(ask).post(grant))
}

/// A delegated permission that the registration lists.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Configured {
    resource_app_id: String,
    scope: String,
}

/// The delegated permissions that the app is configured to ask for.
fn configured(visit: &Visit, app: &EnterpriseApp) -> Vec<Configured> {
    let resources = app.application.iter().flat_map(|application| &application.required_resource_access);
    let mut found = Vec::new();
    for resource in resources {
        for access in resource.resource_access.iter().filter(|access| access.access_type == "Scope") {
            if let Some(scope) = scope_name(visit, &resource.resource_app_id, &access.id) {
                found.push(Configured { resource_app_id: resource.resource_app_id.clone(), scope });
            }
        }
    }
    found
}

fn scope_name(visit: &Visit, resource_app_id: &str, id: &str) -> Option<String> {
    if resource_app_id == GRAPH_APP_ID {
        return microsoft_graph::DELEGATED.iter().find(|scope| scope.id == id).map(|scope| scope.value.to_owned());
    }
    let home = visit.tenants().home_of(resource_app_id)?;
    let scopes = &home.application(resource_app_id)?.api.oauth2_permission_scopes;
    scopes.iter().find(|scope| scope.id == id).map(|scope| scope.value.clone())
}

fn api_name(visit: &Visit, resource_app_id: &str) -> String {
    match visit.directory.service_principal(resource_app_id) {
        Some(principal) => EnterpriseApp::of(visit, principal.clone()).name,
        None => resource_app_id.to_owned(),
    }
}

fn grants(visit: &Visit, app: &EnterpriseApp) -> Vec<OAuth2PermissionGrant> {
    visit.directory.oauth2_permission_grants.by(Index::Client, &app.principal.id).cloned().collect()
}

fn granted_for_all(visit: &Visit, app: &EnterpriseApp, permission: &Configured) -> bool {
    let Some(resource) = visit.directory.service_principal(&permission.resource_app_id) else { return false };
    let holds = |grant: &OAuth2PermissionGrant| {
        grant.principal_id.is_none()
            && grant.resource_id == resource.id
            && grant.scope.split_whitespace().any(|scope| scope == permission.scope)
    };
    grants(visit, app).iter().any(holds)
}

async fn list(visit: Visit, Path(id): Path<String>) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    let tenant = visit.directory.organization.display_name.clone();
    let obstacle = app.obstacle(&visit, Action::GrantTenantWideConsent);
    let configured = configured(&visit, &app);
    let label = format!("Grant admin consent for {tenant}");
    let page = app.page(Part::Permissions).also_called("API permissions > Grant admin consent, in the app registration");
    let page = match configured.is_empty() {
        true => page,
        false => page.actions(action(&app.path("permissions/consent"), Icon::Shield, &label, obstacle.as_deref())),
    };
    Ok(visit.show(page.body(html! {
        @if !configured.is_empty() { (obstacle_note(obstacle.as_deref())) }
        section class="card" aria-labelledby="configured" {
            header { h2 id="configured" { "Configured permissions" } }
            @if configured.is_empty() { p class="empty" { "The app registration lists no delegated permission." } }
            @else { (table("Configured permissions", &["API", "Permission", "Type", "Status"], configured_rows(&visit, &app, &configured))) }
        }
        section class="card" aria-labelledby="granted" {
            header { h2 id="granted" { "Granted permissions" } }
            (granted(&visit, &app))
        }
    })))
}

fn configured_rows(visit: &Visit, app: &EnterpriseApp, configured: &[Configured]) -> Markup {
    html! {
        @for permission in configured {
            tr {
                th scope="row" { (outside_text(&api_name(visit, &permission.resource_app_id))) }
                td { (outside_text(&permission.scope)) }
                td { "Delegated" }
                td {
                    @if granted_for_all(visit, app, permission) {
                        span class="badge ok" { (Icon::Tick) "Granted for " (outside_text(&visit.directory.organization.display_name)) }
                    } @else { span class="badge" { "Not granted for everybody" } }
                }
            }
        }
    }
}

fn granted(visit: &Visit, app: &EnterpriseApp) -> Markup {
    let grants = grants(visit, app);
    let rows = html! {
        @for grant in &grants {
            @for scope in grant.scope.split_whitespace() {
                tr {
                    th scope="row" { (resource_name(visit, &grant.resource_id)) }
                    td { (outside_text(scope)) }
                    td { @if grant.principal_id.is_some() { "User consent" } @else { "Admin consent" } }
                    td {
                        @match grant.principal_id.as_deref().map(|id| (id, Principal::find(&visit.directory, id))) {
                            None => "An administrator, for everybody",
                            Some((_, Some(user))) => (user.linked()),
                            Some((id, None)) => code { (id) },
                        }
                    }
                }
            }
        }
    };
    let own = own_permissions(visit, app);
    let rows = html! {
        (rows)
        @for (api, permission) in &own {
            tr {
                th scope="row" { (outside_text(api)) }
                td { (outside_text(permission)) }
                td { "Application permission" }
                td { "An administrator, for the app itself" }
            }
        }
    };
    html! {
        @if grants.is_empty() && own.is_empty() { p class="empty" { "Nothing was granted yet. Users are asked when they first sign in." } }
        @else { (table("Granted permissions", &["API", "Permission", "Granted through", "Granted by"], rows)) }
    }
}

/// What the app may do as itself, without a user: the API and its app role.
fn own_permissions(visit: &Visit, app: &EnterpriseApp) -> Vec<(String, String)> {
    let assignments = visit.directory.app_role_assignments.by(Index::Principal, &app.principal.id);
    let named = |assignment: &AppRoleAssignment| {
        let api = EnterpriseApp::of(visit, visit.directory.service_principals.get(&assignment.resource_id)?.clone());
        let of_graph = microsoft_graph::APPLICATION.iter().find(|role| role.id == assignment.app_role_id).map(|role| role.value.to_owned());
        let of_api = || api.roles().iter().find(|role| role.id == assignment.app_role_id)?.value.clone();
        let permission = of_graph.or_else(of_api).unwrap_or_else(|| assignment.app_role_id.clone());
        Some((api.name, permission))
    };
    assignments.filter_map(named).collect()
}

fn resource_name(visit: &Visit, resource_id: &str) -> Markup {
    let principal = visit.directory.service_principals.get(resource_id);
    html! { @match principal { Some(principal) => (outside_text(&EnterpriseApp::of(visit, principal.clone()).name)), None => code { (resource_id) } } }
}

/// The app, if the visitor may consent for everybody.
fn allowed(visit: &Visit, id: &str) -> Result<EnterpriseApp, Instead> {
    let app = EnterpriseApp::find(visit, id)?;
    match app.obstacle(visit, Action::GrantTenantWideConsent) {
        Some(reason) => Err(visit.forbidden(Section::EnterpriseApps, &reason)),
        None => Ok(app),
    }
}

async fn ask(visit: Visit, Path(id): Path<String>) -> Result<Response, Instead> {
    let app = allowed(&visit, &id)?;
    let tenant = &visit.directory.organization.display_name;
    let body = html! {
        section class="card" aria-labelledby="consent" {
            header { h2 id="consent" { "Grant admin consent for " (outside_text(tenant)) "?" } }
            div class="pad stack" {
                p { "Nobody in " (outside_text(tenant)) " is asked any more whether " strong { (outside_text(&app.name)) } " may:" }
                ul class="list" {
                    @for permission in configured(&visit, &app) {
                        li { (outside_text(&permission.scope)) " at " (outside_text(&api_name(&visit, &permission.resource_app_id))) }
                    }
                }
                (callout(Callout::Warning, html! { p { "The app can then act for every user within these permissions. Grant them only to an app that you trust." } }))
                form method="post" action=(app.path("permissions/consent")) class="submit" {
                    (csrf_field(&visit.session.csrf))
                    button class="btn fill" type="submit" { "Yes" }
                    a class="btn line" href=(app.path("permissions")) { "No" }
                }
            }
        }
    };
    Ok(visit.show(app.page(Part::Permissions).body(body)))
}

async fn grant(visit: Visit, Path(id): Path<String>, _: Fields) -> Result<Response, Instead> {
    let app = allowed(&visit, &id)?;
    let (app_id, configured) = (app.app_id().to_owned(), configured(&visit, &app));
    let granted = visit.edit(move |directory| {
        for permission in &configured {
            directory.grant_tenant_wide_consent(&app_id, &permission.resource_app_id, &permission.scope);
        }
        Ok::<(), EditError>(())
    });
    match granted.await {
        Ok(()) => {
            let notice = format!("Granted admin consent for {}.", visit.directory.organization.display_name);
            Ok(visit.done(&app.path("permissions"), notice))
        }
        Err(error) => Err(visit.not_kept(Section::EnterpriseApps, &error)),
    }
}
