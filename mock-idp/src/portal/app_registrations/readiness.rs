//! What is still to do before the app of unit 4 can be started with this registration.

use maud::{Markup, html};

use super::Part;
use crate::{
    directory::{
        application::Application,
        entries::Index,
        microsoft_graph::{self, GRAPH_APP_ID},
    },
    html::outside_text,
    portal::{icon::Icon, visit::Visit},
};

/// The roles that unit 3 asks for.
const ROLES: [&str; 4] = ["Client", "Claims.Adjuster", "Insights.Analyst", "Policy.Admin"];

/// One step.
struct Step {
    words: &'static str,
    path: String,
    detail: String,
    done: bool,
}

/// The list of steps, as a card.
pub fn card(visit: &Visit, app: &Application) -> Markup {
    let steps = steps(visit, app);
    let done = steps.iter().filter(|step| step.done).count();
    html! {
        section class="card" aria-labelledby="ready" {
            header {
                h2 id="ready" { "Ready for unit 4" }
                span class="end" {
                    span class={ "badge" @if done == steps.len() { " ok" } @else { " warn" } } { (done) " of " (steps.len()) }
                }
            }
            ol class="ready" { @for step in &steps { (entry(step)) } }
        }
    }
}

fn entry(step: &Step) -> Markup {
    html! {
        li class=@if step.done { "done" } @else { "todo" } {
            span class="dot" { @if step.done { (Icon::Tick) } @else { (Icon::Exclamation) } }
            span {
                @if step.done { (step.words) span class="vh" { " (done)" } }
                @else { a href=(step.path) { (step.words) } span class="vh" { " (to do)" } }
                @if !step.detail.is_empty() { small { (outside_text(&step.detail)) } }
            }
        }
    }
}

fn steps(visit: &Visit, app: &Application) -> Vec<Step> {
    let directory = &visit.directory;
    let principal = directory.service_principal(&app.app_id);
    let assigned = principal.map_or(0, |principal| directory.app_role_assignments.by(Index::Resource, &principal.id).count());
    let missing: Vec<&str> = ROLES.into_iter().filter(|value| app.role_by_value(value).is_none()).collect();
    let secret = app.password_credentials.iter().rfind(|secret| secret.is_current(visit.now));
    let assign = principal.map(|principal| format!("/portal/enterprise-apps/{}/users-and-groups", principal.id));
    vec![
        Step { words: "App registered", path: Part::Overview.path(app), detail: String::new(), done: true },
        Step {
            words: "Web redirect URI",
            path: Part::Authentication.path(app),
            detail: app.web.redirect_uris.first().cloned().unwrap_or_else(|| "http://localhost:5000/getAToken".to_owned()),
            done: !app.web.redirect_uris.is_empty(),
        },
        Step {
            words: "Client secret",
            path: Part::Credentials.path(app),
            detail: secret.and_then(|secret| secret.display_name.clone()).unwrap_or_default(),
            done: secret.is_some(),
        },
        Step { words: "User.Read permission", path: Part::Permissions.path(app), detail: String::new(), done: asks_for_user_read(app) },
        Step {
            words: "App roles",
            path: Part::Roles.path(app),
            detail: if missing.is_empty() { String::new() } else { format!("Unit 3 asks for these too: {}.", missing.join(", ")) },
            done: missing.is_empty(),
        },
        Step {
            words: "Roles assigned to people",
            path: assign.unwrap_or_else(|| "/portal/enterprise-apps".to_owned()),
            detail: "Roles are defined here and assigned under Enterprise apps.".to_owned(),
            done: assigned > 0,
        },
    ]
}

fn asks_for_user_read(app: &Application) -> bool {
    let user_read = microsoft_graph::delegated("User.Read").map(|permission| permission.id);
    let of_graph = app.required_resource_access.iter().filter(|it| it.resource_app_id.eq_ignore_ascii_case(GRAPH_APP_ID));
    of_graph.flat_map(|it| &it.resource_access).any(|access| user_read.is_some_and(|id| id.eq_ignore_ascii_case(&access.id)))
}
