//! /portal/enterprise-apps/…: the apps as this tenant uses them (service principals): who is assigned, who may sign in, what was consented to.
//!
//! A page tree of its own, as in the real admin center: roles are *defined* under App registrations and *assigned* here.

mod add_assignment;
mod app;
mod overview;
mod permissions;
mod properties;
mod users_and_groups;

use axum::{Router, extract::Query, response::Response, routing::get};
use maud::html;

use self::app::{APPS, EnterpriseApp};
use super::{
    PortalState,
    listing::{Asked, any_holds},
    page::{Page, Section},
    values::table,
    visit::Visit,
};
use crate::html::outside_text;

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/enterprise-apps", get(list))
        .merge(overview::routes())
        .merge(users_and_groups::routes())
        .merge(add_assignment::routes())
        .merge(properties::routes())
        .merge(permissions::routes())
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let words = asked.words();
    let found = visit.directory.service_principals.iter().map(|principal| EnterpriseApp::of(&visit, principal.clone()));
    let found = found.filter(|app| any_holds(&[&app.name, app.app_id(), &app.principal.id], &words)).collect();
    let part = asked.part_of(found, |app| &app.principal.id);
    let rows = html! {
        @for app in &part.entries {
            tr {
                th scope="row" { a href=(app.path("")) { (outside_text(&app.name)) } }
                td { code { (app.app_id()) } }
                td { code { (app.principal.id) } }
                td { (app.made_by()) }
            }
        }
    };
    let body = html! {
        p class="note" {
            "Every app that this directory uses, with its own object here: the service principal. Its roles are defined under "
            a href=(Section::AppRegistrations.path()) { "App registrations" } " and assigned here."
        }
        section class="card" aria-label="All applications" {
            (asked.search(APPS, "Search by name, application ID or object ID"))
            @if part.entries.is_empty() { (asked.nothing("This directory uses no apps yet.")) }
            @else { (table("Enterprise apps", &["Name", "Application ID", "Object ID", "From"], rows)) }
            (asked.pages(APPS, &part))
        }
    };
    let page = Page::new(Section::EnterpriseApps, "Enterprise apps");
    visit.show(page.also_called("Enterprise applications; Identity > Applications > Enterprise applications").body(body))
}
