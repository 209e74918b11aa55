//! GET /portal/enterprise-apps/{spId}

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{
    super::{
        PortalState,
        principal::counted,
        values::{card, copyable},
        visit::{Instead, Visit},
    },
    app::{EnterpriseApp, Home, Part},
};
use crate::{directory::entries::Index, html::outside_text};

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/enterprise-apps/{id}", get(overview))
}

async fn overview(visit: Visit, Path(id): Path<String>) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    let body = html! {
        (card("essentials", "Properties", essentials(&app)))
        (card("next", "What to do here", next_steps(&visit, &app)))
    };
    Ok(visit.show(app.page(Part::Overview).body(body)))
}

fn essentials(app: &EnterpriseApp) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "Name" } dd { (outside_text(&app.name)) } }
            div { dt { "Application ID" } dd { (copyable("Application ID", app.app_id())) } }
            div {
                dt { "Object ID" }
                dd {
                    (copyable("Object ID", &app.principal.id))
                    span class="note" { "of the service principal; the app registration has another one" }
                }
            }
            @if app.home == Home::Here {
                div { dt { "App registration" } dd { a href={ "/portal/apps/" (app.app_id()) } { (outside_text(&app.name)) } } }
            } @else {
                div { dt { "Registered in" } dd { (app.made_by()) } }
            }
        }
    }
}

fn next_steps(visit: &Visit, app: &EnterpriseApp) -> Markup {
    let assigned = visit.directory.app_role_assignments.by(Index::Resource, &app.principal.id).count();
    let grants = visit.directory.oauth2_permission_grants.by(Index::Client, &app.principal.id).count();
    let yes_no = |value: bool| if value { "Yes" } else { "No" };
    html! {
        dl class="facts" {
            div { dt { a href=(app.path("users-and-groups")) { "Users and groups" } } dd { (counted(assigned, "assignment")) } }
            div {
                dt { a href=(app.path("properties")) { "Properties" } }
                dd {
                    "Enabled for users to sign in: " (yes_no(app.principal.account_enabled))
                    "; assignment required: " (yes_no(app.principal.app_role_assignment_required))
                }
            }
            div { dt { a href=(app.path("permissions")) { "Permissions" } } dd { (counted(grants, "grant")) } }
        }
    }
}
