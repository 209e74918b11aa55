//! GET /portal/apps/{appId}/permissions: "API permissions", and the consent of an administrator for the whole tenant.

mod configured;
mod request;

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{Part, SECTION, find, or_refused, page_of};
use crate::{
    directory::{
        Directory, application::Application, directory_role::Action, entries::Index, refusal::Refusal, service_principal::ConsentType,
    },
    html::outside_text,
    portal::{
        PortalState,
        icon::Icon,
        inputs::csrf_field,
        page::Page,
        right::Right,
        values::table,
        visit::{Instead, Visit},
    },
};
use configured::{Kind, Permission, Status};

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .merge(request::routes())
        .route("/portal/apps/{app_id}/permissions", get(show))
        .route("/portal/apps/{app_id}/permissions/consent", get(ask).post(grant))
        .route("/portal/apps/{app_id}/permissions/revoke", get(ask_revoke).post(revoke))
}

/// Permissions of an app's own (application permissions) need more than delegated ones.
fn right_to_grant(visit: &Visit, permissions: &[Permission]) -> Action {
    let own = permissions.iter().any(|permission| permission.kind == Kind::Application);
    if own && visit.directory.may(&visit.user, Action::GrantTenantWideConsent, None) {
        Action::GrantGraphAppRole
    } else {
        Action::GrantTenantWideConsent
    }
}

async fn show(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let permissions = configured::of(&visit.directory, &app);
    let right = visit.right(right_to_grant(&visit, &permissions), None);
    let may_change = visit.right(Action::ManageApplication, Some(&app.id)) == Right::Held;
    let (path, tenant) = (Part::Permissions.path(&app), &visit.directory.organization.display_name);
    let granted = permissions.iter().any(|permission| permission.status == Status::Granted);
    let page = page_of(&app, Part::Permissions).body(html! {
        (right.note())
        section class="card" aria-labelledby="configured" {
            header {
                h2 id="configured" { "Configured permissions" }
                span class="end" {
                    @if may_change { a class="btn sm line" href={ (path) "/add/graph" } { (Icon::Plus) "Add a permission" } }
                    @if !permissions.is_empty() { (right.link("sm line", Icon::Tick, &format!("Grant admin consent for {tenant}"), &format!("{path}/consent"))) }
                    @if granted { (right.link("sm danger", Icon::Bin, "Revoke admin consent", &format!("{path}/revoke"))) }
                }
            }
            div class="pad" { p {
                "Applications are authorized to call APIs when they are granted permissions by users or administrators as part of the consent "
                "process. This list holds what the app asks for beforehand; at sign-in it can ask for more."
            } }
            @if permissions.is_empty() { p class="empty" { "No permissions are configured." } }
            @else { (listing(&permissions, tenant)) }
        }
        p class="note" {
            "Whoever signs in can consent to " code { "User.Read" } " for herself. Permissions that need an administrator's consent, "
            "for example " code { "User.Read.All" } ", stop the sign-in of everybody else until one has granted it."
        }
    });
    Ok(visit.show(page))
}

fn listing(permissions: &[Permission], tenant: &str) -> Markup {
    table(
        "Configured permissions",
        &["Permission", "API", "Type", "Description", "Admin consent required", "Status"],
        html! {
            @for permission in permissions {
                tr {
                    th scope="row" { (outside_text(&permission.name)) }
                    td { (outside_text(&permission.api)) }
                    td { (permission.kind.name()) }
                    td { (outside_text(&permission.description)) }
                    td { @if permission.needs_admin { "Yes" } @else { "No" } }
                    td {
                        @match (permission.status, permission.needs_admin) {
                            (Status::Granted, _) => span class="badge ok" { (Icon::Tick) "Granted for " (outside_text(tenant)) },
                            (Status::NotGranted, true) => span class="badge warn" { (Icon::Exclamation) "Not granted for " (outside_text(tenant)) },
                            (Status::NotGranted, false) => "-",
                        }
                    }
                }
            }
        },
    )
}

async fn ask(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let permissions = configured::of(&visit.directory, &app);
    let right = visit.right(right_to_grant(&visit, &permissions), None);
    let tenant = visit.directory.organization.display_name.clone();
    let question = html! {
        p { "Do you want to grant consent for the requested permissions for all accounts in " (outside_text(&tenant)) "? Nobody in this tenant "
            "is asked for them any more." }
        ul class="list" { @for permission in &permissions { li { code { (outside_text(&permission.name)) } " " (outside_text(&permission.description)) } } }
    };
    Ok(visit.show(confirmation(&visit, &app, "Grant admin consent confirmation", "consent", &right, question, "Yes")))
}

async fn grant(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let permissions = configured::of(&visit.directory, &app);
    visit.require(right_to_grant(&visit, &permissions), None, SECTION)?;
    let (asked, now) = (app.clone(), visit.now);
    let granted = visit.edit(move |directory| configured::grant_all(directory, &asked, now)).await;
    or_refused(&visit, granted)?;
    let tenant = &visit.directory.organization.display_name;
    Ok(visit.done(&Part::Permissions.path(&app), format!("Granted admin consent for the requested permissions in {tenant}.")))
}

async fn ask_revoke(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let right = visit.right(Action::GrantTenantWideConsent, None);
    let question = html! {
        p { "Remove the admin consent for all delegated permissions of this app? People are asked again at their next sign-in. What they "
            "consented to themselves stays." }
    };
    Ok(visit.show(confirmation(&visit, &app, "Revoke admin consent", "revoke", &right, question, "Yes, remove")))
}

async fn revoke(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::GrantTenantWideConsent, None, SECTION)?;
    let client = app.app_id.clone();
    let revoked = visit.edit(move |directory| revoke_for_everybody(directory, &client)).await;
    or_refused(&visit, revoked)?;
    Ok(visit.done(&Part::Permissions.path(&app), "Revoked the admin consent."))
}

fn revoke_for_everybody(directory: &mut Directory, app_id: &str) -> Result<(), Refusal> {
    let Some(client) = directory.service_principal(app_id).map(|principal| principal.id.clone()) else { return Ok(()) };
    let for_all = directory.oauth2_permission_grants.by(Index::Client, &client).filter(|it| it.consent_type == ConsentType::AllPrincipals);
    let ids: Vec<String> = for_all.map(|grant| grant.id.clone()).collect();
    ids.iter().try_for_each(|id| directory.delete_grant(id))
}

fn confirmation(visit: &Visit, app: &Application, part: &str, action: &str, right: &Right, question: Markup, yes: &str) -> Page {
    let path = Part::Permissions.path(app);
    let page = Page::part(SECTION, &app.display_name, part).under(&app.display_name, Part::Overview.path(app));
    page.under(Part::Permissions.name(), path.clone()).body(html! {
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/" (action) } {
            (csrf_field(&visit.session.csrf))
            (question)
            div class="submit" { (right.submit("fill", yes)) a class="btn line" href=(path) { "No" } }
        }
    })
}
