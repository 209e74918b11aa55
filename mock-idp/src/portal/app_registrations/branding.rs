//! GET|POST /portal/apps/{appId}/branding: the name that people see at sign-in.

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::html;

use super::{Part, SECTION, find, mistakes_of, page_of};
use crate::{
    directory::{application::Application, directory_role::Action},
    portal::{
        PortalState,
        form::Fields,
        inputs::{Field, csrf_field},
        mistakes::Mistakes,
        page::Page,
        visit::{Instead, Visit},
    },
};

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps/{app_id}/branding", get(show).post(save))
}

async fn show(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    Ok(visit.show(render(&visit, &app, &app.display_name, &Mistakes::none())))
}

async fn save(visit: Visit, Path(app_id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let (id, name) = (app.id.clone(), fields.text("name").trim().to_owned());
    match visit.edit(move |directory| directory.update_application(&id, |app| app.display_name = name)).await {
        Ok(_) => Ok(visit.done(&Part::Branding.path(&app), "Saved. People see the new name at their next sign-in.")),
        Err(refusal) => {
            let mistakes = mistakes_of(&visit, &refusal, &[("displayName", "name", "Name")])?;
            Ok(visit.show_again(render(&visit, &app, fields.text("name"), &mistakes)))
        }
    }
}

fn render(visit: &Visit, app: &Application, name: &str, mistakes: &Mistakes) -> Page {
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    page_of(app, Part::Branding).body(html! {
        (mistakes.summary())
        (right.note())
        form class="card pad stack" method="post" action=(Part::Branding.path(app)) {
            (csrf_field(&visit.session.csrf))
            (Field::required("name", "Name")
                .hint(html! { "People see it at sign-in. It need not be unique, and the Application (client) ID stays the same." })
                .text(name, mistakes))
            div class="submit" {
                (right.submit("fill", "Save"))
                a class="btn line" href=(Part::Branding.path(app)) { "Discard" }
            }
        }
    })
}
