//! GET /portal/enterprise-apps/{spId}/users-and-groups
//! GET|POST …/users-and-groups/remove: asks first, on a page of its own.
//!
//! Microsoft Entra: "Manage users and groups assignment to an application".

use axum::{
    Router,
    extract::{Path, Query, RawQuery},
    response::Response,
    routing::get,
};
use maud::{Markup, html};

use super::{
    super::{
        PortalState,
        form::Fields,
        icon::Icon,
        inputs::csrf_field,
        listing::{Asked, any_holds},
        page::Section,
        principal::{Principal, counted, role_cell},
        values::{Callout, callout, table},
        visit::{Instead, Visit},
    },
    app::{EnterpriseApp, Part, action, obstacle_note},
};
use crate::directory::{directory_role::Action, entries::Index, refusal::Refusal, service_principal::AppRoleAssignment};

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/enterprise-apps/{id}/users-and-groups", get(list))
        .route("/portal/enterprise-apps/{id}/users-and-groups/remove", get(ask).post(remove))
}

/// An assignment with whoever holds it.
struct Row {
    assignment: AppRoleAssignment,
    principal: Principal,
}

fn rows(visit: &Visit, app: &EnterpriseApp) -> Vec<Row> {
    let assignments = visit.directory.app_role_assignments.by(Index::Resource, &app.principal.id);
    let row = |assignment: &AppRoleAssignment| {
        let principal = Principal::find(&visit.directory, &assignment.principal_id)?;
        Some(Row { assignment: assignment.clone(), principal })
    };
    assignments.filter_map(row).collect()
}

async fn list(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    let obstacle = app.obstacle(&visit, Action::AssignAppRole);
    let page = app.page(Part::UsersAndGroups).also_called("Users and groups > Add user/group (Azure portal)");
    let page = page.actions(action(&app.path("users-and-groups/add"), Icon::Plus, "Add user/group", obstacle.as_deref()));
    Ok(visit.show(page.body(html! {
        (obstacle_note(obstacle.as_deref()))
        @if !app.principal.app_role_assignment_required {
            p class="note" {
                "Everybody in the directory can sign in to this app, assigned or not. An assignment gives a role. "
                a href=(app.path("properties")) { "Assignment required?" } " set to Yes lets only the assigned in."
            }
        }
        (assignments(&visit, &app, &asked, obstacle.as_deref()))
    })))
}

fn assignments(visit: &Visit, app: &EnterpriseApp, asked: &Asked, obstacle: Option<&str>) -> Markup {
    let path = app.path("users-and-groups");
    let words = asked.words();
    let all = rows(visit, app).into_iter().filter(|row| any_holds(&[&row.principal.name, &row.principal.detail], &words));
    let part = asked.part_of(all.collect(), |row| &row.assignment.id);
    let rows = html! {
        @for Row { assignment, principal } in &part.entries {
            tr {
                td {
                    label class="tick" {
                        input type="checkbox" name="assignment" value=(assignment.id) disabled[obstacle.is_some()];
                        span class="vh" { "Select " (principal.name) }
                    }
                }
                th scope="row" { (principal.linked()) }
                td { (principal.kind_name()) }
                td { (role_cell(app.roles(), &assignment.app_role_id)) }
            }
        }
    };
    html! {
        section class="card" aria-label="Assigned users and groups" {
            (asked.search(&path, "Search by name"))
            @if part.entries.is_empty() { (asked.nothing("Nobody is assigned yet. Choose “Add user/group”.")) }
            @else {
                form method="get" action=(app.path("users-and-groups/remove")) {
                    (table("Assignments", &["Select", "Display name", "Object type", "Role assigned"], rows))
                    div class="pad" {
                        button class="btn line danger" type="submit" disabled[obstacle.is_some()]
                            aria-describedby=[obstacle.map(|_| "obstacle")] { (Icon::Bin) "Remove" }
                    }
                }
            }
            (asked.pages(&path, &part))
        }
    }
}

/// The rows whose ids were ticked.
fn ticked(visit: &Visit, app: &EnterpriseApp, ids: &[&str]) -> Vec<Row> {
    rows(visit, app).into_iter().filter(|row| ids.contains(&row.assignment.id.as_str())).collect()
}

async fn ask(visit: Visit, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let chosen = ticked(&visit, &app, &fields.all("assignment").collect::<Vec<_>>());
    let back = app.path("users-and-groups");
    let page = app.page(Part::UsersAndGroups);
    if chosen.is_empty() {
        return Ok(visit.show_again(page.body(html! {
            (callout(Callout::Warning, html! { p { "No assignment was selected, so there is nothing to remove. Tick the box of at least one." } }))
            p { a class="btn line" href=(back) { "Back to the list" } }
        })));
    }
    Ok(visit.show(page.body(html! {
        section class="card" aria-labelledby="remove" {
            header { h2 id="remove" { "Remove " (counted(chosen.len(), "assignment")) "?" } }
            div class="pad stack" {
                ul class="list" {
                    @for Row { assignment, principal } in &chosen {
                        li { (principal.linked()) ": " (role_cell(app.roles(), &assignment.app_role_id)) }
                    }
                }
                p {
                    "They lose the role at their next sign-in. Tokens that were issued before keep it until they expire. "
                    "The users, the groups and the role itself stay."
                }
                form method="post" action=(app.path("users-and-groups/remove")) class="submit" {
                    (csrf_field(&visit.session.csrf))
                    @for Row { assignment, .. } in &chosen { input type="hidden" name="assignment" value=(assignment.id); }
                    button class="btn line danger" type="submit" { (Icon::Bin) "Remove" }
                    a class="btn line" href=(back) { "Cancel" }
                }
            }
        }
    })))
}

async fn remove(visit: Visit, Path(id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    if let Some(reason) = app.obstacle(&visit, Action::AssignAppRole) {
        return Err(visit.forbidden(Section::EnterpriseApps, &reason));
    }
    let chosen = ticked(&visit, &app, &fields.all("assignment").collect::<Vec<_>>());
    let ids: Vec<String> = chosen.into_iter().map(|row| row.assignment.id).collect();
    let count = ids.len();
    let removed = visit.edit(move |directory| ids.iter().try_for_each(|id| directory.remove_app_role_assignment(id))).await;
    match removed {
        // Whoever was faster has removed it already.
        Ok(()) | Err(Refusal::NotFound(_)) => {
            Ok(visit.done(&app.path("users-and-groups"), format!("Removed {}.", counted(count, "assignment"))))
        }
        Err(refusal) => Err(app.refused(&visit, &refusal)),
    }
}
