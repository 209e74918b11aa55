//! GET|POST /portal/apps/{appId}/delete, /restore, /purge: an app goes, comes back, or goes for good.
//! Source: Microsoft Entra, "Restore or remove a recently deleted application".

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{Part, SECTION, find, or_refused};
use crate::{
    directory::{
        application::Application,
        deleted_item::{DeletedApplication, KEPT},
        directory_role::Action,
        entries::Index,
    },
    html::outside_text,
    portal::{
        PortalState,
        inputs::csrf_field,
        page::Page,
        right::Right,
        values::day,
        visit::{Instead, Visit},
    },
};

const DELETED_APPS: &str = "/portal/apps?tab=deleted";

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/apps/{app_id}/delete", get(ask).post(delete))
        .route("/portal/apps/{app_id}/restore", get(ask_restore).post(restore))
        .route("/portal/apps/{app_id}/purge", get(ask_purge).post(purge))
}

async fn ask(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let overview = Part::Overview.path(&app);
    let page = Page::part(SECTION, &app.display_name, "Delete app registration").under(&app.display_name, overview.clone());
    Ok(visit.show(page.body(form(&visit, &right, &format!("{overview}/delete"), &overview, "Delete", html! {
        p { "Delete the app registration " strong { (outside_text(&app.display_name)) } "? This is what happens:" }
        (consequences(&visit, &app))
        p { "It can be restored until " (day(visit.now + KEPT)) ", with its roles, assignments and consents. Then it is deleted for good." }
    }))))
}

fn consequences(visit: &Visit, app: &Application) -> Markup {
    let directory = &visit.directory;
    let principal = directory.service_principal(&app.app_id).map(|principal| principal.id.as_str());
    let assignments = principal.map_or(0, |id| directory.app_role_assignments.by(Index::Resource, id).count());
    let grants = principal.map_or(0, |id| directory.oauth2_permission_grants.by(Index::Client, id).count());
    html! {
        ul class="list" {
            li { "Nobody can sign in to the app any more: the sign-in page answers AADSTS700016." }
            li { "Its " (app.password_credentials.len()) " client secrets stop working." }
            li { "Its enterprise app in this tenant is deleted too, with " (assignments) " role assignments and " (grants) " consents." }
            li { "Sessions and tokens that the app holds already stay valid until they expire." }
        }
    }
}

async fn delete(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let (id, now) = (app.id.clone(), visit.now);
    let deleted = visit.edit(move |directory| directory.delete_application(&id, now)).await;
    or_refused(&visit, deleted)?;
    Ok(visit.done(DELETED_APPS, format!("Deleted {}. It can be restored for 30 days.", app.display_name)))
}

/// The deleted app with this client id. Its owners stay its owners.
fn find_deleted(visit: &Visit, app_id: &str) -> Result<(DeletedApplication, Right), Instead> {
    let found = visit.directory.deleted_applications.by(Index::AppId, app_id).find(|it| it.is_restorable(visit.now)).cloned();
    let Some(deleted) = found else {
        return Err(visit.not_found(SECTION, "deleted application", html! { p { a href=(DELETED_APPS) { "Deleted applications" } } }));
    };
    let owns = deleted.application.owners.contains(&visit.user.id);
    let right = if owns { Right::Held } else { visit.right(Action::ManageApplication, None) };
    Ok((deleted, right))
}

fn allowed(visit: &Visit, right: Right) -> Result<(), Instead> {
    match right {
        Right::Held => Ok(()),
        Right::Missing(reason) => Err(visit.forbidden(SECTION, &reason)),
    }
}

async fn ask_restore(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let (deleted, right) = find_deleted(&visit, &app_id)?;
    let app = &deleted.application;
    let page = Page::part(SECTION, &app.display_name, "Restore app registration").under("Deleted applications", DELETED_APPS);
    Ok(visit.show(page.body(form(
        &visit,
        &right,
        &format!("/portal/apps/{app_id}/restore"),
        DELETED_APPS,
        "Restore app registration",
        html! {
            p { "Bring " strong { (outside_text(&app.display_name)) } " back, with its IDs, secrets and roles, its enterprise app, "
                (deleted.app_role_assignments.len()) " role assignments and " (deleted.oauth2_permission_grants.len()) " consents?" }
        },
    ))))
}

async fn restore(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let (deleted, right) = find_deleted(&visit, &app_id)?;
    allowed(&visit, right)?;
    let (id, now) = (deleted.application.id.clone(), visit.now);
    let restored = visit.edit(move |directory| directory.restore_application(&id, now)).await;
    let app = or_refused(&visit, restored)?;
    Ok(visit.done(&Part::Overview.path(&app), format!("Restored {}.", app.display_name)))
}

async fn ask_purge(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let (deleted, right) = find_deleted(&visit, &app_id)?;
    let app = &deleted.application;
    let page = Page::part(SECTION, &app.display_name, "Delete permanently").under("Deleted applications", DELETED_APPS);
    Ok(visit.show(page.body(form(&visit, &right, &format!("/portal/apps/{app_id}/purge"), DELETED_APPS, "Delete permanently", html! {
        p { "Delete " strong { (outside_text(&app.display_name)) } " for good? Nothing can bring it back, and no other app will get its IDs." }
    }))))
}

async fn purge(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let (deleted, right) = find_deleted(&visit, &app_id)?;
    allowed(&visit, right)?;
    let id = deleted.application.id.clone();
    let purged = visit.edit(move |directory| directory.purge_application(&id)).await;
    or_refused(&visit, purged)?;
    Ok(visit.done(DELETED_APPS, format!("Deleted {} permanently.", deleted.application.display_name)))
}

fn form(visit: &Visit, right: &Right, action: &str, back: &str, yes: &str, question: Markup) -> Markup {
    let class = if yes.starts_with("Restore") { "fill" } else { "line danger" };
    html! {
        (right.note())
        form class="card pad stack" method="post" action=(action) {
            (csrf_field(&visit.session.csrf))
            (question)
            div class="submit" { (right.submit(class, yes)) a class="btn line" href=(back) { "Cancel" } }
        }
    }
}
