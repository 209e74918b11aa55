//! GET|POST /portal/apps/{appId}/permissions/add/graph: "Request API permissions". What is ticked already is configured; unticking it
//! takes it away, as in the real pane ("Update permissions").

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use crate::{
    directory::{
        application::{Application, RequiredResourceAccess, ResourceAccess},
        directory_role::Action,
        microsoft_graph::{self, Consenter, GRAPH_APP_ID},
    },
    portal::{
        PortalState,
        app_registrations::{Part, SECTION, find, or_refused},
        form::Fields,
        inputs::{csrf_field, tick_box},
        page::Page,
        visit::{Instead, Visit},
    },
};

/// The names of the two lists of boxes, and what the registration calls their kind.
const KINDS: [(&str, &str); 2] = [("delegated", "Scope"), ("application", "Role")];

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps/{app_id}/permissions/add/graph", get(show).post(update))
}

async fn show(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Permissions.path(&app);
    let page = Page::part(SECTION, &app.display_name, "Request API permissions").under(&app.display_name, Part::Overview.path(&app));
    Ok(visit.show(page.under(Part::Permissions.name(), path.clone()).body(html! {
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/add/graph" } {
            (csrf_field(&visit.session.csrf))
            h2 { "Microsoft Graph" }
            p { "What type of permissions does your application require?" }
            (delegated(&app))
            (application(&app))
            div class="submit" { (right.submit("fill", "Update permissions")) a class="btn line" href=(path) { "Discard" } }
        }
    })))
}

fn delegated(app: &Application) -> Markup {
    html! {
        fieldset class="group" {
            legend { "Delegated permissions" }
            p class="hint" { "Your application needs to access the API as the signed-in user." }
            @for known in microsoft_graph::DELEGATED {
                @let admin = if known.consenter == Consenter::Administrator { " Admin consent required." } else { "" };
                (tick_box("delegated", known.id, html! { code { (known.value) } small { (known.consent_text) "." (admin) } }, has(app, "Scope", known.id)))
            }
        }
    }
}

fn application(app: &Application) -> Markup {
    html! {
        fieldset class="group" {
            legend { "Application permissions" }
            p class="hint" { "Your application runs as a background service or daemon without a signed-in user. An administrator must consent." }
            @for known in microsoft_graph::APPLICATION {
                (tick_box("application", known.id, html! { code { (known.value) } small { "Admin consent required." } }, has(app, "Role", known.id)))
            }
        }
    }
}

fn has(app: &Application, kind: &str, id: &str) -> bool {
    let of_graph = app.required_resource_access.iter().filter(|it| it.resource_app_id.eq_ignore_ascii_case(GRAPH_APP_ID));
    of_graph.flat_map(|it| &it.resource_access).any(|access| access.access_type == kind && access.id.eq_ignore_ascii_case(id))
}

async fn update(visit: Visit, Path(app_id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let id = app.id.clone();
    let updated = visit.edit(move |directory| directory.update_application(&id, |app| choose(app, &fields))).await;
    or_refused(&visit, updated)?;
    Ok(visit.done(&Part::Permissions.path(&app), "Updated the permissions. Who consented before is asked again for what is new."))
}

/// Puts the ticked permissions in the place of those that the form offers. Others, which a manifest brought, stay.
fn choose(app: &mut Application, fields: &Fields) {
    let is_offered = |access: &ResourceAccess| match access.access_type.as_str() {
        "Scope" => microsoft_graph::DELEGATED.iter().any(|known| known.id.eq_ignore_ascii_case(&access.id)),
        _ => microsoft_graph::APPLICATION.iter().any(|known| known.id.eq_ignore_ascii_case(&access.id)),
    };
    let place = app.required_resource_access.iter().position(|it| it.resource_app_id.eq_ignore_ascii_case(GRAPH_APP_ID));
    let old = place.map(|place| app.required_resource_access.remove(place).resource_access).unwrap_or_default();
    let ticked = KINDS
        .iter()
        .flat_map(|(field, kind)| fields.all(field).map(|id| ResourceAccess { id: id.to_owned(), access_type: (*kind).to_owned() }));
    let mut chosen: Vec<ResourceAccess> = old.into_iter().filter(|access| !is_offered(access)).collect();
    chosen.extend(ticked.filter(is_offered));
    if !chosen.is_empty() {
        let graph = RequiredResourceAccess { resource_app_id: GRAPH_APP_ID.to_owned(), resource_access: chosen };
        app.required_resource_access.insert(place.unwrap_or(0), graph);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(app: &mut Application, body: &str) -> Vec<(String, String)> {
        choose(app, &Fields::parse(body.as_bytes()));
        let accesses = app.required_resource_access.iter().flat_map(|it| it.resource_access.clone());
        accesses.map(|access| (access.access_type, access.id)).collect()
    }

    #[test]
    fn ticked_permissions_replace_the_offered_ones_and_no_others() {
        let mut app = Application::web("claims-portal", "http://localhost/");
        let read = microsoft_graph::delegated("User.Read").expect("known").id;
        let role = microsoft_graph::APPLICATION[0].id;
        assert_eq!(
            chosen(&mut app, &format!("delegated={read}&application={role}&delegated=made-up")),
            [("Scope".to_owned(), read.to_owned()), ("Role".to_owned(), role.to_owned())]
        );
        let foreign = ResourceAccess { id: "9769c687-087d-48ac-9cb3-c37dde652038".to_owned(), access_type: "Scope".to_owned() };
        app.required_resource_access[0].resource_access.push(foreign.clone());
        assert_eq!(chosen(&mut app, ""), [(foreign.access_type, foreign.id)]);
    }
}
