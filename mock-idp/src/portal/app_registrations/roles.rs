//! GET /portal/apps/{appId}/roles: "App roles". Roles are defined here; they are assigned under Enterprise apps.

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{Part, SECTION, find, or_refused, page_of};
use crate::{
    directory::{
        application::{AppRole, Application},
        directory_role::Action,
        refusal::Refusal,
    },
    html::outside_text,
    portal::{
        PortalState,
        icon::Icon,
        inputs::csrf_field,
        page::Page,
        values::{Callout, callout, table},
        visit::{Instead, Visit},
    },
};

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/apps/{app_id}/roles", get(list))
        .route("/portal/apps/{app_id}/roles/{role_id}/delete", get(ask).post(delete))
}

async fn list(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Roles.path(&app);
    let principal = visit.directory.service_principal(&app.app_id);
    let page = page_of(&app, Part::Roles).body(html! {
        p class="prose" {
            "App roles are custom roles to assign permissions to users or apps. The application defines and publishes the app roles and "
            "interprets them as permissions during authorization: they arrive in the " code { "roles" } " claim."
        }
        p class="row" {
            (right.link("fill", Icon::Plus, "Create app role", &format!("{path}/new")))
            @if let Some(principal) = principal {
                a class="btn line" href={ "/portal/enterprise-apps/" (principal.id) "/users-and-groups" } { (Icon::People) "Assign users and groups" }
            }
        }
        (right.note())
        section class="card" aria-label="App roles" {
            @if app.app_roles.is_empty() { p class="empty" { "No app roles have been defined." } } @else { (rows(&app, &path)) }
        }
    });
    Ok(visit.show(page))
}

fn rows(app: &Application, path: &str) -> Markup {
    table(
        "App roles",
        &["Display name", "Description", "Allowed member types", "Value", "ID", "State"],
        html! {
            @for role in &app.app_roles {
                tr {
                    th scope="row" { a href={ (path) "/" (role.id) } { (outside_text(&role.display_name)) } }
                    td { (outside_text(&role.description)) }
                    td { (member_types(role)) }
                    td { code { (outside_text(role.value.as_deref().unwrap_or_default())) } }
                    td { code class="id" { (outside_text(&role.id)) } }
                    td { @if role.is_enabled { span class="badge ok" { (Icon::Tick) "Enabled" } } @else { span class="badge" { "Disabled" } } }
                }
            }
        },
    )
}

fn member_types(role: &AppRole) -> String {
    let words = |kind: &String| if kind == "User" { "Users/Groups".to_owned() } else { format!("{kind}s") };
    role.allowed_member_types.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// The role with this id.
///
/// # Errors
/// A page that helps (404).
pub fn find_role<'a>(visit: &Visit, app: &'a Application, id: &str) -> Result<&'a AppRole, Instead> {
    let role = app.app_roles.iter().find(|role| role.id.eq_ignore_ascii_case(id));
    role.ok_or_else(|| {
        visit.not_found(SECTION, "app role", html! { p { a href=(Part::Roles.path(app)) { "App roles" } " lists those of this app." } })
    })
}

async fn ask(visit: Visit, Path((app_id, role_id)): Path<(String, String)>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let role = find_role(&visit, &app, &role_id)?;
    Ok(visit.show(confirmation(&visit, &app, role)))
}

async fn delete(visit: Visit, Path((app_id, role_id)): Path<(String, String)>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let role = find_role(&visit, &app, &role_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let (id, gone) = (app.id.clone(), role.id.clone());
    let change = move |app: &mut Application| app.app_roles.retain(|role| role.id != gone);
    match visit.edit(move |directory| directory.update_application(&id, change)).await {
        Err(Refusal::EnabledEntitlement { .. }) => Ok(visit.show_again(confirmation(&visit, &app, role))),
        result => {
            or_refused(&visit, result)?;
            Ok(visit.done(&Part::Roles.path(&app), format!("Deleted the app role {} and its assignments.", role.display_name)))
        }
    }
}

fn confirmation(visit: &Visit, app: &Application, role: &AppRole) -> Page {
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Roles.path(app);
    let page = Page::part(SECTION, &app.display_name, "Delete app role").under(&app.display_name, Part::Overview.path(app));
    page.under(Part::Roles.name(), path.clone()).body(html! {
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/" (role.id) "/delete" } {
            (csrf_field(&visit.session.csrf))
            @if role.is_enabled {
                (callout(Callout::Refusal, html! {
                    p { strong { "An enabled app role cannot be deleted. Disable it first:" } " open "
                        a href={ (path) "/" (role.id) } { (outside_text(&role.display_name)) }
                        ", untick “Do you want to enable this app role?”, press Apply, then delete it." }
                }))
            }
            p { "Delete the app role " strong { (outside_text(&role.display_name)) } " (" code { (outside_text(role.value.as_deref().unwrap_or_default())) } ")?" }
            p { "Its assignments are deleted with it. People find the role in their tokens no more from their next sign-in on." }
            div class="submit" { (right.submit("line danger", "Delete")) a class="btn line" href=(path) { "Cancel" } }
        }
    })
}
